package io.delivery.parquet;

import io.delivery.format.DecoderOptions;
import io.delivery.format.FileSizes;
import io.delivery.format.RowFile;
import io.delivery.format.RowFormat;
import io.delivery.format.TableSchema;
import java.io.IOException;
import java.io.OutputStream;

/** Parquet files, all written in the same way. Thread-safe. */
public record ParquetFormat(ParquetSettings settings) implements RowFormat {
    /** Of its objects, unless a stream has one of its own. */
    public static final String EXTENSION = ".parquet";

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
        return new ParquetObject(schema, settings, out);
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
