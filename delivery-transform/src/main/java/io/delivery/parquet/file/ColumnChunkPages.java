package io.delivery.parquet.file;

import io.delivery.parquet.file.FileTemplate.Column;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.ColumnIndex;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.internal.column.columnindex.ColumnIndexBuilder;

/**
 * The pages of a column in a row group, compressed, until the row group is written. Statistics that
 * come with a page are the chunk's from then on. Not thread-safe.
 */
public final class ColumnChunkPages {
    private final FileTemplate template;
    private final Column column;
    private final PageTools tools;

    /** A header and its page, in turns. */
    private final List<byte[]> pages = new ArrayList<>(2);

    /** Where each page is behind the first one. */
    private final List<PageLocation> locations = new ArrayList<>(1);

    /** Bytes of the texts of each page without any encoding; empty for other types. */
    private final List<Long> textBytes = new ArrayList<>(1);

    private final List<PageEncodingStats> encodingCounts = new ArrayList<>(2);

    /** Those of levels, values and the dictionary, in the order in which the format has them. */
    private final EnumSet<org.apache.parquet.format.Encoding> encodings =
            EnumSet.noneOf(org.apache.parquet.format.Encoding.class);

    /** Null as long as one page has been written, where {@link OnePageIndex} knows it. */
    private ColumnIndexBuilder index;

    private Statistics<?> statistics;
    private SizeStatistics sizes;
    private byte[] dictionaryHeader;
    private byte[] dictionary;
    private long bytes;
    private long bytesWithoutCompression;
    private long values;
    private long rows;

    ColumnChunkPages(FileTemplate template, int number, PageTools tools) {
        this.template = template;
        this.column = template.column(number);
        this.tools = tools;
        if (!OnePageIndex.knows(column.primitiveType())) {
            index = newIndex();
        }
    }

    private ColumnIndexBuilder newIndex() {
        return ColumnIndexBuilder.getBuilder(
                column.primitiveType(), template.properties().getColumnIndexTruncateLength());
    }

    // --- pages ---

    /**
     * Writes a page of version 1.
     *
     * @param plain levels and values, each kind of levels behind its length
     * @param repetitions encoding of the repetition levels
     * @param definitions encoding of the definition levels
     * @param encoding of the values
     */
    public void writePage(
            BytesInput plain,
            int valueCount,
            int rowCount,
            Statistics<?> pageStatistics,
            SizeStatistics pageSizes,
            Encoding repetitions,
            Encoding definitions,
            Encoding encoding)
            throws IOException {
        byte[] page = tools.compress(plain);
        PageHeader header = tools.header(PageType.DATA_PAGE, plain.size(), page);
        header.setData_page_header(
                new DataPageHeader(
                        valueCount,
                        FormatNames.of(encoding),
                        FormatNames.of(definitions),
                        FormatNames.of(repetitions)));
        encodings.add(FormatNames.of(repetitions));
        encodings.add(FormatNames.of(definitions));
        add(header, page, FormatNames.of(encoding), valueCount, rowCount, pageSizes);
        merge(pageStatistics, pageSizes);
    }

    /** Writes a page of version 2, whose levels are not compressed. */
    public void writePageV2(
            int rowCount,
            int nullCount,
            int valueCount,
            BytesInput repetitions,
            BytesInput definitions,
            Encoding encoding,
            BytesInput data,
            Statistics<?> pageStatistics,
            SizeStatistics pageSizes)
            throws IOException {
        // A page of nulls only has nothing that could be compressed.
        boolean isCompressed = data.size() > 0;
        byte[] page =
                isCompressed
                        ? tools.compress(repetitions, definitions, data)
                        : PageTools.copy(BytesInput.concat(repetitions, definitions));
        long plainBytes = repetitions.size() + definitions.size() + data.size();
        PageHeader header = tools.header(PageType.DATA_PAGE_V2, plainBytes, page);
        DataPageHeaderV2 second =
                new DataPageHeaderV2(
                        valueCount,
                        nullCount,
                        rowCount,
                        FormatNames.of(encoding),
                        Math.toIntExact(definitions.size()),
                        Math.toIntExact(repetitions.size()));
        second.setIs_compressed(isCompressed);
        header.setData_page_header_v2(second);
        add(header, page, FormatNames.of(encoding), valueCount, rowCount, pageSizes);
        merge(pageStatistics, pageSizes);
    }

    /**
     * Writes the dictionary, which stands before the pages in the file.
     *
     * @throws IllegalStateException when there is one already
     */
    public void writeDictionaryPage(DictionaryPage page) throws IOException {
        if (dictionary != null) {
            throw new IllegalStateException("a second dictionary of " + column.path());
        }
        BytesInput plain = page.getBytes();
        org.apache.parquet.format.Encoding encoding = FormatNames.of(page.getEncoding());
        dictionary = tools.compress(plain);
        PageHeader header = tools.header(PageType.DICTIONARY_PAGE, plain.size(), dictionary);
        header.setDictionary_page_header(
                new DictionaryPageHeader(page.getDictionarySize(), encoding));
        dictionaryHeader = tools.bytes(header);
        bytesWithoutCompression += dictionaryHeader.length + plain.size();
        encodings.add(encoding);
        // Dictionaries are counted before pages.
        encodingCounts.add(0, new PageEncodingStats(PageType.DICTIONARY_PAGE, encoding, 1));
    }

    private void add(
            PageHeader header,
            byte[] page,
            org.apache.parquet.format.Encoding encoding,
            int valueCount,
            int rowCount,
            SizeStatistics pageSizes)
            throws IOException {
        byte[] headerBytes = tools.bytes(header);
        pages.add(headerBytes);
        pages.add(page);
        int written = Math.addExact(headerBytes.length, page.length);
        locations.add(new PageLocation(bytes, written, rows));
        pageSizes.getUnencodedByteArrayDataBytes().ifPresent(textBytes::add);
        bytes += written;
        bytesWithoutCompression += headerBytes.length + header.getUncompressed_page_size();
        values += valueCount;
        rows += rowCount;
        encodings.add(encoding);
        count(header.getType(), encoding);
    }

    private void count(PageType type, org.apache.parquet.format.Encoding encoding) {
        for (PageEncodingStats counted : encodingCounts) {
            if (counted.getEncoding() == encoding && counted.getPage_type() == type) {
                counted.setCount(counted.getCount() + 1);
                return;
            }
        }
        encodingCounts.add(new PageEncodingStats(type, encoding, 1));
    }

    private void merge(Statistics<?> pageStatistics, SizeStatistics pageSizes) {
        if (sizes == null) {
            begin(pageStatistics, pageSizes);
            return;
        }
        if (index == null) {
            index = newIndex();
            index.add(statistics, sizes);
        }
        sizes.mergeStatistics(pageSizes);
        if (statistics.isEmpty()) {
            return;
        }
        if (pageStatistics.isEmpty()) {
            loseRanges();
            return;
        }
        index.add(pageStatistics, pageSizes);
        statistics.mergeStatistics(pageStatistics);
    }

    private void begin(Statistics<?> pageStatistics, SizeStatistics pageSizes) {
        sizes = pageSizes;
        statistics = pageStatistics;
        if (pageStatistics.isEmpty()) {
            loseRanges();
        } else if (index != null) {
            index.add(pageStatistics, pageSizes);
        }
    }

    /** A page without ranges takes those of its column away. (parquet-java, PARQUET-2365) */
    private void loseRanges() {
        statistics = Statistics.getBuilderForReading(column.primitiveType()).build();
        index = ColumnIndexBuilder.getNoOpBuilder();
    }

    /** Bytes of the pages and their headers, compressed, without the dictionary. */
    public long bytes() {
        return bytes;
    }

    // --- the file ---

    /** Writes the dictionary and the pages. */
    WrittenChunk writeTo(FileBytes out) throws IOException {
        long start = out.position();
        if (dictionary != null) {
            out.write(dictionaryHeader);
            out.write(dictionary);
        }
        long firstPage = out.position();
        for (byte[] part : pages) {
            out.write(part);
        }
        ColumnMetaData metadata = metadata(firstPage, out.position() - start);
        if (dictionary != null) {
            metadata.setDictionary_page_offset(start);
        }
        return new WrittenChunk(start, metadata, indexBytes(), offsetBytes(firstPage));
    }

    private ColumnMetaData metadata(long firstPage, long compressedBytes) {
        ColumnMetaData metadata =
                new ColumnMetaData(
                        column.type(),
                        new ArrayList<>(encodings),
                        column.path(),
                        template.codec(),
                        values,
                        bytesWithoutCompression,
                        compressedBytes,
                        firstPage);
        if (!statistics.isEmpty()) {
            metadata.setStatistics(
                    ParquetMetadataConverter.toParquetStatistics(
                            statistics, template.properties().getStatisticsTruncateLength()));
        }
        metadata.setEncoding_stats(encodingCounts);
        metadata.setSize_statistics(ParquetMetadataConverter.toParquetSizeStatistics(sizes));
        return metadata;
    }

    /** Null when the column has no index. */
    private byte[] indexBytes() throws IOException {
        ColumnIndex converted =
                index == null
                        ? OnePageIndex.of(
                                statistics,
                                sizes,
                                template.properties().getColumnIndexTruncateLength())
                        : indexOfPages();
        if (converted == null) {
            return null;
        }
        ByteArrayOutputStream to = tools.empty();
        Util.writeColumnIndex(converted, to);
        return to.toByteArray();
    }

    private ColumnIndex indexOfPages() {
        if (index.getMinMaxSize() > locations.size() * ParquetMetadataConverter.MAX_STATS_SIZE) {
            return null;
        }
        return ParquetMetadataConverter.toParquetColumnIndex(column.primitiveType(), index.build());
    }

    private byte[] offsetBytes(long firstPage) throws IOException {
        for (PageLocation location : locations) {
            location.setOffset(location.getOffset() + firstPage);
        }
        OffsetIndex offsets = new OffsetIndex(locations);
        if (!textBytes.isEmpty()) {
            offsets.setUnencoded_byte_array_data_bytes(textBytes);
        }
        ByteArrayOutputStream to = tools.empty();
        Util.writeOffsetIndex(offsets, to);
        return to.toByteArray();
    }
}
