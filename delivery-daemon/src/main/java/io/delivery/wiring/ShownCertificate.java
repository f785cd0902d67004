package io.delivery.wiring;

import io.delivery.listening.ServerCertificate;
import io.delivery.world.Clock;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificate of one port: shown as long as it is good, and told when it is not. */
final class ShownCertificate {
    private static final Logger log = LoggerFactory.getLogger(ShownCertificate.class);

    private final String setting;
    private final Source files;
    private final Show show;
    private final Clock clock;
    private volatile ServerCertificate shown;

    /** What the log was told last. */
    private Optional<String> told = Optional.empty();

    /** Reads what is in the files now. */
    @FunctionalInterface
    interface Source {
        Optional<ServerCertificate> read() throws IOException;
    }

    /** Shows a certificate in handshakes. */
    @FunctionalInterface
    interface Show {
        void certificate(ServerCertificate next) throws IOException;
    }

    /**
     * @param setting of its files
     * @param shown by the port already
     */
    ShownCertificate(
            String setting, Source files, ServerCertificate shown, Show show, Clock clock) {
        this.setting = setting;
        this.files = files;
        this.shown = shown;
        this.show = show;
        this.clock = clock;
    }

    /**
     * Shows what is in the files now. What is valid is not given up for what clients refuse.
     *
     * @throws IOException when it cannot be used, or is not valid now: the former one is shown
     */
    void change() throws IOException {
        ServerCertificate next = files.read().orElseThrow();
        Instant now = Instant.ofEpochMilli(clock.millis());
        Optional<String> invalid = next.whyInvalidAt(now);
        if (invalid.isPresent() && shown.whyInvalidAt(now).isEmpty()) {
            throw new IOException(
                    invalid.get() + ", and the former one is valid; put a valid one there");
        }
        show.certificate(next);
        shown = next;
    }

    double secondsToEnd() {
        return (shown.expires().toEpochMilli() - clock.millis()) / 1000.0;
    }

    /** Clients that look at the time hear nothing else of the port. */
    Optional<String> troubleAt(Instant now) {
        return shown.whyInvalidAt(now)
                .or(() -> shown.whyOldAt(now))
                .map(why -> setting + ".certificate: " + why);
    }

    /** Called by one thread at a time: the log is told when something has changed. */
    void watch(Instant now) {
        Optional<String> trouble = troubleAt(now);
        if (trouble.equals(told)) {
            return;
        }
        trouble.ifPresentOrElse(
                why -> log.warn("look at the certificate of a port: error={}", why),
                () -> log.info("the certificate of a port is in order again: setting={}", setting));
        told = trouble;
    }
}
