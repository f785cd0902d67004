package io.delivery.orc;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.format.JsonSerDe;
import io.delivery.parquet.CornerValues;
import io.delivery.parquet.FilesOfRows;
import io.delivery.parquet.Objects;
import io.delivery.testkit.orc.OrcContent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The least, the greatest and the oddest values, as ORC's own reader reads them. */
class OrcCornersTest {
    @TempDir private Path directory;

    static Stream<Orc> everySetting() {
        return OrcEncoderTest.everySetting();
    }

    static List<CornerValues> corners() {
        return OrcFiles.corners();
    }

    @ParameterizedTest
    @MethodSource("corners")
    void the_values_at_the_edges_of_a_type_are_seen(CornerValues corner) throws Exception {
        FilesOfRows file =
                new FilesOfRows(directory, "orc").add(corner, new OrcFormat(Orc.DEFAULTS));

        try (OrcContent content = OrcContent.of(Files.readAllBytes(file.paths().get(0)))) {
            file.assertSeen(content.rows());
        }
    }

    @ParameterizedTest
    @MethodSource("everySetting")
    void texts_of_a_mebibyte_arrive_whole(Orc settings) throws Exception {
        String long1 = "é".repeat(1 << 19);
        String long2 = "x".repeat(1 << 20);

        try (OrcContent content =
                OrcFiles.encode(
                        directory,
                        settings,
                        Objects.table("s string", "l array<string>"),
                        Stream.of(
                                "{\"s\":\"" + long1 + "\",\"l\":[\"" + long2 + "\",\"\"]}",
                                "{\"s\":\"short\"}"))) {
            assertThat(content.rows())
                    .isEqualTo(
                            List.of(
                                    List.of(long1, List.of(long2, "")),
                                    Arrays.asList("short", null)));
        }
    }

    @Test
    void keys_that_differ_by_case_or_by_dots_stay_apart_where_case_and_dots_count()
            throws Exception {
        JsonSerDe exact = new JsonSerDe.OpenX(false, false, Map.of("upper_id", "ID"));
        Map<String, Long> map = new LinkedHashMap<>();
        map.put("a", 1L);
        map.put("A", 2L);
        map.put("a.b", 3L);

        try (OrcContent content =
                OrcFiles.encode(
                        directory,
                        Orc.DEFAULTS,
                        Objects.table(
                                exact,
                                "id int",
                                "upper_id int",
                                "m map<string,int>",
                                "s struct<a.b:int,c:int>"),
                        Stream.of(
                                "{\"ID\":1,\"id\":2,\"m\":{\"a\":1,\"A\":2,\"a.b\":3},"
                                        + "\"s\":{\"a.b\":4,\"a_b\":5,\"C\":6,\"c\":7}}"))) {
            assertThat(content.rows())
                    .containsExactly(List.of(2L, 1L, map, Map.of("a.b", 4L, "c", 7L)));
        }
    }
}
