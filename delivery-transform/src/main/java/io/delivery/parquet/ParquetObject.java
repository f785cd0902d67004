package io.delivery.parquet;

import io.delivery.format.RowBuffer;
import io.delivery.format.RowFile;
import io.delivery.parquet.columns.RowGroupColumns;
import io.delivery.parquet.file.ParquetFile;
import io.delivery.parquet.file.RowGroupPages;
import java.io.IOException;
import java.io.OutputStream;
import java.util.BitSet;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;

/**
 * One Parquet file in the making. Parquet's own ParquetWriter looks at its memory every hundred
 * rows at best and makes a Hadoop Configuration; this one looks as often as bytes come in.
 *
 * <p>What an encoder's memory is for, at worst: a row group in memory, the pages that are not
 * written yet in arrays of up to twice their size; the largest page twice more while it is
 * compressed; the rows of one record; the entries of dictionaries, which take several times the
 * bytes they stand for.
 */
final class ParquetObject implements RowFile {
    private final TableFiles files;
    private final ParquetFile file;
    private final BytesInputCompressor compressor;
    private final long checkEvery;

    /** Columns of which no least and greatest value is kept any more. */
    private final BitSet withoutRanges = new BitSet();

    private RowGroupPages pages;
    private RowGroupColumns columns;
    private boolean textsHaveRanges = true;

    /** Made when the first text is long. */
    private LongTexts longTexts;

    private int earlyGroups;
    private long groupBytes;
    private long rowsInGroup;
    private long sinceCheck;

    ParquetObject(TableFiles files, OutputStream out) throws IOException {
        this.files = files;
        checkEvery = files.rowGroupBytes() / 32;
        compressor = files.settings().compression().compressor();
        file = new ParquetFile(files.template(), files.blocks(), compressor, out);
    }

    @Override
    public void write(RowBuffer rows) throws IOException {
        if (rows.longest() >= files.longTextBytes() && textsHaveRanges) {
            expectLongTexts(columnsOfLongTexts(rows));
        }
        if (columns == null) {
            openGroup();
        }
        columns.write(rows);
        rowsInGroup += rows.rowCount();
        sinceCheck += rows.size();
        // Asking walks over all columns, so not for every small record.
        if (sinceCheck >= checkEvery) {
            sinceCheck = 0;
            if (columns.bufferedBytes() >= groupBytes) {
                closeGroup();
            }
        }
    }

    private BitSet columnsOfLongTexts(RowBuffer rows) {
        if (longTexts == null) {
            longTexts = new LongTexts(files.table(), files.longTextBytes());
        }
        return longTexts.in(rows);
    }

    /**
     * From here on no least and greatest value is kept for these columns. They are kept whole, of
     * each column until its row group ends; only the footer and the indexes have them cut. A file
     * of long texts would be held in memory twice over, and nobody looks for ranges in such. What
     * the other columns keep is short, so that all of them together take no more than their share.
     *
     * <p>Each time it takes another row group. When there have been enough of these, all texts lose
     * their ranges at once, and no text closes a row group any more.
     */
    private void expectLongTexts(BitSet columnsOfTexts) throws IOException {
        columnsOfTexts.andNot(withoutRanges);
        if (columnsOfTexts.isEmpty()) {
            return;
        }
        withoutRanges.or(columnsOfTexts);
        if (rowsInGroup > 0) {
            closeGroup();
            if (++earlyGroups == files.maxEarlyGroups()) {
                withoutRanges.or(files.texts());
            }
        } else {
            release();
        }
        textsHaveRanges = !withoutRanges.equals(files.texts());
    }

    @Override
    public void finish() throws IOException {
        if (rowsInGroup > 0) {
            closeGroup();
        }
        file.end();
    }

    private void openGroup() {
        // Where row groups are aligned to blocks, it is no more than the rest of the block.
        groupBytes = Math.min(files.rowGroupBytes(), file.room());
        pages = file.rowGroup();
        columns = new RowGroupColumns(files.columnSettings(), files.table(), pages, withoutRanges);
    }

    private void closeGroup() throws IOException {
        columns.finish();
        file.write(pages, rowsInGroup);
        rowsInGroup = 0;
        release();
    }

    private void release() {
        if (columns == null) {
            return;
        }
        RowGroupColumns closing = columns;
        columns = null;
        pages = null;
        closing.close();
    }

    @Override
    public void close() {
        try {
            release();
        } finally {
            compressor.release();
        }
    }
}
