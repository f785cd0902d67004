package io.delivery.wiring;

import io.delivery.config.DeliveryConfig;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LocatedProblem;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.stream.BrokenReloadException;
import io.delivery.stream.StreamChange;
import io.delivery.watching.FileContents;
import io.delivery.world.Scheduler;
import io.delivery.world.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a service at what its configuration file says: reads the file again when SIGHUP comes, and
 * once two looks, a second apart, have seen the same other contents of it or of a file that it
 * names with {@code ${file:…}}. The service goes over to all of it or stays what it was. What is
 * refused is told once in the log, and by status and a metric for as long as it lasts; it is tried
 * again when it changes, and every 30 s, because what it names may come later. So is a stream that
 * could not be changed when everything else was, because the disk refused. Thread-safe.
 */
final class ConfigReload implements AutoCloseable {
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** After which a file that was refused is tried again although it is the same. */
    static final Duration AGAIN = Duration.ofSeconds(30);

    /** After which a reload that has not ended is told. */
    static final Duration LONG = Duration.ofSeconds(60);

    private static final int MOST_REASONS = 5;
    private static final Logger log = LoggerFactory.getLogger(ConfigReload.class);

    private final ConfigFile file;
    private final BiFunction<
                    LoadedConfig, InForce.KeptDefinitions, CompletionStage<List<StreamChange>>>
            goingOver;
    private final Supplier<DeliveryConfig> inForce;
    private final World world;
    private final Metrics metrics;

    /** Its own: a file system that hangs must hold nothing else up. */
    private final Executor looks;

    /** What the last look has seen. */
    private FileContents seen;

    /** What was read last, in force or not. */
    private FileContents tried;

    /** When the last reload began, or ended if it has. Whoever looks waits for nobody. */
    private volatile long triedNanos;

    /** What was read of what is in force. */
    private FileContents used;

    /** Why what was read last is not in force. */
    private volatile Refusal refusal = Refusal.NONE;

    /** The streams that are not yet what is in force for all others, each with the reason. */
    private volatile List<String> unchanged = List.of();

    /** How many reloads have begun. */
    private int begun;

    /** The last of them that has ended: one that began earlier may end later. */
    private int lastEnded;

    private final AtomicInteger underWay = new AtomicInteger();

    /** Held while the file is read: what was read last is in force last. */
    private final Object reading = new Object();

    private Scheduler.Cancellable next = () -> {};
    private boolean closed;

    /** What is in them now; a test may fail it. */
    private final Function<List<Path>, FileContents> contentsOf;

    /** What is in force while what was read is not. */
    private enum Counts {
        FORMER("its contents are not in force, the former configuration counts"),
        PART("it is in force in part only"),
        PART_OF_FORMER(
                "its contents are not in force, and of those that were read before them a part may be");

        private final String sentence;

        Counts(String sentence) {
            this.sentence = sentence;
        }
    }

    /**
     * Why what was read is not in force.
     *
     * @param reasons none when it is
     */
    private record Refusal(List<String> reasons, Counts counts) {
        private static final Refusal NONE = new Refusal(List.of(), Counts.FORMER);

        static Refusal of(List<String> reasons) {
            return new Refusal(reasons, Counts.FORMER);
        }

        static Refusal of(Throwable failure) {
            boolean isBroken = Reconfiguration.cause(failure) instanceof BrokenReloadException;
            return new Refusal(
                    Reconfiguration.reasons(failure), isBroken ? Counts.PART : Counts.FORMER);
        }

        boolean isNone() {
            return reasons.isEmpty();
        }

        boolean isBroken() {
            return counts == Counts.PART;
        }

        /** What a broken change has left is there until all of something is in force. */
        Refusal after(Refusal before) {
            boolean left = before.counts != Counts.FORMER && counts == Counts.FORMER && !isNone();
            return left ? new Refusal(reasons, Counts.PART_OF_FORMER) : this;
        }
    }

    /** Why the file is read. */
    private enum Trigger {
        SIGNAL("SIGHUP: "),
        CHANGE("file changed: ");

        private final String begins;

        Trigger(String begins) {
            this.begins = begins;
        }

        /** A line of the log. */
        String line(String text) {
            return begins + text;
        }
    }

    /**
     * @param loaded what was read of the file and is in force
     * @param goingOver has the service go over to another configuration
     * @param inForce the configuration of the moment
     */
    ConfigReload(
            ConfigFile file,
            LoadedConfig loaded,
            BiFunction<LoadedConfig, InForce.KeptDefinitions, CompletionStage<List<StreamChange>>>
                    goingOver,
            Supplier<DeliveryConfig> inForce,
            World world,
            Metrics metrics) {
        this(file, loaded, goingOver, inForce, world, metrics, ConfigReload::contentsOf);
    }

    /**
     * @param contentsOf what is in files now
     */
    ConfigReload(
            ConfigFile file,
            LoadedConfig loaded,
            BiFunction<LoadedConfig, InForce.KeptDefinitions, CompletionStage<List<StreamChange>>>
                    goingOver,
            Supplier<DeliveryConfig> inForce,
            World world,
            Metrics metrics,
            Function<List<Path>, FileContents> contentsOf) {
        this.contentsOf = contentsOf;
        this.file = file;
        this.goingOver = goingOver;
        this.inForce = inForce;
        this.world = world;
        this.metrics = metrics;
        this.looks = world.scheduler().serial("configuration");
        this.used = contents(loaded);
        this.tried = used;
        this.seen = used;
        this.triedNanos = world.clock().nanoTime();
        metrics.gauge(Metric.CONFIGURATION_STALE, "", () -> trouble().isPresent() ? 1 : 0);
    }

    private static FileContents contents(LoadedConfig loaded) {
        return new FileContents(
                List.copyOf(loaded.contents().keySet()),
                List.copyOf(loaded.contents().values()),
                "");
    }

    static FileContents contentsOf(List<Path> files) {
        return FileContents.of(files, ConfigLoader.MAX_FILE_BYTES);
    }

    ConfigFile file() {
        return file;
    }

    /** Begins to look. */
    synchronized void start() {
        if (!closed) {
            next = world.scheduler().after(PAUSE, looks, this::look);
        }
    }

    private void look() {
        try {
            lookOnce();
        } finally {
            start();
        }
    }

    private void lookOnce() {
        FileContents now = contentsOf.apply(files());
        if (isToBeRead(now)) {
            reload(Trigger.CHANGE, now);
        }
    }

    private synchronized List<Path> files() {
        return tried.files();
    }

    /** What was refused and has been taken back is no trouble any more. */
    private synchronized boolean isToBeRead(FileContents now) {
        boolean settled = now.equals(seen);
        seen = now;
        if (underWay.get() > 0 || !settled) {
            return false;
        }
        boolean isInForce = now.equals(used);
        if (isInForce && !tried.equals(used)) {
            if (!refusal.isNone()) {
                log.info("configuration file has its former contents again: file={}", file.path());
            }
            tried = used;
            refusal = Refusal.NONE;
        }
        boolean again = world.clock().nanoTime() - triedNanos > AGAIN.toNanos();
        if (again && isInForce && !unchanged.isEmpty()) {
            return true;
        }
        return (again && !refusal.isNone() || !now.equals(tried))
                && inForce.get().server().reloadOnChange();
    }

    /** SIGHUP came. Any thread; what was read last is in force last. */
    void hangUp() {
        reload(Trigger.SIGNAL, null);
    }

    /**
     * @param seen by two looks; null when it is to be read whatever is in it
     */
    private void reload(Trigger trigger, FileContents seen) {
        synchronized (reading) {
            int number = begins();
            if (number > 0) {
                read(new Attempt(number, trigger), seen);
            } else if (trigger == Trigger.SIGNAL) {
                log.warn(trigger.line("the service is stopping; nothing has been changed"));
            }
        }
    }

    /** Of a reload its number, from 1, and why it began. */
    private record Attempt(int number, Trigger trigger) {}

    /** Its number; 0 when there is none any more. */
    private synchronized int begins() {
        if (closed) {
            return 0;
        }
        triedNanos = world.clock().nanoTime();
        underWay.incrementAndGet();
        return ++begun;
    }

    /**
     * What was read.
     *
     * @param contents of the files; null when they are being written
     * @param loaded null when it is wrong
     * @param problems why it is wrong; none when it is not
     */
    private record Reading(FileContents contents, LoadedConfig loaded, List<String> problems) {
        private static final Reading BEING_WRITTEN = new Reading(null, null, List.of());

        boolean isSettled() {
            return contents != null;
        }
    }

    /** Ends the attempt whatever happens: as long as one is under way, no look reads anything. */
    private void read(Attempt attempt, FileContents seen) {
        Reading reading;
        try {
            reading = read(seen);
        } catch (Throwable defect) { // also errors
            refused(
                    attempt,
                    seen == null ? lastTried() : seen,
                    Refusal.of(List.of("a defect of the program: " + defect)));
            log.error(
                    attempt.trigger().line("configuration not read, nothing has been changed"),
                    defect);
            return;
        }
        if (!reading.isSettled()) {
            isBeingWritten();
            return;
        }
        FileContents read = reading.contents();
        LoadedConfig loaded = reading.loaded();
        if (loaded == null) {
            refused(attempt, read, Refusal.of(reading.problems()));
            return;
        }
        CompletableFuture.completedFuture(loaded)
                .thenCompose(next -> goingOver.apply(next, file.kept(next)))
                .whenComplete((changes, failure) -> ended(attempt, loaded, read, changes, failure));
    }

    private Reading read(FileContents seen) {
        FileContents before = contentsOf.apply(files());
        try {
            LoadedConfig loaded = file.readAgain(inForce.get());
            FileContents read = contents(loaded);
            return seen == null || isWhatWasSeen(read, seen)
                    ? new Reading(read, loaded, List.of())
                    : Reading.BEING_WRITTEN;
        } catch (InvalidConfigException invalid) {
            List<String> problems =
                    invalid.problems().stream().map(LocatedProblem::toString).toList();
            boolean same =
                    seen == null || seen.equals(before) && seen.equals(contentsOf.apply(files()));
            return same ? new Reading(before, null, problems) : Reading.BEING_WRITTEN;
        }
    }

    private synchronized FileContents lastTried() {
        return tried;
    }

    /**
     * Whether what was read is what two looks have seen, and is there still; of a file that is
     * named for the first time only the latter can be told.
     */
    private boolean isWhatWasSeen(FileContents read, FileContents seen) {
        for (int i = 0; i < read.files().size(); i++) {
            int known = seen.files().indexOf(read.files().get(i));
            if (known >= 0 && !seen.digests().get(known).equals(read.digests().get(i))) {
                return false;
            }
        }
        return contentsOf.apply(read.files()).equals(read);
    }

    /** The looks will see when it has been written. */
    private synchronized void isBeingWritten() {
        underWay.decrementAndGet();
        log.debug("configuration file changed while it was read: file={}", file.path());
    }

    private synchronized void ended(
            Attempt attempt,
            LoadedConfig loaded,
            FileContents read,
            List<StreamChange> changes,
            Throwable failure) {
        if (failure != null) {
            Refusal refused = Refusal.of(failure);
            if (refused.isBroken()) {
                used = used.inDoubt(); // the former contents must be read again as well
            }
            refused(attempt, read, refused);
            return;
        }
        List<String> left = ConfigReload.unchanged(changes);
        boolean known = !left.isEmpty() && left.equals(unchanged) && read.equals(used);
        used = read;
        unchanged = left;
        ends(attempt, read, Refusal.NONE);
        if (known && attempt.trigger() == Trigger.CHANGE) {
            return;
        }
        metrics.add(Metric.RELOADED_FILES, "", "configuration", 1);
        changes.stream()
                .filter(change -> !change.problem().isEmpty())
                .forEach(
                        change ->
                                log.error(
                                        "not changed yet: stream={} reason={}",
                                        change.name(),
                                        change.problem()));
        file.tellPassingProblems();
        DeliveryConfig config = loaded.config();
        log.info(
                attempt.trigger()
                        .line(
                                "configuration in force: streams={} stores={} functions={} catalogs={}"),
                config.streams().size(),
                config.stores().size(),
                config.functions().size(),
                config.catalogs().size());
    }

    /** What was opened tells itself why it is closed, and is tried again by itself. */
    private static List<String> unchanged(List<StreamChange> changes) {
        return changes.stream()
                .filter(change -> !change.problem().isEmpty())
                .filter(change -> change.kind() != StreamChange.Kind.OPENED)
                .map(change -> "stream %s: %s".formatted(change.name(), change.problem()))
                .toList();
    }

    private void ends(Attempt attempt, FileContents read, Refusal why) {
        underWay.decrementAndGet();
        triedNanos = world.clock().nanoTime();
        if (attempt.number() > lastEnded) {
            lastEnded = attempt.number();
            tried = read;
            refusal = why.after(refusal);
        }
    }

    /** Told once for the same contents and reasons; whoever sends a signal hears it each time. */
    private synchronized void refused(Attempt attempt, FileContents read, Refusal why) {
        boolean known = read.equals(tried) && why.after(refusal).equals(refusal);
        ends(attempt, read, why);
        if (attempt.trigger() == Trigger.SIGNAL || !known && !closed) {
            String line =
                    why.isBroken()
                            ? "configuration change broken off, part of it may be in force: error={}"
                            : "configuration refused, nothing has been changed: error={}";
            why.reasons().forEach(reason -> log.error(attempt.trigger().line(line), reason));
        }
    }

    /** What somebody should mend; empty when what is in the file is in force, for all streams. */
    Optional<String> trouble() {
        Refusal refused = refusal;
        if (!refused.isNone()) {
            return Optional.of(
                    "%s: %s: %s. Correct the file, or restart the service where only a restart helps; %s"
                            .formatted(
                                    file.path(),
                                    refused.counts().sentence,
                                    some(refused.reasons()),
                                    inForce.get().server().reloadOnChange()
                                            ? "it is read again when it changes, and every 30 s"
                                            : "send SIGHUP then"));
        }
        List<String> left = unchanged;
        if (!left.isEmpty()) {
            return Optional.of(
                    "%s: it is in force, but streams are not changed yet: %s. They are changed as soon as that can be, the file is read again for that every 30 s"
                            .formatted(file.path(), some(left)));
        }
        if (underWay.get() > 0 && world.clock().nanoTime() - triedNanos > LONG.toNanos()) {
            return Optional.of(
                    "%s: it is read again, and what brings it into force has not ended yet, for more than 60 s; the former configuration counts until then"
                            .formatted(file.path()));
        }
        return Optional.empty();
    }

    private static String some(List<String> reasons) {
        String more =
                reasons.size() > MOST_REASONS
                        ? "; and %d more".formatted(reasons.size() - MOST_REASONS)
                        : "";
        return String.join("; ", reasons.subList(0, Math.min(MOST_REASONS, reasons.size()))) + more;
    }

    @Override
    public synchronized void close() {
        closed = true;
        next.cancel();
    }
}
