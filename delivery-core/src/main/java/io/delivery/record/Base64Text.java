package io.delivery.record;

import java.nio.charset.StandardCharsets;

/**
 * Base64 with padding (RFC 4648, section 4), written from a piece of one array straight into
 * another, which the JDK's encoder does not do.
 */
public final class Base64Text {
    private static final byte[] LETTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
                    .getBytes(StandardCharsets.US_ASCII);

    private Base64Text() {}

    /** How many letters so many bytes become. */
    public static long length(long bytes) {
        return 4 * ((bytes + 2) / 3);
    }

    /**
     * Writes the letters of {@code count} bytes, {@link #length} of them.
     *
     * @param to has room for them from {@code at} on
     * @return where the next byte goes
     */
    public static int write(byte[] from, int offset, int count, byte[] to, int at) {
        int read = offset;
        int written = at;
        int end = offset + count / 3 * 3;
        while (read < end) {
            int three =
                    (from[read] & 0xFF) << 16
                            | (from[read + 1] & 0xFF) << 8
                            | from[read + 2] & 0xFF;
            to[written] = LETTERS[three >> 18];
            to[written + 1] = LETTERS[three >> 12 & 0x3F];
            to[written + 2] = LETTERS[three >> 6 & 0x3F];
            to[written + 3] = LETTERS[three & 0x3F];
            read += 3;
            written += 4;
        }
        switch (count % 3) {
            case 1 -> {
                int one = from[read] & 0xFF;
                to[written++] = LETTERS[one >> 2];
                to[written++] = LETTERS[one << 4 & 0x3F];
                to[written++] = '=';
                to[written++] = '=';
            }
            case 2 -> {
                int two = (from[read] & 0xFF) << 8 | from[read + 1] & 0xFF;
                to[written++] = LETTERS[two >> 10];
                to[written++] = LETTERS[two >> 4 & 0x3F];
                to[written++] = LETTERS[two << 2 & 0x3F];
                to[written++] = '=';
            }
            default -> {}
        }
        return written;
    }
}
