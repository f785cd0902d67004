package io.delivery.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.format.DecoderOptions;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordFailedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that are written in two ways and are one value of the type of the map's keys. */
class TypedMapKeysTest {
    private static final UnknownFieldPolicy KEEP = new UnknownFieldPolicy.Keep("extras");

    private final ReportedFields reported = new ReportedFields();

    private static TableSchema table(String keys, JsonSerDe serde) {
        return new TableSchema(
                "db",
                "t",
                "1",
                List.of(
                        column("m", "map<%s,struct<a:int,c:int>>".formatted(keys)),
                        column("extras", "map<string,string>")),
                List.of(),
                serde);
    }

    private static TableSchema.Column column(String name, String type) {
        return new TableSchema.Column(name, HiveTypes.parse(type));
    }

    /** What is in both columns. */
    private String row(String keys, JsonSerDe serde, UnknownFieldPolicy policy, String map)
            throws RecordFailedException {
        TableSchema table = table(keys, serde);
        JsonRecordDecoder decoder =
                new JsonRecordDecoder(table, new DecoderOptions(Optional.empty(), policy));
        byte[] record = ("{\"m\":" + map + "}").getBytes(StandardCharsets.UTF_8);
        RowBuffer rows = new RowBuffer();
        decoder.decode(new DeliveryRecord().at(record, 0, record.length, 0), rows);
        decoder.written();
        decoder.report(reported);
        return RowText.of(table.columns().get(0).type(), rows, rows.row(0))
                + " "
                + RowText.of(table.columns().get(1).type(), rows, rows.row(0) + 1);
    }

    /** The type of the keys, the map, and what is in the two columns. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int       | {\"1\":{\"a\":1,\"b\":2},\"01\":{\"a\":3}}                 | <1:{a=3,c=null}> null",
                "int       | {\"1\":{\"a\":1},\"01\":{\"c\":3,\"b\":2}}                 | <1:{a=null,c=3}> <m{01}.b:2>",
                "int       | {\"1\":{\"b\":1},\"01\":{\"b\":2},\"1\":{\"b\":3}}         | <1:{a=null,c=null}> <m{1}.b:3>",
                "int       | {\"1\":{\"b\":1},\"01\":null}                              | <1:null> null",
                "int       | {\"1\":{\"b\":1},\"2\":{\"b\":2},\"01\":{\"a\":3}}         | <1:{a=3,c=null},2:{a=null,c=null}> <m{2}.b:2>",
                "bigint    | {\"-5\":{\"b\":1},\"-05\":{\"a\":1}}                       | <-5:{a=1,c=null}> null",
                "double    | {\"1\":{\"b\":1},\"1.0\":{\"a\":1}}                        | <1.0:{a=1,c=null}> null",
                "float     | {\"0.1\":{\"b\":1},\"0.100000001\":{\"a\":1}}       | <0.1:{a=1,c=null}> null",
                "float     | {\"0.0\":{\"b\":1},\"-0.0\":{\"a\":1}}              | <0.0:{a=null,c=null},-0.0:{a=1,c=null}> <m{0.0}.b:1>",
                "double    | {\"0.1\":{\"b\":1},\"0.100000001\":{\"a\":1}}       | <0.1:{a=null,c=null},0.100000001:{a=1,c=null}> <m{0.1}.b:1>",
                "char(3)   | {\"a\":{\"b\":1},\"a \":{\"a\":1}}                  | <a:{a=1,c=null}> null",
                "char(3)   | {\"\":{\"b\":1},\"   \":{\"a\":1}}                 | <:{a=1,c=null}> null",
                "char(3)   | {\"a\":{\"b\":1},\" a\":{\"a\":1}}                  | <a:{a=null,c=null}, a:{a=1,c=null}> <m{a}.b:1>",
                "varchar(3) | {\"a\":{\"b\":1},\"a \":{\"a\":1}}                 | <a:{a=null,c=null},a :{a=1,c=null}> <m{a}.b:1>",
                "decimal(3,1) | {\"1\":{\"b\":1},\"1.01\":{\"a\":1}}             | <1.0:{a=1,c=null}> null",
                "date      | {\"2026-3-1\":{\"b\":1},\"2026-03-01\":{\"a\":1}}   | <2026-03-01:{a=1,c=null}> null",
                "timestamp | {\"2026-03-01 00:00:00\":{\"b\":1},\"2026-3-1 0:0:0.0\":{\"a\":1}} | <2026-03-01T00:00:00Z:{a=1,c=null}> null",
                "boolean   | {\"true\":{\"b\":1},\"TRUE\":{\"a\":1}}                    | <true:{a=1,c=null}> null",
                "double    | {\"1e1\":{\"b\":1},\"1E1\":{\"a\":1}}                      | <10.0:{a=1,c=null}> null",
                "varchar(2) | {\"ab\":{\"b\":1},\"AB\":{\"a\":1}}                      | <ab:{a=null,c=null}> <m{ab}.b:1>",
                "varchar(2) | {\"abc\":{\"b\":1},\"abd\":{\"a\":1}}                     | <ab:{a=1,c=null}> null",
                "string    | {\"1\":{\"b\":1},\"01\":{\"a\":1}}                         | <1:{a=null,c=null},01:{a=1,c=null}> <m{1}.b:1>",
            })
    void the_last_one_counts_with_all_of_its_value(String keys, String map, String expected)
            throws Exception {
        assertThat(row(keys, JsonSerDe.OpenX.DEFAULTS, KEEP, map)).isEqualTo(expected);
    }

    @Test
    void with_serde_hive_it_is_the_last_one_too() throws Exception {
        assertThat(
                        row(
                                "int",
                                JsonSerDe.Hive.DEFAULTS,
                                KEEP,
                                "{\"1\":{\"a\":1,\"b\":2},\"01\":{\"a\":3}}"))
                .isEqualTo("<1:{a=3,c=null}> null");
    }

    @Test
    void the_other_key_is_counted_as_superseded_and_its_fields_are_not_counted() throws Exception {
        row(
                "int",
                JsonSerDe.OpenX.DEFAULTS,
                KEEP,
                "{\"1\":{\"b\":2},\"01\":{\"x\":3},\"2\":{\"b\":4}}");

        assertThat(reported.seen).isEqualTo(Map.of("m{}.x", 1L, "m{}.b", 1L));
        assertThat(reported.superseded).isEqualTo(Map.of("m{}.1", 1L));
    }

    @Test
    void a_stream_that_refuses_unknown_fields_refuses_the_other_key() {
        assertThatThrownBy(
                        () ->
                                row(
                                        "int",
                                        JsonSerDe.OpenX.DEFAULTS,
                                        new UnknownFieldPolicy.Refuse(),
                                        "{\"1\":{},\"01\":{}}"))
                .isInstanceOf(RecordFailedException.class)
                .hasMessageContaining("Another key of the record fills the column of this field");
    }

    @Test
    void timestamps_are_other_keys_when_they_differ_by_a_nanosecond() throws Exception {
        assertThat(
                        row(
                                "timestamp",
                                JsonSerDe.OpenX.DEFAULTS,
                                UnknownFieldPolicy.DEFAULT,
                                "{\"2026-03-01 00:00:00.000000001\":{\"a\":1},"
                                        + "\"2026-03-01 00:00:00.000000002\":{\"a\":2}}"))
                .isEqualTo(
                        "<2026-03-01T00:00:00.000000001Z:{a=1,c=null},"
                                + "2026-03-01T00:00:00.000000002Z:{a=2,c=null}> null");
    }

    @Test
    void many_keys_of_type_float_and_char_are_treated_as_few_are() throws Exception {
        StringBuilder floats = new StringBuilder("{");
        StringBuilder characters = new StringBuilder("{");
        for (int i = 0; i < 100; i++) {
            floats.append("\"0.%02d\":{\"b\":1},".formatted(i));
            characters.append("\"%d\":{\"b\":1},".formatted(i));
        }
        for (int i = 0; i < 100; i++) {
            floats.append("\"0.%02d00000001\":{\"a\":2},".formatted(i));
            characters.append("\"%d \":{\"a\":2},".formatted(i));
        }
        floats.append("\"7\":{}}");
        characters.append("\"x\":{}}");

        for (String row :
                List.of(
                        row(
                                "float",
                                JsonSerDe.OpenX.DEFAULTS,
                                KEEP,
                                floats.toString().replace("\"0.0000000001\"", "\"0.00\"")),
                        row("char(4)", JsonSerDe.OpenX.DEFAULTS, KEEP, characters.toString()))) {
            assertThat(row).endsWith("> null");
            assertThat(row.split("a=2", -1)).hasSize(101);
            assertThat(row.split("a=null", -1)).as("the last key").hasSize(2);
        }
    }

    @Test
    void many_keys_that_are_looked_up_are_treated_as_few_are() throws Exception {
        StringBuilder map = new StringBuilder("{");
        for (int i = 0; i < 3_000; i++) {
            map.append("\"").append(i).append("\":{\"b\":1},");
        }
        for (int i = 0; i < 3_000; i++) {
            map.append("\"0").append(i).append("\":{\"a\":2},");
        }
        map.append("\"9999\":{\"x\":1}}");

        String row = row("int", JsonSerDe.OpenX.DEFAULTS, KEEP, map.toString());

        assertThat(row).startsWith("<0:{a=2,c=null},1:{a=2,c=null},").endsWith("<m{9999}.x:1>");
        assertThat(row("int", JsonSerDe.OpenX.DEFAULTS, KEEP, "{\"7\":{\"b\":1},\"07\":{\"a\":1}}"))
                .isEqualTo("<7:{a=1,c=null}> null");
    }
}
