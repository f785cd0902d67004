package io.delivery.wiring;

import io.delivery.cli.ConfigArgument;
import io.delivery.cli.ExitCodes;
import io.delivery.cli.HostResources;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.ServerSettings;
import io.delivery.loading.ConfigHints;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.MemoryHints;
import io.delivery.loading.ObjectBytes;
import io.delivery.loading.ObjectSizeHints;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs the service until it is told to stop. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Run the service in the foreground. SIGTERM or Ctrl-C stops it, and no record is lost;"
                        + " another content of its configuration file comes into force by itself, or with"
                        + " SIGHUP.")
final class RunCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

    private final ConfigLoader loader;
    private final HostResources host;
    private final Intervention intervention;

    @Spec private CommandSpec spec;
    @Mixin private ConfigArgument config;

    RunCommand(ConfigLoader loader, HostResources host, Intervention intervention) {
        this.loader = loader;
        this.host = host;
        this.intervention = intervention;
    }

    @Override
    public Integer call() throws InterruptedException {
        OwnContainer.require(host, spec);
        PrintWriter err = spec.commandLine().getErr();
        // First: the JVM would end with one that comes while tables are read.
        HangUp hangUp = new HangUp();
        boolean hangUpIgnored = !Signals.on(List.of("HUP"), hangUp::signal).isEmpty();
        ConfigFile file = new ConfigFile(loader, config.file());
        final LoadedConfig loaded;
        try {
            loaded = file.read();
        } catch (InvalidConfigException refused) {
            refused.problems().forEach(err::println);
            err.flush();
            return ExitCodes.CONFIG_REFUSED;
        }
        Logging.apply(loaded.config().log());
        ConfigHints.of(loaded.config()).forEach(hint -> LoggedHints.tell(hint, log));
        tellMemory(loaded.config());
        tellObjectSizes(loaded.config(), file.objectBytes());
        file.tellPassingProblems();
        Stopping stopping = new Stopping();
        Runtime.getRuntime().addShutdownHook(new Thread(stopping, "shutdown"));
        Signals.on(List.of("TERM", "INT"), stopping::signal);
        if (hangUpIgnored) {
            log.warn(
                    "SIGHUP is ignored by whoever started this process, as nohup does: kill -HUP does"
                            + " not have the configuration read again; start it as a service, or as"
                            + " env --default-signal=HUP delivery run, for that");
        }
        Service service;
        try {
            service = Service.start(loaded, file.kept(loaded), intervention);
        } catch (StartRefusedException refused) {
            stopping.notStarted();
            refused.lines().forEach(err::println);
            err.flush();
            return refused.exitCode();
        } catch (Throwable failed) { // also errors: the exit code must not be that of a stop
            stopping.notStarted();
            throw failed;
        }
        stopping.started(service);
        ConfigReload followed = service.follow(file, loaded);
        log.info("started: api={} admin={}", service.apiUri(), service.adminUri());
        log.info(trial(loaded.config().server(), service.apiUri()));
        hangUp.started(followed);
        new CountDownLatch(1).await();
        return ExitCodes.DONE;
    }

    private void tellMemory(DeliveryConfig config) {
        host.memoryBytes()
                .ifPresent(
                        bytes ->
                                MemoryHints.of(config, host.heapBytes(), bytes)
                                        .ifPresent(hint -> LoggedHints.tell(hint, log)));
    }

    private static void tellObjectSizes(DeliveryConfig config, ObjectBytes bytes) {
        ObjectSizeHints.sizes(config, bytes)
                .forEach(line -> log.info("object sizes: sizes={}", line));
        ObjectSizeHints.unreachable(config, bytes).forEach(hint -> LoggedHints.tell(hint, log));
    }

    /** A command to begin with, which works whatever the caller's configuration of AWS is. */
    static String trial(ServerSettings server, URI api) {
        return "try it with: aws firehose list-delivery-streams --endpoint-url=%s --region=%s%s"
                .formatted(
                        api,
                        server.region(),
                        server.requiresSignatures() ? "" : " --no-sign-request");
    }

    /** SIGTERM and Ctrl-C: everything accepted is safe, so that is a success. */
    private static final class Stopping implements Runnable {
        /** Some senders send each signal twice: GNU timeout, shells to their process group. */
        private static final Duration SAME_SIGNAL = Duration.ofSeconds(1);

        private final AtomicLong firstNanos = new AtomicLong();
        private volatile Service service;
        private boolean notStarted;

        synchronized void started(Service running) {
            service = running;
        }

        /** The program ends by itself, with an exit code that says why. */
        synchronized void notStarted() {
            notStarted = true;
        }

        /** The first one stops in order, a later one ends the wait for what is still to land. */
        void signal() {
            long now = System.nanoTime() | 1; // 0 is none
            if (firstNanos.compareAndSet(0, now)) {
                Runtime.getRuntime().exit(ExitCodes.DONE); // returns never, and runs the hook
            } else if (now - firstNanos.get() > SAME_SIGNAL.toNanos()) {
                log.info("stopping at once");
                try {
                    if (service != null) {
                        service.leave();
                    }
                } finally {
                    Runtime.getRuntime().halt(ExitCodes.DONE);
                }
            }
        }

        @Override
        public synchronized void run() {
            if (notStarted) {
                return;
            }
            log.info("stopping");
            try {
                // While it starts there is nothing to close: nothing is accepted yet, and what a
                // start leaves half done the next one finishes.
                if (service != null) {
                    service.close();
                }
                log.info("stopped");
            } finally {
                // A JVM ended by a signal would report the signal instead.
                Runtime.getRuntime().halt(ExitCodes.DONE);
            }
        }
    }
}
