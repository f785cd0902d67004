package io.delivery.stream;

/** What happens to open buffers when a stream stops. */
public enum Stopping {
    /**
     * They are sealed and landed; what has not landed after the grace lands after the next start.
     */
    LAND_OPEN,
    /** Their records stay in the journal and are read again after the next start. */
    KEEP_OPEN
}
