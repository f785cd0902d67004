package io.delivery.parquet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Reads files with parquet-java: its footer, its decoding of pages, its assembly of rows. Values
 * are shown as {@code io.delivery.json.RowText} shows them, bytes in hexadecimal.
 */
public final class ParquetJavaReader {
    private static final int JULIAN_DAY_OF_1970 = 2_440_588;

    private final byte[] file;
    private final ParquetMetadata footer;

    public ParquetJavaReader(Path path) throws IOException {
        file = Files.readAllBytes(path);
        ByteBuffer tail = ByteBuffer.wrap(file, file.length - 8, 4).order(ByteOrder.LITTLE_ENDIAN);
        int length = tail.getInt();
        footer =
                new ParquetMetadataConverter()
                        .readParquetMetadata(
                                new ByteArrayInputStream(file, file.length - 8 - length, length),
                                ParquetMetadataConverter.NO_FILTER);
    }

    public ParquetMetadata footer() {
        return footer;
    }

    /** All rows, each as its values with bars between. */
    List<String> rows() throws IOException {
        MessageType schema = footer.getFileMetaData().getSchema();
        List<String> rows = new ArrayList<>();
        for (BlockMetaData group : footer.getBlocks()) {
            Map<String, ColumnPages> columns = new HashMap<>();
            for (ColumnChunkMetaData chunk : group.getColumns()) {
                int start = Math.toIntExact(chunk.getStartingPos());
                byte[] bytes =
                        Arrays.copyOfRange(
                                file, start, start + Math.toIntExact(chunk.getTotalSize()));
                columns.put(chunk.getPath().toDotString(), ColumnPages.read(chunk, bytes));
            }
            RecordReader<Group> reader =
                    new ColumnIOFactory()
                            .getColumnIO(schema)
                            .getRecordReader(
                                    new ColumnPages.RowGroup(group.getRowCount(), columns),
                                    new GroupRecordConverter(schema));
            for (long row = 0; row < group.getRowCount(); row++) {
                Group read = reader.read();
                List<String> texts = new ArrayList<>();
                for (int field = 0; field < schema.getFieldCount(); field++) {
                    texts.add(field(read, field, schema.getType(field)));
                }
                rows.add(String.join("|", texts));
            }
        }
        return rows;
    }

    private static String field(Group parent, int field, Type type) {
        return parent.getFieldRepetitionCount(field) == 0 ? "null" : value(parent, field, 0, type);
    }

    private static String value(Group parent, int field, int index, Type type) {
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        if (type.isPrimitive()) {
            return primitive(parent, field, index, type);
        }
        Group group = parent.getGroup(field, index);
        GroupType own = type.asGroupType();
        List<String> parts = new ArrayList<>();
        if (LogicalTypeAnnotation.listType().equals(meaning)) {
            for (int i = 0; i < group.getFieldRepetitionCount(0); i++) {
                parts.add(field(group.getGroup(0, i), 0, inner(own).getType(0)));
            }
            return "[" + String.join(",", parts) + "]";
        }
        if (LogicalTypeAnnotation.mapType().equals(meaning)) {
            for (int i = 0; i < group.getFieldRepetitionCount(0); i++) {
                Group entry = group.getGroup(0, i);
                parts.add(
                        field(entry, 0, inner(own).getType(0))
                                + ":"
                                + field(entry, 1, inner(own).getType(1)));
            }
            return "<" + String.join(",", parts) + ">";
        }
        for (int i = 0; i < own.getFieldCount(); i++) {
            parts.add(own.getFieldName(i) + "=" + field(group, i, own.getType(i)));
        }
        return "{" + String.join(",", parts) + "}";
    }

    private static GroupType inner(GroupType outer) {
        return outer.getType(0).asGroupType();
    }

    private static String primitive(Group parent, int field, int index, Type type) {
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
            case BOOLEAN -> String.valueOf(parent.getBoolean(field, index));
            case INT32 ->
                    LogicalTypeAnnotation.dateType().equals(meaning)
                            ? LocalDate.ofEpochDay(parent.getInteger(field, index)).toString()
                            : String.valueOf(parent.getInteger(field, index));
            case INT64 ->
                    meaning == null
                            ? String.valueOf(parent.getLong(field, index))
                            : micros(parent.getLong(field, index)).toString();
            case INT96 -> int96(parent.getInt96(field, index).getBytes()).toString();
            case FLOAT -> String.valueOf(parent.getFloat(field, index));
            case DOUBLE -> String.valueOf(parent.getDouble(field, index));
            case BINARY ->
                    meaning == null
                            ? HexFormat.of().formatHex(parent.getBinary(field, index).getBytes())
                            : parent.getString(field, index);
            case FIXED_LEN_BYTE_ARRAY ->
                    new BigDecimal(
                                    new BigInteger(parent.getBinary(field, index).getBytes()),
                                    ((DecimalLogicalTypeAnnotation) meaning).getScale())
                            .toPlainString();
        };
    }

    private static Instant micros(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    private static Instant int96(byte[] bytes) {
        ByteBuffer parts = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long nanosOfDay = parts.getLong();
        return Instant.ofEpochSecond((parts.getInt() - JULIAN_DAY_OF_1970) * 86_400L, nanosOfDay);
    }
}
