package io.delivery.parquet.columns;

import io.delivery.parquet.file.ColumnChunkPages;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.statistics.Statistics;

/**
 * Whole numbers, floats and doubles of 32 or 64 bits. A float or a double is given as its bits,
 * with one form of NaN only.
 */
final class NumberColumn extends DictionaryColumn {
    private final Kind kind;
    private final int width;
    private NumberDictionary dictionary;

    /** Of the page, in the order of the kind; nothing when the least is greater. */
    private long least = Long.MAX_VALUE;

    private long greatest = Long.MIN_VALUE;
    private long nans;

    /** What the numbers are. */
    private enum Kind {
        INT32,
        INT64,
        FLOAT,
        DOUBLE
    }

    NumberColumn(
            ColumnDescriptor descriptor,
            ColumnChunkPages pages,
            ColumnSettings settings,
            boolean keepsRange) {
        super(descriptor, pages, settings, keepsRange);
        kind =
                switch (type().getPrimitiveTypeName()) {
                    case INT32 -> Kind.INT32;
                    case INT64 -> Kind.INT64;
                    case FLOAT -> Kind.FLOAT;
                    case DOUBLE -> Kind.DOUBLE;
                    default -> throw new IllegalArgumentException("no numbers: " + type());
                };
        dictionary = replaces() ? new NumberDictionary() : null;
        width = kind == Kind.INT64 || kind == Kind.DOUBLE ? Long.BYTES : Integer.BYTES;
    }

    void add(long value, int repetition) {
        present(repetition);
        if (keepsRange()) {
            extendRange(value);
        }
        if (replaces()) {
            int id = dictionary.idOf(value);
            if (id != NumberDictionary.NOT_TAKEN) {
                replaced(id, width);
                return;
            }
            leaveDictionary();
        }
        plain(width).number(value);
    }

    private void extendRange(long value) {
        long place;
        switch (kind) {
            case FLOAT -> {
                if (Float.isNaN(Float.intBitsToFloat((int) value))) {
                    nans++;
                    return;
                }
                // IEEE 754's total order: the greater the negative number, the less its bits.
                place = (int) value ^ ((int) value >> 31) >>> 1;
            }
            case DOUBLE -> {
                if (Double.isNaN(Double.longBitsToDouble(value))) {
                    nans++;
                    return;
                }
                place = value ^ (value >> 63) >>> 1;
            }
            default -> place = value;
        }
        if (place < least) {
            least = place;
        }
        if (place > greatest) {
            greatest = place;
        }
    }

    @Override
    void tellRange(Statistics<?> statistics) {
        if (least <= greatest) {
            tell(statistics, least);
            tell(statistics, greatest);
            if (nans > 0) {
                statistics.incrementNanCount(nans);
            }
        } else if (nans > 0) {
            if (kind == Kind.FLOAT) {
                statistics.updateStats(Float.NaN);
            } else {
                statistics.updateStats(Double.NaN);
            }
            statistics.incrementNanCount(nans - 1);
        }
    }

    private void tell(Statistics<?> statistics, long place) {
        switch (kind) {
            case INT32 -> statistics.updateStats((int) place);
            case INT64 -> statistics.updateStats(place);
            case FLOAT ->
                    statistics.updateStats(
                            Float.intBitsToFloat((int) place ^ ((int) place >> 31) >>> 1));
            case DOUBLE ->
                    statistics.updateStats(Double.longBitsToDouble(place ^ (place >> 63) >>> 1));
        }
    }

    @Override
    void clearRange() {
        least = Long.MAX_VALUE;
        greatest = Long.MIN_VALUE;
        nans = 0;
    }

    @Override
    long textBytes() {
        return 0;
    }

    @Override
    long entryBytes(int count) {
        return (long) count * width;
    }

    @Override
    BytesInput entryPage(int count) {
        PlainBytes page = new PlainBytes(type());
        for (int id = 0; id < count; id++) {
            page.number(dictionary.number(id));
        }
        return page.content();
    }

    @Override
    void addPlain(int id, PlainValues to) {
        to.number(dictionary.number(id));
    }

    @Override
    void forgetEntries() {
        dictionary = null;
    }

    @Override
    void keepEntries(int count) {
        dictionary.keep(count);
    }
}
