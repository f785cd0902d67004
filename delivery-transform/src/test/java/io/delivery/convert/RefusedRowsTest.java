package io.delivery.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.format.RecordEncoder;
import io.delivery.format.RowFormat;
import io.delivery.orc.OrcFormat;
import io.delivery.parquet.Objects;
import io.delivery.parquet.ParquetFormat;
import io.delivery.parquet.ParquetSettings;
import io.delivery.record.SequencedRecord;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Records that are read, and whose rows a file does not take. */
class RefusedRowsTest {
    /** The second of them is one that ORC has no form for; Parquet has. */
    private static final List<String> RECORDS =
            List.of(
                    "{\"at\":\"2026-01-01T00:00:00Z\",\"x\":1}",
                    "{\"at\":\"1969-12-31T23:59:59.5Z\",\"x\":1,\"y\":1}",
                    "{\"at\":\"no moment\",\"x\":1,\"z\":1}",
                    "{\"at\":null,\"x\":1}{\"x\":1}");

    static Stream<Arguments> formats() {
        return Stream.of(
                arguments(new OrcFormat(Orc.DEFAULTS), 2, Map.of("x", 3L)),
                arguments(
                        new ParquetFormat(ParquetSettings.DEFAULTS), 1, Map.of("x", 4L, "y", 1L)));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void unknown_fields_count_only_in_records_that_became_rows(
            RowFormat format, int refused, Map<String, Long> counted) throws Exception {
        Map<String, Long> seen = new TreeMap<>();
        RecordEncoder encoder =
                Objects.factory(format, Objects.table("at timestamp"), seen::put).encoder();
        List<String> reasons = new ArrayList<>();

        Iterator<String> records = RECORDS.iterator();
        SequencedRecord view = new SequencedRecord();
        encoder.encode(
                () -> {
                    if (!records.hasNext()) {
                        return null;
                    }
                    byte[] bytes = records.next().getBytes(StandardCharsets.UTF_8);
                    return view.at(0, 0, true, bytes, 0, bytes.length, 0);
                },
                OutputStream.nullOutputStream(),
                failure -> reasons.add(failure.message()));
        encoder.staged();

        assertThat(reasons).hasSize(refused);
        assertThat(seen).isEqualTo(counted);
    }
}
