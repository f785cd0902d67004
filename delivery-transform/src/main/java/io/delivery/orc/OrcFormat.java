package io.delivery.orc;

import io.delivery.config.ColumnarSettings;
import io.delivery.config.ColumnarSettings.BloomFilters;
import io.delivery.config.ColumnarSettings.OrcCompression;
import io.delivery.config.ColumnarSettings.OrcVersion;
import io.delivery.config.ColumnarSettings.Padding;
import io.delivery.format.RowFile;
import io.delivery.format.RowFormat;
import io.delivery.format.TableSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** ORC files, all written in the same way. Thread-safe. */
public final class OrcFormat implements RowFormat {
    /** Of its objects, unless a stream has one of its own. */
    public static final String EXTENSION = ".orc";

    public static final long DEFAULT_MEMORY_BYTES = 64L << 20;

    /** What {@code {"c":"a"}} grows by as a char(255). */
    private static final int MOST_BLANKS = 32;

    /** Records of a stripe that is written because of its memory have more bytes. */
    private static final long LEAST_STRIPE_BYTES = 4 << 20;

    /** Of every compression; that of Snappy is 20. */
    private static final int LEAST_RATIO_OF_ZEROS = 16;

    private final ColumnarSettings.Orc settings;
    private final long memoryBytes;
    private final LeftOutFilters leftOut = new LeftOutFilters();

    /**
     * @param memoryBytes heap that one file may use while it is written, 64 MiB or more; about half
     *     of it is the largest stripe
     * @throws IllegalArgumentException when there is too little memory for a file
     */
    public OrcFormat(ColumnarSettings.Orc settings, long memoryBytes) {
        if (memoryBytes < DEFAULT_MEMORY_BYTES) {
            throw new IllegalArgumentException(
                    "memoryBytes: must be at least %d, was %d"
                            .formatted(DEFAULT_MEMORY_BYTES, memoryBytes));
        }
        this.settings = settings;
        this.memoryBytes = memoryBytes;
    }

    public OrcFormat(ColumnarSettings.Orc settings) {
        this(settings, DEFAULT_MEMORY_BYTES);
    }

    @Override
    public String name() {
        return "ORC";
    }

    @Override
    public String extension() {
        return EXTENSION;
    }

    /**
     * Why files of a table cannot be written; empty when they can. A table of many texts gets no
     * dictionaries, and readers of the age of 0.11 know texts in dictionaries only.
     */
    public Optional<String> misfit(TableSchema table) {
        long most = OrcObject.maxTexts(memoryBytes);
        long texts = OrcObject.texts(OrcTypes.of(table));
        return settings.formatVersion() == OrcVersion.V0_11 && texts > most
                ? Optional.of(
                        "must be V0_12 for a table of more than %d texts, nested ones included, was V0_11, and %s has %d: there is no memory for so many dictionaries"
                                .formatted(most, table.qualifiedName(), texts))
                : Optional.empty();
    }

    /**
     * @throws IOException also when the table is none for these settings
     */
    @Override
    public RowFile begin(TableSchema schema, OutputStream out) throws IOException {
        Optional<String> misfit = misfit(schema);
        if (misfit.isPresent()) {
            throw new IOException("orc.formatVersion " + misfit.get());
        }
        return new OrcObject(schema, settings, memoryBytes, leftOut, out);
    }

    @Override
    public long memoryBytes() {
        return memoryBytes;
    }

    /**
     * Values take no more than their JSON, but for char(n), which is filled up with blanks: where
     * they are not compressed, {@code {"c":"a"}} becomes 255 bytes at most. An array of char(n)
     * that has numbers of one digit may take more. Beside values there are the footer of a wide
     * table, Bloom filters, and what fills up blocks.
     */
    @Override
    public long expectedBytes(long inputBytes) {
        long values =
                settings.compression() == OrcCompression.NONE
                        ? inputBytes * MOST_BLANKS
                        : inputBytes + inputBytes / 4;
        long filters =
                settings.bloomFilters().map(wanted -> filterBytes(wanted, inputBytes)).orElse(0L);
        long content = values + filters + (256 << 10);
        return content + settings.padding().map(p -> paddingBytes(p, content)).orElse(0L);
    }

    /**
     * Bloom filters at most; a struct, array or map counts as one. A record has two bytes or more.
     * A filter is written as long for few rows as for a whole stride. Zeros of it disappear in the
     * compression, but for a few; each value sets no more bits than it has room for.
     */
    private long filterBytes(BloomFilters wanted, long inputBytes) {
        int stride = settings.rowIndexStride();
        long one = BloomFilterPlan.bytes(stride, wanted.falsePositiveProbability());
        long strides = inputBytes / stride + inputBytes / LEAST_STRIPE_BYTES + 2;
        long all = strides * one * wanted.columns().size();
        return settings.compression() == OrcCompression.NONE
                ? all
                : Math.min(all, all / LEAST_RATIO_OF_ZEROS + one * (inputBytes / 2 / stride + 1));
    }

    /** A stripe is moved to the next block when it does not fit: no gap is as long as a stripe. */
    private long paddingBytes(Padding padding, long contentBytes) {
        double tolerated = padding.tolerance() * settings.stripeSizeBytes();
        long most = Math.min(memoryBytes, padding.blockSizeBytes()) / 4 * 3;
        long gap = (long) Math.min(tolerated, most);
        return contentBytes / (padding.blockSizeBytes() - gap) * gap;
    }
}
