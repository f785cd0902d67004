package io.delivery.parquet;

import io.delivery.format.DecoderOptions;
import io.delivery.format.FileSizes;
import io.delivery.format.RowFile;
import io.delivery.format.RowFormat;
import io.delivery.format.TableSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.WeakReference;

/**
 * Parquet files, all written in the same way. What the files of the last table have in common is
 * kept as long as one of them is open, and beyond that until the next collection of garbage: a
 * stream that rests holds nothing of it. Thread-safe.
 */
public final class ParquetFormat implements RowFormat {
    /** Of its objects, unless a stream has one of its own. */
    public static final String EXTENSION = ".parquet";

    private final ParquetSettings settings;

    private volatile WeakReference<TableFiles> last = new WeakReference<>(null);

    public ParquetFormat(ParquetSettings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "Parquet";
    }

    @Override
    public String extension() {
        return EXTENSION;
    }

    @Override
    public RowFile begin(TableSchema schema, OutputStream out) throws IOException {
        return new ParquetObject(files(schema), out);
    }

    private TableFiles files(TableSchema schema) {
        TableFiles known = last.get();
        if (known == null || !known.table().equals(schema)) {
            known = new TableFiles(schema, settings);
            last = new WeakReference<>(known);
        }
        return known;
    }

    @Override
    public FileSizes sizes(TableSchema table, DecoderOptions options) {
        return ParquetSizes.of(settings, table, options);
    }

    @Override
    public FileSizes sizesOfUnknownTable() {
        return ParquetSizes.ofUnknownTable(settings);
    }
}
