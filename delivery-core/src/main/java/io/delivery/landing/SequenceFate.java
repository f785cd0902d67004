package io.delivery.landing;

import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneRecord.Skip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What became of one sequence in a lane.
 *
 * @param held the objects with parts of it: empty for a record that was dropped, or that is in no
 *     object yet
 * @param voided objects whose staged bytes were damaged, or that were skipped: what they held is in
 *     others, or will be
 * @param skipped why records of those of them have failed that were skipped
 * @param seal of its range, unless that is forgotten or open
 */
public record SequenceFate(
        Stage stage,
        List<Held> held,
        List<ObjectRecord> voided,
        List<Skip> skipped,
        Optional<Seal> seal) {
    /** How far a lane is with one sequence. */
    public enum Stage {
        /** In front of where the lane began. */
        BEFORE_THE_LANE,
        /** Settled, and the objects of its range are not in the state any more. */
        FORGOTTEN,
        /** In a range whose objects have all been seen in the store. */
        COMMITTED,
        /** In a range that is decided and not yet landed as a whole. */
        SEALED,
        /** In a sealed range with void objects: some of its records are read again. */
        BROKEN,
        /** In the range that is being read, as far as it has been read. */
        OPEN
    }

    /**
     * Parts of one record in one object.
     *
     * @param parts their numbers, ascending
     * @param withLast whether the record's last part is among them
     * @param said what the store answered, once the object's range is committed
     */
    public record Held(
            ObjectRecord object, List<Integer> parts, boolean withLast, Optional<String> said) {}

    /** Of a sequence whose range the lane's plan does not hold. */
    static SequenceFate without(Stage stage) {
        return new SequenceFate(stage, List.of(), List.of(), List.of(), Optional.empty());
    }

    /**
     * Of a sequence of this range.
     *
     * @param said what the store answered for each object, in the order of their numbers; empty
     *     before the range is committed
     */
    static SequenceFate of(Stage stage, long sequence, RangePlan range, List<String> said) {
        List<ObjectRecord> voided = new ArrayList<>();
        held(sequence, range.voided(), List.of()).forEach(held -> voided.add(held.object()));
        return new SequenceFate(
                stage,
                held(sequence, range.live(), said),
                voided,
                voided.stream().flatMap(object -> range.skipOf(object).stream()).toList(),
                Optional.ofNullable(range.seal()));
    }

    private static List<Held> held(long sequence, List<ObjectRecord> objects, List<String> said) {
        List<Held> held = new ArrayList<>();
        for (ObjectRecord object : objects) {
            List<Integer> parts = new ArrayList<>();
            boolean last = object.sequences().partsOf(sequence, parts);
            if (!parts.isEmpty()) {
                // The store's answers are in the order of the objects' numbers.
                Optional<String> answer =
                        object.number() < said.size()
                                ? Optional.of(said.get(object.number()))
                                : Optional.empty();
                held.add(new Held(object, parts, last, answer));
            }
        }
        return held;
    }
}
