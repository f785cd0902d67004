package io.delivery.stream;

import java.util.Locale;

/** Why a range was sealed. */
enum SealTrigger {
    INTERVAL,
    SIZE,
    SHUTDOWN,
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
