package io.delivery.parquet.file;

import org.apache.parquet.column.ColumnDescriptor;

/** The pages of a row group, in memory until {@link ParquetFile#write}. Not thread-safe. */
public final class RowGroupPages {
    private final FileTemplate template;
    private final ColumnChunkPages[] chunks;

    RowGroupPages(FileTemplate template, PageTools tools) {
        this.template = template;
        chunks = new ColumnChunkPages[template.columnCount()];
        for (int column = 0; column < chunks.length; column++) {
            chunks[column] = new ColumnChunkPages(template, column, tools);
        }
    }

    /** Of a column, as numbered in {@code MessageType.getColumns}. */
    public ColumnDescriptor descriptor(int column) {
        return template.column(column).descriptor();
    }

    /** Of a column, as numbered in {@code MessageType.getColumns}. */
    public ColumnChunkPages pages(int column) {
        return chunks[column];
    }

    ColumnChunkPages[] chunks() {
        return chunks;
    }
}
