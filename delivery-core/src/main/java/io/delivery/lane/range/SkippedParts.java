package io.delivery.lane.range;

import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Skip;
import io.delivery.record.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The (sequence, part)s of a range whose objects were skipped: each of them has failed, for the
 * reason of its object. Asked in ascending order while the range is read again.
 */
final class SkippedParts {
    private final List<Group> groups = new ArrayList<>();

    /** Objects that were skipped for the same reason. */
    private record Group(Failure failure, SettledParts parts) {}

    SkippedParts(RangePlan range) {
        Map<Failure, List<ObjectRecord>> byFailure = new LinkedHashMap<>();
        for (ObjectRecord object : range.voided()) {
            range.skipOf(object)
                    .map(Skip::failure)
                    .ifPresent(
                            failure ->
                                    byFailure
                                            .computeIfAbsent(failure, f -> new ArrayList<>())
                                            .add(object));
        }
        byFailure.forEach(
                (failure, objects) -> groups.add(new Group(failure, new SettledParts(objects))));
    }

    /** Why this part has failed; empty when it was not skipped. */
    Optional<Failure> failureOf(long sequence, int part) {
        for (Group group : groups) {
            if (group.parts().contains(sequence, part)) {
                return Optional.of(group.failure());
            }
        }
        return Optional.empty();
    }
}
