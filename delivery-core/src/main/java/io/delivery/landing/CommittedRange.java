package io.delivery.landing;

import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Snapshot;
import io.delivery.landing.LaneRecord.Totals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One committed range with all that was decided for it, and the books in front of it: an entry of
 * the ledger. It is what a state file would hold in which nothing else had happened.
 */
public final class CommittedRange {
    private final Snapshot before;
    private final RangePlan range;
    private final Commit commit;

    private CommittedRange(Snapshot before, RangePlan range, Commit commit) {
        this.before = before;
        this.range = range;
        this.commit = commit;
    }

    /** The oldest range of a plan that is about to take this commit. */
    static CommittedRange of(LanePlan plan, Commit commit) {
        Snapshot before =
                new Snapshot(plan.begin(), plan.checkpoint(), plan.checkpoint(), plan.totals());
        return new CommittedRange(before, plan.oldestRange(), commit);
    }

    /** The first sequence of the range. */
    public long start() {
        return commit.start();
    }

    /** The sequence behind its last one. */
    public long end() {
        return commit.end();
    }

    /** When it was committed, milliseconds since the epoch. */
    public long atMillis() {
        return commit.atMillis();
    }

    /** Where its lane began to read its log. */
    public long laneBegin() {
        return before.begin();
    }

    /** Sums over all commits before this one. */
    public Totals totalsBefore() {
        return before.totals();
    }

    /** Sums over all commits up to and including this one. */
    public Totals totalsAfter() {
        long bytes = 0;
        for (ObjectRecord object : range.live()) {
            bytes += object.staged().length();
        }
        return before.totals().plus(range.seal(), range.live().size(), bytes);
    }

    /** Its objects and its seal. */
    public RangePlan range() {
        return range;
    }

    /** What became of a sequence of it. */
    public SequenceFate fateOf(long sequence) {
        return SequenceFate.of(SequenceFate.Stage.COMMITTED, sequence, range, commit.said());
    }

    /** As records of a lane, one after the other: docs/formats/ledger.md. */
    public byte[] encode() {
        List<LaneRecord> records = new ArrayList<>();
        records.add(before);
        records.addAll(PlanRecords.of(range));
        records.add(commit);
        return LaneRecordCodec.encode(records);
    }

    /**
     * The opposite of {@link #encode}.
     *
     * @throws IOException when these are not the records of one committed range, in their order
     */
    public static CommittedRange decode(byte[] payload) throws IOException {
        LanePlan plan = new LanePlan(0);
        try {
            List<LaneRecord> records = LaneRecordCodec.decode(payload, payload.length);
            int last = records.size() - 1;
            if (last > 0
                    && records.get(0) instanceof Snapshot
                    && records.get(last) instanceof Commit commit) {
                records.subList(0, last).forEach(plan::apply);
                CommittedRange entry = of(plan, commit);
                plan.apply(commit); // refuses what is not sealed or does not add up
                return entry;
            }
        } catch (RuntimeException unfit) {
            throw new IOException(unfit.getMessage(), unfit);
        }
        throw new IOException("it does not begin with the books and end with a commit");
    }
}
