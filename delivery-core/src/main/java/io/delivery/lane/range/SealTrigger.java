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

    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
