package io.delivery.wiring;

import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LoadedConfig;
import io.delivery.stream.DefinitionRefusedException;
import io.delivery.stream.StreamChange;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP: the service reads its configuration again and goes over to it, or says why it does not
 * and stays what it was. It ends nothing: without a handler the JVM would end.
 */
final class HangUp {
    private static final Logger log = LoggerFactory.getLogger(HangUp.class);

    private final ConfigFile file;
    private volatile Service service;

    HangUp(ConfigFile file) {
        this.file = file;
    }

    void started(Service running) {
        service = running;
    }

    /** One came. Any thread; what was read last is in force last. */
    synchronized void signal() {
        Service running = service;
        if (running == null) {
            log.warn("SIGHUP: the service is not started yet; nothing has been changed");
            return;
        }
        try {
            LoadedConfig next = file.readAgain(running.config());
            running.reload(next, file.kept(next))
                    .whenComplete((changes, failure) -> tell(next, changes, failure));
        } catch (InvalidConfigException refused) {
            refused.problems().forEach(problem -> refused(problem.toString()));
        } catch (RuntimeException failed) {
            log.error("SIGHUP: configuration not read, nothing has been changed", failed);
        }
    }

    private void tell(LoadedConfig next, List<StreamChange> changes, Throwable failure) {
        if (failure == null) {
            changes.stream()
                    .filter(change -> !change.problem().isEmpty())
                    .forEach(
                            change ->
                                    log.error(
                                            "not changed yet: stream={} reason={}",
                                            change.name(),
                                            change.problem()));
            file.tellPassingProblems();
            log.info(
                    "SIGHUP: configuration in force: streams={} stores={} functions={} catalogs={}",
                    next.config().streams().size(),
                    next.config().stores().size(),
                    next.config().functions().size(),
                    next.config().catalogs().size());
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof DefinitionRefusedException several) {
            several.reasons().forEach(HangUp::refused);
        } else {
            refused(String.valueOf(cause.getMessage()));
        }
    }

    private static void refused(String reason) {
        log.error("SIGHUP: configuration refused, nothing has been changed: error={}", reason);
    }
}
