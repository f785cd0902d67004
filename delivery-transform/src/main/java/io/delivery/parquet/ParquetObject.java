package io.delivery.parquet;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;

import io.delivery.format.RowBuffer;
import io.delivery.format.RowFile;
import io.delivery.format.TableSchema;
import java.io.IOException;
import java.io.OutputStream;
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
 * One Parquet file in the making. Parquet's own ParquetWriter looks at its memory every hundred
 * rows at best and makes a Hadoop Configuration; this one looks as often as bytes come in.
 *
 * <p>What an encoder's memory is for, at worst: a row group in memory; its largest page twice more
 * while it is compressed; the rows of one record; the entries of dictionaries, which take several
 * times the bytes they stand for.
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

    /** Min and max of a long text are kept to this many bytes. */
    private static final int STATISTICS_BYTES = 64;

    /** Metadata of the file: the table that its schema is of, {@code database.table}. */
    static final String TABLE_KEY = "delivery.table";

    /** Metadata of the file: the version of that table. */
    static final String VERSION_KEY = "delivery.table.version";

    private final MessageType type;
    private final Map<String, String> metadata;
    private final RowWriter writer;
    private final ParquetProperties properties;
    private final ParquetProperties propertiesOfLongTexts;
    private final ParquetFileWriter file;
    private final BytesInputCompressor compressor;
    private final MessageColumnIO columnIo;
    private final long rowGroupBytes;
    private final long checkEvery;
    private final int longTextBytes;

    private ColumnChunkPageWriteStore pages;
    private ColumnWriteStore columns;
    private RecordConsumer consumer;
    private boolean textIsLong;
    private long groupBytes;
    private long rowsInGroup;
    private long sinceCheck;
    private int groups;

    ParquetObject(TableSchema schema, ParquetSettings settings, OutputStream out)
            throws IOException {
        type = new ParquetTypes(settings.timestamps()).message(schema);
        metadata = Map.of(TABLE_KEY, schema.qualifiedName(), VERSION_KEY, schema.version());
        writer = new RowWriter(schema, settings.timestamps());
        rowGroupBytes = rowGroupBytes(settings);
        checkEvery = rowGroupBytes / 32;
        longTextBytes = Math.max(MIN_LONG_TEXT_BYTES, LONG_TEXT_BYTES / type.getColumns().size());
        properties = properties(settings, true);
        propertiesOfLongTexts = properties(settings, false);
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

    /** The largest row group, in bytes of memory. */
    static long rowGroupBytes(ParquetSettings settings) {
        return Math.min(settings.blockSizeBytes(), settings.memoryBytes() / 4);
    }

    private ParquetProperties properties(ParquetSettings settings, boolean rangesOfTexts) {
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
        for (ColumnDescriptor column : type.getColumns()) {
            boolean isText = column.getPrimitiveType().getPrimitiveTypeName() == BINARY;
            if (isText && !rangesOfTexts) {
                builder.withStatisticsEnabled(String.join(".", column.getPath()), false);
            }
        }
        return builder.build();
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
        if (!textIsLong && rows.longest() >= longTextBytes) {
            expectLongTexts();
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
     * From here on no least and greatest value is kept for texts and bytes. Parquet keeps them
     * whole, of each column of each row group until the file ends; only the footer has them cut. A
     * file of long texts would be held in memory twice over, and nobody looks for ranges in such.
     */
    private void expectLongTexts() throws IOException {
        if (rowsInGroup > 0) {
            closeGroup();
        }
        textIsLong = true;
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
        ParquetProperties now = textIsLong ? propertiesOfLongTexts : properties;
        pages =
                ColumnChunkPageWriteStore.builder()
                        .withCompressorProvider(column -> compressor)
                        .withSchema(type)
                        .withAllocator(now.getAllocator())
                        .withColumnIndexTruncateLength(now.getColumnIndexTruncateLength())
                        .withPageWriteChecksumEnabled(now.getPageWriteChecksumEnabled())
                        .withRowGroupOrdinal(groups)
                        .build();
        columns = now.newColumnWriteStore(type, pages, pages);
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
