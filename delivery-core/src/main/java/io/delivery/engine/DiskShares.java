package io.delivery.engine;

import io.delivery.config.DiskDivision;
import io.delivery.config.Limits;
import java.util.function.LongSupplier;

/**
 * How much of the disk limit each stream may take. Every stream has a reserve of min(64 MiB, limit
 * / 2n); the rest is first come, at most half of what is free to one stream as long as there are
 * others. {@link DiskDivision} says how a share is divided between the journal and the lanes, so
 * that what drains a stream always has room. Thread-safe.
 *
 * <p>A stream's share looks at what the stream takes whenever it is asked, and at what the others
 * took when theirs were last asked. That is twice a second while they have anything to do, once
 * more when their journals have closed their files for a rest, and whenever somebody looks at them.
 * So a question costs the same however many streams there are.
 */
public final class DiskShares {
    private static final long MAX_RESERVE_BYTES = 64L << 20;

    /** Less than any journal holds: it takes no record. Not 0, of which nothing is a percentage. */
    private static final long CLOSED_JOURNAL_BYTES = 4096;

    private final long limit;
    private final Volume volume;
    private final Holds holds = new Holds();
    private int streams;
    private long floors;

    /** Where the streams' files are. */
    public interface Volume {
        /** One that has always room. */
        Volume AMPLE =
                new Volume() {
                    @Override
                    public long streamBytes() {
                        return Long.MAX_VALUE;
                    }

                    @Override
                    public boolean mayGrow() {
                        return true;
                    }
                };

        /** What all streams together find room for, their files included. */
        long streamBytes();

        /** False while what is left is only for landing what streams hold already. */
        boolean mayGrow();
    }

    /** On a volume that is larger than the limit. */
    public DiskShares(long limitBytes) {
        this(limitBytes, Volume.AMPLE);
    }

    /**
     * The smaller of limit and volume counts. The limit alone says how many streams there may be: a
     * volume that others have filled refuses nobody, and may have room again.
     */
    public DiskShares(long limitBytes, Volume volume) {
        this.limit = limitBytes;
        this.volume = volume;
        holds.reserve(reserve());
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
     * @throws DiskLimitException when the floors of all streams do not fit into the limit
     */
    public Share open(LongSupplier used, int lanes) {
        Share share = new Share(used, lanes);
        long bytes = used.getAsLong();
        synchronized (this) {
            requireRoom(1, share.floorBytes());
            streams++;
            floors += share.floorBytes();
            holds.reserve(reserve());
            share.usedBytes = bytes;
            share.count();
        }
        return share;
    }

    /**
     * Asks whether there is room for so many more streams.
     *
     * @param lanes of all of them together
     * @throws DiskLimitException when their floors do not fit into the limit beside those of the
     *     streams that there are
     */
    public synchronized void requireRoom(int more, int lanes) {
        requireRoom(more, more * Limits.JOURNAL_FLOOR_BYTES + lanes * Limits.LANE_FLOOR_BYTES);
    }

    private void requireRoom(int more, long floorBytes) {
        if (floors + floorBytes > limit) {
            throw new DiskLimitException(
                    "the disk limit of %,d bytes is too small for %d streams: they need at least %,d"
                            .formatted(limit, streams + more, floors + floorBytes));
        }
    }

    private long room() {
        return Math.min(limit, volume.streamBytes());
    }

    private long reserve() {
        return Math.min(MAX_RESERVE_BYTES, room() / (2L * Math.max(1, streams)));
    }

    private synchronized long bytesOf(Share asked, long usedBytes) {
        asked.usedBytes = usedBytes;
        asked.count();
        if (!volume.mayGrow()) {
            return Math.max(usedBytes, asked.floorBytes());
        }
        if (streams == 1) {
            return Math.max(room(), usedBytes);
        }
        long reserve = Math.max(reserve(), asked.floorBytes());
        long free = Math.max(0, room() - holds.bytes());
        return Math.max(reserve, usedBytes + free / 2);
    }

    private synchronized void lanesOf(Share share, int count) {
        long more = share.closed ? 0 : (count - share.lanes) * Limits.LANE_FLOOR_BYTES;
        if (more > 0 && floors + more > limit) {
            throw new DiskLimitException(
                    "the disk limit of %,d bytes is too small for one more lane: at least %,d are needed"
                            .formatted(limit, floors + more));
        }
        share.lanes = count;
        floors += more;
        share.count();
    }

    private synchronized void close(Share share) {
        if (!share.closed) {
            share.closed = true;
            holds.remove(share.heldBytes);
            streams--;
            floors -= share.floorBytes();
            holds.reserve(reserve());
        }
    }

    /** One stream's part of the disk. */
    public final class Share {
        private final LongSupplier used;
        private volatile int lanes;

        /** What {@link #bytes()} answered last: cheap, for every step of a lane. */
        private volatile long recentBytes;

        // --- under the lock of all shares ---
        private long usedBytes;
        private long heldBytes = -1;
        private boolean closed;

        private Share(LongSupplier used, int lanes) {
            this.used = used;
            this.lanes = lanes;
        }

        private long floorBytes() {
            return Limits.JOURNAL_FLOOR_BYTES + lanes * Limits.LANE_FLOOR_BYTES;
        }

        /** Brings the sums up to date. */
        private void count() {
            long held = Math.max(floorBytes(), usedBytes);
            if (held == heldBytes || closed) {
                return;
            }
            if (heldBytes >= 0) {
                holds.remove(heldBytes);
            }
            holds.add(held);
            heldBytes = held;
        }

        /** What the stream may take at present, in bytes. */
        public long bytes() {
            recentBytes = bytesOf(this, used.getAsLong());
            return recentBytes;
        }

        /** What its journal may take at present. */
        public long journalBytes() {
            long share = bytes();
            return volume.mayGrow()
                    ? DiskDivision.journalBytes(share, lanes)
                    : CLOSED_JOURNAL_BYTES;
        }

        /** Whether its journal is closed because the volume has no room for more records. */
        public boolean closedForVolume() {
            return !volume.mayGrow();
        }

        /** A range that takes so much of the journal at present is sealed. */
        public long rangeBytes() {
            return DiskDivision.rangeBytes(DiskDivision.journalBytes(recentBytes, lanes));
        }

        /** What spool and staging of each of its lanes may take at present. */
        public long laneBytes() {
            // In small pieces, where only the reserve of the volume is left.
            return volume.mayGrow()
                    ? DiskDivision.laneBytes(recentBytes, lanes)
                    : Limits.LANE_FLOOR_BYTES;
        }

        /** What of that a lane with these limits takes. */
        public long laneRoom(LaneLimits limits) {
            return Math.min(laneBytes(), limits.laneBytes());
        }

        /**
         * The stream has so many lanes now.
         *
         * @throws DiskLimitException when the floors of all streams would not fit
         */
        public void lanes(int count) {
            lanesOf(this, count);
        }

        public void close() {
            DiskShares.this.close(this);
        }
    }
}
