package io.delivery.record;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The id a producer gets for an accepted record: base64url of incarnation, sequence and a CRC-32C
 * of both, big-endian, without padding. Opaque to clients, decodable by us.
 */
public record RecordId(Incarnation incarnation, long sequence) {
    private static final int BYTES = Incarnation.BYTES + Long.BYTES + Integer.BYTES;

    public String encode() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(toByteArray());
    }

    /** The same bytes, read as one unsigned number, in decimal digits: as functions see it. */
    public String digits() {
        return new BigInteger(1, toByteArray()).toString();
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
