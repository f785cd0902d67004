package io.delivery.verify;

import io.delivery.crypt.MasterKeys;
import io.delivery.inspection.StreamInspection;
import io.delivery.inspection.StreamInspection.LaneInspection;
import io.delivery.landing.CommittedRange;
import io.delivery.landing.LaneDamagedException;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Totals;
import io.delivery.lane.Books;
import io.delivery.verify.Finding.Kind;
import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/** Checks one stream's directory against itself: journal, states, ledgers. One look. */
final class StreamCheck {
    private final StreamInspection stream;
    private final Disk disk;
    private final Findings findings = new Findings();
    private final List<LaneReport> lanes = new ArrayList<>();

    private StreamCheck(StreamInspection stream, Disk disk) {
        this.stream = stream;
        this.disk = disk;
    }

    static StreamCheck of(Path directory, Disk disk, MasterKeys masters) throws IOException {
        StreamCheck check = new StreamCheck(StreamInspection.of(directory, disk, masters), disk);
        check.run();
        return check;
    }

    private void run() throws IOException {
        for (StreamInspection.Damage damage : stream.damage()) {
            String lost =
                    damage.to() > damage.from()
                            ? "; sequences %d to %d".formatted(damage.from(), damage.to() - 1)
                            : "";
            String where =
                    damage.place().isPresent()
                            ? " (byte %d)".formatted(damage.place().getAsLong())
                            : "";
            findings.add(
                    new Finding(
                            Kind.DAMAGED,
                            stream.name(),
                            "",
                            stream.directory().relativize(damage.file()).toString(),
                            damage.reason() + where + lost));
        }
        for (LaneInspection lane : stream.lanes()) {
            // A damaged state is told of already, and nothing can be added up without it.
            if (lane.state().damage().isEmpty()) {
                new LaneCheck(lane.name()).run();
            }
        }
    }

    StreamInspection stream() {
        return stream;
    }

    Findings findings() {
        return findings;
    }

    List<LaneReport> lanes() {
        return lanes;
    }

    /** The state of this lane was whole when the stream was looked at, and is not any more. */
    void cannotBeRead(LaneReport lane) {
        lanes.remove(lane);
    }

    /** Lanes whose state cannot be believed: what else they have recorded, nobody can tell. */
    SortedSet<String> unreadableLanes() {
        SortedSet<String> unreadable = new TreeSet<>(stream.laneNames());
        lanes.forEach(lane -> unreadable.remove(lane.lane()));
        return unreadable;
    }

    /** One lane: its ranges follow on each other, each adds up, and their sums are the books. */
    private final class LaneCheck implements LaneWalk.Visitor {
        private final String lane;
        private final KeySet keys = new KeySet();
        private CommittedRange first;
        private CommittedRange last;
        private long ranges;
        private long objects;
        private long records;
        private long bytes;
        private long waiting;

        LaneCheck(String lane) {
            this.lane = lane;
        }

        void run() throws IOException {
            LaneWalk walk;
            try {
                walk = LaneWalk.of(stream.directory().resolve("lanes").resolve(lane), disk, this);
            } catch (LaneDamagedException damaged) {
                // It was whole when the stream was looked at a moment ago.
                found(Kind.DAMAGED, "state", damaged.getMessage());
                return;
            }
            if (walk.plan().isEmpty()) {
                if (last != null) {
                    found(Kind.DAMAGED, "state", "is missing, and the ledger is not");
                }
                long begin = stream.beginOf(lane);
                long unread = stream.endOf(lane, begin) - begin;
                report(begin, new Books(unread, 0, 0, 0, 0, 0, 0, unread), begin);
                return;
            }
            walk.incarnation()
                    .filter(written -> !belongs(written))
                    .ifPresent(
                            other ->
                                    found(
                                            Kind.DAMAGED,
                                            "state",
                                            "belongs to another incarnation, " + other));
            LanePlan plan = walk.plan().get();
            endsAs(plan);
            long parts = 0;
            long absent = 0;
            for (RangePlan range : plan.ranges()) {
                adds(range);
                waiting += range.live().size();
                parts += range.sealed() ? range.seal().parts() : 0;
                absent += range.sealed() ? range.seal().absent() : 0;
            }
            // A lane that was switched off ends where it was drained to.
            long end =
                    stream.hasEnded(lane, plan)
                            ? plan.openStart()
                            : stream.endOf(lane, plan.knownEnd());
            report(plan.begin(), books(plan, parts, absent, end), plan.checkpoint());
        }

        /**
         * @param parts of sealed ranges that are not committed
         * @param absent sequences of those that no record has
         * @param end of the log
         */
        private Books books(LanePlan plan, long parts, long absent, long end) {
            Totals totals = plan.totals();
            long sealed = plan.openStart() - plan.checkpoint() - absent;
            return new Books(
                    end - plan.begin() - totals.absent() - absent,
                    totals.split() + parts - sealed,
                    totals.main(),
                    totals.dropped(),
                    totals.error(),
                    totals.damaged(),
                    0,
                    parts + end - plan.openStart());
        }

        private boolean belongs(String written) {
            return stream.incarnation().map(own -> own.hex().equals(written)).orElse(true);
        }

        private void found(Kind kind, String subject, String text) {
            findings.add(new Finding(kind, stream.name(), lane, subject, text));
        }

        private void unbalanced(long start, String text) {
            found(Kind.UNBALANCED, "range " + start, text);
        }

        @Override
        public void committed(CommittedRange range) {
            follows(range);
            adds(range.range());
            if (first == null) {
                first = range;
            }
            last = range;
            ranges++;
            for (ObjectRecord object : range.range().live()) {
                objects++;
                records += object.records();
                bytes += object.staged().length();
            }
        }

        @Override
        public void damaged(Path file, long fromByte, long toByte, String reason) {
            found(
                    Kind.DAMAGED,
                    stream.directory().relativize(file).toString(),
                    "%s in bytes %d to %d".formatted(reason, fromByte, toByte));
        }

        @Override
        public void lost(Path ledger, String what) {
            found(Kind.DAMAGED, stream.directory().relativize(ledger).toString(), what);
        }

        private void follows(CommittedRange range) {
            if (last == null) {
                if (range.start() == range.laneBegin()
                        && !range.totalsBefore().equals(Totals.ZERO)) {
                    unbalanced(range.start(), "is the first, and the books before it are not zero");
                }
            } else if (range.start() != last.end()) {
                unbalanced(
                        range.start(),
                        "does not follow on the range before it, which ends at " + last.end());
            } else if (!range.totalsBefore().equals(last.totalsAfter())) {
                unbalanced(
                        range.start(),
                        "has other books before it (%s) than there are behind the range before (%s)"
                                .formatted(range.totalsBefore(), last.totalsAfter()));
            }
        }

        private void adds(RangePlan range) {
            String problem = RangeCheck.problem(range);
            if (!problem.isEmpty()) {
                unbalanced(range.start(), problem);
            }
            for (ObjectRecord object : range.objects()) {
                if (!keys.add(object.store(), object.name().bucket(), object.name().key())) {
                    unbalanced(
                            range.start(),
                            "records %s, which another record names".formatted(object.name()));
                }
            }
        }

        /** The last committed range leaves the books that the state has. */
        private void endsAs(LanePlan plan) {
            Totals totals = plan.totals();
            long booked = totals.sequences() + totals.absent();
            if (booked != plan.checkpoint() - plan.begin()) {
                unbalanced(
                        plan.checkpoint(),
                        "begins behind %d sequences, and the books have %d"
                                .formatted(plan.checkpoint() - plan.begin(), booked));
            }
            if (last == null) {
                return;
            }
            if (last.end() != plan.checkpoint()) {
                unbalanced(
                        last.end(),
                        "is neither in the ledger nor in the state, which begins at "
                                + plan.checkpoint());
            } else if (!last.totalsAfter().equals(totals)) {
                unbalanced(
                        last.start(),
                        "leaves other books (%s) than the state has (%s)"
                                .formatted(last.totalsAfter(), totals));
            }
        }

        private void report(long begin, Books books, long checkpoint) {
            if (!books.balanced()) {
                unbalanced(checkpoint, "and the books do not balance: " + books);
            }
            lanes.add(
                    new LaneReport(
                            stream.name(),
                            lane,
                            books,
                            first == null ? checkpoint : first.start(),
                            first == null
                                    ? OptionalLong.empty()
                                    : OptionalLong.of(first.atMillis()),
                            first == null ? checkpoint == begin : first.start() == begin,
                            ranges,
                            objects,
                            records,
                            bytes,
                            waiting));
        }
    }
}
