package io.delivery.verify;

import io.delivery.inspection.StreamInspection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;

/** Whose an object is that no record names: ours, from before our time, or another's. */
final class Marks {
    /** What can be said of it. */
    enum Origin {
        /** It should be recorded, and is not. */
        UNKNOWN,
        /** From before the time that the ledger can tell of. */
        OLDER,
        /** It carries the mark of another data directory. */
        FOREIGN,
        /** The lane that may have recorded it cannot be read. */
        UNTOLD
    }

    private final Set<String> incarnations = new HashSet<>();
    private final Map<String, SortedSet<String>> unreadable = new HashMap<>();
    private final Set<String> unreadableMarks = new HashSet<>();
    private final Map<String, Long> speaksFrom = new HashMap<>();
    private final Map<String, Long> speaksFromMillis = new HashMap<>();

    Marks(List<StreamCheck> streams, long nowMillis) {
        for (StreamCheck check : streams) {
            StreamInspection stream = check.stream();
            stream.incarnation().ifPresent(own -> incarnations.add(own.hex()));
            if (!check.unreadableLanes().isEmpty()) {
                unreadable.put(stream.name(), check.unreadableLanes());
                for (String lane : check.unreadableLanes()) {
                    stream.incarnation()
                            .ifPresent(own -> unreadableMarks.add(own.hex() + "/" + lane));
                }
            }
            long from = stream.createdMillis();
            for (LaneReport lane : check.lanes()) {
                stream.incarnation()
                        .ifPresent(
                                own ->
                                        speaksFrom.put(
                                                own.hex() + "/" + lane.lane(), lane.speaksFrom()));
                if (!lane.wholeHistory()) {
                    from = Math.max(from, lane.speaksFromMillis().orElse(nowMillis));
                }
            }
            speaksFromMillis.put(stream.name(), from);
        }
    }

    /** Why a stream cannot tell all that it recorded; empty when it can. */
    Optional<String> silence(String stream) {
        return Optional.ofNullable(unreadable.get(stream))
                .map(lanes -> "lane %s cannot be read".formatted(String.join(", ", lanes)));
    }

    /** The same of all streams together. */
    Optional<String> silence() {
        return unreadable.keySet().stream()
                .sorted()
                .findFirst()
                .map(stream -> "%s: %s".formatted(stream, silence(stream).orElseThrow()));
    }

    /**
     * @param mark {@code <incarnation>/<lane>/<range start>/<number>/<salt>}; empty without one
     */
    Origin origin(String stream, Optional<String> mark, OptionalLong modifiedMillis) {
        if (mark.isPresent()) {
            return origin(mark.get());
        }
        if (unreadable.containsKey(stream)) {
            return Origin.UNTOLD;
        }
        boolean older =
                modifiedMillis.isPresent()
                        && modifiedMillis.getAsLong() < speaksFromMillis.getOrDefault(stream, 0L);
        return older ? Origin.OLDER : Origin.UNKNOWN;
    }

    private Origin origin(String mark) {
        String[] words = mark.split("/", -1);
        if (words.length != 5 || !words[2].matches("\\d{1,18}")) {
            return Origin.UNKNOWN; // no mark of ours
        }
        if (!incarnations.contains(words[0])) {
            return Origin.FOREIGN;
        }
        if (unreadableMarks.contains(words[0] + "/" + words[1])) {
            return Origin.UNTOLD;
        }
        long from = speaksFrom.getOrDefault(words[0] + "/" + words[1], 0L);
        return Long.parseLong(words[2]) < from ? Origin.OLDER : Origin.UNKNOWN;
    }
}
