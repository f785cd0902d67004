package io.delivery.orc;

import io.delivery.config.ColumnarSettings;
import io.delivery.config.ColumnarSettings.OrcVersion;
import io.delivery.format.DecoderOptions;
import io.delivery.format.FileSizes;
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

    private final ColumnarSettings.Orc settings;
    private final long memoryBytes;
    private final LeftOutFilters leftOut = new LeftOutFilters();

    /**
     * @param memoryBytes heap that one file of a table of few columns may use while it is written,
     *     64 MiB or more; about half of it is the largest stripe
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
    public FileSizes sizes(TableSchema table, DecoderOptions options) {
        return OrcSizes.of(settings, memoryBytes, table, options);
    }

    @Override
    public FileSizes sizesOfUnknownTable() {
        return OrcSizes.ofUnknownTable(settings, memoryBytes);
    }
}
