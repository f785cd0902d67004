package io.delivery.wiring;

import org.slf4j.Logger;

/** Hints about the configuration go to the log when the service starts. */
final class LoggedHints {
    private LoggedHints() {}

    /**
     * Not as a warning: a hint is as true at each start, and what it is about may be meant.
     *
     * @param hint {@code path: advice}
     */
    static void tell(String hint, Logger log) {
        int end = hint.indexOf(": ");
        log.info("hint: setting={} advice={}", hint.substring(0, end), hint.substring(end + 2));
    }
}
