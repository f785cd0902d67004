package io.delivery.wiring;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP: the service reads its configuration again, as soon as it has started. It ends nothing:
 * without a handler the JVM would end. Thread-safe.
 */
final class HangUp {
    private static final Logger log = LoggerFactory.getLogger(HangUp.class);

    /** Null until the service has started. */
    private ConfigReload reload;

    private boolean came;

    /** What came before is done now. */
    void started(ConfigReload running) {
        boolean before;
        synchronized (this) {
            reload = running;
            before = came;
        }
        if (before) {
            log.info("SIGHUP: it came while the service started, the configuration is read again");
            running.hangUp();
        }
    }

    /** One came. Any thread. Before the start has read how to log, nothing is told. */
    void signal() {
        ConfigReload running;
        synchronized (this) {
            running = reload;
            came = true;
        }
        if (running != null) {
            running.hangUp();
        }
    }
}
