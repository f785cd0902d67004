package io.delivery.parquet.columns;

import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.parquet.file.RowGroupPages;
import java.io.Closeable;
import java.io.IOException;
import java.util.BitSet;
import org.apache.parquet.column.ParquetProperties;

/**
 * The columns of one row group in the making. Pages end where Parquet's own {@code
 * ColumnWriteStore} ends them: when one is full by its bytes, which are looked at now and then, or
 * has as many rows as a page may have. Not thread-safe.
 */
public final class RowGroupColumns implements Closeable {
    private final ParquetProperties properties;
    private final Part[] parts;
    private final LeafColumn[] leaves;

    /** A page with so little room left is full. */
    private final long tolerance;

    private long rowCount;
    private long nextCheck;

    /**
     * @param pages gets the pages; stays the caller's
     * @param withoutRanges columns, as numbered in {@code MessageType.getColumns}, of which no
     *     least and greatest value is kept
     */
    public RowGroupColumns(
            ColumnSettings settings, TableSchema table, RowGroupPages pages, BitSet withoutRanges) {
        properties = settings.properties();
        Parts made = new Parts(settings, pages, withoutRanges);
        parts = made.of(table);
        leaves = made.leaves();
        tolerance = (long) (properties.getPageSizeThreshold() * 0.1f);
        nextCheck = properties.getMinRowCountForPageSizeCheck();
    }

    /** Writes all rows of a record. */
    public void write(RowBuffer rows) throws IOException {
        for (int i = 0; i < rows.rowCount(); i++) {
            Groups.fields(parts, rows, rows.row(i), 0, 0);
            if (++rowCount >= nextCheck) {
                endFullPages();
            }
        }
    }

    private void endFullPages() throws IOException {
        int fullBytes = properties.getPageSizeThreshold();
        int rowLimit = properties.getPageRowCountLimit();
        long rowsToWait = Long.MAX_VALUE;
        long rowsToLimit = rowCount + rowLimit;
        for (LeafColumn leaf : leaves) {
            long used = leaf.pageBytes();
            long rows = rowCount - leaf.rowsWritten();
            long room = fullBytes - used;
            if (room <= tolerance
                    || rows >= rowLimit
                    || leaf.valueCount() >= properties.getPageValueCountThreshold()) {
                leaf.writePage(rows);
                room = fullBytes;
            } else {
                rowsToLimit = Math.min(rowsToLimit, leaf.rowsWritten() + rowLimit);
            }
            rowsToWait =
                    Math.min(
                            rowsToWait,
                            used == 0
                                    ? properties.getMaxRowCountForPageSizeCheck()
                                    : rows * room / used);
        }
        long wait =
                Math.min(
                        Math.max(rowsToWait / 2, properties.getMinRowCountForPageSizeCheck()),
                        properties.getMaxRowCountForPageSizeCheck());
        nextCheck = Math.min(rowCount + wait, rowsToLimit);
    }

    /** Bytes of all pages, those that are not written yet without a dictionary. */
    public long bufferedBytes() {
        long bytes = 0;
        for (LeafColumn leaf : leaves) {
            bytes += leaf.bufferedBytes();
        }
        return bytes;
    }

    /** Writes the last page of each column, and its dictionary. */
    public void finish() throws IOException {
        for (LeafColumn leaf : leaves) {
            long rows = rowCount - leaf.rowsWritten();
            if (rows > 0) {
                leaf.writePage(rows);
            }
            leaf.end();
        }
    }

    @Override
    public void close() {
        for (LeafColumn leaf : leaves) {
            leaf.close();
        }
    }
}
