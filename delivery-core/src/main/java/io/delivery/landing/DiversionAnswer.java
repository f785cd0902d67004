package io.delivery.landing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the lanes of a stream did about a {@link Diversion}. What one of them could not do changes
 * nothing of what the others did.
 *
 * @param objects what was done with each object that it is about; that is durable
 * @param failures why lanes could do nothing or could not write it down, by the names of the lanes
 */
public record DiversionAnswer(List<Diverted> objects, Map<String, String> failures) {
    public DiversionAnswer {
        objects = List.copyOf(objects);
        failures = Map.copyOf(failures);
    }

    /** What a lane did. */
    public static DiversionAnswer of(List<Diverted> objects) {
        return new DiversionAnswer(objects, Map.of());
    }

    /** That a lane did not do it. */
    public static DiversionAnswer failed(String lane, String reason) {
        return new DiversionAnswer(List.of(), Map.of(lane, reason));
    }

    /** Together with what other lanes did. */
    public DiversionAnswer and(DiversionAnswer others) {
        List<Diverted> allObjects = new ArrayList<>(objects);
        allObjects.addAll(others.objects);
        Map<String, String> allFailures = new TreeMap<>(failures);
        allFailures.putAll(others.failures);
        return new DiversionAnswer(allObjects, allFailures);
    }

    /** A sentence that tells the failures: {@code backup-1: the lane has stopped; main-1: …}. */
    public String failureText() {
        return new TreeMap<>(failures)
                .entrySet().stream()
                        .map(failure -> failure.getKey() + ": " + failure.getValue())
                        .collect(Collectors.joining("; "));
    }
}
