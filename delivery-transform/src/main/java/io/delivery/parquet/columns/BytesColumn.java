package io.delivery.parquet.columns;

import io.delivery.parquet.file.ColumnChunkPages;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Texts, bytes, and bytes of one length: decimals and timestamps of twelve bytes. */
final class BytesColumn extends DictionaryColumn {
    private final boolean isText;
    private final BytesRange range;
    private BytesDictionary dictionary;
    private int page = 1;
    private long textBytes;

    BytesColumn(
            ColumnDescriptor descriptor,
            ColumnChunkPages pages,
            ColumnSettings settings,
            boolean keepsRange) {
        super(descriptor, pages, settings, keepsRange);
        isText = type().getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
        range = new BytesRange(!isText);
        dictionary = replaces() ? new BytesDictionary(isText ? Integer.BYTES : 0) : null;
    }

    void add(byte[] source, int offset, int length, int repetition) {
        present(repetition);
        textBytes += length;
        // Parquet's writers count a length in front of each value, whether it has one or not.
        int taken = length + Integer.BYTES;
        if (replaces()) {
            int id = dictionary.idOf(source, offset, length);
            if (id != NumberDictionary.NOT_TAKEN) {
                if (keepsRange() && dictionary.isNewIn(page, id)) {
                    range.add(source, offset, length);
                }
                replaced(id, taken);
                return;
            }
            leaveDictionary();
        }
        if (keepsRange()) {
            range.add(source, offset, length);
        }
        plain(taken).bytes(source, offset, length);
    }

    @Override
    void tellRange(Statistics<?> statistics) {
        range.tell(statistics);
    }

    @Override
    void clearRange() {
        range.clear();
        page++;
        textBytes = 0;
    }

    @Override
    long textBytes() {
        return isText ? textBytes : 0;
    }

    @Override
    long entryBytes(int count) {
        return dictionary.bytes(count);
    }

    @Override
    BytesInput entryPage(int count) {
        return dictionary.page(count);
    }

    @Override
    void addPlain(int id, PlainValues to) {
        to.bytes(dictionary.array(), dictionary.offset(id), dictionary.length(id));
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
