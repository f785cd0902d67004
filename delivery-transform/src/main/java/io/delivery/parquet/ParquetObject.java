package io.delivery.parquet;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;

import io.delivery.format.RowBuffer;
import io.delivery.format.RowFile;
import io.delivery.format.TableMark;
import io.delivery.format.TableSchema;
import io.delivery.parquet.columns.ColumnSettings;
import io.delivery.parquet.columns.RowGroupColumns;
import java.io.IOException;
import java.io.OutputStream;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;

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
    private static final int MIN_DICTIONARY_BYTES = 4 << 10;
    private static final int MAX_DICTIONARY_BYTES = 1 << 20;

    /**
     * The columns of a table share so many bytes: a text is long when it takes more than its share.
     */
    private static final int LONG_TEXT_BYTES = 32 << 10;

    /** A text is not long below so many bytes, however many columns there are. */
    private static final int MIN_LONG_TEXT_BYTES = 1 << 10;

    /** Min and max of a text are written up to this many bytes. */
    private static final int STATISTICS_BYTES = 64;

    /** So many more columns of row groups a file may have because of long texts. */
    private static final int EARLY_COLUMNS = 512;

    /** A file of few columns may have so many row groups that a long text has closed. */
    private static final int MAX_EARLY_GROUPS = 8;

    private final TableSchema schema;
    private final MessageType type;
    private final Map<String, String> metadata;
    private final ParquetSettings settings;
    private final ParquetProperties properties;
    private final ColumnSettings columnSettings;
    private final ParquetFileWriter file;
    private final BytesInputCompressor compressor;
    private final long rowGroupBytes;
    private final long checkEvery;
    private final int longTextBytes;
    private final LongTexts longTexts;

    /** Columns of which no least and greatest value is kept any more. */
    private final BitSet withoutRanges = new BitSet();

    private ColumnChunkPageWriteStore pages;
    private RowGroupColumns columns;
    private boolean textsHaveRanges = true;
    private int earlyGroups;
    private long groupBytes;
    private long rowsInGroup;
    private long sinceCheck;
    private int groups;

    ParquetObject(TableSchema schema, ParquetSettings settings, OutputStream out)
            throws IOException {
        this.schema = schema;
        this.settings = settings;
        type = new ParquetTypes(settings.timestamps()).message(schema);
        metadata = TableMark.of(schema);
        rowGroupBytes = rowGroupBytes(settings);
        checkEvery = rowGroupBytes / 32;
        longTextBytes = Math.max(MIN_LONG_TEXT_BYTES, LONG_TEXT_BYTES / type.getColumns().size());
        longTexts = new LongTexts(schema, longTextBytes);
        properties = properties(settings.dictionary());
        columnSettings = new ColumnSettings(properties, properties(ParquetSettings.Dictionary.OFF));
        compressor = settings.compression().compressor();
        file =
                new ParquetFileWriter(
                        new ObjectOutput(
                                out,
                                settings.maxPaddingBytes() > 0
                                        ? settings.blockSizeBytes()
                                        : ObjectOutput.NO_BLOCKS),
                        type,
                        ParquetFileWriter.Mode.CREATE,
                        rowGroupBytes,
                        settings.maxPaddingBytes(),
                        null,
                        properties);
        file.start();
    }

    /** The largest row group, in bytes of memory. */
    static long rowGroupBytes(ParquetSettings settings) {
        return Math.min(settings.blockSizeBytes(), settings.memoryBytes() / 4);
    }

    /** Row groups of a table that long texts close before they are full, at most. */
    static int maxEarlyGroups(long columns) {
        return (int) Math.max(1, Math.min(MAX_EARLY_GROUPS, EARLY_COLUMNS / columns));
    }

    private ParquetProperties properties(ParquetSettings.Dictionary dictionary) {
        return ParquetProperties.builder()
                .withPageSize((int) Math.min(settings.pageSizeBytes(), rowGroupBytes / 4))
                .withDictionaryEncoding(dictionary == ParquetSettings.Dictionary.WHERE_IT_PAYS)
                .withDictionaryPageSize(dictionaryBytes(settings, type))
                .withWriterVersion(
                        switch (settings.writerVersion()) {
                            case V1 -> WriterVersion.PARQUET_1_0;
                            case V2 -> WriterVersion.PARQUET_2_0;
                        })
                // A hundred rows, the default, can be a hundred megabytes.
                .withMinRowCountForPageSizeCheck(4)
                .withMaxRowCountForPageSizeCheck(1000)
                .withStatisticsTruncateLength(STATISTICS_BYTES)
                .build();
    }

    /**
     * The pages of all dictionaries together get a sixteenth of the memory. An entry takes up to 48
     * bytes of heap beside those of its page, several times as many as a short text has.
     */
    private static int dictionaryBytes(ParquetSettings settings, MessageType type) {
        long each = settings.memoryBytes() / 16 / Math.max(1, type.getColumns().size());
        return (int) Math.max(MIN_DICTIONARY_BYTES, Math.min(MAX_DICTIONARY_BYTES, each));
    }

    @Override
    public void write(RowBuffer rows) throws IOException {
        if (rows.longest() >= longTextBytes && textsHaveRanges) {
            expectLongTexts(longTexts.in(rows));
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

    /**
     * From here on no least and greatest value is kept for these columns. Parquet keeps them whole,
     * of each column of each row group until the file ends; only the footer has them cut. A file of
     * long texts would be held in memory twice over, and nobody looks for ranges in such. What the
     * other columns keep is short, so that all of them together take no more than their share.
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
            if (++earlyGroups == maxEarlyGroups(type.getColumns().size())) {
                withoutRanges.or(texts());
            }
        } else {
            release();
        }
        textsHaveRanges = !withoutRanges.equals(texts());
    }

    private BitSet texts() {
        BitSet texts = new BitSet();
        List<ColumnDescriptor> all = type.getColumns();
        for (int i = 0; i < all.size(); i++) {
            texts.set(i, all.get(i).getPrimitiveType().getPrimitiveTypeName() == BINARY);
        }
        return texts;
    }

    @Override
    public void finish() throws IOException {
        if (rowsInGroup > 0) {
            closeGroup();
        }
        file.end(metadata);
    }

    private void openGroup() throws IOException {
        // Where row groups are aligned to blocks, it is no more than the rest of the block.
        groupBytes = Math.min(rowGroupBytes, file.getNextRowGroupSize());
        pages =
                ColumnChunkPageWriteStore.builder()
                        .withCompressorProvider(column -> compressor)
                        .withSchema(type)
                        .withAllocator(properties.getAllocator())
                        .withColumnIndexTruncateLength(properties.getColumnIndexTruncateLength())
                        .withPageWriteChecksumEnabled(properties.getPageWriteChecksumEnabled())
                        .withRowGroupOrdinal(groups)
                        .build();
        columns = new RowGroupColumns(columnSettings, schema, type, pages, withoutRanges);
    }

    private void closeGroup() throws IOException {
        file.startBlock(rowsInGroup);
        columns.finish();
        pages.flushToFileWriter(file);
        file.endBlock();
        groups++;
        rowsInGroup = 0;
        release();
    }

    private void release() {
        if (columns == null) {
            return;
        }
        RowGroupColumns closing = columns;
        columns = null;
        try {
            closing.close();
        } finally {
            pages.close();
            pages = null;
        }
    }

    @Override
    public void close() throws IOException {
        // Whichever of them cannot be closed, the others are.
        try (file) {
            try {
                release();
            } finally {
                compressor.release();
            }
        }
    }
}
