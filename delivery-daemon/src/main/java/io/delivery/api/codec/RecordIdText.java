package io.delivery.api.codec;

import io.delivery.record.Incarnation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes the ids of one incarnation's records, the same texts as {@link
 * io.delivery.record.RecordId#encode()}. Neighbours have all but the last byte of their sequence in
 * common: what that makes of the text and of the checksum is kept from one to the next. Not
 * thread-safe.
 */
final class RecordIdText {
    /** Characters of an id: base64 without padding of 28 bytes. */
    static final int CHARACTERS = 38;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final byte[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                    .getBytes(StandardCharsets.US_ASCII);

    /** CRC-32C of one byte: the polynomial of RFC 3720, bits reversed. */
    private static final int[] CHECKSUMS = new int[256];

    static {
        for (int i = 0; i < CHECKSUMS.length; i++) {
            int value = i;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                value = (value & 1) == 0 ? value >>> 1 : value >>> 1 ^ 0x82F63B78;
            }
            CHECKSUMS[i] = value;
        }
    }

    /** Bytes in front of the last one of the sequence. */
    private static final int COMMON_BYTES = Incarnation.BYTES + Long.BYTES - 1;

    /** Characters of the whole groups of three within the common bytes. */
    private static final int COMMON_CHARACTERS = COMMON_BYTES / 3 * 4;

    private final byte[] id = new byte[Incarnation.BYTES + Long.BYTES];
    private final byte[] common = new byte[COMMON_CHARACTERS];
    private long block;
    private boolean known;
    private int checksumOfCommon;

    RecordIdText(Incarnation incarnation) {
        LONGS.set(id, 0, incarnation.high());
        LONGS.set(id, Long.BYTES, incarnation.low());
    }

    /** Writes the id of this sequence, {@value #CHARACTERS} characters. */
    void write(long sequence, byte[] out, int at) {
        if (!known || sequence >>> Byte.SIZE != block) {
            begin(sequence);
        }
        System.arraycopy(common, 0, out, at, COMMON_CHARACTERS);
        int checksum = ~checksum(checksumOfCommon, (int) sequence);
        int end = at + COMMON_CHARACTERS;
        put((int) sequence, out, end);
        put(checksum >>> Byte.SIZE, out, end + 4);
        out[end + 8] = ALPHABET[checksum >>> 2 & 0x3F];
        out[end + 9] = ALPHABET[checksum << 4 & 0x3F];
    }

    /** A sequence whose upper bytes are not those of the one before. */
    private void begin(long sequence) {
        known = true;
        block = sequence >>> Byte.SIZE;
        LONGS.set(id, Incarnation.BYTES, sequence);
        int checksum = -1;
        for (int i = 0; i < COMMON_BYTES; i++) {
            checksum = checksum(checksum, id[i]);
        }
        checksumOfCommon = checksum;
        for (int i = 0, at = 0; at < COMMON_CHARACTERS; i += 3, at += 4) {
            put((id[i] & 0xFF) << 16 | (id[i + 1] & 0xFF) << 8 | id[i + 2] & 0xFF, common, at);
        }
    }

    private static int checksum(int before, int next) {
        return CHECKSUMS[(before ^ next) & 0xFF] ^ before >>> Byte.SIZE;
    }

    /** The lower three bytes as four characters. */
    private static void put(int bytes, byte[] out, int at) {
        out[at] = ALPHABET[bytes >>> 18 & 0x3F];
        out[at + 1] = ALPHABET[bytes >>> 12 & 0x3F];
        out[at + 2] = ALPHABET[bytes >>> 6 & 0x3F];
        out[at + 3] = ALPHABET[bytes & 0x3F];
    }
}
