package io.delivery.lane;

import java.util.Locale;

/** Why a range was sealed. */
enum SealTrigger {
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

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
