package io.delivery.ledger;

import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Walks through the entries of one file. It passes every damaged stretch and goes on at the next
 * whole entry. Holds one payload at a time.
 */
final class LedgerFile {
    private static final int WINDOW = 64 << 10;

    private final DiskFile file;
    private final long length;
    private final byte[] window = new byte[WINDOW];
    private long windowStart;
    private int windowLength;
    private long position;
    private byte[] payload;
    private Bad bad;

    /**
     * A stretch without an entry, and what is behind it.
     *
     * @param from where it begins in the file
     * @param to where the next entry begins, or the file ends
     * @param last whether no entry follows: a torn tail, if the file is the newest
     */
    record Bad(long from, long to, boolean last) {}

    LedgerFile(DiskFile file) throws IOException {
        this.file = file;
        this.length = file.length();
    }

    /** The next whole entry; null behind the last one. */
    LedgerFrame next() throws IOException {
        bad = null;
        for (long at = position; at + LedgerFrame.HEADER_BYTES <= length; at++) {
            LedgerFrame frame = frameAt(at);
            if (frame != null) {
                bad = at > position ? new Bad(position, at, false) : null;
                position = frame.next();
                return frame;
            }
        }
        bad = position < length ? new Bad(position, length, true) : null;
        position = length;
        return null;
    }

    /** The bad stretch that {@link #next} went over; null when there was none. */
    Bad bad() {
        return bad;
    }

    /** The payload of the entry that {@link #next} returned. */
    byte[] payload() {
        return payload;
    }

    private LedgerFrame frameAt(long at) throws IOException {
        int offset = find(at);
        if (offset < 0) {
            return null;
        }
        LedgerFrame frame = LedgerFrame.decode(window, offset, at);
        if (frame == null || frame.next() > length) {
            return null;
        }
        byte[] bytes = new byte[frame.length()];
        file.readFully(ByteBuffer.wrap(bytes), at + LedgerFrame.HEADER_BYTES);
        if (!frame.fits(bytes)) {
            return null;
        }
        payload = bytes;
        return frame;
    }

    /** Where in the window a header's worth of bytes at this position is; -1 without. */
    private int find(long at) throws IOException {
        if (at < windowStart || at + LedgerFrame.HEADER_BYTES > windowStart + windowLength) {
            windowStart = at;
            windowLength = 0;
            int wanted = (int) Math.min(WINDOW, length - at);
            while (windowLength < wanted) {
                int read =
                        file.read(
                                ByteBuffer.wrap(window, windowLength, wanted - windowLength),
                                at + windowLength);
                if (read < 0) {
                    return -1;
                }
                windowLength += read;
            }
        }
        return windowLength < LedgerFrame.HEADER_BYTES ? -1 : (int) (at - windowStart);
    }
}
