package io.delivery.junit.child;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values as bytes: null, Boolean, Long, Double, BigInteger, BigDecimal, String, byte[], LocalDate,
 * Instant, and lists and maps of them. An Integer becomes a Long; the order of maps is kept.
 */
final class Wire {
    private static final int NOTHING = 0;
    private static final int FALSE = 1;
    private static final int TRUE = 2;
    private static final int LONG = 3;
    private static final int DOUBLE = 4;
    private static final int INTEGER = 5;
    private static final int DECIMAL = 6;
    private static final int TEXT = 7;
    private static final int BYTES = 8;
    private static final int DATE = 9;
    private static final int INSTANT = 10;
    private static final int LIST = 11;
    private static final int MAP = 12;

    private Wire() {}

    /**
     * @throws IllegalArgumentException when there is a value of another type in it
     */
    static void write(DataOutputStream out, Object value) throws IOException {
        if (value == null) {
            out.writeByte(NOTHING);
        } else if (value instanceof Boolean flag) {
            out.writeByte(flag ? TRUE : FALSE);
        } else if (value instanceof Integer || value instanceof Long) {
            out.writeByte(LONG);
            out.writeLong(((Number) value).longValue());
        } else if (value instanceof Double number) {
            out.writeByte(DOUBLE);
            out.writeDouble(number);
        } else if (value instanceof BigInteger number) {
            bytes(out, INTEGER, number.toByteArray());
        } else if (value instanceof BigDecimal number) {
            bytes(out, DECIMAL, number.toString().getBytes(UTF_8));
        } else if (value instanceof String text) {
            bytes(out, TEXT, text.getBytes(UTF_8));
        } else if (value instanceof byte[] bytes) {
            bytes(out, BYTES, bytes);
        } else if (value instanceof LocalDate date) {
            out.writeByte(DATE);
            out.writeLong(date.toEpochDay());
        } else if (value instanceof Instant instant) {
            out.writeByte(INSTANT);
            out.writeLong(instant.getEpochSecond());
            out.writeInt(instant.getNano());
        } else if (value instanceof Collection<?> list) {
            out.writeByte(LIST);
            out.writeInt(list.size());
            for (Object element : list) {
                write(out, element);
            }
        } else if (value instanceof Map<?, ?> map) {
            out.writeByte(MAP);
            out.writeInt(map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                write(out, entry.getKey());
                write(out, entry.getValue());
            }
        } else {
            throw new IllegalArgumentException("no value of these: " + value.getClass());
        }
    }

    private static void bytes(DataOutputStream out, int type, byte[] bytes) throws IOException {
        out.writeByte(type);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * @throws IOException when the bytes end too early or are none of these values
     */
    static Object read(DataInputStream in) throws IOException {
        int type = in.readUnsignedByte();
        return switch (type) {
            case NOTHING -> null;
            case FALSE -> false;
            case TRUE -> true;
            case LONG -> in.readLong();
            case DOUBLE -> in.readDouble();
            case INTEGER -> new BigInteger(bytes(in));
            case DECIMAL -> new BigDecimal(new String(bytes(in), UTF_8));
            case TEXT -> new String(bytes(in), UTF_8);
            case BYTES -> bytes(in);
            case DATE -> LocalDate.ofEpochDay(in.readLong());
            case INSTANT -> Instant.ofEpochSecond(in.readLong(), in.readInt());
            case LIST -> {
                List<Object> list = new ArrayList<>();
                for (int left = in.readInt(); left > 0; left--) {
                    list.add(read(in));
                }
                yield list;
            }
            case MAP -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                for (int left = in.readInt(); left > 0; left--) {
                    map.put(read(in), read(in));
                }
                yield map;
            }
            default -> throw new IOException("no value begins with the byte " + type);
        };
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("%d bytes of %d".formatted(bytes.length, length));
        }
        return bytes;
    }
}
