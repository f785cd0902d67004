package io.delivery.cli;

import io.delivery.inspection.StreamInspection;
import io.delivery.journal.JournalDamage;
import io.delivery.journal.JournalInspection;
import io.delivery.journal.JournalVisitor;
import io.delivery.landing.LaneStateInspection;
import io.delivery.landing.SequenceFate;
import io.delivery.landing.SequenceFate.Stage;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where one record is and what became of it.
 *
 * @param place in the journal; empty when it is not there, or not any more
 * @param damage that it was lost to
 * @param journalBegin the first sequence that the journal still has
 * @param fates by the name of the lane, from its state or, when that has forgotten, its ledger
 * @param known whether the sequence was ever given
 */
record RecordTrace(
        long sequence,
        Optional<Place> place,
        Optional<JournalDamage> damage,
        long journalBegin,
        SortedMap<String, LaneStateInspection> lanes,
        SortedMap<String, SequenceFate> fates,
        boolean known) {

    /**
     * A record in the journal; the frame it is in begins at {@code offset}.
     *
     * @param bytes empty when it is encrypted and nobody has given its key
     */
    record Place(Path file, long offset, long arrivalMillis, OptionalInt bytes) {}

    /** What became of a record in a lane, in one word. */
    enum Outcome {
        BEFORE_THE_LANE,
        COMMITTED,
        LANDED,
        LANDING,
        DROPPED,
        WAITING,
        UNKNOWN
    }

    static RecordTrace of(StreamInspection stream, long sequence) throws IOException {
        SortedMap<String, LaneStateInspection> lanes = stream.journalLanes();
        Finder finder = new Finder(sequence);
        long behind = sequence == Long.MAX_VALUE ? sequence : sequence + 1;
        JournalInspection journal = stream.read(sequence, behind, finder);
        long end = journal.end();
        for (LaneStateInspection lane : lanes.values()) {
            end = Math.max(end, lane.plan().knownEnd());
        }
        SortedMap<String, SequenceFate> fates = new TreeMap<>();
        for (Map.Entry<String, LaneStateInspection> lane : lanes.entrySet()) {
            SequenceFate fate = lane.getValue().fateOf(sequence);
            if (fate.stage() == Stage.FORGOTTEN) {
                fate = stream.fateInLedger(lane.getKey(), sequence).orElse(fate);
            }
            fates.put(lane.getKey(), fate);
        }
        return new RecordTrace(
                sequence,
                finder.place,
                finder.damage,
                journal.begin(),
                lanes,
                fates,
                0 <= sequence && sequence < end);
    }

    Outcome outcome(Map.Entry<String, LaneStateInspection> lane) {
        SequenceFate fate = fates.get(lane.getKey());
        if (fate.stage() == Stage.OPEN && lane.getValue().damage().isPresent()) {
            return Outcome.UNKNOWN; // it may be in an object behind the damage
        }
        return switch (fate.stage()) {
            case BEFORE_THE_LANE -> Outcome.BEFORE_THE_LANE;
            case FORGOTTEN -> Outcome.COMMITTED;
            case COMMITTED -> fate.held().isEmpty() ? Outcome.DROPPED : Outcome.LANDED;
            case SEALED -> fate.held().isEmpty() ? Outcome.DROPPED : Outcome.LANDING;
            case BROKEN, OPEN -> fate.held().isEmpty() ? Outcome.WAITING : Outcome.LANDING;
        };
    }

    private static final class Finder implements JournalVisitor {
        private final long sequence;
        private Optional<Place> place = Optional.empty();
        private Optional<JournalDamage> damage = Optional.empty();

        Finder(long sequence) {
            this.sequence = sequence;
        }

        @Override
        public void records(Path file, long offset, long firstSequence, RecordBatch batch) {
            if (sequence < firstSequence || sequence - firstSequence >= batch.count()) {
                return;
            }
            RecordBatch.Cursor cursor = batch.cursor();
            DeliveryRecord record = cursor.next();
            for (long at = firstSequence; at < sequence; at++) {
                record = cursor.next();
            }
            place =
                    Optional.of(
                            new Place(
                                    file,
                                    offset,
                                    record.arrivalMillis(),
                                    OptionalInt.of(record.length())));
        }

        @Override
        public void encrypted(
                Path file, long offset, long firstSequence, int count, long arrivalMillis) {
            if (sequence >= firstSequence && sequence - firstSequence < count) {
                place = Optional.of(new Place(file, offset, arrivalMillis, OptionalInt.empty()));
            }
        }

        @Override
        public void damaged(JournalDamage found) {
            if (found.from() <= sequence && sequence < found.to()) {
                damage = Optional.of(found);
            }
        }
    }
}
