package io.delivery.orc;

import io.delivery.config.ColumnarSettings;
import io.delivery.format.RowFile;
import io.delivery.format.RowFormat;
import io.delivery.format.TableSchema;
import java.io.IOException;
import java.io.OutputStream;

/**
 * ORC files, all written in the same way. Thread-safe.
 *
 * @param memoryBytes heap that one file may use while it is written, 64 MiB or more; about half of
 *     it is the largest stripe
 */
public record OrcFormat(ColumnarSettings.Orc settings, long memoryBytes) implements RowFormat {
    /** Of its objects, unless a stream has one of its own. */
    public static final String EXTENSION = ".orc";

    public static final long DEFAULT_MEMORY_BYTES = 64L << 20;

    /**
     * @throws IllegalArgumentException when there is too little memory for a file
     */
    public OrcFormat {
        if (memoryBytes < DEFAULT_MEMORY_BYTES) {
            throw new IllegalArgumentException(
                    "memoryBytes: must be at least %d, was %d"
                            .formatted(DEFAULT_MEMORY_BYTES, memoryBytes));
        }
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

    @Override
    public RowFile begin(TableSchema schema, OutputStream out) throws IOException {
        return new OrcObject(schema, settings, memoryBytes, out);
    }

    /**
     * Values take no more than their JSON, but for char(n), which is filled up with blanks, and for
     * Bloom filters; the footer of a wide table is what may weigh more.
     */
    @Override
    public long expectedBytes(long inputBytes) {
        return inputBytes + inputBytes / 4 + (256 << 10);
    }
}
