package io.delivery.journal;

import java.util.Arrays;
import java.util.List;

/** The segments from the oldest to the newest, at one moment. Immutable; the segments are not. */
final class SegmentList {
    static final SegmentList EMPTY = new SegmentList();

    private final Segment[] segments;

    private SegmentList(Segment... segments) {
        this.segments = segments;
    }

    static SegmentList of(List<Segment> segments) {
        return new SegmentList(segments.toArray(Segment[]::new));
    }

    boolean isEmpty() {
        return segments.length == 0;
    }

    Segment newest() {
        return isEmpty() ? null : segments[segments.length - 1];
    }

    List<Segment> all() {
        return Arrays.asList(segments);
    }

    SegmentList with(Segment next) {
        Segment[] more = Arrays.copyOf(segments, segments.length + 1);
        more[segments.length] = next;
        return new SegmentList(more);
    }

    SegmentList withoutNewest() {
        return new SegmentList(Arrays.copyOf(segments, segments.length - 1));
    }

    SegmentList without(int oldest) {
        return new SegmentList(Arrays.copyOfRange(segments, oldest, segments.length));
    }

    /** How many of the oldest hold nothing at or behind this sequence. Never the newest. */
    int wholeBelow(long sequence) {
        int count = 0;
        while (count < segments.length - 1 && segments[count].end() <= sequence) {
            count++;
        }
        return count;
    }

    /** The smallest sequence in any segment; what is given when there is none. */
    long begin(long otherwise) {
        return isEmpty() ? otherwise : segments[0].first();
    }

    /** The segment with this sequence; null when there is none. */
    Segment segmentOf(long sequence) {
        int low = 0;
        int high = segments.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Segment segment = segments[middle];
            if (sequence < segment.first()) {
                high = middle - 1;
            } else if (sequence >= segment.end()) {
                low = middle + 1;
            } else {
                return segment;
            }
        }
        return null;
    }

    /** Bytes of all files. */
    long bytes() {
        long sum = 0;
        for (Segment segment : segments) {
            sum += segment.bytes();
        }
        return sum;
    }

    /** Bytes of the files that hold something at or behind {@code forgotten}. */
    long heldBytes(long forgotten, long durableEnd) {
        long sum = 0;
        for (Segment segment : segments) {
            if (Math.min(segment.end(), durableEnd) > forgotten) {
                sum += segment.bytes();
            }
        }
        return sum;
    }

    /** Bytes between this sequence and the durable end, approximately; exactly 0 at the end. */
    long durableBytesFrom(long sequence, long durableEnd) {
        if (isEmpty() || sequence >= durableEnd) {
            return 0;
        }
        Segment from = segmentOf(Math.max(sequence, segments[0].first()));
        if (from == null) {
            return 0; // in a gap: nothing of it can be read
        }
        Segment last = newest();
        double bytes =
                last.base()
                        + last.limit()
                        - from.position(Math.max(sequence, from.first()), durableEnd);
        return Math.max(1, (long) bytes);
    }
}
