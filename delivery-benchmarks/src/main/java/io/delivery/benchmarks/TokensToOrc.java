package io.delivery.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ListColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.StructColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.CompressionKind;
import org.apache.orc.OrcConf;
import org.apache.orc.OrcFile;
import org.apache.orc.TypeDescription;
import org.apache.orc.Writer;
import org.apache.orc.impl.PhysicalFsWriter;
import org.apache.orc.impl.WriterImpl;
import org.apache.orc.impl.writer.WriterEncryptionVariant;

/**
 * JSON to ORC as it is usually done: Jackson's tokens are put into a batch of vectors, which ORC's
 * writer gets. Reads nothing but records of {@link Clickstream}: no wrong type, no other form of a
 * time, no number that does not fit.
 */
final class TokensToOrc {
    private static final JsonFactory JSON = new JsonFactory();

    /** The fields of an object, by name; the next one is asked for first. */
    private static final class Fields {
        final String[] names;
        final Map<String, Integer> places = new HashMap<>();
        final TypeDescription[] types;
        final Fields[] within;

        Fields(TypeDescription struct) {
            names = struct.getFieldNames().stream().map(String::intern).toArray(String[]::new);
            types = struct.getChildren().toArray(TypeDescription[]::new);
            within = new Fields[names.length];
            for (int i = 0; i < names.length; i++) {
                places.put(names[i], i);
                if (types[i].getCategory() == TypeDescription.Category.STRUCT) {
                    within[i] = new Fields(types[i]);
                }
            }
        }

        int place(String name, int expected) {
            if (expected < names.length && names[expected] == name) {
                return expected;
            }
            return places.getOrDefault(name, -1);
        }
    }

    private final TypeDescription type;
    private final double dictionaryThreshold;

    /**
     * @param dictionaryThreshold 0.8 is ORC's own default
     */
    TokensToOrc(TypeDescription type, double dictionaryThreshold) {
        this.type = type;
        this.dictionaryThreshold = dictionaryThreshold;
    }

    void write(RecordBatch[] records, OutputStream out) throws IOException {
        Configuration configuration = new Configuration(false);
        OrcConf.DICTIONARY_KEY_SIZE_THRESHOLD.setDouble(configuration, dictionaryThreshold);
        OrcFile.WriterOptions options =
                OrcFile.writerOptions(configuration)
                        .setSchema(type)
                        .compress(CompressionKind.SNAPPY)
                        .useUTCTimestamp(true);
        options.physicalWriter(
                new PhysicalFsWriter(
                        new FSDataOutputStream(out, null),
                        options,
                        new WriterEncryptionVariant[0]));
        Fields fields = new Fields(type);
        VectorizedRowBatch batch = type.createRowBatch(VectorizedRowBatch.DEFAULT_SIZE);
        batch.reset();
        try (Writer writer = new WriterImpl(null, new Path("tokens"), options)) {
            for (RecordBatch some : records) {
                RecordBatch.Cursor cursor = some.cursor();
                DeliveryRecord record;
                while ((record = cursor.next()) != null) {
                    try (JsonParser tokens =
                            JSON.createParser(record.array(), record.offset(), record.length())) {
                        tokens.nextToken();
                        object(tokens, fields, batch.cols, batch.size++);
                    }
                    if (batch.size == batch.getMaxSize()) {
                        writer.addRowBatch(batch);
                        batch.reset();
                    }
                }
            }
            writer.addRowBatch(batch);
        }
    }

    private static void object(JsonParser tokens, Fields fields, ColumnVector[] columns, int row)
            throws IOException {
        long seen = 0;
        int expected = 0;
        String name;
        while ((name = tokens.nextFieldName()) != null) {
            int place = fields.place(name, expected);
            JsonToken token = tokens.nextToken();
            if (place < 0) {
                tokens.skipChildren();
                continue;
            }
            expected = place + 1;
            if (token == JsonToken.VALUE_NULL) {
                continue;
            }
            seen |= 1L << place;
            value(tokens, token, fields, place, columns[place], row);
        }
        for (int i = 0; i < columns.length; i++) {
            if ((seen >>> i & 1) == 0) {
                columns[i].isNull[row] = true;
                columns[i].noNulls = false;
            }
        }
    }

    private static void value(
            JsonParser tokens,
            JsonToken token,
            Fields fields,
            int place,
            ColumnVector column,
            int row)
            throws IOException {
        switch (fields.types[place].getCategory()) {
            case STRING -> text(tokens, (BytesColumnVector) column, row);
            case INT, LONG -> ((LongColumnVector) column).vector[row] = tokens.getLongValue();
            case DOUBLE -> ((DoubleColumnVector) column).vector[row] = tokens.getDoubleValue();
            case BOOLEAN ->
                    ((LongColumnVector) column).vector[row] = token == JsonToken.VALUE_TRUE ? 1 : 0;
            case TIMESTAMP -> moment(tokens, (TimestampColumnVector) column, row);
            case STRUCT ->
                    object(tokens, fields.within[place], ((StructColumnVector) column).fields, row);
            case LIST -> list(tokens, (ListColumnVector) column, row);
            default -> throw new IllegalArgumentException("no such column: " + fields.types[place]);
        }
    }

    private static void text(JsonParser tokens, BytesColumnVector column, int row)
            throws IOException {
        column.setVal(row, tokens.getText().getBytes(StandardCharsets.UTF_8));
    }

    private static void list(JsonParser tokens, ListColumnVector column, int row)
            throws IOException {
        column.offsets[row] = column.childCount;
        while (tokens.nextToken() != JsonToken.END_ARRAY) {
            column.child.ensureSize(column.childCount + 1, true);
            text(tokens, (BytesColumnVector) column.child, column.childCount++);
        }
        column.lengths[row] = column.childCount - column.offsets[row];
    }

    /** {@code 2026-06-01T00:00:00.000Z}, of one month. */
    private static void moment(JsonParser tokens, TimestampColumnVector column, int row)
            throws IOException {
        char[] text = tokens.getTextCharacters();
        int at = tokens.getTextOffset();
        long day = FIRST_DAY + 10 * (text[at + 8] - '0') + text[at + 9] - '0' - 1;
        long seconds =
                day * 86_400
                        + two(text, at + 11) * 3600L
                        + two(text, at + 14) * 60L
                        + two(text, at + 17);
        int millis = 100 * (text[at + 20] - '0') + two(text, at + 21);
        column.time[row] = seconds * 1000 + millis;
        column.nanos[row] = millis * 1_000_000;
    }

    private static final long FIRST_DAY = LocalDate.of(2026, 6, 1).toEpochDay();

    private static int two(char[] text, int at) {
        return 10 * (text[at] - '0') + text[at + 1] - '0';
    }

    /** The columns that the clickstream has. */
    static TypeDescription type(List<String> columns) {
        return TypeDescription.fromString("struct<" + String.join(",", columns) + ">");
    }
}
