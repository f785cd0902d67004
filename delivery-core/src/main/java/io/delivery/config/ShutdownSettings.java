package io.delivery.config;

import java.time.Duration;

/**
 * What happens on SIGTERM.
 *
 * @param grace how long requests and landings may take to finish
 * @param openRanges what becomes of records in open buffers
 */
public record ShutdownSettings(Duration grace, OpenRanges openRanges) {
    /** 25 s, and open buffers land. */
    public static final ShutdownSettings DEFAULTS =
            new ShutdownSettings(Duration.ofSeconds(25), OpenRanges.LAND);

    /** How long requests that are under way have, before the grace begins. */
    public static final Duration REQUESTS = Duration.ofSeconds(5);

    /** How long landings have to break off when the grace is over. */
    public static final Duration BREAKING_OFF = Duration.ofSeconds(10);

    /** What everything else takes to close: the admin port, functions, files. */
    public static final Duration CLOSING = Duration.ofSeconds(5);

    /**
     * What a stop takes at the most. Whoever ends the process must wait for so long; the Helm chart
     * does.
     */
    public Duration longest() {
        return REQUESTS.plus(grace).plus(BREAKING_OFF).plus(CLOSING);
    }

    /** What becomes of records that are buffered when the service stops. */
    public enum OpenRanges {
        /** They land now, in small objects if need be. */
        LAND,
        /** They stay in the journal and land after the next start. */
        KEEP
    }
}
