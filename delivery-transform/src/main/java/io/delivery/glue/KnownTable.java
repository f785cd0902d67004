package io.delivery.glue;

import io.delivery.failure.FailureText;
import io.delivery.failure.RepeatedFailure;
import io.delivery.format.CatalogException;
import io.delivery.format.CatalogException.Reason;
import io.delivery.format.SchemaProblem;
import io.delivery.format.SchemaProblem.Cause;
import io.delivery.format.TableSchema;
import io.delivery.record.Amount;
import io.delivery.world.Clock;
import io.delivery.world.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of one table, and when it is asked for again. Thread-safe.
 *
 * <pre>
 *  unknown ──asked──► known ──refresh──► due ──asked──► known
 *     ▲ │                                 │
 *     │ └ failed: asked again after       └ failed: the last schema stays in force until it is
 *     │   a growing pause                   older than staleIfError; then as unknown
 * </pre>
 *
 * One caller at a time has the table asked for, on another thread. It waits for the answer, and so
 * does everybody who comes meanwhile and finds the table due as well, but none of them longer than
 * the patience of the first: with its thread in {@link #schema}, without one in {@link #ready}.
 * Once somebody has waited in vain, nobody waits before Glue has answered, and whoever comes gets
 * the schema that is in force: objects of a table are late once, and not with each attempt.
 */
final class KnownTable {
    private static final Logger log = LoggerFactory.getLogger(KnownTable.class);

    /** Doubled with each failure in a row, up to the longest. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final TableName name;
    private final GlueTables tables;
    private final Timing timing;
    private final Clock clock;
    private final Threads threads;
    private final RepeatedFailure reading;

    /**
     * Completed when its answer has been noted, or when somebody has waited for it in vain; null
     * when nobody asks.
     */
    private CompletableFuture<Void> question;

    /** What Glue gave last; null before. */
    private TableSchema schema;

    private long givenNanos;

    /** Why Glue gave nothing since; null when it did. */
    private CatalogException failure;

    private int failuresInARow;

    /** Whether waiting was in vain, and would be again. */
    private boolean silent;

    private long pausedNanos;

    /**
     * How long things may take and last.
     *
     * @param refresh how old a schema becomes before it is asked for again
     * @param staleIfError how old a schema may be that is in force
     * @param patience how long a caller waits for an answer
     */
    record Timing(Duration refresh, Duration staleIfError, Duration patience) {}

    /**
     * What is not done on the threads of callers.
     *
     * @param asking where Glue is asked and waited for
     * @param timeouts where patience ends: nothing on it waits for anybody
     */
    record Threads(Scheduler scheduler, Executor asking, Executor timeouts) {}

    /**
     * @param catalog its name in the configuration, for the log
     */
    KnownTable(
            String catalog,
            TableName name,
            GlueTables tables,
            Timing timing,
            Clock clock,
            Threads threads) {
        this.name = name;
        this.tables = tables;
        this.timing = timing;
        this.clock = clock;
        this.threads = threads;
        this.reading =
                RepeatedFailure.of(
                        log,
                        "reading a table",
                        clock::nanoTime,
                        "catalog",
                        catalog,
                        "table",
                        name.toString());
    }

    /**
     * The schema in force, after Glue has been asked where that was due.
     *
     * @throws CatalogException when there is none, with Glue's last answer
     */
    TableSchema schema() throws CatalogException {
        Optional<CompletableFuture<Void>> awaited = askedIfDue();
        if (awaited.isPresent()) {
            await(awaited.get());
        }
        return known();
    }

    /**
     * Has Glue asked where that is due.
     *
     * @return completes with Glue's answer, or when patience is over
     */
    CompletableFuture<Void> ready() {
        return askedIfDue()
                .map(this::withinPatience)
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    private CompletableFuture<Void> withinPatience(CompletableFuture<Void> asked) {
        Scheduler.Cancellable timer =
                threads.scheduler()
                        .after(timing.patience(), threads.timeouts(), () -> waitedInVain(asked));
        return asked.thenRun(timer::cancel);
    }

    /** What is to be waited for; empty where nobody waits. */
    private Optional<CompletableFuture<Void>> askedIfDue() {
        CompletableFuture<Void> mine = null;
        CompletableFuture<Void> awaited = null;
        synchronized (this) {
            long now = clock.nanoTime();
            boolean due = isDue(now);
            if (question == null && due) {
                mine = new CompletableFuture<>();
                question = mine;
            }
            if (!silent && (due || !isInForce(now))) {
                awaited = question;
            }
        }
        if (mine != null) {
            CompletableFuture<Void> asked = mine;
            threads.asking().execute(() -> ask(asked));
        }
        return Optional.ofNullable(awaited);
    }

    /** Whoever else waits for the same answer goes on as well. */
    private void waitedInVain(CompletableFuture<Void> asked) {
        synchronized (this) {
            if (question == asked) {
                silent = true;
            }
        }
        asked.complete(null);
    }

    private boolean isDue(long now) {
        if (failure != null) {
            return now - pausedNanos >= pause().toNanos();
        }
        // A version with a number never changes.
        return schema == null
                || name.version().isEmpty() && now - givenNanos >= timing.refresh().toNanos();
    }

    private Duration pause() {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failuresInARow - 1, 10));
        Duration longest =
                LONGEST_PAUSE.compareTo(timing.refresh()) < 0 ? LONGEST_PAUSE : timing.refresh();
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    private boolean isInForce(long now) {
        return schema != null
                && (name.version().isPresent()
                        || now - givenNanos <= timing.staleIfError().toNanos());
    }

    private void await(CompletableFuture<Void> asked) throws CatalogException {
        try {
            asked.get(timing.patience().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            log.debug("no answer yet: table={}", name, late);
            waitedInVain(asked);
        } catch (ExecutionException never) {
            throw new IllegalStateException(never); // it is only ever completed with nothing
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CatalogException(
                    Reason.SCHEMA_VALIDATION_TIMEOUT,
                    List.of(unreadable("nobody waits for the answer any more")));
        }
    }

    /**
     * The schema in force, without asking or waiting.
     *
     * @throws CatalogException when there is none, with Glue's last answer
     */
    synchronized TableSchema known() throws CatalogException {
        long now = clock.nanoTime();
        if (isInForce(now)) {
            return schema;
        }
        if (failure == null) {
            throw new CatalogException(
                    Reason.SCHEMA_VALIDATION_TIMEOUT,
                    List.of(
                            unreadable(
                                    "no answer from Glue within %s; its answer is still waited for"
                                            .formatted(Amount.of(timing.patience())))));
        }
        throw new CatalogException(
                schema == null
                        ? failure.getMessage()
                        : "version %s of %s was read %s ago, longer than staleIfError (%s): %s"
                                .formatted(
                                        schema.version(),
                                        name,
                                        Amount.of(Duration.ofNanos(now - givenNanos)),
                                        Amount.of(timing.staleIfError()),
                                        failure.getMessage()),
                failure);
    }

    private SchemaProblem unreadable(String message) {
        return new SchemaProblem(
                Cause.UNREADABLE, "", 0, "table", "%s: %s".formatted(name, message));
    }

    private void ask(CompletableFuture<Void> asked) {
        try {
            given(tables.read(name), asked);
        } catch (CatalogException refused) {
            // Where no schema is in force, whoever asked tells it.
            versionInForce()
                    .ifPresent(
                            version ->
                                    reading.failed(
                                            refused.getMessage(), "versionInForce", version));
            refused(refused, asked);
        } catch (RuntimeException | Error defect) {
            reading.failed(defect, "versionInForce", versionInForce().orElse("none"));
            refused(
                    new CatalogException(
                            Reason.INTERNAL_ERROR,
                            List.of(unreadable(FailureText.ofDefect(defect)))),
                    asked);
        } finally {
            answered(asked);
            asked.complete(null);
        }
    }

    /** From here on nobody waits for it in vain; another question may follow at once. */
    private synchronized void answered(CompletableFuture<Void> asked) {
        if (question == asked) {
            question = null;
        }
    }

    private void given(TableSchema given, CompletableFuture<Void> asked) {
        TableSchema before;
        synchronized (this) {
            answered(asked);
            before = schema;
            schema = given;
            givenNanos = clock.nanoTime();
            failure = null;
            failuresInARow = 0;
            silent = false;
        }
        reading.worked();
        if (before != null && !before.version().equals(given.version())) {
            log.info(
                    "table changed: table={} version={} before={} columns={}",
                    name,
                    given.version(),
                    before.version(),
                    given.columns().size());
        }
    }

    private synchronized void refused(CatalogException refused, CompletableFuture<Void> asked) {
        answered(asked);
        failure = refused;
        failuresInARow++;
        silent = refused.reason() == Reason.SCHEMA_VALIDATION_TIMEOUT;
        pausedNanos = clock.nanoTime();
    }

    private synchronized Optional<String> versionInForce() {
        return isInForce(clock.nanoTime()) ? Optional.of(schema.version()) : Optional.empty();
    }
}
