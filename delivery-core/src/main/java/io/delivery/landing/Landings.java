package io.delivery.landing;

import io.delivery.landing.LandingGate.Attempt;
import io.delivery.landing.LandingGate.Pause;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.StagedContent;
import io.delivery.world.World;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lands recorded objects, for as long as it takes: one attempt at a time per object, a bounded
 * number at a time per store, dealt round-robin over the streams. An answer that leaves the outcome
 * open is followed by a look before the next attempt.
 *
 * <p>Failures back off per stream and store, refusals per stream and bucket, and both per object,
 * so that the success of its neighbours hides none that fails for ever; whatever waits holds no
 * slot, and a stream that fails keeps at most one attempt under way. Thread-safe.
 */
public final class Landings {
    private static final Logger log = LoggerFactory.getLogger(Landings.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration FIRST_REFUSAL_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_REFUSAL_PAUSE = Duration.ofSeconds(60);

    private final World world;
    private final Metrics metrics;
    private final Executor executor;
    private final int slotsPerStore;
    private final Map<String, StoreSlots> stores = new HashMap<>();

    /** How many tasks of each store have not ended. */
    private final Map<String, Integer> unfinished = new ConcurrentHashMap<>();

    public Landings(World world, Metrics metrics, int slotsPerStore) {
        this.world = world;
        this.metrics = metrics;
        this.slotsPerStore = slotsPerStore;
        this.executor = world.scheduler().serial("landings");
    }

    /** Whom to tell, on its own executor. Every object ends with one call of the first three. */
    public interface Listener {
        void landed(ObjectRecord object, String said);

        /** Something else is visible under our key: never overwritten, the stream must stop. */
        void stranger(ObjectRecord object);

        /** The staged bytes are not those that were recorded, and the store does not have them. */
        void damaged(ObjectRecord object, String reason);

        /** The store answered something else than what was sent; it is read back next. */
        void doubt(ObjectRecord object, String said);

        void uploadStarted(ObjectRecord object, String uploadId);

        /**
         * What is the matter in this bucket of a store; nothing any more, with any object that has
         * to land there, when the text is empty.
         */
        void trouble(String bucket, String text);
    }

    /**
     * What to land.
     *
     * @param seen whether an earlier process may have sent requests for it: then it is looked for
     *     before the first one
     */
    public record Task(
            String stream,
            ObjectStore store,
            ObjectRecord object,
            StagedContent content,
            Before seen,
            Executor owner,
            Listener listener) {}

    /** What may have happened before. */
    public enum Before {
        NOTHING_WAS_SENT,
        SOMETHING_MAY_HAVE_BEEN_SENT,
        /** As before, and its answer did not match: what is there must be read back. */
        ANSWER_WAS_DOUBTED
    }

    /** Begins to land. */
    public void start(Task task) {
        unfinished.merge(task.object().store(), 1, Integer::sum);
        executor.execute(
                () -> {
                    StoreSlots slots =
                            stores.computeIfAbsent(task.object().store(), StoreSlots::new);
                    slots.gate(task.stream()).waiting.addLast(new Attempt(task));
                    slots.dispatch();
                });
    }

    /**
     * Forgets everything of a stream that has stopped; requests under way are not recalled, and
     * what becomes of them is told to nobody.
     *
     * @return completes when nothing more is told, and no further request is made for the stream
     */
    public CompletionStage<Void> forget(String stream) {
        return CompletableFuture.runAsync(
                () -> stores.values().forEach(slots -> slots.forget(stream)), executor);
    }

    /** Whether objects that were to land in this store have not, or requests for them run. */
    public boolean uses(String store) {
        return unfinished.containsKey(store);
    }

    private void finished(String store) {
        unfinished.computeIfPresent(store, (name, tasks) -> tasks == 1 ? null : tasks - 1);
    }

    private final class StoreSlots {
        private final String store;
        private final Map<String, LandingGate> gates = new HashMap<>();
        private final Deque<String> turns = new ArrayDeque<>();
        private int active;

        StoreSlots(String store) {
            this.store = store;
        }

        void forget(String stream) {
            LandingGate gate = gates.remove(stream);
            if (gate != null) {
                gate.forgotten = true;
                gate.waiting.forEach(attempt -> finished(store));
                gate.waiting.clear();
                turns.remove(stream);
            }
        }

        LandingGate gate(String stream) {
            LandingGate gate = gates.get(stream);
            if (gate == null) {
                gate = new LandingGate();
                gates.put(stream, gate);
                turns.addLast(stream);
            }
            return gate;
        }

        void dispatch() {
            int idle = 0;
            while (active < slotsPerStore && idle < turns.size()) {
                String stream = turns.removeFirst();
                LandingGate gate = gates.get(stream);
                if (gate == null) {
                    continue;
                }
                turns.addLast(stream);
                Attempt next = gate.ready(world.clock().nanoTime());
                if (next == null) {
                    idle++;
                } else {
                    idle = 0;
                    send(gate, next);
                }
            }
        }

        private void send(LandingGate gate, Attempt attempt) {
            gate.active++;
            active++;
            attempt.startedNanos = world.clock().nanoTime();
            if (attempt.look) {
                look(gate, attempt);
            } else {
                put(gate, attempt);
            }
        }

        private void put(LandingGate gate, Attempt attempt) {
            attempt.number++;
            Task task = attempt.task;
            if (attempt.number > 1) {
                metrics.add(Metric.RETRIES, task.stream(), "land", 1);
            }
            ObjectRecord object = task.object();
            asked(
                            () ->
                                    task.store()
                                            .land(
                                                    task.content(),
                                                    object.name(),
                                                    object.attributes(),
                                                    id ->
                                                            tell(
                                                                    gate,
                                                                    task,
                                                                    l ->
                                                                            l.uploadStarted(
                                                                                    object, id))))
                    .whenComplete(
                            (answer, failure) ->
                                    executor.execute(
                                            () -> {
                                                if (answered(gate, attempt)) {
                                                    metrics.observe(
                                                            Metric.LAND_SECONDS,
                                                            task.stream(),
                                                            world.clock().nanoTime()
                                                                    - attempt.startedNanos);
                                                    put(gate, attempt, answer, failure);
                                                }
                                                dispatch();
                                            }));
        }

        private void put(LandingGate gate, Attempt attempt, Landing answer, Throwable failure) {
            if (failure != null) {
                failed(gate, attempt, failure);
            } else if (answer == null) {
                failed(gate, attempt, new IllegalStateException("the store answered nothing"));
            } else {
                answer.accept(new Answered(gate, attempt));
            }
        }

        /** What each answer of a store means. */
        private final class Answered implements Landing.Visitor {
            private final LandingGate gate;
            private final Attempt attempt;

            Answered(LandingGate gate, Attempt attempt) {
                this.gate = gate;
                this.attempt = attempt;
            }

            @Override
            public void landed(Landing.Landed landed) {
                StoreSlots.this.landed(gate, attempt, landed.said());
            }

            @Override
            public void occupied() {
                attempt.occupied = true;
                attempt.look = true;
                gate.waiting.addFirst(attempt);
            }

            @Override
            public void unknown(Landing.Unknown unknown) {
                attempt.reason = unknown.reason();
                StoreSlots.this.unknown(gate, attempt, unknown.reason());
            }

            @Override
            public void denied(Landing.Denied denied) {
                StoreSlots.this.denied(gate, attempt, denied);
            }

            @Override
            public void doubtful(Landing.Doubtful doubtful) {
                attempt.doubted = true;
                tell(gate, attempt.task, l -> l.doubt(attempt.task.object(), doubtful.said()));
                StoreSlots.this.unknown(
                        gate,
                        attempt,
                        "the store answered success and other content: " + doubtful.said());
            }
        }

        private void look(LandingGate gate, Attempt attempt) {
            Task task = attempt.task;
            metrics.add(Metric.RETRIES, task.stream(), "find", 1);
            ObjectRecord object = task.object();
            // Doubt is not cured by what the store says of the object: its bytes are compared.
            asked(
                            () ->
                                    attempt.doubted
                                            ? task.store()
                                                    .readBack(
                                                            object.name(),
                                                            object.attributes(),
                                                            task.content())
                                            : task.store()
                                                    .find(
                                                            object.name(),
                                                            object.attributes(),
                                                            task.content()))
                    .whenComplete(
                            (found, failure) ->
                                    executor.execute(
                                            () -> {
                                                if (answered(gate, attempt)) {
                                                    looked(gate, attempt, found, failure);
                                                }
                                                dispatch();
                                            }));
        }

        private void looked(LandingGate gate, Attempt attempt, Found found, Throwable failure) {
            if (failure != null) {
                failed(gate, attempt, failure);
                return;
            }
            if (found == null) {
                failed(gate, attempt, new IllegalStateException("the store answered nothing"));
                return;
            }
            switch (found.presence()) {
                case OURS -> landed(gate, attempt, "found");
                case STRANGER -> {
                    settled(gate, attempt);
                    tell(gate, attempt.task, l -> l.stranger(attempt.task.object()));
                }
                case ABSENT -> {
                    if (attempt.damage != null) {
                        damaged(gate, attempt);
                    } else if (attempt.occupied) {
                        // It says both; asked again at once it would say so for ever.
                        attempt.occupied = false;
                        unknown(gate, attempt, "412, and then not there");
                    } else {
                        sendAgain(gate, attempt);
                    }
                }
                case FORBIDDEN -> {
                    if (attempt.doubted) {
                        unreadable(gate, attempt);
                    } else if (attempt.occupied) {
                        // The key carries our salt: nobody else can have made it.
                        landed(gate, attempt, "occupied, not readable");
                    } else if (attempt.damage != null) {
                        damaged(gate, attempt);
                    } else {
                        sendAgain(gate, attempt);
                    }
                }
                case UNKNOWN ->
                        unknown(
                                gate,
                                attempt,
                                (attempt.reason.isEmpty()
                                                ? "not known whether it is there: "
                                                : attempt.reason + "; and no answer since: ")
                                        + found.reason());
            }
        }

        private void sendAgain(LandingGate gate, Attempt attempt) {
            attempt.look = false;
            attempt.occupied = false;
            gate.waiting.addFirst(attempt);
        }

        private void landed(LandingGate gate, Attempt attempt, String said) {
            gate.failing.count = 0;
            gate.refusals.remove(attempt.bucket());
            settled(gate, attempt);
            tell(gate, attempt.task, l -> l.landed(attempt.task.object(), said));
        }

        /** Nothing more is asked for this object; its neighbours may still be in trouble. */
        private void settled(LandingGate gate, Attempt attempt) {
            finished(store);
            gate.troubled.computeIfPresent(
                    attempt.bucket(),
                    (bucket, there) -> {
                        there.remove(attempt);
                        return there.isEmpty() ? null : there;
                    });
            String left = gate.trouble(attempt.bucket(), attempt.task.listener());
            tell(gate, attempt.task, l -> l.trouble(where(attempt), left));
        }

        private void failed(LandingGate gate, Attempt attempt, Throwable failure) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure;
            if (cause instanceof DamagedStagingException) {
                boolean looked = attempt.look;
                attempt.damage = cause.getMessage();
                if (looked) {
                    damaged(gate, attempt);
                } else {
                    // An earlier request may have brought the good bytes there.
                    attempt.look = true;
                    gate.waiting.addFirst(attempt);
                }
            } else {
                log.error(
                        "landing failed unexpectedly: stream={} objectKey={}",
                        attempt.task.stream(),
                        attempt.task.object().name(),
                        cause);
                unknown(gate, attempt, String.valueOf(cause));
            }
        }

        private void damaged(LandingGate gate, Attempt attempt) {
            settled(gate, attempt);
            tell(gate, attempt.task, l -> l.damaged(attempt.task.object(), attempt.damage));
        }

        private void unknown(LandingGate gate, Attempt attempt, String reason) {
            attempt.look = true;
            gate.waiting.addLast(attempt);
            gate.refusals.remove(attempt.bucket());
            pause(gate.failing, attempt, FIRST_PAUSE, LONGEST_PAUSE);
            pause(attempt.pause, attempt, FIRST_PAUSE, LONGEST_PAUSE);
            report(gate, attempt, reason);
        }

        /**
         * In doubt, and may not be read: that the key is ours does not tell what bytes are there,
         * and sent again they would at best be refused. Its neighbours land meanwhile.
         */
        private void unreadable(LandingGate gate, Attempt attempt) {
            gate.waiting.addLast(attempt);
            pause(attempt.pause, attempt, FIRST_REFUSAL_PAUSE, LONGEST_REFUSAL_PAUSE);
            report(
                    gate,
                    attempt,
                    "the store answered success and other content, and the object may not be read"
                            + " back. Allow s3:GetObject on the prefix.");
        }

        private void denied(LandingGate gate, Attempt attempt, Landing.Denied denied) {
            gate.waiting.addLast(attempt);
            pause(
                    gate.refusals.computeIfAbsent(attempt.bucket(), bucket -> new Pause()),
                    attempt,
                    FIRST_REFUSAL_PAUSE,
                    LONGEST_REFUSAL_PAUSE);
            pause(attempt.pause, attempt, FIRST_REFUSAL_PAUSE, LONGEST_REFUSAL_PAUSE);
            report(gate, attempt, denied.text());
        }

        private void report(LandingGate gate, Attempt attempt, String reason) {
            String text = attempt.described() + ": " + reason;
            attempt.trouble = text;
            gate.troubled
                    .computeIfAbsent(attempt.bucket(), bucket -> new LinkedHashSet<>())
                    .add(attempt);
            log.warn("landing did not succeed: stream={} reason={}", attempt.task.stream(), text);
            tell(gate, attempt.task, l -> l.trouble(where(attempt), text));
        }

        private String where(Attempt attempt) {
            return store + "/" + attempt.bucket();
        }

        private void pause(Pause pause, Attempt attempt, Duration first, Duration longest) {
            double jitter = 0.5 + 0.5 * world.entropy().nextDouble();
            long nanos = pause.grow(attempt, world.clock().nanoTime(), first, longest, jitter);
            world.scheduler().after(Duration.ofNanos(nanos), executor, this::dispatch);
        }

        /** False when nobody wants to know any more. */
        private boolean answered(LandingGate gate, Attempt attempt) {
            gate.active--;
            active--;
            if (gate.forgotten) {
                finished(store);
                return false;
            }
            Pause refusal = gate.refusals.get(attempt.bucket());
            if (refusal != null) {
                refusal.probing = false;
            }
            return true;
        }
    }

    /** A store that throws instead of answering keeps no slot. */
    private static <T> CompletionStage<T> asked(Supplier<CompletionStage<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException defect) {
            return CompletableFuture.failedFuture(defect);
        }
    }

    private static void tell(LandingGate gate, Task task, Consumer<Listener> call) {
        if (!gate.forgotten) {
            task.owner().execute(() -> call.accept(task.listener()));
        }
    }
}
