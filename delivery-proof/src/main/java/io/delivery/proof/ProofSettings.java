package io.delivery.proof;

import java.time.Duration;

/**
 * How long and how hard.
 *
 * @param load how long records are sent
 * @param patience how much longer, until every stream has an acknowledged record and an object was
 *     seen: without these a run proves nothing
 * @param minKills how often the program is killed at least, even if that takes longer
 * @param seed of records, faults and kill delays; it does not repeat interleavings
 */
public record ProofSettings(Duration load, Duration patience, int minKills, long seed) {
    private static final Duration USUAL_PATIENCE = Duration.ofMinutes(1);
    private static final int USUAL_KILLS = 10;
    private static final int SECONDS_PER_KILL = 6;

    /** With ten kills or more, fewer for loads of less than a minute. */
    public static ProofSettings of(Duration load, long seed) {
        long kills = Math.min(USUAL_KILLS, load.toSeconds() / SECONDS_PER_KILL);
        return new ProofSettings(load, USUAL_PATIENCE, (int) Math.max(1, kills), seed);
    }
}
