package io.delivery.parquet;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * A Parquet file read back, for people to look at. Parquet's own file reader cannot be made without
 * Hadoop's codecs; this one needs none. Holds the columns it shows in memory. Not thread-safe.
 */
public final class ParquetTable implements Closeable {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    /** Length of the footer and the magic, at the very end: Parquet format, "File Format". */
    private static final int TAIL_BYTES = Integer.BYTES + MAGIC.length;

    private final Path path;
    private final FileChannel file;
    private final ParquetMetadata footer;

    private ParquetTable(Path path, FileChannel file) throws IOException {
        this.path = path;
        this.file = file;
        this.footer = readFooter();
    }

    /**
     * Reads the footer.
     *
     * @throws IOException also when the file is no Parquet, or not whole
     */
    public static ParquetTable open(Path path) throws IOException {
        FileChannel file = FileChannel.open(path);
        try {
            return new ParquetTable(path, file);
        } catch (IOException | Error failed) {
            file.close();
            throw failed;
        } catch (RuntimeException failed) {
            file.close();
            throw new IOException(noParquet(path), failed);
        }
    }

    private static String noParquet(Path path) {
        return path + " is not a whole Parquet file";
    }

    private ParquetMetadata readFooter() throws IOException {
        if (file.size() < MAGIC.length + TAIL_BYTES) {
            throw new IOException(noParquet(path));
        }
        ByteBuffer tail = ByteBuffer.wrap(bytes(file.size() - TAIL_BYTES, TAIL_BYTES));
        int length = tail.order(ByteOrder.LITTLE_ENDIAN).getInt();
        byte[] magic = new byte[MAGIC.length];
        tail.get(magic);
        long start = file.size() - TAIL_BYTES - length;
        if (!java.util.Arrays.equals(magic, MAGIC) || length < 0 || start < MAGIC.length) {
            throw new IOException(noParquet(path));
        }
        return new ParquetMetadataConverter()
                .readParquetMetadata(
                        new ByteArrayInputStream(bytes(start, length)),
                        ParquetMetadataConverter.NO_FILTER);
    }

    private byte[] bytes(long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException(noParquet(path));
            }
        }
        return buffer.array();
    }

    /** By the footer. */
    public long rowCount() {
        return footer.getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
    }

    /** Names of the columns, in order. */
    public List<String> columns() {
        return schema().getFields().stream().map(Type::getName).toList();
    }

    private MessageType schema() {
        return footer.getFileMetaData().getSchema();
    }

    /**
     * The first rows of the first row group, as text.
     *
     * @param columns which, in the order wanted; names as in {@link #columns}, without parts
     * @return at most {@code max} rows with one text per column, empty for a null
     * @throws IllegalArgumentException when there is no such column, or it has parts
     */
    public List<List<String>> firstRows(int max, List<String> columns) throws IOException {
        List<Type> wanted = new ArrayList<>();
        for (String column : columns) {
            if (!schema().containsField(column) || !schema().getType(column).isPrimitive()) {
                throw new IllegalArgumentException("there is no plain column " + column);
            }
            wanted.add(schema().getType(column));
        }
        if (footer.getBlocks().isEmpty()) {
            return List.of();
        }
        MessageType projection = new MessageType(schema().getName(), wanted);
        BlockMetaData group = footer.getBlocks().get(0);
        RecordReader<Group> reader = reader(group, projection);
        List<List<String>> rows = new ArrayList<>();
        for (long row = 0; row < Math.min(max, group.getRowCount()); row++) {
            rows.add(texts(reader.read(), wanted));
        }
        return rows;
    }

    /**
     * All rows of all row groups. Values are Boolean, Long, Double, BigDecimal, String, hexadecimal
     * digits of bytes, LocalDate, Instant, List, Map; a struct is a Map from its names; null is
     * null.
     *
     * @return each a map from the names of the columns, in their order
     */
    public List<Map<String, Object>> rows() throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (BlockMetaData group : footer.getBlocks()) {
            RecordReader<Group> reader = reader(group, schema());
            for (long row = 0; row < group.getRowCount(); row++) {
                rows.add(RowValues.of(reader.read(), schema()));
            }
        }
        return rows;
    }

    private RecordReader<Group> reader(BlockMetaData group, MessageType projection)
            throws IOException {
        return new ColumnIOFactory()
                .getColumnIO(projection, schema())
                .getRecordReader(pages(group, projection), new GroupRecordConverter(projection));
    }

    private ColumnPages.RowGroup pages(BlockMetaData group, MessageType projection)
            throws IOException {
        Map<String, ColumnPages> columns = new HashMap<>();
        for (ColumnDescriptor column : projection.getColumns()) {
            for (ColumnChunkMetaData chunk : group.getColumns()) {
                if (java.util.Arrays.equals(chunk.getPath().toArray(), column.getPath())) {
                    byte[] bytes =
                            bytes(chunk.getStartingPos(), Math.toIntExact(chunk.getTotalSize()));
                    columns.put(chunk.getPath().toDotString(), ColumnPages.read(chunk, bytes));
                }
            }
        }
        return new ColumnPages.RowGroup(group.getRowCount(), columns);
    }

    private static List<String> texts(Group row, List<Type> columns) {
        List<String> texts = new ArrayList<>();
        for (int field = 0; field < columns.size(); field++) {
            boolean isNull = row.getFieldRepetitionCount(field) == 0;
            texts.add(isNull ? "" : text(row, field, columns.get(field)));
        }
        return texts;
    }

    private static String text(Group row, int field, Type type) {
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        if (meaning instanceof TimestampLogicalTypeAnnotation timestamp
                && timestamp.getUnit() == TimeUnit.MICROS) {
            long micros = row.getLong(field, 0);
            return Instant.ofEpochSecond(
                            Math.floorDiv(micros, 1_000_000L),
                            Math.floorMod(micros, 1_000_000L) * 1_000)
                    .toString();
        }
        if (type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
                && meaning == null) {
            return row.getBinary(field, 0).length() + " bytes";
        }
        return row.getValueToString(field, 0);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
