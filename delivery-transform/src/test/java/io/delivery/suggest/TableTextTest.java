package io.delivery.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import io.delivery.suggest.TableText.StoredAs;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTextTest {
    private static final SuggestedTable TABLE =
            Suggestions.table(
                    Suggestions.OPENX,
                    "{\"id\":1,\"@order\":{\"date\":\"2026-01-31\",\"It's\":[1]},\"n\":null}");

    @Test
    void yaml_has_a_heading_comments_and_the_mappings() {
        assertThat(TableText.yaml(TABLE.schema(), List.of("Two\nlines")))
                .isEqualTo(
                        """
                        # Two\\u000alines
                        columns:
                          - {name: id, type: int}
                          - {name: order, type: "struct<date:date,it_s:array<int>>"}  # a reserved word: queries need it in quotes
                          - {name: "n", type: string}  # only null was seen
                        serde:
                          openx:
                            columnToJsonKeyMappings:
                              it_s: "it's"
                              order: "@order"
                        """);
    }

    @Test
    void ddl_quotes_names_and_reserved_fields() {
        assertThat(TableText.ddl(TABLE.schema(), StoredAs.PARQUET, "s3://b/it's/"))
                .isEqualTo(
                        """
                        CREATE EXTERNAL TABLE `db`.`t` (
                          `id` int,
                          `order` struct<`date`:date,it_s:array<int>> COMMENT 'a reserved word: queries need it in quotes',
                          `n` string COMMENT 'only null was seen'
                        )
                        STORED AS PARQUET
                        LOCATION 's3://b/it\\'s/';
                        """);
    }

    @Test
    void glue_gets_a_table_input() throws Exception {
        JsonNode input =
                new ObjectMapper()
                        .readTree(
                                TableText.glue(
                                        TABLE.schema(), StoredAs.ORC, Optional.of("s3://b/p/")));

        assertThat(input.at("/Name").asText()).isEqualTo("t");
        assertThat(input.at("/TableType").asText()).isEqualTo("EXTERNAL_TABLE");
        assertThat(input.at("/Parameters/classification").asText()).isEqualTo("orc");
        assertThat(input.at("/StorageDescriptor/Location").asText()).isEqualTo("s3://b/p/");
        assertThat(input.at("/StorageDescriptor/SerdeInfo/SerializationLibrary").asText())
                .isEqualTo("org.apache.hadoop.hive.ql.io.orc.OrcSerde");
        assertThat(input.at("/StorageDescriptor/Columns/1").toString())
                .isEqualTo(
                        "{\"Name\":\"order\",\"Type\":\"struct<date:date,it_s:array<int>>\","
                                + "\"Comment\":\"a reserved word: queries need it in quotes\"}");
    }

    private static TableSchema hive(String type) {
        return new TableSchema(
                "db",
                "t",
                "1",
                List.of(new TableSchema.Column("c", HiveTypes.parse(type))),
                List.of(new TableSchema.Column("p", HiveTypes.parse(type))),
                JsonSerDe.Hive.DEFAULTS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "struct<service.name:string>",
                "array<map<string,struct<first name:int,$ref:char(3),_a1:decimal(9,2)>>>",
                "struct<\u00fcber.\u65e5\u672c:varchar(7),b:struct<c.d:date>>"
            })
    void glue_gets_names_without_quotes_as_readers_of_metastores_expect_them(String type)
            throws Exception {
        JsonNode input =
                new ObjectMapper()
                        .readTree(TableText.glue(hive(type), StoredAs.PARQUET, Optional.empty()));

        assertThat(input.at("/StorageDescriptor/Columns/0/Type").asText()).isEqualTo(type);
        assertThat(input.at("/PartitionKeys/0/Type").asText()).isEqualTo(type);
        assertThat(HiveTypes.parse(type)).isEqualTo(hive(type).columns().get(0).type());
    }

    @ParameterizedTest
    @ValueSource(strings = {"content-type", "xsi:type", "a,b", "@id", "a`b", "<", "\ud83d\ude00"})
    void a_name_that_no_metastore_can_keep_is_refused(String name) {
        String type = "array<struct<`" + name.replace("`", "``") + "`:int>>";

        assertThatThrownBy(() -> TableText.glue(hive(type), StoredAs.ORC, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "the name of a struct's field has letters, digits, _ . $ and blanks in a"
                                + " metastore, was ");
        assertThat(TableText.ddl(hive(type), StoredAs.ORC, "s3://b/"))
                .contains("`" + name.replace("`", "``") + "`:int");
    }

    @Test
    void the_deserializer_is_that_of_the_firehose_api() {
        assertThat(TableText.deserializer(TABLE.schema().serde()))
                .isEqualTo(
                        "{\"OpenXJsonSerDe\":{\"CaseInsensitive\":true,"
                                + "\"ConvertDotsInJsonKeysToUnderscores\":false,"
                                + "\"ColumnToJsonKeyMappings\":{\"it_s\":\"it's\",\"order\":\"@order\"}}}");
        assertThat(TableText.deserializer(new JsonSerDe.Hive(List.of("millis"))))
                .isEqualTo("{\"HiveJsonSerDe\":{\"TimestampFormats\":[\"millis\"]}}");
    }
}
