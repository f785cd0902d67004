package io.delivery.record;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * 128 random bits drawn when a stream's journal is created: the same name deleted and created again
 * is another stream.
 */
public record Incarnation(long high, long low) {
    public static final int BYTES = 16;

    /** 32 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }

    public byte[] toByteArray() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    /**
     * The opposite of {@link #hex()}.
     *
     * @throws IllegalArgumentException when the text is not 32 hexadecimal digits
     */
    public static Incarnation parse(String hex) {
        if (hex.length() != 2 * BYTES) {
            throw new IllegalArgumentException(
                    "an incarnation has 32 hexadecimal digits, was " + hex);
        }
        return new Incarnation(
                HexFormat.fromHexDigitsToLong(hex, 0, 16),
                HexFormat.fromHexDigitsToLong(hex, 16, 32));
    }

    @Override
    public String toString() {
        return hex();
    }
}
