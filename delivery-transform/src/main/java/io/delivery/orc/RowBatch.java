package io.delivery.orc;

import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;
import org.apache.orc.TypeDescription.RowBatchVersion;
import org.apache.orc.Writer;

/**
 * Rows on their way into a writer, by columns. The bytes of a record are copied once, all of them
 * together; texts then point to them. A batch is written when it has enough rows, bytes or values,
 * so that neither long texts nor wide tables nor long arrays make it large.
 */
final class RowBatch {
    static final int MAX_ROWS = 1024;
    private static final int MIN_ROWS = 16;

    /** Values of a batch, whatever the table's width: about 17 bytes each. */
    private static final int MAX_VALUES = 128 << 10;

    private static final int ARENA_BYTES = 512 << 10;

    /** Rows and elements of a batch, in the measure of {@link RowBuffer#size}. */
    private static final long MAX_BYTES = 4 << 20;

    /** What vectors of elements may grow by, all together, and still be kept. */
    static final long MAX_GROWTH_BYTES = 8 << 20;

    private final TypeDescription type;
    private final List<TableSchema.Column> table;
    private final int maxRows;
    private final byte[] arena = new byte[ARENA_BYTES];

    private VectorizedRowBatch batch;
    private Columns.Column[] columns;
    private long bytesAtFirst;
    private int arenaUsed;
    private long bytes;

    /**
     * @param rowIndexStride a batch has no more rows: the writer splits one that crosses a stride
     */
    RowBatch(TableSchema table, TypeDescription type, int rowIndexStride) {
        this.type = type;
        this.table = table.columns();
        int fitting = MAX_VALUES / (type.getMaximumId() + 1);
        maxRows = Math.min(rowIndexStride, Math.max(MIN_ROWS, Math.min(MAX_ROWS, fitting)));
        begin();
    }

    private void begin() {
        batch = type.createRowBatch(RowBatchVersion.USE_DECIMAL64, maxRows);
        columns = new Columns.Column[batch.numCols];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = Columns.of(table.get(i).type(), batch.cols[i]);
        }
        bytesAtFirst = heldBytes();
    }

    /** Memory of the vectors, in bytes. */
    long heldBytes() {
        long sum = 0;
        for (Columns.Column column : columns) {
            sum += column.heldBytes();
        }
        return sum;
    }

    void write(RowBuffer rows, Writer writer) throws IOException {
        int used = rows.bytesUsed();
        if (used > ARENA_BYTES / 4) {
            // Not worth a copy: these rows are written before the buffer changes.
            flush(writer);
            add(rows, rows.bytes(), 0, writer);
            flush(writer);
            return;
        }
        if (arenaUsed + used > ARENA_BYTES) {
            flush(writer);
        }
        System.arraycopy(rows.bytes(), 0, arena, arenaUsed, used);
        int base = arenaUsed;
        arenaUsed += used;
        add(rows, arena, base, writer);
        bytes += rows.size();
        if (bytes > MAX_BYTES) {
            flush(writer);
        }
    }

    /** A flush in between does no harm: the bytes of this record stay where they are. */
    private void add(RowBuffer rows, byte[] texts, int base, Writer writer) throws IOException {
        for (int i = 0; i < rows.rowCount(); i++) {
            int slot = rows.row(i);
            int at = batch.size;
            for (int c = 0; c < columns.length; c++) {
                columns[c].put(rows, slot + c, texts, base, at);
            }
            batch.size = at + 1;
            if (batch.size == maxRows) {
                writeRows(writer);
            }
        }
        if (batch.size == 0) {
            arenaUsed = 0;
            bytes = 0;
        }
    }

    void flush(Writer writer) throws IOException {
        writeRows(writer);
        arenaUsed = 0;
        bytes = 0;
    }

    private void writeRows(Writer writer) throws IOException {
        if (batch.size == 0) {
            return;
        }
        writer.addRowBatch(batch);
        for (Columns.Column column : columns) {
            column.clear(batch.size);
        }
        batch.size = 0;
        if (heldBytes() > bytesAtFirst + MAX_GROWTH_BYTES) {
            begin();
        }
    }
}
