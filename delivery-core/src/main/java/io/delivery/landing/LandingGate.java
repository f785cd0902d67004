package io.delivery.landing;

import io.delivery.failure.RepeatedFailure;
import io.delivery.landing.LandingTask.Listener;
import io.delivery.world.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What one stream has to land in one store. Belongs to the executor of the landings. */
final class LandingGate {
    final Deque<LandingAttempt> waiting = new ArrayDeque<>(1);
    final Map<String, LandingPause> refusals = new HashMap<>();
    final Map<String, Set<LandingAttempt>> troubled = new HashMap<>();
    final Map<String, RepeatedFailure> failures = new HashMap<>();
    final LandingPause failing = new LandingPause();
    final NoAnswers noAnswers = new NoAnswers();

    /** Those whose request has not been answered. */
    final Set<LandingAttempt> asked = new HashSet<>();

    /**
     * The stream has stopped, or it was over: nothing is told any more. Also stores' threads look.
     */
    volatile boolean forgotten;

    /** Whether somebody has ever asked that a key of its objects is given up. */
    private boolean askedToLeave;

    /** Nothing is left to land: the store's turns pass it over. */
    private boolean resting;

    /** Of a resting one: when it is looked at again. */
    private Scheduler.Cancellable look = () -> {};

    /** Somebody asks that the key of one of its objects is given up. */
    void askedToLeave() {
        askedToLeave = true;
    }

    boolean resting() {
        return resting;
    }

    /**
     * Nothing is left to land.
     *
     * @param next when it is looked at again
     */
    void rest(Scheduler.Cancellable next) {
        resting = true;
        look = next;
    }

    /** Ends its rest, if it rests: something is to land again, or it is looked at now. */
    void wake() {
        resting = false;
        look.cancel();
    }

    /** Whether nothing is left to do or to wait for. */
    boolean isIdle() {
        return waiting.isEmpty() && asked.isEmpty();
    }

    /**
     * How long an idle one must be kept: what would land next waits until a pause is over, and a
     * failure that repeats within a minute is not told again. Another one may take its place then.
     */
    Duration remembersFor(long now) {
        Stream<Duration> pauses = refusals.values().stream().map(pause -> pause.left(now));
        Stream<Duration> lines = failures.values().stream().map(RepeatedFailure::remembersFor);
        return Stream.concat(Stream.of(failing.left(now)), Stream.concat(pauses, lines))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** What is the matter in this bucket with objects of the same lane; empty when nothing. */
    String trouble(String bucket, Listener lane) {
        for (LandingAttempt there : troubled.getOrDefault(bucket, Set.of())) {
            if (there.task().listener() == lane) {
                return there.trouble();
            }
        }
        return "";
    }

    /** The attempt at this object of a lane, whether it waits or was asked. */
    Optional<LandingAttempt> find(Listener lane, String object) {
        for (LandingAttempt attempt : asked) {
            if (attempt.isOf(lane, object)) {
                return Optional.of(attempt);
            }
        }
        for (LandingAttempt attempt : waiting) {
            if (attempt.isOf(lane, object)) {
                return Optional.of(attempt);
            }
        }
        return Optional.empty();
    }

    /** Takes the attempt out that is to be made next; null when all must wait. */
    LandingAttempt ready(long now) {
        LandingAttempt urgent = urgent(now);
        if (urgent != null) {
            return urgent;
        }
        boolean fails = failing.failing();
        if (!failing.over(now) || fails && !asked.isEmpty()) {
            return null;
        }
        for (Iterator<LandingAttempt> all = waiting.iterator(); all.hasNext(); ) {
            LandingAttempt attempt = all.next();
            LandingPause refusal = refusals.get(attempt.task().bucket());
            if (!attempt.pause().over(now)) {
                continue;
            }
            if (refusal == null || !refusal.probing() && refusal.over(now)) {
                if (refusal != null) {
                    // One probe at a time: the others wait for its answer.
                    refusal.probe(attempt);
                }
                all.remove();
                return attempt;
            }
        }
        return null;
    }

    /** One whose key is to be given up: somebody waits for that, and it is only looked for. */
    private LandingAttempt urgent(long now) {
        if (!askedToLeave) {
            return null; // else each of thousands that wait would be looked at for each that lands
        }
        for (Iterator<LandingAttempt> all = waiting.iterator(); all.hasNext(); ) {
            LandingAttempt attempt = all.next();
            if (attempt.isLeaving() && attempt.pause().over(now)) {
                all.remove();
                return attempt;
            }
        }
        return null;
    }
}
