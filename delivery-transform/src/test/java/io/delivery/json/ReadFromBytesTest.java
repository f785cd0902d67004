package io.delivery.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.ColumnType;
import io.delivery.format.DecoderOptions;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.record.DeliveryRecord;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which records are read from their bytes, and which are left to their tokens. */
class ReadFromBytesTest {
    private static final JsonSerDe OPENX = JsonSerDe.OpenX.DEFAULTS;
    private static final JsonSerDe HIVE = JsonSerDe.Hive.DEFAULTS;
    private static final UnknownFieldPolicy DROP = UnknownFieldPolicy.DEFAULT;

    /** Type, JSON value, and what becomes of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "boolean         | true                      | true",
                "boolean         | false                     | false",
                "boolean         | \"True\"                  | true",
                "tinyint         | -128                      | -128",
                "int             | 2147483647                | 2147483647",
                "int             | 1.0                       | 1",
                "int             | \"12\"                    | 12",
                "bigint          | -9223372036854775808      | -9223372036854775808",
                "bigint          | 9223372036854775807       | 9223372036854775807",
                "float           | 1.5                       | 1.5",
                "double          | -0.0                      | -0.0",
                "double          | -0                        | 0.0",
                "double          | 48.8566                   | 48.8566",
                "double          | 1e22                      | 1.0E22",
                "double          | 0.30000000000000004       | 0.30000000000000004",
                "double          | 9007199254740993          | 9.007199254740992E15",
                "double          | 2.2250738585072011e-308   | 2.225073858507201E-308",
                "double          | 1.7976931348623157e308    | 1.7976931348623157E308",
                "double          | \"NaN\"                   | NaN",
                "decimal(5,2)    | 19.995                    | 20.00",
                "decimal(5,2)    | -19.994                   | -19.99",
                "decimal(5,2)    | \"7\"                     | 7.00",
                "decimal(38,10)  | 1234567890123456789012.5  | 1234567890123456789012.5000000000",
                "decimal(38,0)   | -1                        | -1",
                "string          | \"plain\"                 | plain",
                "string          | \"gr\u00fc\u00df \u672d\u5e4c \ud83d\ude00\" | gr\u00fc\u00df \u672d\u5e4c \ud83d\ude00",
                "string          | \"caf\\u00e9 \\ud83d\\ude00 \\\"q\\\" \\/\" | caf\u00e9 \ud83d\ude00 \"q\" /",
                "string          | 12.50                     | 12.50",
                "string          | true                      | true",
                "string          | null                      | null",
                "char(2)         | \"\ud83d\ude00bc\"        | \ud83d\ude00b",
                "varchar(3)      | \"abcdef\"                | abc",
                "varchar(2)      | 12345                     | 12",
                "binary          | \"ab\"                    | ab",
                "date            | \"2024-02-29\"            | 2024-02-29",
                "date            | \"0000-02-29\"            | 0000-02-29",
                "date            | \"2024-2-9\"              | 2024-02-09",
                "timestamp       | \"2026-06-01T01:02:03.004Z\"     | 2026-06-01T01:02:03.004Z",
                "timestamp       | \"1969-12-31 23:59:59.123456789\"| 1969-12-31T23:59:59.123456789Z",
                "timestamp       | \"2026-6-1 1:2:3\"        | 2026-06-01T01:02:03Z",
                "timestamp       | 1780272000                | 2026-06-01T00:00:00Z",
                "timestamp       | 1780272000123             | 2026-06-01T00:00:00.123Z",
                "timestamp       | -1000000000001            | 1938-04-24T22:13:19.999Z",
                "timestamp       | 1780272000.25             | 2026-06-01T00:00:00.250Z",
                "array<string>   | [\"a\", null ,\"b\"]      | [a,null,b]",
                "array<int>      | []                        | []",
                "map<string,int> | {\"A\":1,\"b\":null}      | <a:1,b:null>",
                "map<string,int> | {}                        | <>",
                "struct<a:int,b:array<struct<c:date>>> | {\"b\":[{\"c\":\"2024-02-29\"},{}],\"a\":1} | {a=1,b=[{c=2024-02-29},{c=null}]}",
            })
    void usual_values_are_read_from_bytes(String type, String value, String expected) {
        RowBuffer rows = new RowBuffer();

        assertThat(read(OPENX, DROP, type, "{\"c\":" + value + "}", rows)).isTrue();

        assertThat(RowText.of(HiveTypes.parse(type), rows, rows.row(0))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"c\":1}{\"c\":2} \n {}",
                " { \"c\" : 1 , \"x\" : [ { } , [ ] , \"\\ud83d\" , -1.5e-7 , true , null ] } ",
                "{\"C\":1}",
                "{\"x\":{\"c\":\"?\",\"x\":1e999},\"c\":1,\"x\":2}",
                "{\"dt\":{},\"c\":1}",
                "{\"a key that is unknown and rather long\":\"\\\\\",\"\":0}",
            })
    void records_of_usual_forms_are_read_from_bytes(String record) {
        assertThat(read(OPENX, DROP, "int", record, new RowBuffer())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "1",
                "{}1",
                "{\"c\":1",
                "{\"c\":1,}",
                "{\"c\" 1}",
                "{c:1}",
                "{\"c\":01}",
                "{\"c\":1.}",
                "{\"c\":1e}",
                "{\"c\":-}",
                "{\"c\":2147483648}",
                "{\"c\":9223372036854775808}",
                "{\"c\":99999999999999999999}",
                "{\"c\":1.5}",
                "{\"c\":true}",
                "{\"c\":[1]}",
                "{\"c\":nul}",
                "{\"c\":1,\"c\":2}",
                "{\"c\":1,\"C\":2}",
                "{\"\\u0063\":1}",
                "{\"x\":\"\\q\"}",
                "{\"x\":\"\\u00g0\"}",
                "{\"x\":\"a\nb\"}",
                "{\"x\":\"a}",
                "{\"x\":tru}",
                "\ufeff{\"c\":1}",
            })
    void records_that_may_be_wrong_are_left_to_tokens(String record) {
        assertThat(read(OPENX, DROP, "int", record, new RowBuffer())).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "string          | \"\\ud83d\"",
                "string          | \"\\ude00\\ud83d\"",
                "string          | {}",
                "float           | 1e39",
                "double          | 1e309",
                "decimal(5,2)    | 999.999",
                "date            | \"2023-02-29\"",
                "timestamp       | \"2023-02-29 00:00:00\"",
                "timestamp       | 9223372036854775807",
                "array<int>      | 7",
                "map<int,int>    | {\"1\":1}",
                "map<string,int> | {\"a\":1,\"A\":1}",
                "map<string,int> | {\"\u00dc\":1}",
                "struct<a:int>   | [1]",
            })
    void values_for_rules_and_messages_are_left_to_tokens(String type, String value) {
        assertThat(read(OPENX, DROP, type, "{\"c\":" + value + "}", new RowBuffer())).isFalse();
    }

    @Test
    void the_strict_deserializer_leaves_strings_in_place_of_numbers_to_tokens() {
        assertThat(read(HIVE, DROP, "int", "{\"c\":\"1\"}", new RowBuffer())).isFalse();
        assertThat(read(HIVE, DROP, "double", "{\"c\":\"1\"}", new RowBuffer())).isFalse();
        assertThat(read(HIVE, DROP, "int", "{\"c\":1}", new RowBuffer())).isTrue();
    }

    @Test
    void configured_timestamp_formats_are_tried_before_others() {
        JsonSerDe millis = new JsonSerDe.Hive(List.of("d/M/yyyy", "millis"));
        RowBuffer rows = new RowBuffer();

        assertThat(read(millis, DROP, "timestamp", "{\"c\":1000}{\"c\":\"2/1/1970\"}", rows))
                .isTrue();

        assertThat(rows.number(rows.row(0))).isEqualTo(1);
        assertThat(rows.number(rows.row(1))).isEqualTo(86_400);
    }

    @Test
    void unknown_fields_that_are_kept_or_refused_are_left_to_tokens() {
        for (UnknownFieldPolicy policy :
                List.of(new UnknownFieldPolicy.Keep("c"), new UnknownFieldPolicy.Refuse())) {
            String type = "map<string,string>";
            assertThat(read(OPENX, policy, type, "{\"x\":1}", new RowBuffer())).isFalse();
            assertThat(read(OPENX, policy, type, "{\"dt\":1}", new RowBuffer())).isTrue();
        }
    }

    @Test
    void bytes_that_are_not_utf8_are_left_to_tokens_wherever_they_are() {
        for (String around : List.of("{\"c\":\"%s\"}", "{\"x\":\"%s\"}", "{\"%s\":1}")) {
            for (int length = 0; length < 20; length++) {
                byte[] record =
                        around.formatted("a".repeat(length) + "\u00e9")
                                .getBytes(StandardCharsets.UTF_8);
                int lead = around.indexOf('%') + length;
                record[lead + 1] = (byte) 0xC3;

                assertThat(read(decoder(OPENX, DROP, "string"), record, new RowBuffer())).isFalse();
            }
        }
    }

    @Test
    void texts_of_any_length_are_read_whatever_follows_them_in_memory() {
        JsonRecordDecoder decoder = decoder(OPENX, DROP, "string");
        RowBuffer rows = new RowBuffer();
        for (int length : List.of(0, 1, 7, 8, 9, 15, 16, 4095, 4096, 4097, 8200, 300_000)) {
            String text = "\u00e9".repeat(length / 3) + "x".repeat(length - length / 3);
            byte[] record = ("{\"c\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);

            assertThat(read(decoder, record, rows)).isTrue();

            assertThat(RowText.of(ColumnType.Primitive.STRING, rows, rows.row(0))).isEqualTo(text);
        }
    }

    @Test
    void a_record_with_more_values_than_a_record_may_have_is_left_to_tokens() {
        byte[] record =
                ("{\"c\":[" + "1,".repeat(RowBuffer.MAX_SLOTS) + "1]}")
                        .getBytes(StandardCharsets.UTF_8);

        assertThat(read(decoder(OPENX, DROP, "array<int>"), record, new RowBuffer())).isFalse();
    }

    @Test
    void more_keys_than_are_remembered_are_counted_all_the_same() throws Exception {
        JsonRecordDecoder bytes = decoder(OPENX, DROP, "int");
        TokenDecoder tokens = new TokenDecoder(table(OPENX, "int"), options(DROP));
        RowBuffer rows = new RowBuffer();
        for (int i = 0; i < 10_000; i++) {
            byte[] record =
                    "{\"c\":1,\"key %d\":{},\"%s\":1}"
                            .formatted(i % 6000, "k".repeat(i % 300))
                            .getBytes(StandardCharsets.UTF_8);

            assertThat(read(bytes, record, rows)).isTrue();
            bytes.written();
            tokens.decode(record(record), rows);
            tokens.written();
        }

        Map<String, Long> counted = new HashMap<>();
        bytes.report(counted::put);
        Map<String, Long> right = new HashMap<>();
        tokens.report(right::put);
        assertThat(counted).isEqualTo(right).hasSize(1001);
    }

    private static boolean read(
            JsonSerDe serde,
            UnknownFieldPolicy policy,
            String type,
            String record,
            RowBuffer rows) {
        return read(decoder(serde, policy, type), record.getBytes(StandardCharsets.UTF_8), rows);
    }

    private static boolean read(JsonRecordDecoder decoder, byte[] record, RowBuffer rows) {
        return decoder.readBytes(record(record), rows);
    }

    private static DeliveryRecord record(byte[] record) {
        return new DeliveryRecord().at(record, 0, record.length, 0);
    }

    private static JsonRecordDecoder decoder(
            JsonSerDe serde, UnknownFieldPolicy policy, String type) {
        return new JsonRecordDecoder(table(serde, type), options(policy));
    }

    private static DecoderOptions options(UnknownFieldPolicy policy) {
        return new DecoderOptions(Optional.empty(), policy);
    }

    private static TableSchema table(JsonSerDe serde, String type) {
        return new TableSchema(
                "db",
                "t",
                "1",
                List.of(new TableSchema.Column("c", HiveTypes.parse(type))),
                List.of(new TableSchema.Column("dt", ColumnType.Primitive.STRING)),
                serde);
    }
}
