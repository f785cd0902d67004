package io.delivery.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GuessedTableTest {
    @Test
    void types_are_those_of_all_values() throws Exception {
        GuessedTable table =
                guess(
                        "{\"id\":1,\"price\":1,\"ok\":true,\"mixed\":1,\"geo\":{\"city\":\"Ulm\"},\"big\":9223372036854775808}",
                        "{\"id\":2,\"price\":1.5,\"ok\":null,\"mixed\":\"one\",\"none\":null}");

        assertThat(table.yaml())
                .contains("{name: 'id', type: bigint}")
                .contains("{name: 'price', type: double}")
                .contains("{name: 'ok', type: boolean}")
                .contains("{name: 'mixed', type: string}")
                .contains("{name: 'geo', type: string}")
                .contains("{name: 'big', type: string}")
                .contains("{name: 'none', type: string}");
    }

    @Test
    void keys_that_are_no_names_of_columns_are_mapped_to_some() throws Exception {
        GuessedTable table = guess("{\"@time\":1,\"Time\":2,\"it's\":3,\"$\":4}");

        assertThat(table.yaml())
                .contains("'time': '@time'")
                .contains("'time_2': 'Time'")
                .contains("'it_s': 'it''s'")
                .contains("'column': '$'");
    }

    @Test
    void it_is_partitioned_by_the_key_of_all_records_that_has_the_fewest_values() throws Exception {
        GuessedTable table =
                guess(
                        "{\"one\":\"x\",\"Kind\":\"a\",\"id\":1,\"rare\":1}",
                        "{\"one\":\"x\",\"Kind\":\"b\",\"id\":2}",
                        "{\"one\":\"x\",\"Kind\":\"b\",\"id\":3,\"rare\":2}");

        assertThat(table.partitioning())
                .contains(new Partitioning("{kind: .[\"Kind\"]}", List.of("kind")));
    }

    @Test
    void values_that_make_no_folder_make_no_partition() throws Exception {
        GuessedTable table =
                guess(
                        "{\"path\":\"a/b\",\"text\":\"\",\"list\":[1]}",
                        "{\"path\":\"c\",\"text\":\"y\",\"list\":[2]}");

        assertThat(table.partitioning()).isEmpty();
    }

    @Test
    void lines_that_are_no_objects_are_no_obstacle() throws Exception {
        GuessedTable table = guess("{\"id\":", "[1]", "", "7", "{\"id\":1}");

        assertThat(table.yaml()).contains("{name: 'id', type: bigint}");
    }

    @Test
    void without_an_object_there_is_nothing_to_guess() {
        assertThatThrownBy(() -> guess("a,b,c", "1,2,3"))
                .isInstanceOf(GuessedTable.NothingToGuessException.class)
                .hasMessageContaining("one JSON object per line is expected");
    }

    @Test
    void the_record_to_send_oneself_is_short_and_has_the_partition_key() throws Exception {
        String line =
                Stream.iterate(1, i -> i + 1)
                        .limit(30)
                        .map(i -> "\"k%d\":\"%s\"".formatted(i, "x".repeat(10)))
                        .reduce("{\"long\":\"" + "y".repeat(500) + "\"", (a, b) -> a + "," + b);

        GuessedTable table = guess(line + ",\"kind\":\"a\"}", line + ",\"kind\":\"b\"}");

        assertThat(table.ownRecord()).contains("\"kind\":\"a\"").hasSizeLessThan(200);
    }

    private static GuessedTable guess(String... lines) throws Exception {
        byte[] bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        return GuessedTable.of(new ByteArrayInputStream(bytes));
    }
}
