package io.delivery.landing;

import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Doubt;
import io.delivery.landing.LaneRecord.End;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.Landed;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Own;
import io.delivery.landing.LaneRecord.Redirect;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneRecord.Skip;
import io.delivery.landing.LaneRecord.Snapshot;
import io.delivery.landing.LaneRecord.Upload;
import io.delivery.landing.LaneRecord.Voided;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Decides which record may come next by the landing protocol; no other class does. It begins behind
 * what a plan holds and goes on record by record without changing the plan. So the same rules hold
 * for records that are about to be written and for records that are read.
 */
final class LaneGrammar implements LaneRecord.Visitor<RuntimeException> {
    private final LanePlan plan;

    /** Ranges that the records so far were about, by their start. */
    private final Map<Long, Range> ranges = new HashMap<>();

    private long checkpoint;
    private long openStart;
    private boolean ended;

    LaneGrammar(LanePlan plan) {
        this.plan = plan;
        this.checkpoint = plan.checkpoint();
        this.openStart = plan.openStart();
        this.ended = plan.ended();
    }

    /**
     * Takes the next record.
     *
     * @throws IllegalStateException when it must not come here: a defect of the program that wrote
     *     it, or is about to
     */
    void next(LaneRecord record) {
        record.accept(this);
    }

    @Override
    public void own(Own own) {
        require(false, () -> "an owner is named in the middle of what was decided");
    }

    @Override
    public void snapshot(Snapshot snapshot) {
        require(
                checkpoint == plan.begin() && nothingIsOpen() && !ended,
                () -> "a snapshot stands behind what was decided");
        checkpoint = snapshot.checkpoint();
        openStart = snapshot.checkpoint();
    }

    @Override
    public void object(ObjectRecord object) {
        Range range = range(object.rangeStart());
        require(
                isOpen(object.rangeStart()) || range.broken(),
                () -> "object %s is not of the open range %d".formatted(object.id(), openStart));
        require(
                object.number() == range.numbers(),
                () ->
                        "object %s is not the next of its range, which has %d objects"
                                .formatted(object.id(), range.numbers()));
        range.add(object);
    }

    /**
     * An upload may be of any object: a late request may have begun one that is not needed any
     * more.
     */
    @Override
    public void upload(Upload upload) {}

    @Override
    public void seal(Seal seal) {
        Range range = range(seal.start());
        boolean first = isOpen(seal.start()) && seal.end() > seal.start();
        boolean again = range.broken() && seal.end() == range.sealedEnd;
        require(
                first || again,
                () ->
                        "seal [%d,%d) does not continue at %d"
                                .formatted(seal.start(), seal.end(), openStart));
        require(
                seal.objects() == range.numbers()
                        && seal.absent() >= 0
                        && seal.sequences() >= 0
                        && seal.mainRecords() + seal.errorRecords() == range.records,
                () -> "seal [%d,%d) does not add up".formatted(seal.start(), seal.end()));
        range.seal(seal.end());
        if (first) {
            openStart = seal.end();
        }
    }

    @Override
    public void commit(Commit commit) {
        Range oldest = range(checkpoint);
        require(
                commit.start() == checkpoint
                        && oldest.sealed()
                        && !oldest.broken()
                        && commit.end() == oldest.sealedEnd,
                () ->
                        "commit [%d,%d) is not of the oldest sealed range"
                                .formatted(commit.start(), commit.end()));
        ranges.put(commit.start(), new Range(null));
        checkpoint = commit.end();
    }

    @Override
    public void voided(Voided voided) {
        require(
                range(voided.rangeStart()).makeVoid(voided.number()),
                () ->
                        "object %d/%d cannot become void"
                                .formatted(voided.rangeStart(), voided.number()));
    }

    /** An object may get another place as often as it takes, until it has landed or is void. */
    @Override
    public void redirect(Redirect redirect) {
        require(
                range(redirect.rangeStart()).undecided(redirect.number()),
                () ->
                        "object %d/%d cannot get another place"
                                .formatted(redirect.rangeStart(), redirect.number()));
    }

    /** Only what is not yet in the error output can go there. */
    @Override
    public void skip(Skip skip) {
        Range range = range(skip.rangeStart());
        require(
                range.has(skip.number())
                        && range.object(skip.number()).kind() == Kind.MAIN
                        && range.makeVoid(skip.number()),
                () -> "object %d/%d cannot be skipped".formatted(skip.rangeStart(), skip.number()));
    }

    @Override
    public void doubt(Doubt doubt) {
        require(
                range(doubt.rangeStart()).has(doubt.number()),
                () ->
                        "object %d/%d is doubted and was never recorded"
                                .formatted(doubt.rangeStart(), doubt.number()));
    }

    /** A void object is never requested again, so nothing of it may be said to have landed. */
    @Override
    public void landed(Landed landed) {
        require(
                range(landed.rangeStart()).land(landed.number()),
                () ->
                        "object %d/%d cannot have landed"
                                .formatted(landed.rangeStart(), landed.number()));
    }

    /**
     * A lane may end twice: an earlier process may have died before {@code stream.meta} said that
     * the lane has ended.
     */
    @Override
    public void end(End end) {
        require(
                nothingIsOpen() && end.position() == checkpoint,
                () ->
                        "a lane cannot end at %d, its checkpoint is %d"
                                .formatted(end.position(), checkpoint));
        ended = true;
    }

    /**
     * Whether this is where the range starts that is neither sealed nor in a lane that has ended.
     */
    private boolean isOpen(long start) {
        return start == openStart && !ended;
    }

    private boolean nothingIsOpen() {
        return checkpoint == openStart && range(openStart).numbers() == 0;
    }

    private Range range(long start) {
        return ranges.computeIfAbsent(start, at -> new Range(plan.rangeAt(at)));
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new IllegalStateException("landing protocol: " + otherwise.get());
        }
    }

    /** What of a range decides which records may follow. */
    private static final class Range {
        private static final long UNSEALED = -1;

        private final RangePlan before;
        private final List<ObjectRecord> added = new ArrayList<>(1);
        private final Set<Integer> voids = new HashSet<>(1);
        private final Set<Integer> landed = new HashSet<>(1);
        private long records;
        private long sealedEnd;
        private int voidsSinceSeal;

        /**
         * @param before what the plan holds of it; null when that is nothing
         */
        Range(RangePlan before) {
            this.before = before;
            this.records = before == null ? 0 : before.records();
            this.sealedEnd = before == null || !before.sealed() ? UNSEALED : before.seal().end();
            this.voidsSinceSeal = before == null ? 0 : before.voidsSinceSeal();
        }

        private int numbersBefore() {
            return before == null ? 0 : before.objects().size();
        }

        int numbers() {
            return numbersBefore() + added.size();
        }

        boolean has(int number) {
            return number >= 0 && number < numbers();
        }

        boolean sealed() {
            return sealedEnd != UNSEALED;
        }

        boolean broken() {
            return sealed() && voidsSinceSeal > 0;
        }

        void add(ObjectRecord object) {
            added.add(object);
            records += object.records();
        }

        void seal(long end) {
            sealedEnd = end;
            voidsSinceSeal = 0;
        }

        /** False when there is no such object, it is void already, or it has landed. */
        boolean makeVoid(int number) {
            if (!undecided(number)) {
                return false;
            }
            voids.add(number);
            records -= object(number).records();
            voidsSinceSeal++;
            return true;
        }

        /** False when there is no such object, it is void, or it has landed already. */
        boolean land(int number) {
            return undecided(number) && landed.add(number);
        }

        /** Whether there is such an object, and nobody has said what became of it. */
        boolean undecided(int number) {
            return has(number)
                    && !voids.contains(number)
                    && !landed.contains(number)
                    && (number >= numbersBefore() || before.undecided(object(number)));
        }

        ObjectRecord object(int number) {
            return number < numbersBefore()
                    ? before.objects().get(number)
                    : added.get(number - numbersBefore());
        }
    }
}
