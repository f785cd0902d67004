package io.delivery.testkit.contract;

import io.delivery.record.DeliveryRecord;
import io.delivery.record.SequencedRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes in the middle of an array, with others around them that are nobody's business. */
final class Embedded {
    /** What may stand around a record: all of it means something to a parser. */
    static final byte[] AROUND = {'{', '}', '"', '|', ',', '\n', ' ', '9', '\\', 0, (byte) 0xFF};

    private static final int MARGIN = 5;

    private final byte[] array;
    private final int length;

    private Embedded(byte[] bytes, byte around) {
        this.length = bytes.length;
        this.array = new byte[bytes.length + 2 * MARGIN];
        Arrays.fill(array, around);
        System.arraycopy(bytes, 0, array, MARGIN, bytes.length);
    }

    static Embedded of(byte[] bytes, byte around) {
        return new Embedded(bytes, around);
    }

    static Embedded of(String text) {
        return new Embedded(text.getBytes(StandardCharsets.UTF_8), (byte) '9');
    }

    DeliveryRecord record(long arrivalMillis) {
        return new DeliveryRecord().at(array, MARGIN, length, arrivalMillis);
    }

    /** Points this view at the bytes. */
    SequencedRecord at(SequencedRecord view, long sequence, long arrivalMillis) {
        return view.at(sequence, 0, true, array, MARGIN, length, arrivalMillis);
    }

    byte[] copyOfArray() {
        return array.clone();
    }

    boolean isStill(byte[] copy) {
        return Arrays.equals(array, copy);
    }

    /** The memory is used for something else. */
    void overwrite() {
        Arrays.fill(array, (byte) '?');
    }
}
