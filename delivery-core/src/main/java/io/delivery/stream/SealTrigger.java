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
    FLUSH;

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
