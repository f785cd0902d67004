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

    /** What becomes of records that are buffered when the service stops. */
    public enum OpenRanges {
        /** They land now, in small objects if need be. */
        LAND,
        /** They stay in the journal and land after the next start. */
        KEEP
    }
}
