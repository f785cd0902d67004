package io.delivery.partition;

import io.delivery.record.Incarnation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Where the random parts of one object's key come from: a SHA-256 hash of all that names the
 * object. The same object gets the same key however often it is computed, and no other object gets
 * it: not one of a recreated stream (incarnation), a second instance or a copied data directory
 * (salt).
 *
 * @param salt the 64 random bits of the lane's present owner
 * @param lane name of the lane
 * @param rangeStart first sequence of the range the object is made of
 * @param number number of the object in that range
 */
public record KeySalt(
        Incarnation incarnation, long salt, String lane, long rangeStart, int number) {
    /** No expression of a prefix stands there. */
    private static final int NAME_POSITION = -1;

    private static final int RANDOM_STRING_LENGTH = 11;

    /** The UUID in the object's name: lower case, with hyphens, version 4. */
    public String uuid() {
        return uuid(NAME_POSITION);
    }

    /**
     * The value of a {@code !{firehose:random-string}}: 11 characters like the first of a UUID.
     *
     * @param position of the expression in its prefix, from 0; each has a value of its own
     */
    public String randomString(int position) {
        return uuid(position).substring(0, RANDOM_STRING_LENGTH);
    }

    private String uuid(int position) {
        ByteBuffer hash = ByteBuffer.wrap(hash(position));
        // Version 4 and the variant of RFC 9562: readers that check a UUID find a random one.
        long high = hash.getLong() & ~0xF000L | 0x4000L;
        long low = hash.getLong() & ~(3L << 62) | 1L << 63;
        return new java.util.UUID(high, low).toString();
    }

    private byte[] hash(int position) {
        byte[] laneName = lane.getBytes(StandardCharsets.UTF_8);
        ByteBuffer input =
                ByteBuffer.allocate(
                        Incarnation.BYTES + 2 * Long.BYTES + 2 * Integer.BYTES + laneName.length);
        input.putLong(incarnation.high()).putLong(incarnation.low()).putLong(salt);
        input.putLong(rangeStart).putInt(number).putInt(position).put(laneName);
        try {
            return MessageDigest.getInstance("SHA-256").digest(input.array());
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
