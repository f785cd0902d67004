package io.delivery.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.DecoderOptions;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RowBuffer;
import io.delivery.format.SharedKeys;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.record.DeliveryRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What sizes foresee of shared keys is what readers do with them. */
class SharedKeyCopiesTest {
    private static final List<String> NAMES = List.of("a", "a_b", "a_b_c", "b", "c", "x_y");
    private static final List<String> KEYS =
            List.of(
                    "a", "A", "a_b", "A_b", "a.b", "a.B", "a.b.c", "a_b.c", "a.b_c", "a_b_c", "b",
                    "B", "c", "x_y", "x.y", "X.Y", "X_Y");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s:string                                             |             | 1",
                "s:string; a:string                                   | a=s         | 2",
                "s:string; a:string; b:varchar(9); c:binary           | a=s,b=s,c=S | 4",
                "s:string; a:int; b:decimal(9,2); c:timestamp         | a=s,b=s,c=s | 1",
                "s:array<string>; a:map<string,int>                   | a=s         | 2",
                "s:struct<x:string,y:string,z:int>; a:string          | y=x         | 2",
                "s:struct<x:string,y:string>; a:struct<x:string,y:string> | a=s,y=x | 4",
                "s:struct<x:string,y:string>; a:string                | a=s,y=x     | 3",
                "s:array<map<int,struct<x:char(3),y:string>>>         | y=x         | 2",
                "i:int                                                |             | 1",
            })
    void a_text_is_in_each_column_and_each_field_that_its_keys_fill(
            String columns, String mappings, long copies) {
        Map<String, String> keys = new HashMap<>();
        Stream.ofNullable(mappings)
                .flatMap(all -> Stream.of(all.split(",")))
                .map(pair -> pair.split("="))
                .forEach(pair -> keys.put(pair[0], pair[1]));
        JsonSerDe serde = new JsonSerDe.OpenX(true, false, keys);
        List<TableSchema.Column> all =
                Stream.of(columns.split("; "))
                        .map(column -> column.split(":", 2))
                        .map(c -> new TableSchema.Column(c[0], HiveTypes.parse(c[1])))
                        .toList();
        TableSchema table = new TableSchema("db", "t", "1", all, List.of(), serde);

        assertThat(SharedKeys.of(serde).copiesOfTexts(table, UnknownFieldPolicy.DEFAULT))
                .isEqualTo(copies);
        assertThat(
                        SharedKeys.of(JsonSerDe.Hive.DEFAULTS)
                                .copiesOfTexts(table, UnknownFieldPolicy.DEFAULT))
                .isEqualTo(1);
    }

    /** Columns, all of them filled by one key, and where a text in an unknown field is. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a:struct<x:int>; s:struct<x:int>                 | 2",
                "a:array<struct<x:int>>; s:map<int,struct<x:int>> | 2",
                "a:struct<x:struct<z:int>,y:struct<z:int>>; s:int | 2",
                "a:struct<x:string,y:string>; s:struct<x:int>     | 3",
                "a:int; s:int                                     | 1",
            })
    void where_unknown_fields_are_kept_each_struct_has_a_text_of_them(String columns, long copies) {
        JsonSerDe serde = new JsonSerDe.OpenX(true, false, Map.of("a", "s", "y", "x"));
        List<TableSchema.Column> all =
                Stream.of((columns + "; rest:map<string,string>").split("; "))
                        .map(column -> column.split(":", 2))
                        .map(c -> new TableSchema.Column(c[0], HiveTypes.parse(c[1])))
                        .toList();
        TableSchema table = new TableSchema("db", "t", "1", all, List.of(), serde);

        assertThat(SharedKeys.of(serde).copiesOfTexts(table, new UnknownFieldPolicy.Keep("rest")))
                .isEqualTo(copies);
    }

    @Test
    void as_many_columns_are_foreseen_for_a_key_as_any_key_fills() throws Exception {
        SplittableRandom random = new SplittableRandom(81);
        for (int i = 0; i < 2_000; i++) {
            Map<String, String> mappings = new HashMap<>();
            List<TableSchema.Column> columns = new ArrayList<>();
            for (String name : NAMES) {
                if (random.nextInt(3) > 0) {
                    columns.add(new TableSchema.Column(name, HiveTypes.parse("string")));
                    if (random.nextBoolean()) {
                        mappings.put(name, KEYS.get(random.nextInt(KEYS.size())));
                    }
                }
            }
            if (columns.isEmpty()) {
                continue;
            }
            JsonSerDe serde =
                    new JsonSerDe.OpenX(random.nextBoolean(), random.nextBoolean(), mappings);
            TableSchema table = new TableSchema("db", "t", "1", columns, List.of(), serde);

            long most = 1;
            for (String key : KEYS) {
                most = Math.max(most, filled(table, key));
            }

            assertThat(SharedKeys.of(serde).copiesOfTexts(table, UnknownFieldPolicy.DEFAULT))
                    .as("%s of %s", serde, columns)
                    .isEqualTo(most);
        }
    }

    private static long filled(TableSchema table, String key) throws Exception {
        RowBuffer rows = new RowBuffer();
        byte[] record = "{\"%s\":\"v\"}".formatted(key).getBytes(StandardCharsets.UTF_8);
        new JsonRecordDecoder(table, DecoderOptions.DEFAULTS)
                .decode(new DeliveryRecord().at(record, 0, record.length, 0), rows);
        long filled = 0;
        for (int i = 0; i < table.columns().size(); i++) {
            filled += rows.isNull(rows.row(0) + i) ? 0 : 1;
        }
        return filled;
    }
}
