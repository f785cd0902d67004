package io.delivery.orc;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.Field;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import io.delivery.format.RowBuffer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Rows of a table that chance makes. Values are of the types that {@code OrcContent} reads.
 *
 * @param types of the columns
 * @param values by row and column
 */
record RandomRows(List<ColumnType> types, List<List<Object>> values) {
    private static final int MAX_DEPTH = 3;
    private static final String[] TEXTS = {"", "a", "gr\u00fc\u00df", "\ud83d\ude00", "0 1", "x|y"};
    private static final double[] REALS = {
        0.0, -0.0, 1.5, -2.25, Float.MAX_VALUE, Float.MIN_VALUE, Double.NaN, 1.0 / 0, -1.0 / 0
    };
    private static final long[] WHOLES = {
        0,
        1,
        -1,
        127,
        -128,
        32767,
        -32768,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    static RandomRows of(Random random, int rows) {
        List<ColumnType> types = new ArrayList<>();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            types.add(type(random, 0));
        }
        List<List<Object>> values = new ArrayList<>();
        int nullShare = random.nextInt(4);
        for (int i = 0; i < rows; i++) {
            List<Object> row = new ArrayList<>();
            types.forEach(type -> row.add(value(type, random, nullShare)));
            values.add(row);
        }
        return new RandomRows(types, values);
    }

    private static ColumnType type(Random random, int depth) {
        int kind = random.nextInt(depth < MAX_DEPTH ? 9 : 6);
        return switch (kind) {
            case 0, 1, 2 -> Primitive.values()[random.nextInt(Primitive.values().length)];
            case 3 -> {
                int precision = 1 + random.nextInt(DecimalType.MAX_PRECISION);
                yield new DecimalType(precision, random.nextInt(precision + 1));
            }
            case 4 -> new CharType(1 + random.nextInt(10));
            case 5 -> new VarcharType(1 + random.nextInt(10));
            case 6 -> new ArrayType(type(random, depth + 1));
            case 7 -> new MapType(Primitive.STRING, type(random, depth + 1));
            default ->
                    new StructType(
                            IntStream.rangeClosed(0, random.nextInt(3))
                                    .mapToObj(i -> new Field("f" + i, type(random, depth + 1)))
                                    .toList());
        };
    }

    private static Object value(ColumnType type, Random random, int nullShare) {
        if (random.nextInt(10) < nullShare) {
            return null;
        }
        return type.accept(new Values(random, nullShare));
    }

    private record Values(Random random, int nullShare) implements ColumnType.Visitor<Object> {
        @Override
        public Object primitive(Primitive type) {
            return switch (type) {
                case BOOLEAN -> random.nextBoolean();
                case TINYINT -> (long) (byte) whole();
                case SMALLINT -> (long) (short) whole();
                case INT -> (long) (int) whole();
                case BIGINT -> whole();
                case FLOAT -> Double.valueOf(Float.toString((float) real()));
                case DOUBLE -> real();
                case STRING -> text();
                case DATE -> LocalDate.ofEpochDay(random.nextInt(3_600_000) - 719_162);
                case TIMESTAMP -> moment();
                case BINARY -> HexFormat.of().formatHex(text().getBytes(StandardCharsets.UTF_8));
            };
        }

        /** Years 1 to 9999, to the microsecond; not in the second that ORC cannot keep. */
        private Instant moment() {
            long seconds = (long) (random.nextDouble() * 315_000_000_000L) - 62_135_596_800L;
            return Instant.ofEpochSecond(
                    seconds == -1 ? 0 : seconds, random.nextInt(1_000_000) * 1000L);
        }

        private long whole() {
            return random.nextBoolean()
                    ? WHOLES[random.nextInt(WHOLES.length)]
                    : random.nextLong() >> random.nextInt(64);
        }

        private double real() {
            return random.nextBoolean()
                    ? REALS[random.nextInt(REALS.length)]
                    : random.nextGaussian() * 1e6;
        }

        private String text() {
            return TEXTS[random.nextInt(TEXTS.length)] + random.nextInt(50);
        }

        @Override
        public Object decimal(DecimalType type) {
            BigInteger most = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
            BigInteger unscaled =
                    switch (random.nextInt(4)) {
                        case 0 -> most;
                        case 1 -> most.negate();
                        case 2 -> BigInteger.ZERO;
                        default -> new BigInteger(most.bitLength() + 8, random).mod(most);
                    };
            return new BigDecimal(unscaled, type.scale());
        }

        /** Without blanks at the end, which readers cut off. */
        @Override
        public Object character(CharType type) {
            return "abcdefghij".substring(0, random.nextInt(type.length() + 1));
        }

        @Override
        public Object varchar(VarcharType type) {
            return "klmnopqrst".substring(0, random.nextInt(type.length() + 1));
        }

        @Override
        public Object array(ArrayType type) {
            List<Object> elements = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                elements.add(value(type.element(), random, nullShare));
            }
            return elements;
        }

        @Override
        public Object map(MapType type) {
            Map<Object, Object> entries = new LinkedHashMap<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                entries.put("k" + i, value(type.value(), random, nullShare));
            }
            return entries;
        }

        @Override
        public Object struct(StructType type) {
            Map<Object, Object> fields = new LinkedHashMap<>();
            type.fields().forEach(f -> fields.put(f.name(), value(f.type(), random, nullShare)));
            return fields;
        }
    }

    /** As a decoder would. */
    void put(List<Object> row, RowBuffer into) {
        int first = into.addRow(types.size());
        for (int i = 0; i < types.size(); i++) {
            put(types.get(i), row.get(i), into, first + i);
        }
    }

    private static void put(ColumnType type, Object value, RowBuffer into, int slot) {
        if (value == null) {
            into.setNull(slot);
        } else if (value instanceof Boolean flag) {
            into.setNumber(slot, flag ? 1 : 0);
        } else if (value instanceof Long number) {
            into.setNumber(slot, number);
        } else if (value instanceof Double number) {
            into.setReal(slot, number);
        } else if (value instanceof LocalDate day) {
            into.setNumber(slot, day.toEpochDay());
        } else if (value instanceof Instant moment) {
            into.setTimestamp(slot, moment.getEpochSecond(), moment.getNano());
        } else if (value instanceof BigDecimal decimal) {
            bytes(unscaled(decimal, ((DecimalType) type).byteWidth()), into, slot);
        } else if (value instanceof String text) {
            bytes(
                    type == Primitive.BINARY
                            ? HexFormat.of().parseHex(text)
                            : text.getBytes(StandardCharsets.UTF_8),
                    into,
                    slot);
        } else if (type instanceof StructType struct) {
            Map<?, ?> fields = (Map<?, ?>) value;
            int first = into.allocate(fields.size());
            into.setFirst(slot, first);
            for (int i = 0; i < fields.size(); i++) {
                Field field = struct.fields().get(i);
                put(field.type(), fields.get(field.name()), into, first + i);
            }
        } else {
            elements(type, value, into, slot);
        }
    }

    private static void elements(ColumnType type, Object value, RowBuffer into, int slot) {
        into.setFirst(slot, -1);
        int last = -1;
        List<List<Object>> parts =
                value instanceof Map<?, ?> map
                        ? map.entrySet().stream()
                                .map(e -> Arrays.<Object>asList(e.getKey(), e.getValue()))
                                .toList()
                        : ((List<?>) value).stream().map(e -> Arrays.<Object>asList(e)).toList();
        for (List<Object> part : parts) {
            int element = into.allocate(part.size());
            if (type instanceof MapType map) {
                put(map.key(), part.get(0), into, element);
                put(map.value(), part.get(1), into, element + 1);
            } else {
                put(((ArrayType) type).element(), part.get(0), into, element);
            }
            if (last < 0) {
                into.setFirst(slot, element);
            } else {
                into.setNext(last, element);
            }
            last = element;
        }
    }

    private static void bytes(byte[] bytes, RowBuffer into, int slot) {
        into.setBytes(slot, bytes, 0, bytes.length);
    }

    private static byte[] unscaled(BigDecimal decimal, int width) {
        byte[] shortest = decimal.unscaledValue().toByteArray();
        byte[] bytes = new byte[width];
        Arrays.fill(bytes, (byte) (decimal.signum() < 0 ? -1 : 0));
        System.arraycopy(shortest, 0, bytes, width - shortest.length, shortest.length);
        return bytes;
    }
}
