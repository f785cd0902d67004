package io.delivery.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.format.ColumnType;
import io.delivery.format.DecoderOptions;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFields;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;
import io.delivery.record.Utf8Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRecordDecoderTest {
    private static final JsonSerDe OPENX = JsonSerDe.OpenX.DEFAULTS;
    private static final JsonSerDe HIVE = JsonSerDe.Hive.DEFAULTS;

    /** Type, JSON value, and what becomes of it: the value, or ! and a part of the message. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "boolean           | true                    | true",
                "boolean           | \"FALSE\"               | false",
                "boolean           | \"yes\"                 | !no boolean",
                "boolean           | 1                       | !A number is no boolean",
                "tinyint           | -128                    | -128",
                "tinyint           | 128                     | !out of range",
                "smallint          | \"12\"                  | 12",
                "smallint          | 32768                   | !out of range",
                "int               | \" 12 \"                | 12",
                "int               | \"\"                    | !not a number",
                "int               | \"0x10\"                | 16",
                "bigint            | \" 0X7fffffffFFFFFFFF \" | 9223372036854775807",
                "bigint            | \"0x8000000000000000\"  | !out of range",
                "tinyint           | \"0xFF\"                | !out of range",
                "smallint          | \"0x00000000000000000001\" | 1",
                "int               | \"-0x1\"                | !not a number",
                "int               | \"0x\"                  | !not a number",
                "int               | \"0xG\"                 | !not a number",
                "int               | \"0x\uff11\"            | !not a number",
                "double            | \"0x10\"                | !not a number",
                "decimal(5,2)      | \"0x10\"                | !not a number",
                "map<int,int>      | {\"0x10\":1,\"16\":2}    | <16:2>",
                "int               | 1.0                     | 1",
                "int               | 1e3                     | 1000",
                "int               | 1.5                     | !not a whole number",
                "int               | 1e-999999999            | !not a whole number",
                "int               | 0e999999999             | 0",
                "int               | 2147483648              | !out of range",
                "int               | true                    | !A boolean is no int",
                "int               | {}                      | !An object is no int",
                "int               | [1]                     | !An array is no int",
                "int               | null                    | null",
                "bigint            | 9223372036854775807     | 9223372036854775807",
                "bigint            | -9223372036854775808    | -9223372036854775808",
                "bigint            | 9223372036854775808     | !out of range",
                "bigint            | \"9223372036854775808\" | !out of range",
                "bigint            | \"-9223372036854775808\"| -9223372036854775808",
                "bigint            | 1e99999999999           | !out of range",
                "bigint            | 1e-99999999999          | !not a whole number",
                "bigint            | 0e99999999999           | 0",
                "float             | 1.5                     | 1.5",
                "float             | 1e39                    | !out of range",
                "float             | 1.00000005960464477539062500001   | 1.0000001",
                "float             | 1.000000059604644775390625        | 1.0",
                "float             | 1.000000178813934326171875        | 1.0000002",
                "float             | 1.00000017881393432617187499999   | 1.0000001",
                "float             | -1.00000005960464477539062500001  | -1.0000001",
                "float             | \"1.00000005960464477539062500001\" | 1.0000001",
                "float             | 3.40282356779733661637e38         | 3.4028235E38",
                "float             | \"-3.40282356779733661637e38\"   | -3.4028235E38",
                "float             | 3.40282356779733661638e38         | !out of range",
                "float             | \"3.40282356779733661638e38\"    | !out of range",
                "float             | 340282356779733661637539395458142568447 | 3.4028235E38",
                "float             | 340282356779733661637539395458142568448 | !out of range",
                "float             | 16777217                | 1.6777216E7",
                "float             | 16777217.000000000000001| 1.6777218E7",
                "float             | 7.006492321624085354618647e-46    | 0.0",
                "float             | 7.006492321624085354618648e-46    | 1.4E-45",
                "array<float>      | [1.00000005960464477539062500001] | [1.0000001]",
                "double            | 1e999                   | !out of range",
                "double            | -1e999                  | !out of range",
                "double            | 1e-999                  | 0.0",
                "double            | \"NaN\"                 | NaN",
                "double            | \"-Infinity\"           | -Infinity",
                "double            | \"1d\"                  | !not a number",
                "double            | \"0x1p3\"               | !not a number",
                "double            | 12                      | 12.0",
                "decimal(5,2)      | 123.456                 | 123.46",
                "decimal(5,2)      | -123.455                | -123.46",
                "decimal(5,2)      | \"999.99\"              | 999.99",
                "decimal(5,2)      | 999.999                 | !out of range",
                "decimal(5,2)      | 1000                    | !out of range",
                "decimal(5,2)      | 1e999999999             | !out of range",
                "decimal(5,2)      | 1e-999999999            | 0.00",
                "decimal(5,2)      | 1e-99999999999          | 0.00",
                "decimal(5,2)      | -1.5E-99999999999       | 0.00",
                "decimal(5,2)      | \"+.5e-99999999999\"   | 0.00",
                "decimal(5,2)      | -0e99999999999          | 0.00",
                "decimal(5,2)      | 1e99999999999           | !out of range",
                "decimal(5,2)      | -0.01e+99999999999      | !out of range",
                "decimal(38,38)    | 0.1                     | 0.10000000000000000000000000000000000000",
                "decimal           | 1e9                     | 1000000000",
                "string            | 12.50                   | 12.50",
                "string            | true                    | true",
                "string            | {\"A\": [1, \"x\\n\"]}  | {\"a\":[1,\"x\\n\"]}",
                "string            | []                      | []",
                "string            | {\"a\":1,\"a\":2}       | {\"a\":2}",
                "string            | {\"A\":1,\"a\":2}       | {\"a\":2}",
                "string            | {\"a\":1,\"A\":2}       | {\"a\":1}",
                "string            | {\"A\":1,\"A\":2}       | {\"a\":2}",
                "string            | {\"b\":[],\"A\":1,\"c\":{},\"a\":2} | {\"b\":[],\"c\":{},\"a\":2}",
                "string            | {\"a\":{\"a\":1},\"A\":[{\"x\":1}],\"b\":3} | {\"a\":{\"a\":1},\"b\":3}",
                "string            | [{\"a\":1,\"a\":2},{\"a\":3}] | [{\"a\":2},{\"a\":3}]",
                "string            | {\"a\":\"{,\",\"a\":\"{\",\"a\":\",{\",\"b\":1} | {\"a\":\",{\",\"b\":1}",
                "string            | {\"s\":{\"a\":1,\"A\":2,\"a\":3},\"t\":0,\"S\":{\"b\":1},\"s\":{\"c\":1,\"c\":2}} | {\"t\":0,\"s\":{\"c\":2}}",
                "string            | \"a\\u0000b\"           | a\u0000b",
                "string            | \"\\ud83d\\ude00\"      | \ud83d\ude00",
                "string            | \"\\ud800\"             | !half of a surrogate pair",
                "string            | {\"a\":\"\\udc00\"}     | !half of a surrogate pair",
                "char(2)           | \"\\ud83d\\ude00bc\"    | \ud83d\ude00b",
                "varchar(3)        | \"abcdef\"              | abc",
                "binary            | \"ab\"                  | ab",
                "date              | \"2024-2-29\"           | 2024-02-29",
                "date              | \"2023-02-29\"          | !Invalid format for one or more dates",
                "date              | 5                       | !A number is no date",
                "timestamp         | \"2024-02-29T01:02:03Z\"| 2024-02-29T01:02:03Z",
                "timestamp         | \"2024-02-29T01:02:03.123456789\"| 2024-02-29T01:02:03.123456789Z",
                "timestamp         | \"2024-2-9 1:02:03.5\"  | 2024-02-09T01:02:03.500Z",
                "timestamp         | \"2024-2-9T01:02:03\"   | !unsupported timestamp format",
                "timestamp         | \"2024-02-09T01:02:03+02:00\"| !unsupported timestamp format",
                "timestamp         | \"2024-02-09 24:00:00\" | !unsupported timestamp format",
                "timestamp         | \"2024-02-09T24:00:00\" | !unsupported timestamp format",
                "timestamp         | \"2023-02-29T01:02:03\" | !unsupported timestamp format",
                "timestamp         | \"2023-02-29 01:02:03\" | !unsupported timestamp format",
                "timestamp         | \"2024-02-09 23:59:60\" | !unsupported timestamp format",
                "timestamp         | \" 2024-02-09 01:02:03\"| 2024-02-09T01:02:03Z",
                "timestamp         | \"2026-03-01T10:20:30.5+00:00\"| !an offset such as +02:00 is read by serde hive",
                "timestamp         | \"2024-02-09\"          | !unsupported timestamp format",
                "timestamp         | \"\"                    | !unsupported timestamp format",
                "timestamp         | 999999999999            | +33658-09-27T01:46:39Z",
                "timestamp         | 1000000000000           | 2001-09-09T01:46:40Z",
                "timestamp         | -1                      | 1969-12-31T23:59:59Z",
                "timestamp         | 1.5                     | 1970-01-01T00:00:01.500Z",
                "timestamp         | -0.25                   | 1969-12-31T23:59:59.750Z",
                "timestamp         | \"1700000000123\"       | 2023-11-14T22:13:20.123Z",
                "timestamp         | 1e-999999999            | 1970-01-01T00:00:00Z",
                "timestamp         | 0e30                    | 1970-01-01T00:00:00Z",
                "timestamp         | \"0.0e25\"              | 1970-01-01T00:00:00Z",
                "timestamp         | 1e-99999999999          | 1970-01-01T00:00:00Z",
                "timestamp         | \"-1e-99999999999\"    | 1970-01-01T00:00:00Z",
                "timestamp         | 1e99999999999           | !out of range",
                "timestamp         | 9223372036854775807     | !out of range",
                "timestamp         | 1e999999                | !out of range",
                "array<int>        | 7                       | [7]",
                "array<int>        | [1,null,\"3\"]          | [1,null,3]",
                "array<int>        | []                      | []",
                "array<string>     | \"\"                    | null",
                "array<string>     | \" \"                   | [ ]",
                "array<array<int>> | [\"\",[\"\"]]            | !Column c[1][0]: ",
                "array<array<string>> | [\"\",[\"\"]]         | [null,[]]",
                "map<string,int>   | \" \\t\"                | null",
                "map<string,int>   | \"a\"                   | !A map needs an object",
                "struct<a:int>     | \"\"                    | null",
                "struct<a:array<int>,b:map<int,int>> | {\"a\":\"\",\"b\":\"\"} | {a=null,b=null}",
                "array<array<int>> | 7                       | [[7]]",
                "array<int>        | [1,\"x\"]               | !Column c[1]: ",
                "map<string,int>   | {\"A\":1,\"b\":null}    | <a:1,b:null>",
                "map<string,int>   | {\"a\":1,\"A\":2}       | <a:1>",
                "map<string,int>   | {\"A\":1,\"a\":2}       | <a:2>",
                "map<string,int>   | {\"A\":1,\"b\":3,\"A\":2} | <a:2,b:3>",
                "map<int,string>   | {\"01\":\"x\",\"1\":2}  | <1:2>",
                "map<int,string>   | {\"x\":1}               | !a key of the map",
                "map<timestamp,int> | {\"2026-03-01T10:20:30Z\":1} | <2026-03-01T10:20:30Z:1>",
                "map<double,int>   | {\"NaN\":1,\"-Infinity\":2,\"1E1\":3} | <NaN:1,-Infinity:2,10.0:3>",
                "map<float,int>    | {\"Infinity\":1}       | <Infinity:1>",
                "map<boolean,int>  | {\"True\":1}           | <true:1>",
                "map<decimal(3,1),int> | {\"1E1\":1}        | <10.0:1>",
                "map<char(2),int>  | {\"AB\":1}             | <ab:1>",
                "map<binary,int>   | {\"AB\":1}             | <ab:1>",
                "map<string,int>   | [1]                     | !A map needs an object",
                "struct<a:int,b:string> | [1,\"x\",3]        | {a=1,b=x}",
                "struct<a:int,b:string> | {\"B\":\"x\"}      | {a=null,b=x}",
                "struct<a:int>     | \"x\"                   | !Data does not match the schema. Data is not JSONObject  but java.lang.String in column c",
                "struct<a:int>     | {\"a\":1,\"A\":2}       | {a=1}",
                "struct<a:struct<b:tinyint>> | {\"a\":{\"b\":300}} | !Column c.a.b: ",
            })
    void openx_takes_neighbouring_types_for_what_they_mean(
            String type, String value, String expected) {
        assertThat(outcome(OPENX, type, value)).satisfies(matches(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int         | 12             | 12",
                "int         | \"12\"         | !Column c: Data does not match the schema. Current token (VALUE_STRING) not numeric, can not use numeric value accessors",
                "double      | \"NaN\"        | !Column c: Data does not match the schema. Current token (VALUE_STRING) not numeric, can not use numeric value accessors",
                "boolean     | \"true\"       | true",
                "boolean     | \"FALSE\"      | false",
                "boolean     | \"yes\"        | !The text is no boolean",
                "boolean     | 1              | !A number is no boolean",
                "int         | 1.5            | !not a whole number",
                "tinyint     | 200            | !out of range",
                "decimal(5,2)| 123.455        | 123.46",
                "decimal(5,2)| -123.455       | -123.46",
                "decimal(5,2)| 1234.5         | !out of range",
                "varchar(3)  | \"abcdef\"     | abc",
                "char(2)     | 12345          | 12",
                "binary      | \"YWI=\"       | YWI=",
                "date        | \"2024-2-29\"  | 2024-02-29",
                "date        | \"2023-02-29\" | !a day that exists",
                "date        | 19782          | !A number is no date",
                "decimal(5,2)| \"1.5\"        | 1.50",
                "string      | 12             | 12",
                "string      | {\"a\":1}      | !One or more fields have incorrect format. Exception when validating field (root)",
                "array<int>  | 7              | !Column c: Data does not match the schema. java.io.IOException: Start of Array expected",
                "struct<a:int>| [7]           | !Column c: Data does not match the schema. Start of Object expected",
                "struct<a:int>| {\"A\":7}     | {a=7}",
                "map<string,int> | 7          | !Column c: Data does not match the schema. Start of Object expected",
                "map<string,int> | {\"A\":1,\"a\":2} | <A:1,a:2>",
                "timestamp   | \"2024-2-9 01:02:03.5\"    | 2024-02-09T01:02:03.500Z",
                "timestamp   | \"2024-02-09T01:02:03Z\"   | !unsupported timestamp format",
                "timestamp   | 1700000000     | !unsupported timestamp format",
                "timestamp   | \" 2024-02-09 01:02:03 \"  | 2024-02-09T01:02:03Z",
                "timestamp   | \"2023-02-29 01:02:03\"    | !a time that exists",
                "timestamp   | \"2024-02-09 24:00:00\"    | !a time that exists",
                "timestamp   | \"2026-03-01T10:20:30.5+00:00\" | !unsupported timestamp format",
            })
    void hive_is_strict(String type, String value, String expected) {
        assertThat(outcome(HIVE, type, value)).satisfies(matches(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "millis                      | 1700000000123                 | 2023-11-14T22:13:20.123Z",
                "millis                      | \"1700000000123\"             | 2023-11-14T22:13:20.123Z",
                "millis                      | 9223372036854775807           | 2262",
                "millis                      | \"2024-02-09 01:02:03\"       | 2024-02-09T01:02:03Z",
                "yyyy-MM-dd'T'HH:mm:ss.SSSZ  | \"2024-02-09T01:02:03.5+0200\"| 2024-02-08T23:02:03.500Z",
                "yyyy-MM-dd'T'HH:mm:ssZZ     | \"2024-02-09T01:02:03+02:00\" | 2024-02-08T23:02:03Z",
                "yyyy-MM-dd'T'HH:mm:ssZZ     | \"2024-02-09T01:02:03Z\"      | 2024-02-09T01:02:03Z",
                "dd/MMM/yyyy:HH:mm:ss Z      | \"09/feb/2024:01:02:03 +0000\"| 2024-02-09T01:02:03Z",
                "EEE MMM dd HH:mm:ss yyyy    | \"Fri Feb 9 01:02:03 2024\"   | 2024-02-09T01:02:03Z",
                "yyyyMMddHHmmssSSS           | \"20240209010203456\"         | 2024-02-09T01:02:03.456Z",
                "h:mm a, M/d/yyyy            | \"1:05 pm, 2/9/2024\"         | 2024-02-09T13:05:00Z",
                "yyyy-DDD                    | \"2024-60\"                   | 2024-02-29T00:00:00Z",
                "yyyy-MM                     | \"2024-02\"                   | 2024-02-01T00:00:00Z",
                "HH:mm                       | \"10:30\"                     | 1970-01-01T10:30:00Z",
                "yyyy-MM-dd HH:mm:ss ZZZ     | \"2024-02-09 01:02:03 Europe/Paris\" | 2024-02-09T00:02:03Z",
                "MILLIS                      | 1700000000123.456              | 2023-11-14T22:13:20.123456Z",
                "millis                      | -1.5                          | 1969-12-31T23:59:59.998500Z",
                "yyyy-MM-dd                  | \"2024-13-09\"                | !a time that exists",
                "yyyy-MM-dd                  | \"2023-02-29\"                | !a time that exists",
                "yyyy-MM-dd                  | \"2023-04-31\"                | !a time that exists",
                "MM/dd/yyyy HH:mm:ss         | \"02/31/2024 10:00:00\"       | !a time that exists",
                "MM/dd/yyyy HH:mm:ss         | \"02/07/2024 24:00:00\"       | !a time that exists",
                "MM/dd/yyyy HH:mm:ss         | \"02/07/2024 23:59:60\"       | !a time that exists",
                "yyyy-DDD                    | \"2023-366\"                  | !a time that exists",
                "xxxx-'W'ww-e                | \"2023-W53-1\"                | !a time that exists",
                "xxxx-'W'ww-e                | \"2020-W53-7\"                | 2021-01-03T00:00:00Z",
                "yyyy-MM-dd kk:mm            | \"2024-02-09 24:00\"          | 2024-02-09T00:00:00Z",
                "yyyy-MM-dd HH:mm ZZZ        | \"2024-03-31 02:30 Europe/Paris\" | !a time that exists",
                "yyyy-MM-dd'T'HH:mm:ssZ      | \"2017-02-07T15:13:01+01:00\" | 2017-02-07T14:13:01Z",
                "yyyy-MM-dd'T'HH:mm:ssZ      | \"2017-02-07T15:13:01-05\"    | 2017-02-07T20:13:01Z",
                "yyyy-MM-dd'T'HH:mm:ssZ      | \"2017-02-07T15:13:01+0100\"  | 2017-02-07T14:13:01Z",
                "yyyy-MM-dd'T'HH:mm:ssZZ     | \"2017-02-07T15:13:01+0100\"  | 2017-02-07T14:13:01Z",
                "yyyy-MM-dd'T'HH:mm:ssZZ     | \"2017-02-07T15:13:01-05\"    | 2017-02-07T20:13:01Z",
                "yyyy-MM-dd'T'HH:mm:ss.SSSSSSZZ | \"2026-03-01T10:20:30.5+00:00\" | 2026-03-01T10:20:30.500Z",
                "dd/MMM/yyyy                 | \"9/February/2024\"           | 2024-02-09T00:00:00Z",
                "EEE, d MMM yyyy             | \"Friday, 9 feb 2024\"        | 2024-02-09T00:00:00Z",
                "EEE, d MMM yyyy             | \"Thu, 9 Feb 2024\"           | !a time that exists",
                "YYYY-MM-DD                  | \"2024-02-15\"                | !a time that exists",
                "M/d/yy                      | \"2/9/1999\"                  | 1999-02-09T00:00:00Z",
            })
    void hive_tries_configured_timestamp_formats(String format, String value, String expected) {
        JsonSerDe serde = new JsonSerDe.Hive(List.of(format));

        String outcome = outcome(serde, "timestamp", value);

        if (expected.equals("2262")) {
            assertThat(outcome).startsWith("!").contains("out of range");
        } else {
            assertThat(outcome).satisfies(matches(expected));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "yyyy-CC     | letter C is not supported in timestamp format yyyy-CC",
                "yyyy-MM-ddP | letter P is not supported in timestamp format yyyy-MM-ddP",
                "HH:mm zzzz  | zzzz, the long name of a zone, cannot be read",
                "yyyy'T      | quote is not closed in timestamp format yyyy'T",
                "\"\"          | a timestamp format cannot be empty",
            })
    void a_timestamp_format_that_cannot_be_read_is_refused_when_it_is_configured(
            String format, String message) {
        assertThatThrownBy(() -> JsonRecordDecoder.checkTimestampFormat(format))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void concatenated_objects_are_rows() throws Exception {
        assertThat(rows("{\"c\":1}{\"c\":2} \n{}{\"c\":null}"))
                .containsExactly("1", "2", "null", "null");
    }

    @Test
    void a_byte_order_mark_at_the_front_is_skipped() throws Exception {
        assertThat(rows("\ufeff{\"c\":1}")).containsExactly("1");
    }

    @Test
    void of_two_equal_keys_the_last_wins_even_when_it_is_null() throws Exception {
        assertThat(rows("{\"c\":1,\"c\":2}{\"c\":1,\"c\":null}{\"C\":1,\"C\":2}"))
                .containsExactly("2", "null", "2");
    }

    /** The record, and what is in c_d, with both options on. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"c_d\":2,\"c.d\":1}              | 2",
                "{\"c.d\":1,\"c_d\":2}              | 2",
                "{\"c_d\":2,\"C_D\":1}              | 2",
                "{\"C_D\":1,\"c_d\":2}              | 2",
                "{\"C_D\":2,\"c.d\":1}              | 2",
                "{\"c.d\":1,\"C_D\":2}              | 2",
                "{\"c.d\":2,\"C.D\":1}              | 2",
                "{\"C.D\":1,\"c.d\":2}              | 2",
                "{\"C.D\":1,\"C.d\":2}              | 2",
                "{\"c.d\":1,\"C_D\":3,\"c_d\":2,\"C.d\":4} | 2",
                "{\"c.d\":1,\"c_d\":null}           | null",
                "{\"c_d\":null,\"c.d\":1}           | null",
                "{\"c.d\":\"x\",\"c_d\":2}          | 2",
                "{\"c_d\":2,\"c.d\":\"x\"}          | 2",
                "{\"c.d\":{\"e\":[{}]},\"c_d\":2}   | 2",
                "{\"c.d\":\"x\",\"C_D\":[],\"c_d\":2}| 2",
                "{\"C.D\":\"x\",\"c.d\":2}          | 2",
                "{\"c.d\":2}                        | 2",
                "{\"c.d\":\"x\"}                    | !not a number",
                "{\"c.d\":1,\"C_D\":\"x\"}          | !not a number",
                "{\"c_d\":\"x\",\"c.d\":1}          | !not a number",
            })
    void of_keys_that_fill_one_column_the_closest_counts_wherever_it_stands(
            String record, String expected) {
        JsonSerDe both = new JsonSerDe.OpenX(true, true, Map.of());
        String nested = "{\"c\":" + record + "}";

        assertThat(outcomeOf(both, "c_d", "int", record)).satisfies(matches(expected));
        assertThat(outcomeOf(both, "struct<c_d:int>", nested))
                .satisfies(matches(expected.startsWith("!") ? expected : "{c_d=" + expected + "}"));
    }

    @Test
    void a_mapped_key_counts_before_one_that_only_resembles_it() {
        JsonSerDe mapped = new JsonSerDe.OpenX(true, true, Map.of("c", "Time.Stamp"));

        assertThat(outcomeOf(mapped, "int", "{\"time_stamp\":1,\"Time.Stamp\":2,\"c\":3}"))
                .isEqualTo("2");
        assertThat(outcomeOf(mapped, "int", "{\"Time.Stamp\":2,\"time.stamp\":1}")).isEqualTo("2");
        assertThat(outcomeOf(mapped, "int", "{\"time_stamp\":1}"))
                .as("underscores of a record's key stand for no dots")
                .isEqualTo("null");
        assertThat(outcomeOf(mapped, "int", "{\"c\":3}")).isEqualTo("null");
    }

    @Test
    void hive_takes_the_exact_key_first_too() {
        assertThat(outcomeOf(HIVE, "int", "{\"c\":2,\"C\":1}")).isEqualTo("2");
        assertThat(outcomeOf(HIVE, "int", "{\"C\":\"x\",\"c\":2}")).isEqualTo("2");
        assertThat(outcomeOf(HIVE, "struct<a:int>", "{\"c\":{\"a\":2,\"A\":1}}"))
                .isEqualTo("{a=2}");
    }

    @Test
    void keys_that_did_not_count_are_counted_like_unknown_fields() throws Exception {
        JsonSerDe both = new JsonSerDe.OpenX(true, true, Map.of());
        TableSchema table = table(both, "map<string,int>");
        JsonRecordDecoder decoder = new JsonRecordDecoder(table, DecoderOptions.DEFAULTS);

        decoder.decode(record("{\"C\":{},\"c\":{\"a\":1,\"A\":2}}{\"C\":{}}"), new RowBuffer());
        decoder.written();

        Map<String, Long> seen = new TreeMap<>();
        decoder.report(seen::put);
        assertThat(seen).isEqualTo(Map.of("C", 1L, "c{}.A", 1L));
    }

    @Test
    void years_of_two_digits_are_near_the_year_in_which_the_record_arrived() throws Exception {
        JsonSerDe serde = new JsonSerDe.Hive(List.of("M/d/yy"));
        JsonRecordDecoder decoder =
                new JsonRecordDecoder(table(serde, "timestamp"), DecoderOptions.DEFAULTS);
        byte[] bytes = bytes("{\"c\":\"2/9/46\"}");
        RowBuffer rows = new RowBuffer();

        decoder.decode(new DeliveryRecord().at(bytes, 0, bytes.length, 0), rows);
        assertThat(RowText.of(ColumnType.Primitive.TIMESTAMP, rows, rows.row(0)))
                .isEqualTo("1946-02-09T00:00:00Z");

        decoder.decode(new DeliveryRecord().at(bytes, 0, bytes.length, 1_830_000_000_000L), rows);
        assertThat(RowText.of(ColumnType.Primitive.TIMESTAMP, rows, rows.row(0)))
                .isEqualTo("2046-02-09T00:00:00Z");
    }

    /** The record, and code and part of the message it is refused with. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "EMPTY",
            value = {
                "EMPTY            | MalformedData | was empty or contained only whitespace",
                "' \t\n'          | MalformedData | was empty or contained only whitespace",
                "[{\"c\":1}]      | MalformedData | array at the top level",
                "1                | MalformedData | primitive at the top level",
                "null             | MalformedData | primitive at the top level",
                "{\"c\":1}, {}    | ParseError    | Encountered malformed JSON. Unexpected character (',' (code 44))",
                "{\"c\":1         | ParseError    | Encountered malformed JSON. Unexpected end-of-input",
                "{\"c\":NaN}      | ParseError    | Encountered malformed JSON. Non-standard token 'NaN'",
                "{\"c\":secret}   | ParseError    | Encountered malformed JSON. Unrecognized token: was expecting",
                "{\"c\":\"a\u0001\"} | ParseError | Illegal unquoted character",
                "{c:1}            | ParseError    | Encountered malformed JSON.",
                "{\"c\":01}       | ParseError    | Encountered malformed JSON. Invalid numeric value: Leading zeroes not allowed",
                "{\"x\":\"\\q\"}  | ParseError    | Encountered malformed JSON.",
                "{\"c\":1}{\"c\":\"x\"} | MalformedData | Column c: Data does not match the schema",
            })
    void what_is_no_row_is_refused_with_a_reason(String record, String code, String message) {
        Failure failure = failure(record == null ? "" : record);

        assertThat(failure.kind()).isEqualTo(Failure.Kind.FORMAT_CONVERSION_FAILED);
        assertThat(failure.code()).isEqualTo("DataFormatConversion." + code);
        assertThat(failure.message()).contains(message).doesNotContain("secret");
    }

    /** Amazon's deserializers read JSON with Jackson, which takes none of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NaN       | Non-standard token 'NaN'",
                "-Infinity | Non-standard token '-Infinity'",
                "Infinity  | Non-standard token 'Infinity'",
                "-INF      | Non-standard token '-INF'",
                "nan       | Unrecognized token",
                "00501     | Invalid numeric value: Leading zeroes not allowed",
                "-01       | Invalid numeric value: Leading zeroes not allowed",
                ".5        | Unexpected character ('.' (code 46))",
                "-.5       | Unexpected character ('.' (code 46))",
                "1.        | Decimal point not followed by a digit",
                "1.e5      | Decimal point not followed by a digit",
                "1e        | Unexpected character",
                "+1        | JSON spec does not allow numbers to have plus signs",
                "0x10      | Unexpected character ('x' (code 120))",
                "1_000     | Unexpected character ('_' (code 95))",
            })
    void numbers_that_json_does_not_have_are_refused_by_both_wherever_they_stand(
            String number, String message) {
        for (JsonSerDe serde : List.of(OPENX, HIVE)) {
            for (String record : List.of("{\"c\":%s}", "{\"x\":%s}", "{\"x\":[{\"y\":%s}]}")) {
                Failure failure = failureOf(serde, record.formatted(number));

                assertThat(failure.code()).isEqualTo("DataFormatConversion.ParseError");
                assertThat(failure.message())
                        .startsWith("Encountered malformed JSON. ")
                        .contains(message);
            }
        }
    }

    @Test
    void a_nul_between_tokens_is_refused() {
        for (String record : List.of("\0{}", "{\"c\":1}\0", "\0{\0}\0", "{\"c\":\0 1}")) {
            Failure failure = failure(record);

            assertThat(failure.code()).isEqualTo("DataFormatConversion.MalformedData");
            assertThat(failure.message())
                    .isEqualTo("The record has an illegal character between tokens");
        }
    }

    @Test
    void deep_nesting_is_refused_wherever_it_is() {
        String deep = "[".repeat(10_000);

        assertThat(outcome(OPENX, "string", deep)).contains("too deeply nested");
        assertThat(failure("{\"unknown\":" + deep).message()).contains("too deeply nested");
        assertThat(failure("{\"c\":".repeat(10_000)).message()).isNotBlank();
    }

    @Test
    void bytes_that_are_not_utf8_are_refused_in_unknown_fields_too() {
        byte[][] invalid = {
            {(byte) 0x80},
            {(byte) 0xC0, (byte) 0x80},
            {(byte) 0xE0, (byte) 0x80, (byte) 0x80},
            {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            {(byte) 0xF0, (byte) 0x80, (byte) 0x80, (byte) 0x80},
            {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
            {(byte) 0xF8, (byte) 0x88, (byte) 0x80, (byte) 0x80},
            {(byte) 0xC3},
            {(byte) 0xFF},
        };
        for (byte[] bytes : invalid) {
            byte[] record = "{\"unknown\":\"aaaaaaaaaaaa????\"}".getBytes(StandardCharsets.UTF_8);
            System.arraycopy(bytes, 0, record, 20, bytes.length);

            assertThatThrownBy(() -> decode(table(OPENX, "int"), record, new RowBuffer()))
                    .hasMessage("The record cannot be decoded as UTF-8: invalid at byte 20");
        }
    }

    @Test
    void the_same_holds_for_every_form_that_java_can_decode() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point += 37) {
            if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
                byte[] bytes =
                        ("0123456" + Character.toString(point)).getBytes(StandardCharsets.UTF_8);
                assertThat(Utf8Text.firstInvalid(bytes, 0, bytes.length)).isEqualTo(-1);
            }
        }
    }

    @Test
    void a_key_longer_than_the_contract_allows_is_refused() throws Exception {
        String longest = "k".repeat(262_144);

        assertThat(rows("{\"" + longest + "\":1,\"c\":2}")).containsExactly("2");
        assertThat(outcome(OPENX, "map<string,int>", "{\"" + longest + "\":1}"))
                .isEqualTo("<" + longest + ":1>");
        assertThat(failure("{\"" + longest + "k\":1}").message())
                .isEqualTo("The record has a JSON key longer than 262144 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00e9", "\u65e5", "\ud83d\ude00", "\\u65e5", "\\ud83d\\ude00"})
    void characters_of_a_key_are_counted_whatever_bytes_they_take(String character)
            throws Exception {
        String longest = character.repeat(262_144);

        assertThat(rows("{\"" + longest + "\":{\"a\":[]},\"c\":2}")).containsExactly("2");
        for (String record : List.of("{\"%sk\":1}", "{\"x\":[{\"%sk\":1}]}")) {
            assertThat(failure(record.formatted(longest)).message())
                    .isEqualTo("The record has a JSON key longer than 262144 characters");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"double", "decimal(5,2)", "timestamp", "float", "string"})
    void a_thousand_digits_are_a_number_for_every_type(String type) {
        String digits = "0.".concat("0".repeat(998)).concat("1");

        for (String number :
                List.of("-" + digits, digits, "-" + digits.substring(0, 999) + "e-9")) {
            assertThat(outcome(OPENX, type, number)).as(number).doesNotContain("digits", "number");
            assertThat(outcome(OPENX, type, '"' + number + '"'))
                    .as(number)
                    .doesNotContain("digits", "not a number");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"int", "double", "decimal(5,2)", "timestamp", "float"})
    void a_text_of_more_digits_is_refused_with_their_number(String type) {
        assertThat(outcome(OPENX, type, "\"0." + "0".repeat(1000) + "\""))
                .contains("The value is a number of more than 1000 digits for " + type);
    }

    @Test
    void json_text_has_each_key_of_many_once() throws Exception {
        StringBuilder record = new StringBuilder("{\"c\":{");
        StringBuilder expected = new StringBuilder("{");
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 2000; i++) {
                String member = (i > 0 ? "," : "") + "\"" + "kK".charAt(round % 2) + i + "\":";
                record.append(i == 0 && round > 0 ? "," : "").append(member).append(round);
                expected.append(round == 2 ? member + round : "");
            }
        }
        record.append("}}");

        assertThat(outcome(OPENX, "string", record.substring(5, record.length() - 1)))
                .isEqualTo(expected + "}");
    }

    @Test
    void case_sensitive_text_keeps_keys_apart_that_differ_in_case() {
        JsonSerDe exact = new JsonSerDe.OpenX(false, false, Map.of());

        assertThat(outcome(exact, "string", "{\"A\":1,\"a\":2,\"A\":3}"))
                .isEqualTo("{\"a\":2,\"A\":3}");
    }

    @Test
    void a_number_of_too_many_digits_is_refused() {
        assertThat(failure("{\"c\":" + "9".repeat(1001) + "}").message())
                .isEqualTo("The record has a number of more than 1000 digits");
    }

    @Test
    void a_small_record_cannot_take_all_memory() {
        String type = "struct<" + "abcdefghijklmnop".replaceAll("(.)", "$1:int,") + "z:int>";
        String record = "{\"c\":[" + "{},".repeat(100_000) + "{}]}";

        assertThat(outcomeOf(OPENX, "array<" + type + ">", record))
                .isEqualTo(
                        "!ConversionFailureException: Column c[58254]: a record has at most 1048576 values");
    }

    @Test
    void huge_strings_arrive_whole_and_memory_is_given_back() throws Exception {
        RowBuffer rows = new RowBuffer();
        TableSchema table = table(OPENX, "string");
        String huge = "\u00e9".repeat(3_000_000);

        decode(table, bytes("{\"c\":\"" + huge + "\"}"), rows);
        assertThat(RowText.of(HiveTypes.parse("string"), rows, rows.row(0))).isEqualTo(huge);

        decode(table, bytes("{}"), rows);
        decode(table, bytes("{}"), rows);
        assertThat(rows.bytes().length).isLessThan(100_000);
    }

    @Test
    void many_keys_of_a_map_are_told_apart_quickly() {
        StringBuilder record = new StringBuilder("{");
        for (int i = 0; i < 100_000; i++) {
            record.append("\"k").append(i % 50_000).append("\":").append(i).append(',');
        }
        record.append("\"k1\":7}");

        String outcome = outcome(OPENX, "map<string,int>", record.toString());

        assertThat(outcome).startsWith("<k0:50000,k1:7,k2:50002,").endsWith("k49999:99999>");
    }

    @Test
    void keys_find_their_columns_as_the_options_say() throws Exception {
        JsonSerDe mapped = new JsonSerDe.OpenX(true, true, Map.of("c", "@Time.Stamp"));
        assertThat(rowsOf(mapped, "{\"@time.stamp\":1}{\"c\":2}")).containsExactly("1", "null");

        JsonSerDe dots = new JsonSerDe.OpenX(true, true, Map.of());
        assertThat(outcomeOf(dots, "struct<a_b:int>", "{\"c\":{\"A.b\":1}}")).isEqualTo("{a_b=1}");

        JsonSerDe exact = new JsonSerDe.OpenX(false, false, Map.of());
        assertThat(rowsOf(exact, "{\"C\":1}{\"c\":2}")).containsExactly("null", "2");
        assertThat(outcomeOf(exact, "map<string,int>", "{\"c\":{\"A\":1,\"a\":2}}"))
                .isEqualTo("<A:1,a:2>");
        assertThat(outcomeOf(exact, "string", "{\"c\":{\"A\":1}}")).isEqualTo("{\"A\":1}");
    }

    @Test
    void unknown_fields_are_counted_by_name_for_records_that_are_converted() throws Exception {
        TableSchema table =
                new TableSchema(
                        "db",
                        "t",
                        "1",
                        List.of(
                                new TableSchema.Column("c", HiveTypes.parse("struct<a:int>")),
                                new TableSchema.Column("d", HiveTypes.parse("int"))),
                        List.of(new TableSchema.Column("dt", HiveTypes.parse("string"))),
                        OPENX);
        JsonRecordDecoder decoder = new JsonRecordDecoder(table, DecoderOptions.DEFAULTS);
        RowBuffer rows = new RowBuffer();

        decoder.decode(record("{\"x\":1,\"dt\":\"2024\",\"c\":{\"y\":{\"z\":1}}}"), rows);
        decoder.written();
        decoder.decode(record("{\"x\":1}{\"x\":2}{\"c\":[1,2,3]}"), rows);
        decoder.written();
        assertThatThrownBy(() -> decoder.decode(record("{\"x\":1,\"d\":\"?\"}"), rows))
                .isInstanceOf(RecordFailedException.class);

        Map<String, Long> seen = new TreeMap<>();
        decoder.report(seen::put);
        assertThat(seen).isEqualTo(Map.of("x", 3L, "c.y", 1L, "c[]", 2L));
    }

    @Test
    void names_of_unknown_fields_are_bounded_in_number_and_length() throws Exception {
        JsonRecordDecoder decoder =
                new JsonRecordDecoder(table(OPENX, "int"), DecoderOptions.DEFAULTS);
        RowBuffer rows = new RowBuffer();
        for (int i = 0; i < 10_000; i++) {
            decoder.decode(record("{\"" + "n".repeat(300) + i + "\":1,\"k" + i + "\":1}"), rows);
            decoder.written();
        }

        Map<String, Long> seen = new TreeMap<>();
        decoder.report(seen::put);

        assertThat(seen).hasSize(1001);
        assertThat(seen.keySet()).allMatch(name -> name.length() <= 256);
        assertThat(seen).containsEntry("n".repeat(256), 10_000L);
        assertThat(seen).containsEntry(UnknownFields.OTHERS, 9_001L);
    }

    private static org.assertj.core.api.ThrowingConsumer<String> matches(String expected) {
        return outcome -> {
            if (expected.startsWith("!")) {
                assertThat(outcome).startsWith("!").contains(expected.substring(1));
            } else {
                assertThat(outcome).isEqualTo(expected);
            }
        };
    }

    private static String outcome(JsonSerDe serde, String type, String value) {
        return outcomeOf(serde, type, "{\"c\":" + value + "}");
    }

    private static String outcomeOf(JsonSerDe serde, String type, String record) {
        return outcomeOf(serde, "c", type, record);
    }

    private static String outcomeOf(JsonSerDe serde, String name, String type, String record) {
        ColumnType column = HiveTypes.parse(type);
        RowBuffer rows = new RowBuffer();
        try {
            decode(table(serde, name, type), bytes(record), rows);
        } catch (RecordFailedException e) {
            String code = e.failure().code();
            return "!" + code.substring(code.indexOf('.') + 1) + ": " + e.failure().message();
        }
        return RowText.of(column, rows, rows.row(0));
    }

    private static List<String> rows(String record) throws RecordFailedException {
        return rowsOf(OPENX, record);
    }

    private static List<String> rowsOf(JsonSerDe serde, String record)
            throws RecordFailedException {
        RowBuffer rows = new RowBuffer();
        decode(table(serde, "int"), bytes(record), rows);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < rows.rowCount(); i++) {
            texts.add(RowText.of(ColumnType.Primitive.INT, rows, rows.row(i)));
        }
        return texts;
    }

    private static Failure failure(String record) {
        return failureOf(OPENX, record);
    }

    private static Failure failureOf(JsonSerDe serde, String record) {
        try {
            decode(table(serde, "int"), bytes(record), new RowBuffer());
        } catch (RecordFailedException e) {
            return e.failure();
        }
        throw new AssertionError("was taken for a row: " + record);
    }

    private static void decode(TableSchema table, byte[] record, RowBuffer rows)
            throws RecordFailedException {
        new JsonRecordDecoder(table, DecoderOptions.DEFAULTS)
                .decode(new DeliveryRecord().at(record, 0, record.length, 0), rows);
    }

    private static DeliveryRecord record(String text) {
        byte[] bytes = bytes(text);
        return new DeliveryRecord().at(bytes, 0, bytes.length, 0);
    }

    private static TableSchema table(JsonSerDe serde, String type) {
        return table(serde, "c", type);
    }

    private static TableSchema table(JsonSerDe serde, String name, String type) {
        return new TableSchema(
                "db",
                "t",
                "1",
                List.of(new TableSchema.Column(name, HiveTypes.parse(type))),
                List.of(),
                serde);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
