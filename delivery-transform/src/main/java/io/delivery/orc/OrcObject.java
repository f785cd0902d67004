package io.delivery.orc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.delivery.config.ColumnarSettings;
import io.delivery.config.ColumnarSettings.Padding;
import io.delivery.format.RowBuffer;
import io.delivery.format.RowFile;
import io.delivery.format.TableMark;
import io.delivery.format.TableSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.orc.CompressionKind;
import org.apache.orc.OrcConf;
import org.apache.orc.OrcFile;
import org.apache.orc.PhysicalWriter;
import org.apache.orc.TypeDescription;
import org.apache.orc.Writer;
import org.apache.orc.impl.PhysicalFsWriter;
import org.apache.orc.impl.WriterImpl;
import org.apache.orc.impl.writer.WriterEncryptionVariant;

/**
 * One ORC file in the making. ORC's own writer makes stripes of batches of rows and gives them to
 * its own physical writer, which here has the object's stream instead of a file of Hadoop's.
 *
 * <p>What a file's memory is for, at worst: the streams of a stripe, compressed as far as they are
 * full, half of it; Bloom filters, a quarter; the batch of rows; the rows of one record; what is
 * made of a stripe when it is written, indexes foremost.
 */
final class OrcObject implements RowFile {
    /** Tells writers apart in messages and nothing else; no file has this name. */
    private static final Path NAME = new Path("object");

    /** A dictionary takes at least this much: a table, its texts, and the column's numbers. */
    private static final long DICTIONARY_BYTES = 128 << 10;

    private final PhysicalWriter file;
    private final Writer writer;
    private final RowBatch batch;
    private final LostMoments lostMoments;
    private boolean finished;

    OrcObject(
            TableSchema table,
            ColumnarSettings.Orc settings,
            long memoryBytes,
            LeftOutFilters leftOut,
            OutputStream out)
            throws IOException {
        TypeDescription type = OrcTypes.of(table);
        Optional<BloomFilterPlan> filters =
                settings.bloomFilters()
                        .map(
                                wanted ->
                                        BloomFilterPlan.of(
                                                wanted,
                                                table,
                                                type,
                                                settings.rowIndexStride(),
                                                memoryBytes,
                                                leftOut));
        OrcFile.WriterOptions options = options(type, settings, memoryBytes, filters);
        file =
                new PhysicalFsWriter(
                        new FSDataOutputStream(new ObjectOutput(out), null),
                        options,
                        new WriterEncryptionVariant[0]);
        WriterImpl columns = new WriterImpl(null, NAME, options.physicalWriter(file));
        if (threshold(type, memoryBytes, settings) > 0) {
            OwnDictionaries.give(columns, texts(type));
        }
        writer = columns;
        TableMark.of(table)
                .forEach(
                        (key, value) ->
                                writer.addUserMetadata(
                                        key, ByteBuffer.wrap(value.getBytes(UTF_8))));
        batch = new RowBatch(table, type, settings.rowIndexStride());
        lostMoments = new LostMoments(table);
    }

    private static OrcFile.WriterOptions options(
            TypeDescription type,
            ColumnarSettings.Orc settings,
            long memoryBytes,
            Optional<BloomFilterPlan> filters) {
        long stripeBytes = Math.min(settings.stripeSizeBytes(), memoryBytes / 2);
        Configuration configuration = new Configuration(false);
        OrcConf.DICTIONARY_KEY_SIZE_THRESHOLD.setDouble(
                configuration, threshold(type, memoryBytes, settings));
        // After each batch: a batch may hold a few long texts.
        OrcConf.ROWS_BETWEEN_CHECKS.setLong(configuration, 1);
        filters.ifPresent(
                plan -> OrcConf.STRIPE_ROW_COUNT.setLong(configuration, plan.stripeRows()));
        OrcFile.WriterOptions options =
                OrcFile.writerOptions(configuration)
                        .setSchema(type)
                        .memory(OwnMemory.EACH_FILE)
                        .stripeSize(stripeBytes)
                        .rowIndexStride(settings.rowIndexStride())
                        .compress(
                                switch (settings.compression()) {
                                    case NONE -> CompressionKind.NONE;
                                    case ZLIB -> CompressionKind.ZLIB;
                                    case SNAPPY -> CompressionKind.SNAPPY;
                                    case ZSTD -> CompressionKind.ZSTD;
                                })
                        .version(
                                switch (settings.formatVersion()) {
                                    case V0_11 -> OrcFile.Version.V_0_11;
                                    case V0_12 -> OrcFile.Version.V_0_12;
                                })
                        .blockPadding(settings.padding().isPresent())
                        .useUTCTimestamp(true)
                        .setProlepticGregorian(true);
        settings.padding().ifPresent(padding -> pad(options, padding, settings, stripeBytes));
        settings.bloomFilters()
                .ifPresent(wanted -> options.bloomFilterFpp(wanted.falsePositiveProbability()));
        filters.ifPresent(plan -> options.bloomFilterColumns(String.join(",", plan.columns())));
        return options;
    }

    /** ORC takes the share of its stripe size; users mean theirs. */
    private static void pad(
            OrcFile.WriterOptions options,
            Padding padding,
            ColumnarSettings.Orc settings,
            long stripeBytes) {
        options.blockSize(padding.blockSizeBytes())
                .paddingTolerance(padding.tolerance() * settings.stripeSizeBytes() / stripeBytes);
    }

    /** All dictionaries together get a quarter of the memory, or there is none. */
    private static double threshold(
            TypeDescription type, long memoryBytes, ColumnarSettings.Orc settings) {
        return texts(type) <= maxTexts(memoryBytes) ? settings.dictionaryKeyThreshold() : 0;
    }

    /** So many texts of a table, nested ones included, may have dictionaries. */
    static long maxTexts(long memoryBytes) {
        return memoryBytes / 4 / DICTIONARY_BYTES;
    }

    /** Texts of a type, nested ones included. */
    static long texts(TypeDescription type) {
        return switch (type.getCategory()) {
            case STRING, CHAR, VARCHAR -> 1;
            case STRUCT, LIST, MAP -> type.getChildren().stream().mapToLong(OrcObject::texts).sum();
            default -> 0;
        };
    }

    @Override
    public Optional<String> misfit(RowBuffer rows) {
        return lostMoments
                .in(rows)
                .map(
                        column ->
                                "Column "
                                        + column
                                        + ": ORC has no form for a timestamp from"
                                        + " 1969-12-31T23:59:59.001Z to the end of that second");
    }

    @Override
    public void write(RowBuffer rows) throws IOException {
        batch.write(rows, writer);
    }

    @Override
    public void finish() throws IOException {
        batch.flush(writer);
        // Writes the footer, and closes the physical writer.
        finished = true;
        writer.close();
    }

    /** The writer would write a footer first; the physical writer only gives its codec back. */
    @Override
    public void close() throws IOException {
        if (!finished) {
            finished = true;
            file.close();
        }
    }
}
