package io.delivery.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One file of the journal as it is known in memory. The flusher writes these fields, everybody
 * reads them; each is published before the journal's durable end moves over it.
 */
final class Segment {
    /** Distance of the places that are remembered, in bytes. */
    private static final int STRIDE = 256 << 10;

    /** Where a file comes from. */
    enum Origin {
        /** Left by an earlier process: never written to, never recycled. */
        FOUND,
        /** Made by this process. */
        MADE
    }

    private final SegmentId id;
    private final Path directory;
    private final Origin origin;

    /**
     * Bytes of the log in front of this segment, headers included, since the journal was opened.
     */
    private final long base;

    private final long[] sequences;
    private final long[] offsets;

    /** How many places are remembered; written after the place itself. */
    private volatile int places;

    private volatile long bytes;
    private volatile int format;
    private volatile boolean plain;
    private volatile long limit = SegmentHeader.BYTES;
    private volatile long end = Long.MAX_VALUE;

    /**
     * @param directory of the journal
     */
    Segment(SegmentId id, Path directory, long base, long bytes, Origin origin) {
        this.id = id;
        this.directory = directory;
        this.base = base;
        this.bytes = bytes;
        this.origin = origin;
        int most = (int) (bytes / STRIDE) + 2;
        this.sequences = new long[most];
        this.offsets = new long[most];
        remember(id.firstSequence(), SegmentHeader.BYTES);
    }

    SegmentId id() {
        return id;
    }

    /** Made anew for each call: a path takes more memory than everything else here. */
    Path path() {
        return directory.resolve(id.fileName());
    }

    Origin origin() {
        return origin;
    }

    long first() {
        return id.firstSequence();
    }

    /** Where the next segment begins; {@link Long#MAX_VALUE} while this is the newest. */
    long end() {
        return end;
    }

    void end(long sequence) {
        end = sequence;
    }

    /** That its header was written with; 0 of one that was found. */
    int format() {
        return format;
    }

    void format(int written) {
        format = written;
    }

    /** Whether records that are not encrypted may be in its file, also of its life before. */
    boolean holdsPlain() {
        return plain;
    }

    void holdPlain() {
        plain = true;
    }

    /** Bytes on disk. */
    long bytes() {
        return bytes;
    }

    void bytes(long length) {
        bytes = length;
    }

    /** Bytes from the beginning of the file that are durable and may be read. */
    long limit() {
        return limit;
    }

    void limit(long offset) {
        limit = offset;
    }

    long base() {
        return base;
    }

    /**
     * Remembers that the frame at this offset begins with this sequence, if it is far enough on.
     */
    void remember(long sequence, long offset) {
        int count = places;
        if (count == 0 || count < offsets.length && offset - offsets[count - 1] >= STRIDE) {
            sequences[count] = sequence;
            offsets[count] = offset;
            places = count + 1;
        }
    }

    /** Forgets the places at and behind this offset, but never the first: nothing counts there. */
    void forgetFrom(long offset) {
        int count = places;
        while (count > 1 && offsets[count - 1] >= offset) {
            count--;
        }
        places = count;
    }

    /**
     * Whether the file begins with this segment's header.
     *
     * @throws IOException when the file cannot be read, or when a newer program or another
     *     incarnation has written it
     */
    boolean headerFits(SegmentInput input) throws IOException {
        int at = input.find(0, SegmentHeader.BYTES, SegmentHeader.BYTES);
        return at >= 0
                && SegmentHeader.isOf(
                        id,
                        Arrays.copyOfRange(input.window(), at, at + SegmentHeader.BYTES),
                        path().toString());
    }

    /** The last remembered place at or in front of this sequence: index for the two below. */
    int placeBefore(long sequence) {
        int low = 0;
        int high = places - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (sequences[middle] <= sequence) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    long sequenceAt(int place) {
        return sequences[place];
    }

    long offsetAt(int place) {
        return offsets[place];
    }

    /**
     * Where a sequence lies, in bytes since the journal was opened: between two remembered places
     * the records are taken to be of one size.
     *
     * @param durableEnd the journal's, read before
     */
    double position(long sequence, long durableEnd) {
        int place = placeBefore(sequence);
        long fromSequence = sequences[place];
        long from = offsets[place];
        boolean last = place + 1 >= places;
        long toSequence = last ? Math.min(end, durableEnd) : sequences[place + 1];
        long to = last ? limit : offsets[place + 1];
        double share =
                toSequence <= fromSequence
                        ? 0
                        : (double) (sequence - fromSequence) / (toSequence - fromSequence);
        return base + from + Math.min(1, Math.max(0, share)) * (to - from);
    }
}
