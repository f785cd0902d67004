package io.delivery.parquet;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;

import io.delivery.format.RowBuffer;
import io.delivery.format.RowFile;
import io.delivery.format.TableMark;
import io.delivery.format.TableSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/**
 * One Parquet file in the making, whose columns are Parquet's own: {@code RecordConsumer}, {@code
 * ColumnWriter}, {@code DictionaryValuesWriter}. It is what {@link ParquetObject} is compared with.
 */
final class ReferenceParquetObject implements RowFile {
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

    private final MessageType type;
    private final Map<String, String> metadata;
    private final RowWriter writer;
    private final ParquetSettings settings;
    private final ParquetFileWriter file;
    private final BytesInputCompressor compressor;
    private final MessageColumnIO columnIo;
    private final long rowGroupBytes;
    private final long checkEvery;
    private final int longTextBytes;
    private final LongTexts longTexts;

    /** Columns of which no least and greatest value is kept any more. */
    private final BitSet withoutRanges = new BitSet();

    private ParquetProperties properties;
    private ColumnChunkPageWriteStore pages;
    private ColumnWriteStore columns;
    private RecordConsumer consumer;
    private boolean textsHaveRanges = true;
    private int earlyGroups;
    private long groupBytes;
    private long rowsInGroup;
    private long sinceCheck;
    private int groups;

    ReferenceParquetObject(TableSchema schema, ParquetSettings settings, OutputStream out)
            throws IOException {
        this.settings = settings;
        type = new ParquetTypes(settings.timestamps()).message(schema);
        metadata = TableMark.of(schema);
        writer = new RowWriter(schema, settings.timestamps());
        rowGroupBytes = TableFiles.rowGroupBytes(settings);
        checkEvery = rowGroupBytes / 32;
        longTextBytes = Math.max(MIN_LONG_TEXT_BYTES, LONG_TEXT_BYTES / type.getColumns().size());
        longTexts = new LongTexts(schema, longTextBytes);
        properties = properties();
        compressor = settings.compression().compressor();
        columnIo = new ColumnIOFactory(false).getColumnIO(type);
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

    private ParquetProperties properties() {
        ParquetProperties.Builder builder =
                ParquetProperties.builder()
                        .withPageSize((int) Math.min(settings.pageSizeBytes(), rowGroupBytes / 4))
                        .withDictionaryEncoding(
                                settings.dictionary() == ParquetSettings.Dictionary.WHERE_IT_PAYS)
                        .withDictionaryPageSize(dictionaryBytes(settings, type))
                        .withWriterVersion(
                                switch (settings.writerVersion()) {
                                    case V1 -> WriterVersion.PARQUET_1_0;
                                    case V2 -> WriterVersion.PARQUET_2_0;
                                })
                        // A hundred rows, the default, can be a hundred megabytes.
                        .withMinRowCountForPageSizeCheck(4)
                        .withMaxRowCountForPageSizeCheck(1000)
                        .withStatisticsTruncateLength(STATISTICS_BYTES);
        keepRanges(builder);
        return builder.build();
    }

    /**
     * Parquet takes the path of a column in one piece and splits it at each dot, so that it knows
     * no column by which a field with a dot in its name is meant. Those have what is said of all
     * columns: when one of them has long texts, none of them has ranges.
     */
    private void keepRanges(ParquetProperties.Builder builder) {
        List<ColumnDescriptor> all = type.getColumns();
        boolean others = withoutRanges.stream().noneMatch(i -> hasDots(all.get(i)));
        builder.withStatisticsEnabled(others);
        for (int i = 0; i < all.size(); i++) {
            if (!hasDots(all.get(i)) && withoutRanges.get(i) == others) {
                String path = String.join(".", all.get(i).getPath());
                builder.withStatisticsEnabled(path, !others);
            }
        }
    }

    private static boolean hasDots(ColumnDescriptor column) {
        return Arrays.stream(column.getPath()).anyMatch(name -> name.indexOf('.') >= 0);
    }

    /**
     * An entry of a dictionary takes about 80 bytes of heap whatever it stands for, ten times the
     * bytes of a short text: all dictionaries together get a sixteenth of the memory.
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
        for (int i = 0; i < rows.rowCount(); i++) {
            writer.write(rows, rows.row(i), consumer);
        }
        rowsInGroup += rows.rowCount();
        sinceCheck += rows.size();
        // Asking walks over all columns, so not for every small record.
        if (sinceCheck >= checkEvery) {
            sinceCheck = 0;
            if (columns.getBufferedSize() >= groupBytes) {
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
            if (++earlyGroups == TableFiles.maxEarlyGroups(type.getColumns().size())) {
                withoutRanges.or(texts());
            }
        } else {
            release();
        }
        textsHaveRanges = !withoutRanges.equals(texts());
        properties = properties();
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
        columns = properties.newColumnWriteStore(type, pages, pages);
        consumer = columnIo.getRecordWriter(columns);
    }

    private void closeGroup() throws IOException {
        consumer.flush();
        file.startBlock(rowsInGroup);
        columns.flush();
        pages.flushToFileWriter(file);
        file.endBlock();
        groups++;
        rowsInGroup = 0;
        release();
    }

    private void release() {
        if (columns != null) {
            columns.close();
            pages.close();
            columns = null;
            pages = null;
            consumer = null;
        }
    }

    @Override
    public void close() throws IOException {
        release();
        compressor.release();
        file.close();
    }
}
