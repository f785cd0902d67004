package io.delivery.json.bytes;

import io.delivery.format.RowBuffer;
import io.delivery.record.DeliveryRecord;
import java.util.List;

/**
 * Reads records of one or several concatenated objects from their bytes; each object is a row. What
 * is unusual gives the whole record up. Not thread-safe.
 */
public final class ByteDecoder {
    private final Input in = new Input();
    private final StructBytes table;

    /**
     * @param keys of the rows
     * @param columns the readers of the table's columns, in their order
     */
    public ByteDecoder(StructKeys keys, List<ByteReader> columns) {
        table = new StructBytes(keys, columns.toArray(ByteReader[]::new));
    }

    /**
     * Clears the buffer and fills it with all rows of this record; counts its unknown fields.
     *
     * @return false when the record was given up: nothing was counted, and what the buffer holds
     *     means nothing
     */
    public boolean decode(DeliveryRecord record, RowBuffer rows) {
        rows.clear();
        in.begin(record);
        try {
            return read(record.offset(), rows);
        } catch (RowBuffer.FullException tooManyValues) {
            return false;
        } finally {
            in.end();
        }
    }

    private boolean read(int from, RowBuffer rows) {
        int at = in.space(from);
        if (at == in.end) {
            return false;
        }
        while (at < in.end) {
            if (in.at(at) != '{') {
                return false;
            }
            at = table.fields(in, at + 1, rows, rows.addRow(table.width()));
            if (at < 0) {
                return false;
            }
            at = in.space(at);
        }
        in.countUnknown();
        return true;
    }
}
