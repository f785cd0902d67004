package io.delivery.landing;

import java.util.Arrays;
import java.util.List;

/**
 * Which (sequence, part)s an object holds, delta and run-length coded, in ascending order.
 *
 * <p>A token is a varint {@code gap << 1 | kind}, the gap counted from the sequence behind the last
 * one (kind 0) or from the last sequence itself (kind 1). Kind 0 is a run of whole sequences and is
 * followed by a varint with their number; kind 1 is a single part and is followed by {@code part <<
 * 1 | last}. See docs/formats/lane-state.md.
 */
public final class SequenceList {
    private final byte[] code;

    SequenceList(byte[] code) {
        this.code = code;
    }

    /** Bytes of its code. */
    public int bytes() {
        return code.length;
    }

    byte[] code() {
        return code;
    }

    /** Walks the list from its beginning. */
    public Cursor cursor() {
        return new Cursor();
    }

    /** The highest sequence in the list, -1 when it is empty. */
    public long highestSequence() {
        long highest = -1;
        for (Cursor cursor = cursor(); cursor.advance(); ) {
            highest = cursor.sequence();
            cursor.skipRun();
            highest = Math.max(highest, cursor.sequence());
        }
        return highest;
    }

    /**
     * Adds the parts of one sequence that are in the list, ascending.
     *
     * @return whether the sequence's last part is among them
     */
    boolean partsOf(long sequence, List<Integer> parts) {
        boolean last = false;
        for (Cursor cursor = cursor(); cursor.advance() && cursor.sequence() <= sequence; ) {
            long first = cursor.sequence();
            int part = cursor.part();
            boolean lastPart = cursor.lastPart();
            cursor.skipRun();
            if (first <= sequence && sequence <= cursor.sequence()) {
                parts.add(part);
                last |= lastPart;
            }
        }
        return last;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SequenceList list && Arrays.equals(code, list.code);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(code);
    }

    /** Points at one (sequence, part) after the other. */
    public final class Cursor {
        private final Varints.Reader in = new Varints.Reader(code, 0, code.length);
        private long sequence = -1;
        private int part;
        private boolean lastPart;
        private long runLeft;

        /** Moves on; false behind the last one. */
        public boolean advance() {
            if (runLeft > 0) {
                runLeft--;
                sequence++;
                return true;
            }
            if (!in.hasMore()) {
                return false;
            }
            long token = in.next();
            long gap = token >>> 1;
            if ((token & 1) == 0) {
                sequence += 1 + gap;
                part = 0;
                lastPart = true;
                runLeft = in.next() - 1;
            } else {
                sequence += gap;
                long partAndLast = in.next();
                part = (int) (partAndLast >>> 1);
                lastPart = (partAndLast & 1) == 1;
            }
            return true;
        }

        private void skipRun() {
            sequence += runLeft;
            runLeft = 0;
        }

        public long sequence() {
            return sequence;
        }

        public int part() {
            return part;
        }

        public boolean lastPart() {
            return lastPart;
        }
    }

    /** Builds a list from (sequence, part)s in ascending order. Not thread-safe. */
    public static final class Builder {
        private final Varints.Writer out = new Varints.Writer();
        private long sequence = -1;
        private long runStartGap;
        private long run;

        public void add(long nextSequence, int part, boolean lastPart) {
            if (part == 0 && lastPart) {
                if (run > 0 && nextSequence == sequence + 1) {
                    run++;
                } else {
                    endRun();
                    runStartGap = nextSequence - sequence - 1;
                    run = 1;
                }
            } else {
                endRun();
                out.add((nextSequence - sequence) << 1 | 1);
                out.add((long) part << 1 | (lastPart ? 1 : 0));
            }
            sequence = nextSequence;
        }

        private void endRun() {
            if (run > 0) {
                out.add(runStartGap << 1);
                out.add(run);
                run = 0;
            }
        }

        public SequenceList build() {
            endRun();
            return new SequenceList(out.toByteArray());
        }
    }
}
