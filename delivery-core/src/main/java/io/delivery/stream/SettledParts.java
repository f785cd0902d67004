package io.delivery.stream;

import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.SequenceList;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * The (sequence, part)s that the open range's objects hold already: an earlier process recorded
 * them. Asked in ascending order while the range is read again; walks the objects' lists side by
 * side, so it needs no memory beside them.
 */
final class SettledParts {
    private final PriorityQueue<SequenceList.Cursor> next =
            new PriorityQueue<>(
                    Comparator.comparingLong(SequenceList.Cursor::sequence)
                            .thenComparingInt(SequenceList.Cursor::part));
    private final long highestSequence;

    SettledParts(Iterable<ObjectRecord> objects) {
        long highest = -1;
        for (ObjectRecord object : objects) {
            SequenceList.Cursor cursor = object.sequences().cursor();
            if (cursor.advance()) {
                next.add(cursor);
            }
            highest = Math.max(highest, object.sequences().highestSequence());
        }
        this.highestSequence = highest;
    }

    /** No seal may end at or before this sequence, and it is split as the objects were. */
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
