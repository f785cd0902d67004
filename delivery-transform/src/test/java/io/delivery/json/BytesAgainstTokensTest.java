package io.delivery.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.DecoderOptions;
import io.delivery.format.RecordDecoder;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.format.TextCopies;
import io.delivery.format.UnknownFields;
import io.delivery.record.Attempts;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordFailedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Records and tables that chance makes are read from bytes and from tokens: the same rows, the same
 * failures, the same counts of unknown fields.
 *
 * <p>{@code -Ddecoder.records=N} reads N records; {@code -Ddecoder.seed=N} begins with another
 * seed. A failure names its seed; with {@code -Ddecoder.records=100} it is the only one.
 */
class BytesAgainstTokensTest {
    private static final int RECORDS_OF_A_TABLE = 100;
    private static final long RECORDS = Long.getLong("decoder.records", 20_000);
    private static final long FIRST_SEED = Long.getLong("decoder.seed", 1);

    private long fromBytes;
    private long converted;

    @Test
    void bytes_and_tokens_say_the_same_of_records_that_chance_makes() {
        long tables = Math.max(1, RECORDS / RECORDS_OF_A_TABLE);

        for (long seed = FIRST_SEED; seed < FIRST_SEED + tables; seed++) {
            compare(seed);
        }

        System.out.printf(
                "%d records from seed %d on: %d converted, %d of them from bytes%n",
                tables * RECORDS_OF_A_TABLE, FIRST_SEED, converted, fromBytes);
        if (tables >= 100) {
            assertThat(fromBytes).isGreaterThan(converted / 2);
            assertThat(converted).isGreaterThan(tables * RECORDS_OF_A_TABLE / 3);
        }
    }

    /**
     * What a decoder says of a record.
     *
     * @param failure empty when there are rows
     */
    private record Outcome(RowBuffer rows, String failure) {}

    private void compare(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomTable table = RandomTable.of(random);
        TableSchema schema = table.schema();
        DecoderOptions options = table.options();
        RandomRecord records = new RandomRecord(random, schema);
        TokenDecoder tokens = new TokenDecoder(schema, options);
        JsonRecordDecoder bytes = new JsonRecordDecoder(schema, options);
        JsonRecordDecoder always =
                new JsonRecordDecoder(schema, options, new Attempts(Integer.MAX_VALUE));
        JsonRecordDecoder usual = new JsonRecordDecoder(schema, options);
        RowBuffer[] rows = buffers(seed);
        for (int i = 0; i < RECORDS_OF_A_TABLE; i++) {
            byte[] text = records.next();
            DeliveryRecord record = placed(random, text);
            int number = i;
            Supplier<String> what =
                    () ->
                            "seed %d, record %d of %s with %s: %s"
                                    .formatted(
                                            seed,
                                            number,
                                            schema,
                                            options,
                                            HexFormat.of().formatHex(text));
            Outcome right = outcome(tokens, record, rows[0]);
            requireSame(right, outcome(always, record, rows[1]), schema, what);
            requireSame(right, outcome(usual, record, rows[2]), schema, what);
            if (bytes.readBytes(record, rows[3])) {
                requireSame(right, new Outcome(rows[3], ""), schema, what);
                fromBytes++;
            }
            converted += right.failure.isEmpty() ? 1 : 0;
        }
        Map<String, Long> right = counts(tokens);
        assertThat(counts(always)).as("seed %d", seed).isEqualTo(right);
        assertThat(counts(usual)).as("seed %d", seed).isEqualTo(right);
    }

    /** Some of them have so little room that records do not fit. */
    private static RowBuffer[] buffers(long seed) {
        long room = seed % 4 == 0 ? 20 + seed % 100 : TextCopies.ONE.rowBytes();
        return Stream.generate(() -> new RowBuffer(room)).limit(4).toArray(RowBuffer[]::new);
    }

    /** Somewhere in a larger array, in the middle of what others have or at its end. */
    private static DeliveryRecord placed(SplittableRandom random, byte[] record) {
        byte[] around = "\"}]{[,: 0\\\u00e9".getBytes(StandardCharsets.UTF_8);
        int offset = random.nextInt(20);
        byte[] array = new byte[offset + record.length + random.nextInt(2) * 20];
        for (int i = 0; i < array.length; i++) {
            array[i] = around[random.nextInt(around.length)];
        }
        System.arraycopy(record, 0, array, offset, record.length);
        return new DeliveryRecord().at(array, offset, record.length, 1_780_272_000_000L);
    }

    private static Outcome outcome(RecordDecoder decoder, DeliveryRecord record, RowBuffer rows) {
        try {
            decoder.decode(record, rows);
            decoder.written();
            return new Outcome(rows, "");
        } catch (RecordFailedException reason) {
            return new Outcome(rows, reason.failure().toString());
        }
    }

    private static Map<String, Long> counts(RecordDecoder decoder) {
        Map<String, Long> counts = new TreeMap<>();
        decoder.report(
                new UnknownFields() {
                    @Override
                    public void seen(String name, long count) {
                        counts.merge(name, count, Long::sum);
                    }

                    @Override
                    public void superseded(String name, long count) {
                        counts.merge("superseded: " + name, count, Long::sum);
                    }
                });
        return counts;
    }

    private static void requireSame(
            Outcome right, Outcome other, TableSchema table, Supplier<String> what) {
        if (!right.failure.equals(other.failure)) {
            throw new AssertionError(
                    what.get() + "; tokens: " + right.failure + "; bytes: " + other.failure);
        }
        if (!right.failure.isEmpty()) {
            return;
        }
        RowBuffer a = right.rows;
        RowBuffer b = other.rows;
        if (a.rowCount() != b.rowCount()) {
            throw new AssertionError(what.get() + "; rows: " + a.rowCount() + ", " + b.rowCount());
        }
        for (int row = 0; row < a.rowCount(); row++) {
            for (int i = 0; i < table.columns().size(); i++) {
                ColumnType type = table.columns().get(i).type();
                int one = a.row(row) + i;
                int two = b.row(row) + i;
                if (!same(type, a, one, b, two)) {
                    throw new AssertionError(
                            "%s; row %d, column %d; tokens: %s; bytes: %s"
                                    .formatted(
                                            what.get(),
                                            row,
                                            i,
                                            RowText.of(type, a, one),
                                            RowText.of(type, b, two)));
                }
            }
        }
    }

    /** Whether two values are the same to the last bit. */
    private static boolean same(ColumnType type, RowBuffer a, int one, RowBuffer b, int two) {
        if (a.isNull(one) || b.isNull(two)) {
            return a.isNull(one) && b.isNull(two);
        }
        if (type instanceof StructType struct) {
            int count = struct.fields().size();
            for (int i = 0; i < count; i++) {
                ColumnType field = struct.fields().get(i).type();
                if (!same(field, a, a.first(one) + i, b, b.first(two) + i)) {
                    return false;
                }
            }
            return true;
        }
        if (type instanceof ArrayType || type instanceof MapType) {
            int left = a.first(one);
            int right = b.first(two);
            for (; left >= 0 && right >= 0; left = a.next(left), right = b.next(right)) {
                boolean part =
                        type instanceof MapType map
                                ? same(map.key(), a, left, b, right)
                                        && same(map.value(), a, left + 1, b, right + 1)
                                : same(((ArrayType) type).element(), a, left, b, right);
                if (!part) {
                    return false;
                }
            }
            return left == right;
        }
        if (type == Primitive.TIMESTAMP) {
            return a.number(one) == b.number(two) && a.extra(one) == b.extra(two);
        }
        boolean isNumber =
                type instanceof Primitive && type != Primitive.STRING && type != Primitive.BINARY;
        return isNumber
                ? a.number(one) == b.number(two)
                : Arrays.equals(
                        a.bytes(),
                        a.offset(one),
                        a.offset(one) + a.extra(one),
                        b.bytes(),
                        b.offset(two),
                        b.offset(two) + b.extra(two));
    }
}
