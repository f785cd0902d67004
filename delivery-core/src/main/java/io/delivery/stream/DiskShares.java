package io.delivery.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How much of the disk limit each stream may take. Every stream has a reserve of min(64 MiB, limit
 * / 2n); the rest is first come, at most half of what is free to one stream. Of its share, a
 * stream's journal gets four fifths, so that what drains it always has room. Thread-safe.
 */
public final class DiskShares {
    private static final long MAX_RESERVE_BYTES = 64L << 20;

    private final long limit;
    private final List<Share> shares = new ArrayList<>();

    public DiskShares(long limitBytes) {
        this.limit = limitBytes;
    }

    /** What all streams together may take. */
    public long limitBytes() {
        return limit;
    }

    /**
     * A share for one more stream.
     *
     * @param used bytes the stream takes at present: journal, spool, staging and state
     */
    synchronized Share open(LongSupplier used) {
        Share share = new Share(used);
        shares.add(share);
        return share;
    }

    private synchronized void close(Share share) {
        shares.remove(share);
    }

    private synchronized long bytesOf(Share asked) {
        long reserve = Math.min(MAX_RESERVE_BYTES, limit / (2L * Math.max(1, shares.size())));
        long free = limit;
        for (Share share : shares) {
            free -= Math.max(reserve, share.used.getAsLong());
        }
        return Math.max(reserve, asked.used.getAsLong() + Math.max(0, free) / 2);
    }

    /** One stream's part of the disk. */
    final class Share {
        private final LongSupplier used;
        private volatile long recentBytes;

        private Share(LongSupplier used) {
            this.used = used;
        }

        /** What the stream may take at present, in bytes. */
        long bytes() {
            recentBytes = bytesOf(this);
            return recentBytes;
        }

        /** What {@link #bytes()} answered last: cheap, for every step of a lane. */
        long recentBytes() {
            return recentBytes;
        }

        /** What its journal may take at present. */
        long journalBytes() {
            return bytes() / 5 * 4;
        }

        void close() {
            DiskShares.this.close(this);
        }
    }
}
