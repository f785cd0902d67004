package io.delivery.testkit.simulation;

import io.delivery.testkit.MemoryLog;
import io.delivery.testkit.SimEntropy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A log of somebody else that a simulated stream reads beside its journal, and what must become of
 * its records: those of an aborted transaction are in no object, those that were withdrawn or lost
 * need not be in one, and all others are.
 */
final class SimulatedLog {
    static final String NAME = "orders";

    private final MemoryLog log = new MemoryLog();
    private final SimEntropy chance;
    private final Oracle oracle;
    private final Map<Long, String> ids = new HashMap<>();
    private final List<Undecided> undecided = new ArrayList<>();
    private final Set<String> aborted = new HashSet<>();
    private final Set<String> withdrawn = new HashSet<>();
    private final Set<String> lost = new HashSet<>();
    private long given;
    private long marks;

    /** A transaction, and where its records are expected once it is committed. */
    private record Undecided(
            MemoryLog.Transaction transaction, List<String> ids, Set<String> expectedIn) {}

    SimulatedLog(SimEntropy chance, Oracle oracle) {
        this.chance = chance;
        this.oracle = oracle;
    }

    MemoryLog log() {
        return log;
    }

    // --- what happens to it ---

    /**
     * Appends records, one piece per key, sometimes in a transaction.
     *
     * @param expectedIn takes the ids of those that are given to the stream
     */
    void append(String stream, long nowMillis, List<List<String>> keys, Set<String> expectedIn) {
        List<String> batch = new ArrayList<>();
        byte[][] records = new byte[keys.size()][];
        for (int i = 0; i < records.length; i++) {
            String id = oracle.newId(stream);
            batch.add(id);
            records[i] = oracle.sent(id, keys.get(i)).getBytes(StandardCharsets.UTF_8);
        }
        if (chance.chance(0.3)) {
            MemoryLog.Transaction transaction = log.begin(nowMillis, records);
            number(transaction.first(), batch);
            undecided.add(new Undecided(transaction, batch, expectedIn));
        } else {
            number(log.append(nowMillis, records), batch);
            give(batch, expectedIn);
        }
    }

    private void number(long first, List<String> batch) {
        for (int i = 0; i < batch.size(); i++) {
            ids.put(first + i, batch.get(i));
        }
    }

    private void give(List<String> batch, Set<String> expectedIn) {
        given += batch.size();
        batch.forEach(oracle::accepted);
        expectedIn.addAll(batch);
    }

    /** What its owner and its medium do to it now and then; empty when that is nothing. */
    String happens() {
        int dice = chance.below(20);
        if (dice < 4 && !undecided.isEmpty()) {
            return decide(chance.chance(0.6));
        } else if (dice == 4) {
            log.mark();
            marks++;
            return "mark";
        } else if (dice == 5) {
            return gone("withdrawn", withdrawn);
        } else if (dice == 6 && chance.chance(0.5)) {
            return gone("lost", lost);
        } else if (dice == 7) {
            log.failReads(1 + chance.below(3));
            return "log does not answer";
        }
        return "";
    }

    private String decide(boolean commit) {
        Undecided oldest = undecided.remove(chance.below(undecided.size()));
        marks++;
        if (commit) {
            oldest.transaction().commit();
            give(oldest.ids(), oldest.expectedIn());
            return "commit " + oldest.ids();
        }
        oldest.transaction().abort();
        aborted.addAll(oldest.ids());
        return "abort " + oldest.ids();
    }

    /** One record goes, and most often a late one: it is likely to be on its way. */
    private String gone(String how, Set<String> those) {
        long end = log.durableEnd();
        if (end == 0) {
            return "";
        }
        long sequence = Math.max(0, end - 1 - chance.below(chance.chance(0.8) ? 10 : 1000));
        String id = ids.get(sequence);
        if (id == null || aborted.contains(id) || !those.add(id)) {
            return "";
        }
        if (those == lost) {
            log.lose(sequence, sequence + 1);
        } else {
            log.withdraw(sequence);
        }
        return how + " " + id;
    }

    /** Everything is decided, and the log answers. */
    void settle() {
        log.failReads(0);
        while (!undecided.isEmpty()) {
            decide(true);
        }
    }

    // --- what must hold ---

    /** Records that the stream was given and need not have delivered. */
    long mayBeMissing() {
        Set<String> either = new HashSet<>(withdrawn);
        either.addAll(lost);
        return either.size();
    }

    boolean mayBeMissing(String id) {
        return withdrawn.contains(id) || lost.contains(id);
    }

    boolean wasAborted(String id) {
        return aborted.contains(id);
    }

    /** Records that were lost and of which nothing is among these pieces. */
    long lostBefore(Set<String> pieces) {
        return lost.stream()
                .filter(id -> !withdrawn.contains(id))
                .filter(id -> pieces.stream().noneMatch(piece -> piece.startsWith(id + ".")))
                .count();
    }

    /** Records that the stream was given. */
    long given() {
        return given;
    }

    /** Counts what has happened to it. */
    void count(Counts counts) {
        counts.add("log: given", given);
        counts.add("log: marks", marks);
        counts.add("log: aborted", aborted.size());
        counts.add("log: withdrawn", withdrawn.size());
        counts.add("log: lost", lost.size());
    }
}
