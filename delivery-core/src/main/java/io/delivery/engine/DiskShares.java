package io.delivery.engine;

import io.delivery.config.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How much of the disk limit each stream may take. Every stream has a reserve of min(64 MiB, limit
 * / 2n); the rest is first come, at most half of what is free to one stream. Of its share each lane
 * gets a fifth – less when there are more than four – and never less than its floor, the journal
 * what is left: what drains it always has room. Thread-safe.
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
     * @param used bytes the stream takes at present or may come to take without another record
     *     being accepted: journal, spool, staging and state
     * @param lanes how many it has
     * @throws IllegalArgumentException when the floors of all streams do not fit into the limit
     */
    public synchronized Share open(LongSupplier used, int lanes) {
        Share share = new Share(used, lanes);
        long floors = floors() + share.floorBytes();
        if (floors > limit) {
            throw new IllegalArgumentException(
                    "limits.disk of %,d bytes is too small for %d streams: they need at least %,d"
                            .formatted(limit, shares.size() + 1, floors));
        }
        shares.add(share);
        return share;
    }

    private long floors() {
        long sum = 0;
        for (Share share : shares) {
            sum += share.floorBytes();
        }
        return sum;
    }

    private synchronized void close(Share share) {
        shares.remove(share);
    }

    private synchronized long bytesOf(Share asked) {
        long reserve = Math.min(MAX_RESERVE_BYTES, limit / (2L * Math.max(1, shares.size())));
        long free = limit;
        for (Share share : shares) {
            free -= Math.max(Math.max(reserve, share.floorBytes()), share.used.getAsLong());
        }
        reserve = Math.max(reserve, asked.floorBytes());
        return Math.max(reserve, asked.used.getAsLong() + Math.max(0, free) / 2);
    }

    /** One stream's part of the disk. */
    public final class Share {
        private final LongSupplier used;
        private volatile int lanes;
        private volatile long recentBytes;

        private Share(LongSupplier used, int lanes) {
            this.used = used;
            this.lanes = lanes;
        }

        private long floorBytes() {
            return Limits.JOURNAL_FLOOR_BYTES + lanes * Limits.LANE_FLOOR_BYTES;
        }

        /** What the stream may take at present, in bytes. */
        public long bytes() {
            recentBytes = bytesOf(this);
            return recentBytes;
        }

        /** What {@link #bytes()} answered last: cheap, for every step of a lane. */
        public long recentBytes() {
            return recentBytes;
        }

        /** What its journal may take at present. */
        public long journalBytes() {
            long share = bytes();
            return Math.max(Limits.JOURNAL_FLOOR_BYTES, share - lanes * laneBytes(share));
        }

        /** What spool and staging of each of its lanes may take at present. */
        public long laneBytes() {
            return laneBytes(recentBytes);
        }

        private long laneBytes(long share) {
            // Backups that are drained may be many: the journal keeps as much as each of them.
            return Math.max(Limits.LANE_FLOOR_BYTES, share / Math.max(5, lanes + 1));
        }

        /**
         * The stream has so many lanes now.
         *
         * @throws IllegalArgumentException when the floors of all streams would not fit
         */
        public void lanes(int count) {
            synchronized (DiskShares.this) {
                int before = lanes;
                lanes = count;
                long floors = floors();
                if (count > before && floors > limit) {
                    lanes = before;
                    throw new IllegalArgumentException(
                            "limits.disk of %,d bytes is too small for one more lane: at least %,d are needed"
                                    .formatted(limit, floors));
                }
            }
        }

        public void close() {
            DiskShares.this.close(this);
        }
    }
}
