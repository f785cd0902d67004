package io.delivery.orc;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.config.ColumnarSettings.OrcCompression;
import io.delivery.config.ColumnarSettings.OrcVersion;
import io.delivery.format.EncoderFactory;
import io.delivery.format.TableSchema;
import io.delivery.parquet.CornerValues;
import io.delivery.parquet.Objects;
import io.delivery.record.Failure;
import io.delivery.testkit.orc.OrcContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes ORC files of records, and settings to make them with. */
final class OrcFiles {
    private OrcFiles() {}

    /** A file that has all of these records. */
    static OrcContent encode(
            Path directory, Orc settings, TableSchema table, Stream<String> records)
            throws IOException {
        Path file = Files.createTempFile(directory, "object", ".orc");
        Map<Long, Failure> rejected = Objects.encode(file, factory(settings, table), records);
        assertThat(rejected).isEmpty();
        return OrcContent.of(Files.readAllBytes(file));
    }

    static EncoderFactory factory(Orc settings, TableSchema table) {
        return Objects.factory(new OrcFormat(settings), table);
    }

    /** Settings that are the API's defaults otherwise. */
    static Orc with(OrcCompression compression, double threshold, OrcVersion version) {
        return new Orc(
                compression,
                Orc.DEFAULT_STRIPE_SIZE_BYTES,
                Orc.DEFAULT_ROW_INDEX_STRIDE,
                Optional.empty(),
                Optional.empty(),
                threshold,
                version);
    }

    /** The values at the edges of each type, without the moment that {@link LostMoments} is of. */
    static List<CornerValues> corners() {
        return CornerValues.all().stream()
                .map(corner -> corner.without("1969-12-31T23:59:59.999999Z"::equals))
                .toList();
    }
}
