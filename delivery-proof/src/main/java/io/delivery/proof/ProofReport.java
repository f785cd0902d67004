package io.delivery.proof;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a proof has found.
 *
 * @param kills all, those while it started included
 * @param killsAtStart while it started
 * @param faults how often each was met; empty: kills only
 * @param withoutFaults why, then
 * @param requests that the proxy has seen
 * @param seenEarly objects that were seen before the last start, and compared at the end
 * @param watchTrouble why the store could not be read while it ran, the last time it could not;
 *     empty when it always could
 * @param functions where the function of the proof ran, or why it has none
 * @param versions keys with exactly one version, of how many; empty: the bucket keeps none
 * @param scratch configuration, data directory and logs
 */
public record ProofReport(
        String store,
        long seed,
        Duration load,
        int kills,
        int killsAtStart,
        Map<Fault, Long> faults,
        String withoutFaults,
        long requests,
        List<StreamReport> streams,
        int objects,
        int seenEarly,
        String watchTrouble,
        String functions,
        Optional<Versions> versions,
        BrokenPromises violations,
        Path scratch) {

    /**
     * What became of one stream's records.
     *
     * @param unanswered records of calls without an answer, or with one of 5xx
     * @param unavailable how many of those were answered with 5xx
     * @param unansweredThere how many of those are there
     * @param parts of the records that are there: what main and error output hold, and what was
     *     dropped
     * @param dropped by a function, which leaves them in the backup only
     */
    public record StreamReport(
            String name,
            long acknowledged,
            long unanswered,
            long unavailable,
            long unansweredThere,
            long parts,
            long main,
            long errors,
            long dropped,
            Optional<Long> backup,
            boolean balanced) {}

    /** Keys and how many of them have one version. */
    public record Versions(int keys, int single) {}

    /** Whether every promise held. */
    public boolean proved() {
        return violations.none();
    }

    public long acknowledged() {
        return streams.stream().mapToLong(StreamReport::acknowledged).sum();
    }

    /** For people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        line(text, "store          %s", store);
        line(text, "seed           %d", seed);
        line(text, "load           %d s", load.toSeconds());
        line(text, "functions      %s", functions);
        line(text, "SIGKILL        %d times, %d of them while it started", kills, killsAtStart);
        if (faults.isEmpty()) {
            line(
                    text,
                    "store faults   none%s",
                    withoutFaults.isEmpty() ? "" : ": " + withoutFaults);
        } else {
            long met = faults.values().stream().mapToLong(Long::longValue).sum();
            line(text, "store faults   %,d in %,d requests", met, requests);
            faults.forEach((fault, count) -> line(text, "  %-20s %,7d", fault.title(), count));
        }
        line(text, "");
        line(
                text,
                "%-10s %12s %11s %10s %11s %11s %11s %8s %8s %11s  %s",
                "stream",
                "acknowledged",
                "no answer",
                "of it 5xx",
                "of it there",
                "parts",
                "main",
                "errors",
                "dropped",
                "backup",
                "books");
        for (StreamReport stream : streams) {
            line(
                    text,
                    "%-10s %,12d %,11d %,10d %,11d %,11d %,11d %,8d %,8d %11s  %s",
                    stream.name(),
                    stream.acknowledged(),
                    stream.unanswered(),
                    stream.unavailable(),
                    stream.unansweredThere(),
                    stream.parts(),
                    stream.main(),
                    stream.errors(),
                    stream.dropped(),
                    stream.backup().map("%,d"::formatted).orElse("none"),
                    stream.balanced() ? "balance" : "DO NOT BALANCE");
        }
        line(text, "");
        line(text, "conservation   %s", conservation());
        line(text, "integrity      %s", verdict("every byte as sent", BrokenPromises.Kind.CHANGED));
        line(
                text,
                "duplicates     %s",
                verdict(
                        "none in any lane",
                        BrokenPromises.Kind.TWICE,
                        BrokenPromises.Kind.CALL_TORN));
        line(
                text,
                "objects        %,d; %,d seen while it ran and compared at the end: %s",
                objects,
                seenEarly,
                verdict(
                        "none changed, none gone",
                        BrokenPromises.Kind.OBJECT_CHANGED,
                        BrokenPromises.Kind.OBJECT_GONE));
        if (!watchTrouble.isEmpty()) {
            line(text, "               not always: the store could not be read: %s", watchTrouble);
        }
        line(
                text,
                "versions       %s",
                versions.map(v -> "%,d keys, %,d with exactly one".formatted(v.keys(), v.single()))
                        .orElse("none kept, or not for us to see"));
        line(text, "");
        if (proved()) {
            line(text, "Proved.");
        } else {
            violations.kept().forEach(violation -> line(text, "%s", violation));
            violations.counts().forEach((kind, count) -> line(text, "%-15s %,d", kind, count));
            line(text, "NOT PROVED. Configuration, data directory and logs: %s", scratch);
        }
        return text.toString();
    }

    private String conservation() {
        return verdict(
                "all %,d acknowledged records are in exactly one place of each lane"
                        .formatted(acknowledged()),
                BrokenPromises.Kind.LOST,
                BrokenPromises.Kind.MISPLACED,
                BrokenPromises.Kind.UNKNOWN);
    }

    private String verdict(String good, BrokenPromises.Kind... kinds) {
        long found = 0;
        for (BrokenPromises.Kind kind : kinds) {
            found += violations.counts().getOrDefault(kind, 0L);
        }
        return found == 0 ? good : "VIOLATED, %,d times".formatted(found);
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    /** For machines. */
    public String json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("proved", proved())
                .put("store", store)
                .put("seed", seed)
                .put("loadSeconds", load.toSeconds())
                .put("kills", kills)
                .put("killsAtStart", killsAtStart)
                .put("requests", requests)
                .put("objects", objects)
                .put("objectsSeenEarly", seenEarly)
                .put("watchTrouble", watchTrouble)
                .put("functions", functions);
        ObjectNode met = root.putObject("faults");
        faults.forEach((fault, count) -> met.put(fault.name(), count));
        ArrayNode list = root.putArray("streams");
        for (StreamReport stream : streams) {
            ObjectNode one = list.addObject();
            one.put("name", stream.name())
                    .put("acknowledged", stream.acknowledged())
                    .put("unanswered", stream.unanswered())
                    .put("unavailable", stream.unavailable())
                    .put("unansweredThere", stream.unansweredThere())
                    .put("parts", stream.parts())
                    .put("main", stream.main())
                    .put("errors", stream.errors())
                    .put("dropped", stream.dropped())
                    .put("balanced", stream.balanced());
            stream.backup().ifPresent(backup -> one.put("backup", backup));
        }
        versions.ifPresent(
                v ->
                        root.putObject("versions")
                                .put("keys", v.keys())
                                .put("exactlyOne", v.single()));
        ObjectNode counts = root.putObject("violations");
        violations.counts().forEach((kind, count) -> counts.put(kind.name(), count));
        violations.kept().forEach(root.putArray("found")::add);
        root.put("scratch", scratch.toString());
        return root.toPrettyString() + "\n";
    }
}
