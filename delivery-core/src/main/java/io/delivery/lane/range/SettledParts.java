package io.delivery.lane.range;

import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.SequenceList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The (sequence, part)s that some objects of a range hold. Asked in ascending order while the range
 * is read again; walks the objects' lists side by side, so it needs no memory beside them.
 */
final class SettledParts {
    private final PriorityQueue<SequenceList.Cursor> next =
            new PriorityQueue<>(
                    Comparator.comparingLong(SequenceList.Cursor::sequence)
                            .thenComparingInt(SequenceList.Cursor::part));
    private final long lowestSequence;
    private final long highestSequence;

    /** What is held of one sequence, and whether that is all of it. */
    record Held(int parts, boolean whole) {}

    SettledParts(List<ObjectRecord> objects) {
        this(objects, objects);
    }

    /**
     * @param objects that hold their parts
     * @param all those of their range, void ones included: how far the range's splitter reaches
     */
    SettledParts(List<ObjectRecord> objects, List<ObjectRecord> all) {
        for (ObjectRecord object : objects) {
            SequenceList.Cursor cursor = object.sequences().cursor();
            if (cursor.advance()) {
                next.add(cursor);
            }
        }
        long highest = -1;
        for (ObjectRecord object : all) {
            highest = Math.max(highest, object.sequences().highestSequence());
        }
        this.lowestSequence = next.isEmpty() ? 0 : next.peek().sequence();
        this.highestSequence = highest;
    }

    /** The first one that an object holds something of; 0 when none does. */
    long lowestSequence() {
        return lowestSequence;
    }

    /** The last one that an object of the range was made from; -1 when there is none. */
    long highestSequence() {
        return highestSequence;
    }

    /** Whether an object holds this part. */
    boolean contains(long sequence, int part) {
        SequenceList.Cursor head = next.peek();
        while (head != null && before(head, sequence, part)) {
            advance(head);
            head = next.peek();
        }
        return head != null && head.sequence() == sequence && head.part() == part;
    }

    /** What is held of this sequence, which is not asked for again. */
    Held heldOf(long sequence) {
        int parts = 0;
        int end = -1;
        for (int part = nextPartOf(sequence, 0); part >= 0; part = nextPartOf(sequence, part + 1)) {
            parts++;
            if (next.peek().lastPart()) {
                end = part + 1;
            }
        }
        return new Held(parts, parts == end);
    }

    /** The first sequence from here on of which something is held; -1 when there is none. */
    long nextSequence(long from) {
        contains(from, 0);
        SequenceList.Cursor head = next.peek();
        return head == null ? -1 : head.sequence();
    }

    /** The first part of this sequence that is held, from this one on; -1 when there is none. */
    int nextPartOf(long sequence, int from) {
        contains(sequence, from);
        SequenceList.Cursor head = next.peek();
        return head != null && head.sequence() == sequence ? head.part() : -1;
    }

    private static boolean before(SequenceList.Cursor head, long sequence, int part) {
        return head.sequence() < sequence || head.sequence() == sequence && head.part() < part;
    }

    private void advance(SequenceList.Cursor head) {
        next.poll();
        if (head.advance()) {
            next.add(head);
        }
    }
}
