package io.delivery.lane.range;

import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.record.Failure;

/**
 * Which parts of a range are read into it: all, those that no object of an earlier process holds,
 * or those whose objects became void. Asked once for each part, in log order.
 */
public abstract class Selection {
    private static final SettledParts.Held NOTHING = new SettledParts.Held(0, false);

    /** What is to be done with a part. */
    public enum Choice {
        /** It goes the path. */
        TAKE,
        /** Its object was skipped: it has failed, and goes no path again. */
        FAILED,
        /** An object of an earlier process holds it: it counts in the range and goes no further. */
        SETTLED,
        /** It does not belong to what is read here. */
        PASS
    }

    /** What a lost sequence counts for. */
    public record Loss(int settledParts, int damaged) {
        public static final Loss NONE = new Loss(0, 0);
    }

    /**
     * What a stretch of sequences counts for that no record has.
     *
     * @param settledParts parts that objects of an earlier process hold of records that the log has
     *     withdrawn since: they stay settled
     * @param sequences that no objects hold all of: they are no records of the range
     */
    public record Absence(int settledParts, long sequences) {}

    /** What to do with a part that was read. */
    public abstract Choice of(long sequence, int part);

    /** Why a part has failed of which {@link #of} has just said so. */
    public Failure failureOf(long sequence, int part) {
        throw new IllegalStateException("part %d/%d was not skipped".formatted(sequence, part));
    }

    /** What a sequence counts for that cannot be read any more. */
    public abstract Loss lost(long sequence);

    /** What the sequences from {@code from} to before {@code upTo} count for that no record has. */
    public Absence absent(long from, long upTo) {
        return new Absence(0, upTo - from);
    }

    /** The lowest sequence of which something is selected, as far as that is known. */
    public long first() {
        return 0;
    }

    /** The highest sequence before which the range must not end; -1 when it may end anywhere. */
    public abstract long mustPass();

    private static Choice taken(SkippedParts skipped, long sequence, int part) {
        return skipped.failureOf(sequence, part).isPresent() ? Choice.FAILED : Choice.TAKE;
    }

    /** Every part is read. */
    public static Selection everything() {
        return new Selection() {
            @Override
            public Choice of(long sequence, int part) {
                return Choice.TAKE;
            }

            @Override
            public Loss lost(long sequence) {
                return new Loss(0, 1);
            }

            @Override
            public long mustPass() {
                return -1;
            }
        };
    }

    /** The open range is read again without the parts that its objects hold. */
    public static Selection notSettled(RangePlan open) {
        SettledParts settled = new SettledParts(open.live(), open.objects());
        SkippedParts skipped = new SkippedParts(open);
        return new Selection() {
            @Override
            public Choice of(long sequence, int part) {
                return settled.contains(sequence, part)
                        ? Choice.SETTLED
                        : taken(skipped, sequence, part);
            }

            @Override
            public Failure failureOf(long sequence, int part) {
                return skipped.failureOf(sequence, part).orElseThrow();
            }

            /** One that objects hold all of is not lost; of any other, the rest is one record. */
            @Override
            public Loss lost(long sequence) {
                SettledParts.Held held =
                        sequence > settled.highestSequence() ? NOTHING : settled.heldOf(sequence);
                return new Loss(held.parts(), held.whole() ? 0 : 1);
            }

            @Override
            public Absence absent(long from, long upTo) {
                int held = 0;
                long absent = upTo - from;
                long next = settled.nextSequence(from);
                while (next >= 0 && next < upTo) {
                    SettledParts.Held heldOfNext = settled.heldOf(next);
                    held += heldOfNext.parts();
                    absent -= heldOfNext.whole() ? 1 : 0;
                    next = settled.nextSequence(next + 1);
                }
                return new Absence(held, absent);
            }

            @Override
            public long mustPass() {
                return settled.highestSequence();
            }
        };
    }

    /** Of a sealed range, exactly the parts are read that no object of it holds any more. */
    public static Selection voided(RangePlan broken) {
        SettledParts missing = new SettledParts(broken.voidedSinceSeal());
        SettledParts held = new SettledParts(broken.live());
        SkippedParts skipped = new SkippedParts(broken);
        return new Selection() {
            @Override
            public Choice of(long sequence, int part) {
                return missing.contains(sequence, part) && !held.contains(sequence, part)
                        ? taken(skipped, sequence, part)
                        : Choice.PASS;
            }

            @Override
            public Failure failureOf(long sequence, int part) {
                return skipped.failureOf(sequence, part).orElseThrow();
            }

            @Override
            public Loss lost(long sequence) {
                for (int part = missing.nextPartOf(sequence, 0);
                        part >= 0;
                        part = missing.nextPartOf(sequence, part + 1)) {
                    if (!held.contains(sequence, part)) {
                        return new Loss(0, 1);
                    }
                }
                return Loss.NONE;
            }

            @Override
            public long first() {
                return missing.lowestSequence();
            }

            @Override
            public long mustPass() {
                return missing.highestSequence();
            }
        };
    }
}
