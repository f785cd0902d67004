package io.delivery.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.format.JsonSerDe;
import io.delivery.suggest.TableText.StoredAs;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
