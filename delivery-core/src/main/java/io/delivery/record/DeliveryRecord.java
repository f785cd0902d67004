package io.delivery.record;

import java.nio.charset.StandardCharsets;

/**
 * A view of one record: opaque bytes and the time of their arrival. The bytes belong to somebody
 * else; the view is valid until its owner moves it on, so whoever keeps a record copies it.
 */
public class DeliveryRecord {
    private byte[] array = new byte[0];
    private int offset;
    private int length;
    private long arrivalMillis;

    /** Points this view at other bytes. */
    public final DeliveryRecord at(byte[] array, int offset, int length, long arrivalMillis) {
        this.array = array;
        this.offset = offset;
        this.length = length;
        this.arrivalMillis = arrivalMillis;
        return this;
    }

    /** The array that holds the bytes, beginning at {@link #offset()}. Not to be changed. */
    public final byte[] array() {
        return array;
    }

    public final int offset() {
        return offset;
    }

    /** Length in bytes, 0 to 1,024,000 as it was put; a transformed record may be longer. */
    public final int length() {
        return length;
    }

    /** Wall clock when the frame was built, milliseconds since the epoch. */
    public final long arrivalMillis() {
        return arrivalMillis;
    }

    /** A copy of the bytes. */
    public final byte[] toByteArray() {
        return java.util.Arrays.copyOfRange(array, offset, offset + length);
    }

    /** The bytes read as UTF-8: for tests and messages. */
    public final String toUtf8() {
        return new String(array, offset, length, StandardCharsets.UTF_8);
    }
}
