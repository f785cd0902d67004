package io.delivery.testkit.orc;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ListColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.MapColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.StructColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.orc.StripeInformation;
import org.apache.orc.TypeDescription;
import org.apache.orc.impl.RecordReaderImpl;

/** What is in an ORC file, read by ORC's own reader. Not thread-safe. */
public final class OrcContent implements AutoCloseable {
    private final Reader reader;

    private OrcContent(Reader reader) {
        this.reader = reader;
    }

    /**
     * @throws IOException when it is no ORC file
     */
    public static OrcContent of(byte[] file) throws IOException {
        return new OrcContent(
                OrcFile.createReader(
                        BytesFileSystem.FILE,
                        OrcFile.readerOptions(new Configuration(false))
                                .filesystem(new BytesFileSystem(file))
                                .useUTCTimestamp(true)
                                .convertToProlepticGregorian(true)));
    }

    public Reader reader() {
        return reader;
    }

    public long rowCount() {
        return reader.getNumberOfRows();
    }

    public TypeDescription type() {
        return reader.getSchema();
    }

    /** Names of the columns, in order. */
    public List<String> columns() {
        return type().getFieldNames();
    }

    public List<StripeInformation> stripes() {
        return reader.getStripes();
    }

    /** The kinds of streams that a column has in the first stripe, for example {@code DATA}. */
    public TreeSet<String> streams(String column) throws IOException {
        TreeSet<String> kinds = new TreeSet<>();
        int id = type().findSubtype(column).getId();
        try (RecordReader rows = reader.rows()) {
            ((RecordReaderImpl) rows)
                    .readStripeFooter(stripes().get(0))
                    .getStreamsList()
                    .forEach(
                            stream -> {
                                if (stream.getColumn() == id) {
                                    kinds.add(stream.getKind().name());
                                }
                            });
        }
        return kinds;
    }

    /**
     * All rows. Values are Boolean, Long, Double, BigDecimal, String, hexadecimal digits of bytes,
     * LocalDate, Instant, List, Map; a struct is a Map from its names; null is null.
     */
    public List<List<Object>> rows() throws IOException {
        List<List<Object>> all = new ArrayList<>();
        VectorizedRowBatch batch = type().createRowBatch();
        List<TypeDescription> columns = type().getChildren();
        try (RecordReader rows = reader.rows()) {
            while (rows.nextBatch(batch)) {
                for (int row = 0; row < batch.size; row++) {
                    List<Object> values = new ArrayList<>();
                    for (int i = 0; i < columns.size(); i++) {
                        values.add(value(columns.get(i), batch.cols[i], row));
                    }
                    all.add(Collections.unmodifiableList(values));
                }
            }
        }
        return all;
    }

    private static Object value(TypeDescription type, ColumnVector vector, int row) {
        int at = vector.isRepeating ? 0 : row;
        if (!vector.noNulls && vector.isNull[at]) {
            return null;
        }
        return switch (type.getCategory()) {
            case BOOLEAN -> ((LongColumnVector) vector).vector[at] != 0;
            case BYTE, SHORT, INT, LONG -> ((LongColumnVector) vector).vector[at];
            case FLOAT -> asWritten((float) ((DoubleColumnVector) vector).vector[at]);
            case DOUBLE -> ((DoubleColumnVector) vector).vector[at];
            case DATE -> LocalDate.ofEpochDay(((LongColumnVector) vector).vector[at]);
            case TIMESTAMP -> moment((TimestampColumnVector) vector, at);
            case DECIMAL -> decimal((DecimalColumnVector) vector, at, type.getScale());
            case STRING, CHAR, VARCHAR ->
                    new String(bytes((BytesColumnVector) vector, at), StandardCharsets.UTF_8);
            case BINARY -> HexFormat.of().formatHex(bytes((BytesColumnVector) vector, at));
            case LIST -> list(type, (ListColumnVector) vector, at);
            case MAP -> map(type, (MapColumnVector) vector, at);
            case STRUCT -> struct(type, (StructColumnVector) vector, at);
            default -> throw new IllegalArgumentException("no type of ours: " + type);
        };
    }

    /** 1.1 and not 1.100000023841858, which nobody wrote. */
    private static Double asWritten(float number) {
        return Double.valueOf(Float.toString(number));
    }

    private static Instant moment(TimestampColumnVector vector, int at) {
        return Instant.ofEpochSecond(Math.floorDiv(vector.time[at], 1000), vector.nanos[at]);
    }

    private static BigDecimal decimal(DecimalColumnVector vector, int at, int scale) {
        return vector.vector[at].getHiveDecimal().bigDecimalValue().setScale(scale);
    }

    private static byte[] bytes(BytesColumnVector vector, int at) {
        byte[] copy = new byte[vector.length[at]];
        System.arraycopy(vector.vector[at], vector.start[at], copy, 0, copy.length);
        return copy;
    }

    private static List<Object> list(TypeDescription type, ListColumnVector vector, int at) {
        List<Object> elements = new ArrayList<>();
        for (long i = 0; i < vector.lengths[at]; i++) {
            int element = (int) (vector.offsets[at] + i);
            elements.add(value(type.getChildren().get(0), vector.child, element));
        }
        return elements;
    }

    private static Map<Object, Object> map(TypeDescription type, MapColumnVector vector, int at) {
        Map<Object, Object> entries = new LinkedHashMap<>();
        for (long i = 0; i < vector.lengths[at]; i++) {
            int entry = (int) (vector.offsets[at] + i);
            entries.put(
                    value(type.getChildren().get(0), vector.keys, entry),
                    value(type.getChildren().get(1), vector.values, entry));
        }
        return entries;
    }

    private static Map<String, Object> struct(
            TypeDescription type, StructColumnVector vector, int at) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < vector.fields.length; i++) {
            fields.put(
                    type.getFieldNames().get(i),
                    value(type.getChildren().get(i), vector.fields[i], at));
        }
        return fields;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
