package io.delivery.parquet.file;

import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;

/**
 * A column chunk that is in the file, and its indexes, which follow the last row group.
 *
 * @param start of its first byte
 * @param index null when the column has none
 */
record WrittenChunk(long start, ColumnMetaData metadata, byte[] index, byte[] offsets) {
    /** What the footer says of it; where the indexes are is told when they are written. */
    ColumnChunk inFooter() {
        // No metadata of the column is written behind its chunk.
        ColumnChunk chunk = new ColumnChunk(0);
        chunk.setMeta_data(metadata);
        return chunk;
    }
}
