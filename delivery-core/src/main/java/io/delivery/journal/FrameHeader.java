package io.delivery.journal;

import io.delivery.crypt.FileCipher;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The 48 bytes in front of a frame's payload: {@code docs/formats/journal.md}, "Frame". One
 * instance is filled again for frame after frame. Used by one thread at a time.
 */
final class FrameHeader {
    static final int BYTES = 48;
    static final int ALIGNMENT = 16;

    /** The largest payload whose frame still has a length that an {@code int} holds. */
    static final int MAX_PAYLOAD = Integer.MAX_VALUE - 2 * BYTES;

    static final byte RECORDS = 1;
    static final byte DURABLE_MARK = 2;

    /** Records whose payload is encrypted; unknown to programs before format 2 of segments. */
    static final byte ENCRYPTED_RECORDS = 3;

    /** Bytes of {@link #bound}. */
    static final int BOUND_BYTES = 40;

    private static final short SIGN = (short) 0xF1DE;
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    private final CRC32C crc = new CRC32C();

    /** The segment's identity, then the header without its checksum: what the checksum covers. */
    private final byte[] checked = new byte[SegmentId.SEED_BYTES + BYTES - Integer.BYTES];

    byte kind;
    int length;
    int count;
    long firstSequence;
    long arrivalMillis;

    /** Everything below was known to be synced when the frame was written. */
    long durableUpTo;

    int payloadChecksum;

    /** The number of the data key that the payload is encrypted with; 0 when it is not. */
    int key;

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    FrameHeader(SegmentId id) {
        of(id);
    }

    /** Goes over to frames of another segment. */
    void of(SegmentId id) {
        System.arraycopy(id.seed(), 0, checked, 0, SegmentId.SEED_BYTES);
    }

    /** Bytes that a frame with this payload takes, padding included. */
    static long frameBytes(int payloadLength) {
        return (BYTES + (long) payloadLength + ALIGNMENT - 1) & -ALIGNMENT;
    }

    static int checksum(byte[] payload, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(payload, offset, length);
        return (int) crc.getValue();
    }

    /** Whether its payload is encrypted. */
    boolean isEncrypted() {
        return kind == ENCRYPTED_RECORDS;
    }

    /** Bytes of the records and their lengths, however the payload is kept. */
    int recordsLength() {
        return isEncrypted() ? length - FileCipher.TAG_BYTES : length;
    }

    /** Makes this the header of the same records, encrypted. */
    void seal(int withKey, int sealedLength) {
        kind = ENCRYPTED_RECORDS;
        key = withKey;
        length = sealedLength;
    }

    /** Puts what an encrypted payload is bound to: the header but for its checksums. */
    void bound(byte[] target) {
        fill();
        System.arraycopy(checked, SegmentId.SEED_BYTES, target, 0, 36);
        System.arraycopy(checked, SegmentId.SEED_BYTES + 40, target, 36, Integer.BYTES);
    }

    /** The sequence behind the frame's last record. */
    long end() {
        return firstSequence + count;
    }

    /** Makes this the header of an empty frame that says what is durable. */
    void markDurable(long durableEnd) {
        kind = DURABLE_MARK;
        length = 0;
        count = 0;
        firstSequence = durableEnd;
        arrivalMillis = 0;
        durableUpTo = durableEnd;
        payloadChecksum = 0;
        key = 0;
    }

    /** Takes everything over from another segment's frame, but what was known to be durable. */
    void copyOf(FrameHeader other, long durableEnd) {
        kind = other.kind;
        length = other.length;
        count = other.count;
        firstSequence = other.firstSequence;
        arrivalMillis = other.arrivalMillis;
        durableUpTo = durableEnd;
        payloadChecksum = other.payloadChecksum;
        key = other.key;
    }

    /** Puts the header into a little-endian buffer. */
    void writeTo(ByteBuffer target) {
        fill();
        target.putInt(checksum());
        target.put(checked, SegmentId.SEED_BYTES, BYTES - Integer.BYTES);
    }

    private void fill() {
        int at = SegmentId.SEED_BYTES - Integer.BYTES; // so that the offsets below are the format's
        SHORT.set(checked, at + 4, SIGN);
        checked[at + 6] = kind;
        checked[at + 7] = 0;
        INT.set(checked, at + 8, length);
        INT.set(checked, at + 12, count);
        LONG.set(checked, at + 16, firstSequence);
        LONG.set(checked, at + 24, arrivalMillis);
        LONG.set(checked, at + 32, durableUpTo);
        INT.set(checked, at + 40, payloadChecksum);
        INT.set(checked, at + 44, key);
    }

    /** Reads a header. False when there is none of this segment; the fields are undefined then. */
    boolean readFrom(byte[] bytes, int offset) {
        // The cheap comparisons come first, because a scan behind a bad stretch reads a header at
        // every 16th byte.
        if ((short) SHORT.get(bytes, offset + 4) != SIGN) {
            return false;
        }
        System.arraycopy(
                bytes,
                offset + Integer.BYTES,
                checked,
                SegmentId.SEED_BYTES,
                BYTES - Integer.BYTES);
        if ((int) INT.get(bytes, offset) != checksum()) {
            return false;
        }
        kind = bytes[offset + 6];
        length = (int) INT.get(bytes, offset + 8);
        count = (int) INT.get(bytes, offset + 12);
        firstSequence = (long) LONG.get(bytes, offset + 16);
        arrivalMillis = (long) LONG.get(bytes, offset + 24);
        durableUpTo = (long) LONG.get(bytes, offset + 32);
        payloadChecksum = (int) INT.get(bytes, offset + 40);
        key = (int) INT.get(bytes, offset + 44);
        return switch (kind) {
            case RECORDS -> count > 0 && length > 0 && length <= MAX_PAYLOAD;
            case ENCRYPTED_RECORDS ->
                    count > 0 && length > FileCipher.TAG_BYTES && length <= MAX_PAYLOAD && key > 0;
            case DURABLE_MARK -> count == 0 && length == 0;
            default -> false;
        };
    }

    private int checksum() {
        crc.reset();
        crc.update(checked, 0, checked.length);
        return (int) crc.getValue();
    }
}
