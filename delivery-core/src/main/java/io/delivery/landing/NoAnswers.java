package io.delivery.landing;

import io.delivery.record.Amount;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Objects that a store gives no answer about that tells anything, such as 500, again and again,
 * while others of their bucket land. Some stores say so of a key that they will never take. Belongs
 * to the executor of the landings.
 */
final class NoAnswers {
    /** So many are no moment of weakness: they take about a minute. */
    private static final int MANY = 10;

    /** So many others must have landed meanwhile. */
    private static final int OTHERS = 3;

    private final Map<String, Long> landed = new HashMap<>(1);
    private final Map<LandingAttempt, Row> rows = new HashMap<>(1);

    /** For which nothing is asked for a while, so that their keys can be given up. */
    private final Set<LandingAttempt> leftAlone = new HashSet<>(1);

    /**
     * What an object has met.
     *
     * @param times it was not
     * @param landedBefore how many objects had landed in its bucket when that began
     */
    private record Row(int times, long landedBefore) {}

    /**
     * An object has landed in this bucket.
     *
     * @return which of those that were left alone land now as well, as far as is known
     */
    List<LandingAttempt> landed(String bucket) {
        landed.merge(bucket, 1L, Long::sum);
        if (leftAlone.isEmpty()) {
            return List.of();
        }
        List<LandingAttempt> again =
                leftAlone.stream()
                        .filter(one -> one.task().bucket().equals(bucket) && !isAlone(one))
                        .toList();
        again.forEach(leftAlone::remove);
        return again;
    }

    /** Nothing is asked for it for a while. */
    void leaveAlone(LandingAttempt attempt) {
        leftAlone.add(attempt);
    }

    private boolean isAlone(LandingAttempt attempt) {
        Row row = rows.get(attempt);
        return row != null && row.times() >= MANY && others(attempt, row) >= OTHERS;
    }

    private long others(LandingAttempt attempt, Row row) {
        return landed.getOrDefault(attempt.task().bucket(), 0L) - row.landedBefore();
    }

    /** Nothing more is asked for this object. */
    void settled(LandingAttempt attempt) {
        rows.remove(attempt);
        leftAlone.remove(attempt);
    }

    /**
     * It was not answered once more.
     *
     * @return what to do when it seems to be alone with that; empty otherwise
     */
    String add(LandingAttempt attempt) {
        LandingTask task = attempt.task();
        long now = landed.getOrDefault(task.bucket(), 0L);
        Row before = rows.getOrDefault(attempt, new Row(0, now));
        Row row = new Row(before.times() + 1, before.landedBefore());
        rows.put(attempt, row);
        leftAlone.remove(attempt);
        if (!isAlone(attempt)) {
            return "";
        }
        long others = others(attempt, row);
        String key = task.object().name().key();
        return "; %s of its bucket landed meanwhile, so the store seems to refuse this key alone: delivery redirect %s --object %s --to BUCKET/PREFIX leads it elsewhere, delivery skip %s --object %s gives it up"
                .formatted(
                        Amount.of(others, "other object"), task.stream(), key, task.stream(), key);
    }
}
