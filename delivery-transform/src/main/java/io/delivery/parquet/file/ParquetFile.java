package io.delivery.parquet.file;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileWriter;

/**
 * A Parquet file: row groups, then the column indexes and the offset indexes of all of them, then
 * the footer (Parquet format, "File Format"). The stream stays the caller's. Not thread-safe.
 */
public final class ParquetFile {
    private static final byte[] ZEROS = new byte[4 << 10];

    private final FileTemplate template;
    private final Blocks blocks;
    private final PageTools tools;
    private final FileBytes out;
    private final List<WrittenGroup> groups = new ArrayList<>(1);

    /** A row group that is in the file. */
    private record WrittenGroup(WrittenChunk[] chunks, RowGroup inFooter) {}

    /**
     * Begins a file.
     *
     * @param compressor of its pages; stays the caller's
     */
    public ParquetFile(
            FileTemplate template,
            Blocks blocks,
            BytesInputCompressor compressor,
            OutputStream stream)
            throws IOException {
        this.template = template;
        this.blocks = blocks;
        tools = new PageTools(template, compressor);
        out = new FileBytes(stream);
        out.write(ParquetFileWriter.MAGIC);
    }

    /** How large the next row group may become at most, in bytes. */
    public long room() {
        return blocks.room(out.position());
    }

    /** Begins a row group, in memory. */
    public RowGroupPages rowGroup() {
        return new RowGroupPages(template, tools);
    }

    /**
     * Writes a row group. Each of its columns has a page at least.
     *
     * @param rows in it, one at least
     */
    public void write(RowGroupPages pages, long rows) throws IOException {
        for (long zeros = blocks.padding(out.position()); zeros > 0; zeros -= ZEROS.length) {
            out.write(ZEROS, 0, (int) Math.min(ZEROS.length, zeros));
        }
        ColumnChunkPages[] columns = pages.chunks();
        WrittenChunk[] chunks = new WrittenChunk[columns.length];
        List<ColumnChunk> inFooter = new ArrayList<>(columns.length);
        long plainBytes = 0;
        long bytes = 0;
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = columns[i].writeTo(out);
            inFooter.add(chunks[i].inFooter());
            plainBytes += chunks[i].metadata().getTotal_uncompressed_size();
            bytes += chunks[i].metadata().getTotal_compressed_size();
        }
        RowGroup group = new RowGroup(inFooter, plainBytes, rows);
        group.setFile_offset(chunks[0].start());
        group.setTotal_compressed_size(bytes);
        group.setOrdinal((short) groups.size());
        groups.add(new WrittenGroup(chunks, group));
    }

    /** Ends the file. All of it has been passed to the stream, which is flushed. */
    public void end() throws IOException {
        for (WrittenGroup group : groups) {
            writeIndexes(group);
        }
        for (WrittenGroup group : groups) {
            writeOffsets(group);
        }
        long footer = out.position();
        List<RowGroup> rowGroups = groups.stream().map(WrittenGroup::inFooter).toList();
        Util.writeFileMetaData(template.footer(rowGroups), out);
        int length = Math.toIntExact(out.position() - footer);
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write(length >>> shift);
        }
        out.write(ParquetFileWriter.MAGIC);
        out.flush();
    }

    private void writeIndexes(WrittenGroup group) throws IOException {
        for (int i = 0; i < group.chunks().length; i++) {
            byte[] index = group.chunks()[i].index();
            if (index != null) {
                ColumnChunk chunk = group.inFooter().getColumns().get(i);
                chunk.setColumn_index_offset(out.position());
                chunk.setColumn_index_length(index.length);
                out.write(index);
            }
        }
    }

    private void writeOffsets(WrittenGroup group) throws IOException {
        for (int i = 0; i < group.chunks().length; i++) {
            byte[] offsets = group.chunks()[i].offsets();
            ColumnChunk chunk = group.inFooter().getColumns().get(i);
            chunk.setOffset_index_offset(out.position());
            chunk.setOffset_index_length(offsets.length);
            out.write(offsets);
        }
    }
}
