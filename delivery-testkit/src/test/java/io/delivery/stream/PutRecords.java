package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.Origin;
import io.delivery.lane.Books;
import io.delivery.record.RecordBatch;
import io.delivery.testkit.SimWorld;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbered records, each put to one stream once: which stream that was, whether it accepted them,
 * and what the store shows of them. A stream of the API is known by its incarnation, one of the
 * configuration by its name.
 */
final class PutRecords {
    private static final Pattern RECORD = Pattern.compile("\\[(\\d+)]");

    private final SimWorld sim;

    /** Owners of all records that were sent. */
    private final Map<String, String> sent = new HashMap<>();

    /** Owners of those that were accepted. */
    private final Map<String, String> accepted = new HashMap<>();

    /** Incarnations that were told what they have discarded. */
    private final Set<String> discarded = new HashSet<>();

    /** Those of which the present process has not said yet whether it accepts them. */
    private final Set<String> unanswered = new HashSet<>();

    private int numbers;

    PutRecords(SimWorld sim) {
        this.sim = sim;
    }

    void put(RegisteredStream stream) {
        String id = Integer.toString(++numbers);
        String owner =
                stream.origin() == Origin.API ? stream.status().incarnation() : stream.name();
        sent.put(id, owner);
        unanswered.add(id);
        stream.accept(
                        RecordBatch.of(
                                sim.clock().millis(),
                                "[%s]".formatted(id).getBytes(StandardCharsets.UTF_8)))
                .whenComplete(
                        (batch, failure) -> {
                            unanswered.remove(id);
                            if (failure == null && !sim.disk().crashed()) {
                                accepted.put(id, owner);
                            }
                        });
    }

    /** A process has begun: one that has died answers nobody. */
    void begun() {
        unanswered.clear();
    }

    /** Records of which the present process has not said yet whether it accepts them. */
    Set<String> unanswered() {
        return unanswered;
    }

    int accepted() {
        return accepted.size();
    }

    // --- what landed ---

    /**
     * Each record has landed at most once, in an object of the stream that it was sent to; those
     * that one of these streams accepted have landed.
     */
    void checkLanded(Set<String> owners) {
        Map<String, Integer> landed = landed("lake");
        assertThat(landed.values()).as("times that records landed").allMatch(times -> times == 1);
        assertThat(landed("backups").values())
                .as("times that backups landed")
                .allMatch(times -> times == 1);
        accepted.forEach(
                (id, owner) -> {
                    if (owners.contains(owner)) {
                        assertThat(landed).as("record %s of %s", id, owner).containsKey(id);
                    }
                });
    }

    private Map<String, Integer> landed(String bucket) {
        Map<String, Integer> landed = new HashMap<>();
        sim.store()
                .visible()
                .forEach(
                        (object, visible) -> {
                            if (object.bucket().equals(bucket)) {
                                String mark = visible.attributes().mark();
                                String incarnation = mark.substring(0, mark.indexOf('/'));
                                String name = object.key().substring(0, object.key().indexOf('/'));
                                count(visible.bytes(), Set.of(incarnation, name), landed);
                            }
                        });
        return landed;
    }

    private void count(byte[] bytes, Set<String> owners, Map<String, Integer> landed) {
        Matcher record = RECORD.matcher(new String(bytes, StandardCharsets.UTF_8));
        while (record.find()) {
            String id = record.group(1);
            assertThat(owners)
                    .as("the stream that record %s landed for", id)
                    .contains(sent.get(id));
            landed.merge(id, 1, Integer::sum);
        }
    }

    // --- what was discarded ---

    /** Notes that this stream has told what it has discarded; whether that was the first time. */
    boolean discarded(String incarnation) {
        return discarded.add(incarnation);
    }

    /**
     * What a deleted stream tells: whatever the store did not show of it by then is discarded, and
     * whatever is not discarded is in the store.
     */
    void checkDiscarded(String incarnation, Books last) {
        Set<String> visible = landed("lake").keySet();
        long most = count(sent, incarnation);
        long least = count(accepted, incarnation);
        long shown = visible.stream().filter(id -> sent.get(id).equals(incarnation)).count();
        long acceptedAndNotShown =
                accepted.entrySet().stream()
                        .filter(record -> record.getValue().equals(incarnation))
                        .filter(record -> !visible.contains(record.getKey()))
                        .count();
        assertThat(last.accepted()).as("accepted, of %s", last).isBetween(least, most);
        assertThat(last.landed()).as("landed, of %s", last).isLessThanOrEqualTo(shown);
        assertThat(last.discarded())
                .as("discarded, of %s", last)
                .isGreaterThanOrEqualTo(acceptedAndNotShown)
                .isEqualTo(last.accepted() - last.landed());
    }

    private static long count(Map<String, String> records, String owner) {
        return records.values().stream().filter(owner::equals).count();
    }
}
