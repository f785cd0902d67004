package io.delivery.parquet;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;

import io.delivery.format.TableMark;
import io.delivery.format.TableSchema;
import io.delivery.parquet.columns.ColumnSettings;
import io.delivery.parquet.file.Blocks;
import io.delivery.parquet.file.FileTemplate;
import java.util.BitSet;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.schema.MessageType;

/**
 * What all files of a table have in common that are written with the same settings. It is made once
 * for a table and not for each file, because a small file takes little longer to write than this
 * takes to make. Immutable.
 */
final class TableFiles {
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

    private final TableSchema table;
    private final ParquetSettings settings;
    private final FileTemplate template;
    private final ColumnSettings columnSettings;
    private final Blocks blocks;
    private final long rowGroupBytes;
    private final int longTextBytes;
    private final int maxEarlyGroups;
    private final BitSet texts = new BitSet();

    TableFiles(TableSchema table, ParquetSettings settings) {
        this.table = table;
        this.settings = settings;
        MessageType type = new ParquetTypes(settings.timestamps()).message(table);
        List<ColumnDescriptor> columns = type.getColumns();
        rowGroupBytes = rowGroupBytes(settings);
        blocks = new Blocks(settings.blockSizeBytes(), settings.maxPaddingBytes());
        longTextBytes = Math.max(MIN_LONG_TEXT_BYTES, LONG_TEXT_BYTES / columns.size());
        maxEarlyGroups = maxEarlyGroups(columns.size());
        ParquetProperties properties = properties(settings.dictionary(), columns.size());
        columnSettings =
                new ColumnSettings(
                        properties, properties(ParquetSettings.Dictionary.OFF, columns.size()));
        template =
                new FileTemplate(
                        type, TableMark.of(table), settings.compression().codec(), properties);
        for (int i = 0; i < columns.size(); i++) {
            texts.set(i, columns.get(i).getPrimitiveType().getPrimitiveTypeName() == BINARY);
        }
    }

    /** The largest row group, in bytes of memory. */
    static long rowGroupBytes(ParquetSettings settings) {
        return Math.min(settings.blockSizeBytes(), settings.memoryBytes() / 4);
    }

    /** Row groups of a table that long texts close before they are full, at most. */
    static int maxEarlyGroups(long columns) {
        return (int) Math.max(1, Math.min(MAX_EARLY_GROUPS, EARLY_COLUMNS / columns));
    }

    private ParquetProperties properties(ParquetSettings.Dictionary dictionary, int columns) {
        return ParquetProperties.builder()
                .withPageSize((int) Math.min(settings.pageSizeBytes(), rowGroupBytes / 4))
                .withDictionaryEncoding(dictionary == ParquetSettings.Dictionary.WHERE_IT_PAYS)
                .withDictionaryPageSize(dictionaryBytes(columns))
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
    private int dictionaryBytes(int columns) {
        long each = settings.memoryBytes() / 16 / Math.max(1, columns);
        return (int) Math.max(MIN_DICTIONARY_BYTES, Math.min(MAX_DICTIONARY_BYTES, each));
    }

    TableSchema table() {
        return table;
    }

    ParquetSettings settings() {
        return settings;
    }

    FileTemplate template() {
        return template;
    }

    ColumnSettings columnSettings() {
        return columnSettings;
    }

    Blocks blocks() {
        return blocks;
    }

    /** The largest row group, in bytes of memory. */
    long rowGroupBytes() {
        return rowGroupBytes;
    }

    /** A text of so many bytes is long. */
    int longTextBytes() {
        return longTextBytes;
    }

    /** Row groups that long texts close before they are full, at most. */
    int maxEarlyGroups() {
        return maxEarlyGroups;
    }

    /** The columns of texts and bytes, as numbered in {@code MessageType.getColumns}. */
    BitSet texts() {
        return (BitSet) texts.clone();
    }
}
