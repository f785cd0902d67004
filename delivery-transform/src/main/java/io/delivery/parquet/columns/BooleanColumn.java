package io.delivery.parquet.columns;

import io.delivery.parquet.file.ColumnChunkPages;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;

/** Booleans: single bits in pages of version 1, runs in those of version 2. */
final class BooleanColumn extends LeafColumn {
    private static final int TRUE = 2;
    private static final int FALSE = 1;

    /** Null when the bits are single. */
    private final RunLengths runs;

    private final GrowingBytes bits = new GrowingBytes(16);
    private int last;
    private int inLast;

    /** {@link #TRUE}, {@link #FALSE} or both. */
    private int seen;

    BooleanColumn(
            ColumnDescriptor descriptor,
            ColumnChunkPages pages,
            ColumnSettings settings,
            boolean keepsRange) {
        super(descriptor, pages, settings, keepsRange);
        runs =
                settings.properties().getWriterVersion() == WriterVersion.PARQUET_1_0
                        ? null
                        : new RunLengths(1, 16);
    }

    /**
     * @param value 0 or 1
     */
    void add(int value, int repetition) {
        present(repetition);
        seen |= FALSE << value;
        if (runs != null) {
            runs.add(value);
            return;
        }
        last |= value << inLast;
        if (++inLast == Byte.SIZE) {
            endByte();
        }
    }

    private void endByte() {
        bits.add((byte) last);
        last = 0;
        inLast = 0;
    }

    @Override
    long valueBytes() {
        return runs != null ? runs.size() : bits.size + (inLast > 0 ? 1 : 0);
    }

    @Override
    long textBytes() {
        return 0;
    }

    @Override
    BytesInput pageValues() {
        if (runs != null) {
            BytesInput content = runs.content();
            return BytesInput.concat(BytesInput.fromInt(Math.toIntExact(content.size())), content);
        }
        if (inLast > 0) {
            endByte();
        }
        return bits.content();
    }

    @Override
    Encoding pageEncoding() {
        return runs != null ? Encoding.RLE : Encoding.PLAIN;
    }

    @Override
    void tellRange(Statistics<?> statistics) {
        if ((seen & FALSE) != 0) {
            statistics.updateStats(false);
        }
        if ((seen & TRUE) != 0) {
            statistics.updateStats(true);
        }
    }

    @Override
    void clearPage() {
        seen = 0;
        if (runs != null) {
            runs.clear();
        } else {
            bits.clear();
        }
    }

    @Override
    DictionaryPage dictionary() {
        return null;
    }

    @Override
    void close() {
        // Nothing but arrays.
    }
}
