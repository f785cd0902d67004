package io.delivery.split;

import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses gzip (RFC 1952) in memory: one member or several, one behind the other, and nothing
 * else. Headers, checksums and lengths must be right. Not thread-safe.
 *
 * <p>What comes out is bounded, so that a few bytes cannot fill the memory.
 */
final class Gunzip {
    /** Bytes that one record may become: 16 times the longest that can be put. */
    static final int MOST_BYTES = 16 << 20;

    /** So many bytes may come of any record, however small. */
    static final int ALWAYS_BYTES = 1 << 20;

    /** Beyond that, times the compressed bytes: log events reach a tenth of it. */
    static final int MOST_TIMES = 250;

    private static final int HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int FLAG_HEADER_CRC = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;
    private static final int RESERVED_FLAGS = 0xe0;

    /** An array that is larger than this is not kept for the next record. */
    private static final int KEPT_BYTES = 1 << 20;

    private static final int FIRST_BYTES = 8 << 10;

    private final CRC32 crc = new CRC32();
    private byte[] out = new byte[FIRST_BYTES];
    private int length;
    private int most;

    private byte[] in;
    private int at;
    private int end;

    /** The bytes are no gzip, or something is behind it. */
    static final class NotGzipException extends Exception {
        private static final long serialVersionUID = 1L;

        NotGzipException() {
            super("not gzip", null, false, false);
        }
    }

    /** More comes out than may. */
    static final class TooLargeException extends Exception {
        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("too large", null, false, false);
        }
    }

    /**
     * Decompresses these bytes; {@link #array} and {@link #length} have what came out. The array
     * belongs to the caller until the next call.
     */
    void decompress(byte[] array, int offset, int count)
            throws NotGzipException, TooLargeException {
        in = array;
        at = offset;
        end = offset + count;
        length = 0;
        most = (int) Math.min(MOST_BYTES, Math.max(ALWAYS_BYTES, (long) MOST_TIMES * count));
        Inflater inflater = new Inflater(true);
        try {
            do {
                passHeader();
                inflater.reset();
                inflate(inflater);
            } while (at < end);
        } catch (DataFormatException damaged) {
            throw new NotGzipException();
        } finally {
            inflater.end();
            in = null;
        }
    }

    /** The decompressed bytes begin at its first. */
    byte[] array() {
        return out;
    }

    int length() {
        return length;
    }

    /** Nobody but the caller needs the array any more, when it is a large one. */
    void release() {
        if (out.length > KEPT_BYTES) {
            out = new byte[FIRST_BYTES];
        }
    }

    private void passHeader() throws NotGzipException {
        int begin = at;
        require(end - at >= HEADER_BYTES + TRAILER_BYTES);
        require(unsigned(at) == 0x1f && unsigned(at + 1) == 0x8b && unsigned(at + 2) == 8);
        int flags = unsigned(at + 3);
        require((flags & RESERVED_FLAGS) == 0);
        at += HEADER_BYTES;
        if ((flags & FLAG_EXTRA) != 0) {
            require(end - at >= 2);
            int extra = unsigned(at) | unsigned(at + 1) << 8;
            require(end - at - 2 >= extra);
            at += 2 + extra;
        }
        if ((flags & FLAG_NAME) != 0) {
            passText();
        }
        if ((flags & FLAG_COMMENT) != 0) {
            passText();
        }
        if ((flags & FLAG_HEADER_CRC) != 0) {
            crc.reset();
            crc.update(in, begin, at - begin);
            require(end - at >= 2);
            require((unsigned(at) | unsigned(at + 1) << 8) == (crc.getValue() & 0xffff));
            at += 2;
        }
    }

    /** Passes characters up to a zero. */
    private void passText() throws NotGzipException {
        while (at < end && in[at] != 0) {
            at++;
        }
        require(at < end);
        at++;
    }

    /** Decompresses one member and compares its trailer. */
    private void inflate(Inflater inflater)
            throws DataFormatException, NotGzipException, TooLargeException {
        int begin = length;
        inflater.setInput(in, at, end - at);
        while (!inflater.finished()) {
            if (length == out.length) {
                grow();
            }
            int came = inflater.inflate(out, length, Math.min(out.length, most + 1) - length);
            require(
                    came > 0
                            || inflater.finished()); // it wants more than there is, or a dictionary
            length += came;
            if (length > most) {
                throw new TooLargeException();
            }
        }
        at = end - inflater.getRemaining();
        require(end - at >= TRAILER_BYTES);
        crc.reset();
        crc.update(out, begin, length - begin);
        require(word(at) == (int) crc.getValue() && word(at + 4) == length - begin);
        at += TRAILER_BYTES;
    }

    private void grow() {
        out = Arrays.copyOf(out, (int) Math.min(MOST_BYTES + 1L, out.length * 2L));
    }

    private int unsigned(int place) {
        return in[place] & 0xff;
    }

    private int word(int place) {
        return unsigned(place)
                | unsigned(place + 1) << 8
                | unsigned(place + 2) << 16
                | unsigned(place + 3) << 24;
    }

    private static void require(boolean right) throws NotGzipException {
        if (!right) {
            throw new NotGzipException();
        }
    }
}
