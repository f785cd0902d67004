package io.delivery.verify;

import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.SequenceList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Adds a range up again from what its objects hold: every part of every sequence is in exactly one
 * object, unless it was dropped or damaged. Walks the objects' lists side by side.
 */
final class RangeCheck {
    /** One object's list, and how much of it was walked. */
    private static final class Walk {
        private final ObjectRecord object;
        private final SequenceList.Cursor cursor;
        private long walked;

        Walk(ObjectRecord object) {
            this.object = object;
            this.cursor = object.sequences().cursor();
        }

        boolean advance() {
            boolean more = cursor.advance();
            walked += more ? 1 : 0;
            return more;
        }
    }

    private static final Comparator<Walk> IN_ORDER =
            Comparator.<Walk>comparingLong(walk -> walk.cursor.sequence())
                    .thenComparingInt(walk -> walk.cursor.part())
                    .thenComparingInt(walk -> walk.object.number());

    private final long start;
    private final Seal seal;
    private final List<ObjectRecord> objects;
    private long sequence;
    private int nextPart;

    /** Parts of {@link #sequence} that are in no object, as far as it was walked. */
    private long missing;

    /** Parts, or whole sequences, that are in no object: at least so many. */
    private long holes;

    /** Sequences with any of those. */
    private long incomplete;

    /** The most parts that are missing of one sequence, of as many as may be damaged or absent. */
    private final PriorityQueue<Long> several = new PriorityQueue<>();

    private RangeCheck(RangePlan range) {
        this.start = range.start();
        // One that was broken again has no sums that hold.
        this.seal = range.broken() ? null : range.seal();
        this.objects = range.live();
        this.sequence = range.start();
    }

    /** What does not add up, as the rest of a sentence; empty when all does. */
    static String problem(RangePlan range) {
        RangeCheck check = new RangeCheck(range);
        try {
            String wrong = check.sums();
            return wrong.isEmpty() ? check.parts() : wrong;
        } catch (RuntimeException unreadable) {
            return "has a list of sequences that cannot be read: " + unreadable.getMessage();
        }
    }

    private String sums() {
        if (seal == null) {
            return "";
        }
        long main = 0;
        long error = 0;
        for (ObjectRecord object : objects) {
            if (object.kind().isError()) {
                error += object.records();
            } else {
                main += object.records();
            }
        }
        if (main != seal.mainRecords() || error != seal.errorRecords()) {
            return "was sealed with %d records and %d errors, and its objects hold %d and %d"
                    .formatted(seal.mainRecords(), seal.errorRecords(), main, error);
        }
        return seal.parts() < seal.sequences()
                ? "has %d records and only %d parts".formatted(seal.sequences(), seal.parts())
                : "";
    }

    private String parts() {
        PriorityQueue<Walk> walks = new PriorityQueue<>(Math.max(1, objects.size()), IN_ORDER);
        for (ObjectRecord object : objects) {
            Walk walk = new Walk(object);
            if (walk.advance()) {
                walks.add(walk);
            } else if (object.records() != 0) {
                return "has object %s of %d records with an empty list"
                        .formatted(object.name(), object.records());
            }
        }
        while (!walks.isEmpty()) {
            Walk walk = walks.poll();
            String wrong = take(walk);
            if (!wrong.isEmpty()) {
                return wrong;
            }
            if (walk.advance()) {
                walks.add(walk);
            } else if (walk.walked != walk.object.records()) {
                return "has object %s of %d records that names %d"
                        .formatted(walk.object.name(), walk.object.records(), walk.walked);
            }
        }
        if (seal == null) {
            return "";
        }
        passTo(seal.end());
        long excused = excused();
        return holes - excused > seal.dropped()
                ? "has at least %d parts that are in no object, and only %d were dropped or damaged"
                        .formatted(
                                holes - excused + seal.damaged(), seal.dropped() + seal.damaged())
                : "";
    }

    /**
     * Parts that are in no object because their sequence is damaged or absent: each of those counts
     * once, however many of its parts are missing.
     */
    private long excused() {
        long sequences = seal.damaged() + seal.absent();
        long sum = 0;
        for (long parts : several) {
            sum += parts;
        }
        return sum + Math.min(sequences - several.size(), incomplete - several.size());
    }

    /** {@code sequence} and {@code nextPart} say what would come next without a hole. */
    private String take(Walk walk) {
        long at = walk.cursor.sequence();
        int part = walk.cursor.part();
        if (at < start || seal != null && at >= seal.end()) {
            return "has object %s that holds sequence %d, which is not in it"
                    .formatted(walk.object.name(), at);
        }
        if (at < sequence || at == sequence && part < nextPart) {
            return "has part %d of sequence %d twice, the second time in %s"
                    .formatted(part, at, walk.object.name());
        }
        passTo(at);
        missing += part - nextPart;
        nextPart = part + 1;
        if (walk.cursor.lastPart()) {
            next();
        }
        return "";
    }

    /** Nothing more is held of what lies before this sequence. */
    private void passTo(long at) {
        if (at > sequence) {
            missing++; // at least its last part
            next();
            holes += at - sequence;
            incomplete += at - sequence;
            sequence = at;
        }
    }

    private void next() {
        holes += missing;
        incomplete += missing > 0 ? 1 : 0;
        if (missing > 1 && seal != null) {
            several.add(missing);
            if (several.size() > seal.damaged() + seal.absent()) {
                several.poll();
            }
        }
        sequence++;
        nextPart = 0;
        missing = 0;
    }
}
