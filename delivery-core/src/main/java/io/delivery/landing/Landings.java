package io.delivery.landing;

import io.delivery.failure.FailureText;
import io.delivery.failure.RepeatedFailure;
import io.delivery.landing.LandingAttempt.Step;
import io.delivery.landing.LandingAttempt.Verdict;
import io.delivery.landing.LandingPause.Growth;
import io.delivery.landing.LandingTask.Listener;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.staging.DamagedStagingException;
import io.delivery.world.World;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lands recorded objects, for as long as it takes: one attempt at a time per object, a bounded
 * number at a time per store, dealt round-robin over the streams. What an answer means, and what is
 * asked next, {@link LandingAttempt} says; here it is asked, told, and waited for.
 *
 * <p>Failures back off per stream and store, refusals per stream and bucket, and both per object,
 * so that the success of its neighbours hides none that fails for ever; whatever waits holds no
 * slot, and a stream that fails keeps at most one attempt under way. Thread-safe.
 *
 * <p>The first object that a store takes, since the start or since its settings changed, is looked
 * at before it counts as landed: a store that keeps other bytes than it was sent, such as the
 * frames of a body that was signed in chunks, shows another length.
 */
public final class Landings {
    private static final Logger log = LoggerFactory.getLogger(Landings.class);

    private final World world;
    private final Metrics metrics;
    private final Executor executor;
    private final int slotsPerStore;
    private final Map<String, StoreSlots> stores = new HashMap<>();

    public Landings(World world, Metrics metrics, int slotsPerStore) {
        this.world = world;
        this.metrics = metrics;
        this.slotsPerStore = slotsPerStore;
        this.executor = world.scheduler().serial("landings");
    }

    /** Begins to land. */
    public void start(LandingTask task) {
        executor.execute(
                () -> {
                    StoreSlots slots =
                            stores.computeIfAbsent(task.object().store(), StoreSlots::new);
                    slots.gate(task.stream()).waiting.addLast(new LandingAttempt(task, now()));
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

    private long now() {
        return world.clock().nanoTime();
    }

    /** One stream at one store. */
    private static final class Gate {
        private final Deque<LandingAttempt> waiting = new ArrayDeque<>();
        private final Map<String, LandingPause> refusals = new HashMap<>();
        private final Map<String, Set<LandingAttempt>> troubled = new HashMap<>();
        private final Map<String, RepeatedFailure> failures = new HashMap<>();
        private final LandingPause failing = new LandingPause();
        private int active;

        /** The stream has stopped. Also threads of stores look. */
        private volatile boolean forgotten;

        /** What is the matter in this bucket with objects of the same lane; empty when nothing. */
        private String trouble(String bucket, Listener lane) {
            for (LandingAttempt there : troubled.getOrDefault(bucket, Set.of())) {
                if (there.task().listener() == lane) {
                    return there.trouble();
                }
            }
            return "";
        }
    }

    private final class StoreSlots {
        private final String store;
        private final Map<String, Gate> gates = new HashMap<>();
        private final Deque<String> turns = new ArrayDeque<>();
        private final RepeatedFailure defects;
        private int active;

        /** What landed through it was seen there. Other settings make another object. */
        private ObjectStore proven;

        StoreSlots(String store) {
            this.store = store;
            this.defects =
                    RepeatedFailure.of(
                            log, "asking a store", world.clock()::nanoTime, "store", store);
        }

        void forget(String stream) {
            Gate gate = gates.remove(stream);
            if (gate != null) {
                gate.forgotten = true;
                gate.waiting.forEach(LandingAttempt::letGo);
                gate.waiting.clear();
                turns.remove(stream);
            }
        }

        Gate gate(String stream) {
            Gate gate = gates.get(stream);
            if (gate == null) {
                gate = new Gate();
                gates.put(stream, gate);
                turns.addLast(stream);
            }
            return gate;
        }

        void dispatch() {
            int idle = 0;
            while (active < slotsPerStore && idle < turns.size()) {
                String stream = turns.removeFirst();
                Gate gate = gates.get(stream);
                if (gate == null) {
                    continue;
                }
                turns.addLast(stream);
                LandingAttempt next = ready(gate);
                if (next == null) {
                    idle++;
                } else {
                    idle = 0;
                    ask(gate, next);
                }
            }
        }

        private LandingAttempt ready(Gate gate) {
            long now = now();
            boolean failing = gate.failing.failing();
            if (!gate.failing.over(now) || failing && gate.active > 0) {
                return null;
            }
            for (Iterator<LandingAttempt> all = gate.waiting.iterator(); all.hasNext(); ) {
                LandingAttempt attempt = all.next();
                LandingPause refusal = gate.refusals.get(attempt.task().bucket());
                if (!attempt.pause().over(now)) {
                    continue;
                }
                if (refusal == null || !refusal.probing() && refusal.over(now)) {
                    if (refusal != null) {
                        // One probe at a time: the others wait for its answer.
                        refusal.probe();
                    }
                    all.remove();
                    return attempt;
                }
            }
            return null;
        }

        // --- ask ---

        private void ask(Gate gate, LandingAttempt attempt) {
            gate.active++;
            active++;
            if (attempt.step() == Step.SEND) {
                send(gate, attempt);
            } else {
                look(gate, attempt);
            }
        }

        private void send(Gate gate, LandingAttempt attempt) {
            LandingTask task = attempt.task();
            if (attempt.sending(now()) > 1) {
                metrics.add(Metric.RETRIES, task.stream(), "land", 1);
            }
            ObjectRecord object = task.object();
            asked(
                            () ->
                                    attempt.asked()
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
                                                    long now = now();
                                                    metrics.observe(
                                                            Metric.LAND_SECONDS,
                                                            task.stream(),
                                                            now - attempt.askedNanos());
                                                    follow(
                                                            gate,
                                                            attempt,
                                                            failure == null
                                                                    ? sent(attempt, answer, now)
                                                                    : failed(attempt, failure));
                                                }
                                                dispatch();
                                            }));
        }

        private Verdict sent(LandingAttempt attempt, Landing answer, long now) {
            return attempt.sent(answer, attempt.asked() != proven, now);
        }

        private void look(Gate gate, LandingAttempt attempt) {
            LandingTask task = attempt.task();
            attempt.looking(now());
            if (attempt.step() != Step.LOOK_WHAT_IS_KEPT) {
                metrics.add(Metric.RETRIES, task.stream(), "find", 1);
            }
            asked(() -> looked(attempt))
                    .whenComplete(
                            (found, failure) ->
                                    executor.execute(
                                            () -> {
                                                if (answered(gate, attempt)) {
                                                    follow(
                                                            gate,
                                                            attempt,
                                                            failure == null
                                                                    ? looked(attempt, found)
                                                                    : failed(attempt, failure));
                                                }
                                                dispatch();
                                            }));
        }

        private Verdict looked(LandingAttempt attempt, Found found) {
            return attempt.looked(found, now(), world.clock().millis());
        }

        private static CompletionStage<Found> looked(LandingAttempt attempt) {
            LandingTask task = attempt.task();
            ObjectRecord object = task.object();
            return attempt.readsBack()
                    ? attempt.asked().readBack(object.name(), object.attributes(), task.content())
                    : attempt.asked().find(object.name(), object.attributes(), task.content());
        }

        private Verdict failed(LandingAttempt attempt, Throwable failure) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure;
            if (cause instanceof DamagedStagingException && attempt.step() == Step.SEND) {
                return attempt.damaged(cause.getMessage());
            }
            if (FailureText.isDefect(cause)) {
                defects.failedOnce(cause, "object", attempt.task().object().name());
            }
            return attempt.failed(cause, now());
        }

        // --- what follows ---

        /** False when nobody wants to know any more. */
        private boolean answered(Gate gate, LandingAttempt attempt) {
            gate.active--;
            active--;
            if (gate.forgotten) {
                attempt.letGo();
                return false;
            }
            LandingPause refusal = gate.refusals.get(attempt.task().bucket());
            if (refusal != null) {
                refusal.probed();
            }
            return true;
        }

        private void follow(Gate gate, LandingAttempt attempt, Verdict verdict) {
            LandingTask task = attempt.task();
            ObjectRecord object = task.object();
            if (verdict instanceof Verdict.Landed && attempt.step() == Step.LOOK_WHAT_IS_KEPT) {
                proven = attempt.asked();
            }
            attempt.understood(verdict);
            if (verdict instanceof Verdict.Landed landed) {
                gate.failing.succeeded();
                gate.refusals.remove(task.bucket());
                settled(gate, attempt);
                tellOver(gate, task.bucket());
                tell(gate, task, l -> l.landed(object, landed.said()));
            } else if (verdict instanceof Verdict.GoOn) {
                gate.waiting.addFirst(attempt);
            } else if (verdict instanceof Verdict.Open open) {
                open(gate, attempt, open.reason());
            } else if (verdict instanceof Verdict.Doubted doubted) {
                tell(gate, task, l -> l.doubt(object, doubted.said()));
                open(
                        gate,
                        attempt,
                        "the store answered success and other content: " + doubted.said());
            } else if (verdict instanceof Verdict.Refused refused) {
                gate.waiting.addLast(attempt);
                grow(
                        gate.refusals.computeIfAbsent(task.bucket(), bucket -> new LandingPause()),
                        Growth.OF_REFUSAL,
                        attempt);
                grow(attempt.pause(), Growth.OF_REFUSAL, attempt);
                report(gate, attempt, refused.reason());
            } else if (verdict instanceof Verdict.Withheld withheld) {
                gate.waiting.addLast(attempt);
                grow(attempt.pause(), Growth.OF_REFUSAL, attempt);
                report(gate, attempt, withheld.reason());
            } else if (verdict instanceof Verdict.LookAgain again) {
                gate.waiting.addLast(attempt);
                wake(attempt.pause().waitFor(again.after(), now()));
                report(gate, attempt, again.reason());
            } else if (verdict instanceof Verdict.Stranger stranger) {
                settled(gate, attempt);
                tell(gate, task, l -> l.stranger(object, stranger.seen()));
            } else if (verdict instanceof Verdict.GivenUp givenUp) {
                settled(gate, attempt);
                tell(gate, task, l -> l.damaged(object, givenUp.reason()));
            } else {
                throw new IllegalStateException("a verdict that is not known: " + verdict);
            }
        }

        private void open(Gate gate, LandingAttempt attempt, String reason) {
            gate.waiting.addLast(attempt);
            gate.refusals.remove(attempt.task().bucket());
            grow(gate.failing, Growth.OF_FAILURE, attempt);
            grow(attempt.pause(), Growth.OF_FAILURE, attempt);
            report(gate, attempt, reason);
        }

        /** Nothing more is asked for this object; its neighbours may still be in trouble. */
        private void settled(Gate gate, LandingAttempt attempt) {
            LandingTask task = attempt.task();
            gate.troubled.computeIfPresent(
                    task.bucket(),
                    (bucket, there) -> {
                        there.remove(attempt);
                        return there.isEmpty() ? null : there;
                    });
            String left = gate.trouble(task.bucket(), task.listener());
            tell(gate, task, l -> l.trouble(where(task), left));
        }

        private void report(Gate gate, LandingAttempt attempt, String reason) {
            LandingTask task = attempt.task();
            String text = attempt.trouble(reason);
            gate.troubled
                    .computeIfAbsent(task.bucket(), bucket -> new LinkedHashSet<>())
                    .add(attempt);
            gate.failures
                    .computeIfAbsent(task.bucket(), bucket -> landing(task))
                    .failed(reason, "object", task.object().name());
            tell(gate, task, l -> l.trouble(where(task), text));
        }

        /** It is over when no object of the bucket is in trouble any more. */
        private void tellOver(Gate gate, String bucket) {
            RepeatedFailure failure = gate.failures.get(bucket);
            if (failure != null && !gate.troubled.containsKey(bucket)) {
                failure.worked();
            }
        }

        private RepeatedFailure landing(LandingTask task) {
            return RepeatedFailure.of(
                    log,
                    "landing",
                    world.clock()::nanoTime,
                    "stream",
                    task.stream(),
                    "store",
                    store,
                    "bucket",
                    task.bucket());
        }

        private String where(LandingTask task) {
            return store + "/" + task.bucket();
        }

        private void grow(LandingPause pause, Growth growth, LandingAttempt attempt) {
            double jitter = world.entropy().nextDouble();
            wake(pause.grow(growth, attempt.askedNanos(), now(), jitter));
        }

        private void wake(Duration after) {
            world.scheduler().after(after, executor, this::dispatch);
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

    private static void tell(Gate gate, LandingTask task, Consumer<Listener> call) {
        if (!gate.forgotten) {
            task.owner().execute(() -> call.accept(task.listener()));
        }
    }
}
