package io.delivery.proof;

import io.delivery.proof.BrokenPromises.Kind;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads every object of a store when nothing is on its way any more, and gives each to the reading
 * of its stream. Used once, by one thread.
 */
final class LakeAudit {
    private static final int READ_ATTEMPTS = 5;

    private final ProofStore store;
    private final RowReader rows;
    private final ObjectWatch watch;
    private final BrokenPromises violations;
    private final Map<OracleProducer, LakeReading> readings = new LinkedHashMap<>();
    private final Set<String> found = new HashSet<>();

    LakeAudit(ProofStore store, RowReader rows, ObjectWatch watch, BrokenPromises violations) {
        this.store = store;
        this.rows = rows;
        this.watch = watch;
        this.violations = violations;
    }

    /**
     * Reads all objects.
     *
     * @return how many there are
     * @throws IOException when the store does not answer after several attempts
     */
    int read(List<OracleProducer> producers) throws IOException, InterruptedException {
        for (OracleProducer producer : producers) {
            readings.put(producer, new LakeReading(producer, rows, violations));
        }
        Map<String, Long> keys = patiently(() -> store.lake().list(store.prefix()));
        for (String key : keys.keySet()) {
            Optional<byte[]> bytes = patiently(() -> store.lake().read(key));
            if (bytes.isPresent()) {
                found.add(key);
                watch.compare(key, bytes.get());
                read(key, bytes.get());
            }
        }
        watch.allThere(found);
        readings.values().forEach(LakeReading::settle);
        return found.size();
    }

    private void read(String key, byte[] bytes) {
        String inside = key.substring(store.prefix().length());
        for (Map.Entry<OracleProducer, LakeReading> stream : readings.entrySet()) {
            String title = stream.getKey().stream().title();
            if (inside.startsWith("main/" + title + "/")) {
                stream.getValue().main(key, bytes);
                return;
            }
            if (inside.startsWith("errors/" + title + "/")) {
                stream.getValue().error(key, bytes);
                return;
            }
            if (inside.startsWith("backup/" + title + "/")) {
                stream.getValue().backup(key, bytes);
                return;
            }
        }
        violations.add(Kind.UNKNOWN, "an object that nobody can have made: %s", key);
    }

    /** What was read of each stream. */
    Map<OracleProducer, LakeReading> readings() {
        return readings;
    }

    private interface Look<T> {
        T look() throws IOException;
    }

    /** The store may need a moment after what was done to it. */
    private static <T> T patiently(Look<T> look) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return look.look();
            } catch (IOException failed) {
                if (attempt == READ_ATTEMPTS) {
                    throw failed;
                }
                Thread.sleep(500L * attempt);
            }
        }
    }

    /** Of the objects that are there: what an earlier proof left has other keys. */
    Optional<ProofReport.Versions> versions() throws IOException, InterruptedException {
        Optional<Map<String, Integer>> versions =
                patiently(() -> store.lake().versions(store.prefix()));
        if (versions.isEmpty()) {
            return Optional.empty();
        }
        int single = 0;
        for (String key : found) {
            int kept = versions.get().getOrDefault(key, 0);
            if (kept == 1) {
                single++;
            } else {
                violations.add(Kind.VERSIONS, "%s has %d versions", key, kept);
            }
        }
        return Optional.of(new ProofReport.Versions(found.size(), single));
    }
}
