package io.delivery.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HiveTypesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int                                  | int",
                "' INTEGER '                          | int",
                "Double Precision                     | double",
                "decimal                              | decimal(10,0)",
                "decimal(5)                           | decimal(5,0)",
                "Decimal ( 38 , 38 )                  | decimal(38,38)",
                "char(255)                            | char(255)",
                "varchar( 65535 )                     | varchar(65535)",
                "map<string, array< bigint >>         | map<string,array<bigint>>",
                "struct < a : int , b:array<string> > | struct<a:int,b:array<string>>",
                "struct<a:int comment 'x, y>',b:date> | struct<a:int,b:date>",
                "struct<`a b``c`:timestamp>           | struct<`a b``c`:timestamp>",
                "struct<Array:int,2nd:binary>         | struct<Array:int,2nd:binary>",
                "struct<comment:int,comments:int>     | struct<comment:int,comments:int>",
                "struct<service.name:string,first name:string> | struct<`service.name`:string,`first name`:string>",
                "struct<`service.name`:string>        | struct<`service.name`:string>",
                "struct<a.b.c:struct<d e:array<struct<f.g:int>>>> | struct<`a.b.c`:struct<`d e`:array<struct<`f.g`:int>>>>",
                "map<string,struct<x.y:int>>          | map<string,struct<`x.y`:int>>",
                "struct< a b :int,  c.d  : int >      | struct<`a b`:int,`c.d`:int>",
                "struct<@type:int,#id:int,$ref:int,a-b:int,a/b:int> | struct<@type:int,`#id`:int,$ref:int,a-b:int,a/b:int>",
                "struct<cost (eur):int,50%:int,a+b=c:int,it's:int,say \"hi\":int> | struct<`cost (eur)`:int,`50%`:int,`a+b=c`:int,`it's`:int,`say \"hi\"`:int>",
                "struct<größe:int,名前:string,\ud83d\ude00:int> | struct<größe:int,名前:string,`\ud83d\ude00`:int>",
                "struct<`xsi:type`:int,`a,b`:int,`<>`:int,` x `:int> | struct<`xsi:type`:int,`a,b`:int,`<>`:int,` x `:int>",
                "struct<first name:string comment 'x: y',last name:string> | struct<`first name`:string,`last name`:string>",
            })
    void types_are_read_whatever_their_blanks_and_case(String text, String expected) {
        ColumnType type = HiveTypes.parse(text);

        assertThat(type).hasToString(expected);
        assertThat(HiveTypes.parse(type.toString())).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                     | expected a type, saw the end at character 1",
                "strin                  | unknown type, saw 'strin' at character 1",
                "array<int              | expected '>', saw the end at character 10",
                "array<int>>            | expected the end, saw '>' at character 11",
                "map<string>            | expected ',', saw '>' at character 11",
                "struct<a int>          | expected ':', saw '>' at character 13",
                "struct<a:int,b>        | expected ':', saw '>' at character 15",
                "struct<a:b:int>        | unknown type, saw 'b:int>' at character 10",
                "struct<:int>           | expected a field name, saw ':int>' at character 8",
                "struct< :int>          | expected a field name, saw ':int>' at character 9",
                "struct<a`b:int>        | expected ':', saw '`b:int>' at character 9",
                "struct<``:int>         | a field needs a name, saw 'struct<``:int>' at character 1",
                "struct<a:int           | expected '>', saw the end at character 13",
                "map<string,            | expected a type, saw the end at character 12",
                "map<                   | expected a type, saw the end at character 5",
                "timestamp with local time zone | expected the end, saw 'with local time zone' at character 11",
                "struct<>               | expected a field name, saw '>' at character 8",
                "struct<a:int,A:int>    | field A is there twice, saw 'struct<a:int,A:int>' at character 1",
                "array<map<array<int>,int>> | the key of a map must have a primitive type, was array<int>, saw 'map<array<int>,int>>' at character 7",
                "decimal(39,0)          | decimal precision must be 1 to 38, was 39, saw 'decimal(39,0)' at character 1",
                "decimal(5,6)           | decimal scale must be 0 to the precision 5, was 6, saw 'decimal(5,6)' at character 1",
                "decimal(99999999999)   | number is too large, saw '99999999999)' at character 9",
                "char(256)              | char length must be 1 to 255, was 256, saw 'char(256)' at character 1",
                "varchar                | expected '(', saw the end at character 8",
                "uniontype<int,string>  | type uniontype is not supported, saw 'uniontype<int,string' at character 1",
                "struct<`a:int>         | back quote is not closed, saw '`a:int>' at character 8",
            })
    void what_is_no_type_is_refused_with_its_position(String text, String message) {
        assertThatThrownBy(() -> HiveTypes.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void nesting_is_bounded() {
        String deepest = "array<".repeat(31) + "int" + ">".repeat(31);
        assertThat(HiveTypes.parse(deepest)).hasToString(deepest);

        assertThatThrownBy(() -> HiveTypes.parse("array<".repeat(100_000)))
                .hasMessageContaining("longer than");
        assertThatThrownBy(() -> HiveTypes.parse("array<".repeat(10_000)))
                .hasMessageContaining("nested more than 32 deep");
    }

    @Test
    void a_decimal_takes_the_fewest_bytes() {
        assertThat(new ColumnType.DecimalType(2, 0).byteWidth()).isEqualTo(1);
        assertThat(new ColumnType.DecimalType(3, 0).byteWidth()).isEqualTo(2);
        assertThat(new ColumnType.DecimalType(9, 0).byteWidth()).isEqualTo(4);
        assertThat(new ColumnType.DecimalType(10, 0).byteWidth()).isEqualTo(5);
        assertThat(new ColumnType.DecimalType(18, 0).byteWidth()).isEqualTo(8);
        assertThat(new ColumnType.DecimalType(38, 0).byteWidth()).isEqualTo(16);
    }
}
