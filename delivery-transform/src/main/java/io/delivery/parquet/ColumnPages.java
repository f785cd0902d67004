package io.delivery.parquet;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** The pages of one column of one row group, without their compression. */
final class ColumnPages implements PageReader {
    private static final ParquetMetadataConverter CONVERTER = new ParquetMetadataConverter();

    private final ColumnChunkMetaData chunk;
    private final Queue<DataPage> pages = new ArrayDeque<>();
    private DictionaryPage dictionary;

    private ColumnPages(ColumnChunkMetaData chunk) {
        this.chunk = chunk;
    }

    /**
     * @param bytes the column chunk, from its first page header to its last page
     */
    static ColumnPages read(ColumnChunkMetaData chunk, byte[] bytes) throws IOException {
        ColumnPages column = new ColumnPages(chunk);
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        while (in.available() > 0) {
            PageHeader header = Util.readPageHeader(in);
            byte[] page = in.readNBytes(header.getCompressed_page_size());
            if (page.length < header.getCompressed_page_size()) {
                throw new IOException("a page of " + chunk.getPath() + " is cut short");
            }
            column.add(header, page);
        }
        return column;
    }

    private void add(PageHeader header, byte[] page) throws IOException {
        int length = header.getUncompressed_page_size();
        PageType type = header.getType();
        switch (type) {
            case DICTIONARY_PAGE ->
                    dictionary =
                            new DictionaryPage(
                                    BytesInput.from(plain(page, length)),
                                    header.getDictionary_page_header().getNum_values(),
                                    CONVERTER.getEncoding(
                                            header.getDictionary_page_header().getEncoding()));
            case DATA_PAGE -> pages.add(page(header.getData_page_header(), page, length));
            case DATA_PAGE_V2 -> pages.add(page(header.getData_page_header_v2(), page, length));
            case INDEX_PAGE -> {
                // It is no data.
            }
            default -> throw new IOException("pages of type %s are not read".formatted(type));
        }
    }

    private DataPage page(DataPageHeader header, byte[] page, int length) throws IOException {
        return new DataPageV1(
                BytesInput.from(plain(page, length)),
                header.getNum_values(),
                length,
                noStatistics(),
                CONVERTER.getEncoding(header.getRepetition_level_encoding()),
                CONVERTER.getEncoding(header.getDefinition_level_encoding()),
                CONVERTER.getEncoding(header.getEncoding()));
    }

    /** The levels of such a page are never compressed. */
    private DataPage page(DataPageHeaderV2 header, byte[] page, int length) throws IOException {
        int repetitions = header.getRepetition_levels_byte_length();
        int definitions = header.getDefinition_levels_byte_length();
        int levels = repetitions + definitions;
        byte[] values = java.util.Arrays.copyOfRange(page, levels, page.length);
        return DataPageV2.uncompressed(
                header.getNum_rows(),
                header.getNum_nulls(),
                header.getNum_values(),
                BytesInput.from(page, 0, repetitions),
                BytesInput.from(page, repetitions, definitions),
                CONVERTER.getEncoding(header.getEncoding()),
                BytesInput.from(header.isIs_compressed() ? plain(values, length - levels) : values),
                noStatistics());
    }

    private Statistics<?> noStatistics() {
        return Statistics.getBuilderForReading(chunk.getPrimitiveType()).build();
    }

    private byte[] plain(byte[] page, int length) throws IOException {
        CompressionCodecName codec = chunk.getCodec();
        byte[] plain =
                switch (codec) {
                    case UNCOMPRESSED -> page;
                    case SNAPPY -> Snappy.uncompress(page);
                    case GZIP ->
                            firstBytes(new GZIPInputStream(new ByteArrayInputStream(page)), length);
                    case ZSTD ->
                            firstBytes(
                                    new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(page)),
                                    length);
                    default -> throw new IOException("pages in " + codec + " are not read");
                };
        if (plain.length != length) {
            throw new IOException(
                    "a page of %s has %d bytes instead of %d"
                            .formatted(chunk.getPath(), plain.length, length));
        }
        return plain;
    }

    private static byte[] firstBytes(InputStream in, int length) throws IOException {
        try (in) {
            return in.readNBytes(length);
        }
    }

    @Override
    public DictionaryPage readDictionaryPage() {
        return dictionary;
    }

    @Override
    public long getTotalValueCount() {
        return chunk.getValueCount();
    }

    @Override
    public DataPage readPage() {
        return pages.poll();
    }

    /** The columns of one row group, by their dotted paths. */
    record RowGroup(long rowCount, Map<String, ColumnPages> columns) implements PageReadStore {
        @Override
        public PageReader getPageReader(ColumnDescriptor column) {
            return columns.get(String.join(".", column.getPath()));
        }

        @Override
        public long getRowCount() {
            return rowCount;
        }

        @Override
        public Optional<Long> getRowIndexOffset() {
            return Optional.of(0L);
        }
    }
}
