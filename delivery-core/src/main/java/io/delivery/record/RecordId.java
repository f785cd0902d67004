package io.delivery.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The id a producer gets for an accepted record: base64url of incarnation, sequence and a CRC-32C
 * of both, big-endian, without padding. Opaque to clients, decodable by us.
 */
public record RecordId(Incarnation incarnation, long sequence) {
    private static final int BYTES = Incarnation.BYTES + Long.BYTES + Integer.BYTES;

    /** Of 2^224 - 1. */
    private static final int MOST_DIGITS = 68;

    private static final int DIGITS_AT_A_TIME = 9;
    private static final long BILLION = 1_000_000_000;

    public String encode() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(toByteArray());
    }

    /** The same bytes, read as one unsigned number, in decimal digits: as functions see it. */
    public String digits() {
        ByteBuffer bytes = ByteBuffer.wrap(toByteArray());
        int[] words = new int[BYTES / Integer.BYTES];
        for (int i = 0; i < words.length; i++) {
            words[i] = bytes.getInt();
        }
        byte[] digits = new byte[MOST_DIGITS];
        int start = digits.length;
        for (int end = digits.length; end > 0; end -= DIGITS_AT_A_TIME) {
            int rest = divide(words);
            for (int i = end - 1; i >= Math.max(0, end - DIGITS_AT_A_TIME); i--) {
                digits[i] = (byte) ('0' + rest % 10);
                rest /= 10;
                if (digits[i] != '0') {
                    start = i;
                }
            }
        }
        start = Math.min(start, digits.length - 1); // zero has one digit
        return new String(digits, start, digits.length - start, StandardCharsets.ISO_8859_1);
    }

    /** Divides a number, its first word first, by 10^9; returns the remainder. */
    private static int divide(int[] words) {
        long rest = 0;
        for (int i = 0; i < words.length; i++) {
            long part = rest << Integer.SIZE | words[i] & 0xFFFF_FFFFL;
            words[i] = (int) (part / BILLION);
            rest = part % BILLION;
        }
        return (int) rest;
    }

    private byte[] toByteArray() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(incarnation.high()).putLong(incarnation.low()).putLong(sequence);
        bytes.putInt(checksum(bytes.array()));
        return bytes.array();
    }

    /** Reads an id; empty when it is not one of ours. */
    public static Optional<RecordId> decode(String id) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(id);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        if (bytes.length != BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        RecordId read = new RecordId(new Incarnation(in.getLong(), in.getLong()), in.getLong());
        return in.getInt() == checksum(bytes) ? Optional.of(read) : Optional.empty();
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, Incarnation.BYTES + Long.BYTES);
        return (int) crc.getValue();
    }
}
