package io.delivery.lane.range;

import java.util.Locale;

/** Why a range was sealed. */
public enum SealTrigger {
    INTERVAL,
    SIZE,
    /** The lane was switched off, and this is its last range. */
    END,
    DEFINITION,
    DISK_SHARE,
    STATE,
    FLUSH,
    /** A second seal: other objects stand for those that became void. */
    REPAIR;

    /** Made once: each stream keeps it with its metrics. */
    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }
}
