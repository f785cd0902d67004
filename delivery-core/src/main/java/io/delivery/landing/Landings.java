package io.delivery.landing;

import io.delivery.failure.FailureText;
import io.delivery.failure.RepeatedFailure;
import io.delivery.landing.LandingAttempt.Step;
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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
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

    private static final String STOPPED = "the stream has stopped";

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

    /**
     * Gives the key of an object up that waits to land, by the rule for it (decision 36): at once
     * when no request for it can have been sent but those that were certainly refused; otherwise
     * when none can be under way any more and two looks do not see it. Then the object is forgotten
     * here, and nothing is asked under this key again; when that cannot be, it goes on landing.
     *
     * @param lane whom its task tells
     * @return empty when the key is given up; otherwise why it is not
     */
    public CompletionStage<Optional<String>> giveUp(
            String stream, ObjectRecord object, Listener lane, Diversion.Looks looks) {
        KeyDeparture departure = new KeyDeparture(looks, new CompletableFuture<>());
        executor.execute(
                departure.orRefusal(
                        () -> {
                            StoreSlots slots = stores.get(object.store());
                            LandingGate gate = slots == null ? null : slots.gates.get(stream);
                            Optional<LandingAttempt> attempt =
                                    gate == null ? Optional.empty() : gate.find(lane, object.id());
                            if (attempt.isEmpty()) {
                                departure.refuse(
                                        "it has landed, or its key is just being given up: ask"
                                                + " again if delivery status still shows it");
                                return;
                            }
                            gate.askedToLeave();
                            attempt.get().wantsToLeave(departure);
                            slots.leave(gate, attempt.get());
                            executor.execute(slots::dispatch);
                        }));
        return departure.answer();
    }

    private long now() {
        return world.clock().nanoTime();
    }

    private final class StoreSlots {
        private final LandingReports reports;
        private final Map<String, LandingGate> gates = new HashMap<>();
        private final Deque<String> turns = new ArrayDeque<>();
        private final RepeatedFailure defects;
        private int active;

        /** What landed through it was seen there. Other settings make another object. */
        private ObjectStore proven;

        StoreSlots(String store) {
            this.reports = new LandingReports(store, world.clock());
            this.defects =
                    RepeatedFailure.of(
                            log, "asking a store", world.clock()::nanoTime, "store", store);
        }

        void forget(String stream) {
            LandingGate gate = gates.remove(stream);
            if (gate != null) {
                gate.wake();
                gate.forgotten = true;
                gate.waiting.forEach(attempt -> attempt.stays(STOPPED));
                gate.waiting.forEach(LandingAttempt::letGo);
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
            } else if (gate.resting()) {
                gate.wake();
                turns.addLast(stream);
            }
            return gate;
        }

        /** Forgets a gate without turns as soon as what it remembers does not matter any more. */
        private void forgetOrRest(String stream, LandingGate gate) {
            gate.wake(); // an earlier timer must not look at it beside the next one
            Duration left = gate.remembersFor(now());
            if (left.isZero()) {
                gates.remove(stream, gate); // there may be another one by now
                gate.forgotten = true;
            } else {
                gate.rest(world.scheduler().after(left, executor, () -> lookAgain(stream, gate)));
            }
        }

        private void lookAgain(String stream, LandingGate gate) {
            if (gate.resting()) {
                forgetOrRest(stream, gate);
            }
        }

        void dispatch() {
            int idle = 0;
            while (active < slotsPerStore && idle < turns.size()) {
                String stream = turns.removeFirst();
                LandingGate gate = gates.get(stream);
                if (gate == null) {
                    continue;
                }
                if (gate.isIdle()) {
                    // Else thousands of streams with nothing to land would be asked each time.
                    forgetOrRest(stream, gate);
                    continue;
                }
                turns.addLast(stream);
                LandingAttempt next = gate.ready(now());
                if (next == null) {
                    idle++;
                } else {
                    idle = 0;
                    ask(gate, next);
                }
            }
        }

        // --- ask ---

        private void ask(LandingGate gate, LandingAttempt attempt) {
            gate.asked.add(attempt);
            active++;
            if (attempt.step() == Step.SEND) {
                send(gate, attempt);
            } else {
                look(gate, attempt);
            }
        }

        private void send(LandingGate gate, LandingAttempt attempt) {
            LandingTask task = attempt.task();
            if (attempt.sending(now()) > 1) {
                metrics.add(Metric.RETRIES, task.stream(), "land", 1);
            }
            ObjectRecord object = task.object();
            ObjectStore.UploadListener uploads =
                    id -> LandingReports.tell(gate, task, l -> l.uploadStarted(object, id));
            ask(
                    gate,
                    attempt,
                    () ->
                            attempt.asked()
                                    .land(
                                            task.content(),
                                            object.name(),
                                            object.attributes(),
                                            uploads),
                    (answer, failure) -> sent(attempt, answer, failure));
        }

        private Verdict sent(LandingAttempt attempt, Landing answer, Throwable failure) {
            long now = now();
            metrics.observe(
                    Metric.LAND_SECONDS, attempt.task().stream(), now - attempt.askedNanos());
            return failure == null
                    ? attempt.sent(answer, attempt.asked() != proven, now)
                    : failed(attempt, failure);
        }

        private void look(LandingGate gate, LandingAttempt attempt) {
            LandingTask task = attempt.task();
            attempt.looking(now());
            if (attempt.step() != Step.LOOK_WHAT_IS_KEPT) {
                metrics.add(Metric.RETRIES, task.stream(), "find", 1);
            }
            ask(
                    gate,
                    attempt,
                    () -> looked(attempt),
                    (found, failure) -> looked(attempt, found, failure));
        }

        private static CompletionStage<Found> looked(LandingAttempt attempt) {
            LandingTask task = attempt.task();
            ObjectRecord object = task.object();
            return attempt.readsBack()
                    ? attempt.asked().readBack(object.name(), object.attributes(), task.content())
                    : attempt.asked().find(object.name(), object.attributes(), task.content());
        }

        private Verdict looked(LandingAttempt attempt, Found found, Throwable failure) {
            return failure == null
                    ? attempt.looked(found, now(), world.clock().millis())
                    : failed(attempt, failure);
        }

        /**
         * A store that throws instead of answering keeps no slot. An error is told to whoever runs
         * this step, too: it may be more than the store's.
         *
         * @param meaning of an answer, or of why there is none
         */
        private <T> void ask(
                LandingGate gate,
                LandingAttempt attempt,
                Supplier<CompletionStage<T>> call,
                BiFunction<T, Throwable, Verdict> meaning) {
            CompletionStage<T> answer;
            try {
                answer = Objects.requireNonNull(call.get(), "the store answered nothing");
            } catch (RuntimeException defect) {
                answer = CompletableFuture.failedFuture(defect);
            } catch (Error defect) {
                understand(gate, attempt, () -> meaning.apply(null, defect));
                throw defect;
            }
            answer.whenComplete(
                    (said, failure) ->
                            understand(gate, attempt, () -> meaning.apply(said, failure)));
        }

        private void understand(
                LandingGate gate, LandingAttempt attempt, Supplier<Verdict> meaning) {
            executor.execute(
                    () -> {
                        try {
                            if (answered(gate, attempt)) {
                                followMeaning(gate, attempt, meaning);
                            }
                        } finally {
                            dispatch();
                        }
                    });
        }

        /** A defect that an answer meets is a failure of the attempt, which must not get lost. */
        private void followMeaning(
                LandingGate gate, LandingAttempt attempt, Supplier<Verdict> meaning) {
            Verdict verdict;
            try {
                verdict = meaning.get();
            } catch (RuntimeException defect) {
                verdict = failed(attempt, defect);
            } catch (Error defect) {
                follow(gate, attempt, attempt.failed(defect, now()));
                throw defect;
            }
            follow(gate, attempt, verdict);
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
        private boolean answered(LandingGate gate, LandingAttempt attempt) {
            gate.asked.remove(attempt);
            active--;
            if (gate.forgotten) {
                attempt.stays(STOPPED);
                attempt.letGo();
                return false;
            }
            LandingPause refusal = gate.refusals.get(attempt.task().bucket());
            if (refusal != null) {
                refusal.answered(attempt);
            }
            return true;
        }

        private void follow(LandingGate gate, LandingAttempt attempt, Verdict verdict) {
            goOn(gate, attempt, verdict);
            leave(gate, attempt);
        }

        /** Gives its key up if somebody has asked for that, and it waits. */
        private void leave(LandingGate gate, LandingAttempt attempt) {
            if (!attempt.wantsToLeave() || !gate.waiting.contains(attempt)) {
                return; // the answer to its request tells
            }
            Verdict verdict;
            try {
                verdict = attempt.leave(now(), world.clock().millis());
            } catch (RuntimeException | Error defect) {
                // Else later looks would give up a key that somebody was told is kept.
                attempt.stays(KeyDeparture.ofDefect(defect));
                throw defect;
            }
            gate.waiting.remove(attempt);
            if (attempt.isLeaving()) {
                attempt.pause().waitFor(Duration.ZERO, now()); // somebody waits for the look
            }
            goOn(gate, attempt, verdict);
        }

        private void goOn(LandingGate gate, LandingAttempt attempt, Verdict verdict) {
            LandingTask task = attempt.task();
            ObjectRecord object = task.object();
            if (verdict instanceof Verdict.Landed && attempt.step() == Step.LOOK_WHAT_IS_KEPT) {
                proven = attempt.asked();
            }
            attempt.understood(verdict);
            if (verdict instanceof Verdict.Landed landed) {
                gate.failing.succeeded();
                gate.refusals.remove(task.bucket());
                attempt.stays("it has landed");
                gate.noAnswers
                        .landed(task.bucket())
                        .forEach(other -> other.pause().waitFor(Duration.ZERO, now()));
                reports.settled(gate, attempt, RepeatedFailure::worked);
                LandingReports.tell(gate, task, l -> l.landed(object, landed.said()));
            } else if (verdict instanceof Verdict.GoOn) {
                gate.waiting.addFirst(attempt);
            } else if (verdict instanceof Verdict.Open open) {
                open(gate, attempt, open.reason());
            } else if (verdict instanceof Verdict.Doubted doubted) {
                LandingReports.tell(gate, task, l -> l.doubt(object, doubted.said()));
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
                reports.report(gate, attempt, refused.reason());
            } else if (verdict instanceof Verdict.Withheld withheld) {
                gate.waiting.addLast(attempt);
                grow(attempt.pause(), Growth.OF_REFUSAL, attempt);
                reports.report(gate, attempt, withheld.reason());
            } else if (verdict instanceof Verdict.LookAgain again) {
                gate.waiting.addLast(attempt);
                wake(attempt.pause().waitFor(again.after(), now()));
                reports.report(gate, attempt, again.reason());
            } else if (verdict instanceof Verdict.Stranger stranger) {
                attempt.stays("something else is there: " + stranger.seen());
                reports.settled(gate, attempt);
                LandingReports.tell(gate, task, l -> l.stranger(object, stranger.seen()));
            } else if (verdict instanceof Verdict.GivenUp givenUp) {
                attempt.stays(givenUp.reason());
                reports.settled(gate, attempt);
                LandingReports.tell(gate, task, l -> l.damaged(object, givenUp.reason()));
            } else if (verdict instanceof Verdict.Left) {
                reports.settled(gate, attempt);
                attempt.left();
            } else if (verdict instanceof Verdict.Stays stays) {
                gate.waiting.addLast(attempt);
                attempt.stays(stays.reason());
                stays.quiet().ifPresent(time -> wake(attempt.pause().waitFor(time, now())));
                stays.quiet().ifPresent(time -> gate.noAnswers.leaveAlone(attempt));
            } else if (verdict instanceof Verdict.KeyRefused refused) {
                gate.waiting.addLast(attempt);
                grow(attempt.pause(), Growth.OF_REFUSAL, attempt);
                reports.report(gate, attempt, refused.refusal().text());
                LandingReports.tell(
                        gate, task, l -> l.keyRefused(object, refused.refusal().said()));
            } else {
                throw new IllegalStateException("a verdict that is not known: " + verdict);
            }
        }

        private void open(LandingGate gate, LandingAttempt attempt, String reason) {
            gate.waiting.addLast(attempt);
            gate.refusals.remove(attempt.task().bucket());
            grow(gate.failing, Growth.OF_FAILURE, attempt);
            grow(attempt.pause(), Growth.OF_FAILURE, attempt);
            reports.report(gate, attempt, reason + gate.noAnswers.add(attempt));
        }

        private void grow(LandingPause pause, Growth growth, LandingAttempt attempt) {
            double jitter = world.entropy().nextDouble();
            wake(pause.grow(growth, attempt.askedNanos(), now(), jitter));
        }

        private void wake(Duration after) {
            world.scheduler().after(after, executor, this::dispatch);
        }
    }
}
