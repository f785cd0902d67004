package io.delivery.landing;

import io.delivery.failure.RepeatedFailure;
import io.delivery.landing.LandingTask.Listener;
import io.delivery.world.Clock;
import java.util.LinkedHashSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is told of the objects that have to land in one store: to their lanes, and to the log.
 * Belongs to the executor of the landings.
 */
final class LandingReports {
    private static final Logger log = LoggerFactory.getLogger(Landings.class);

    private final String store;
    private final Clock clock;

    LandingReports(String store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Nothing more is asked for this object; its neighbours may still be in trouble. */
    void settled(LandingGate gate, LandingAttempt attempt) {
        settled(gate, attempt, RepeatedFailure::ended);
    }

    /**
     * @param over what is told of the bucket when no object is in trouble there any more
     */
    void settled(LandingGate gate, LandingAttempt attempt, Consumer<RepeatedFailure> over) {
        LandingTask task = attempt.task();
        gate.noAnswers.settled(attempt);
        gate.troubled.computeIfPresent(
                task.bucket(),
                (bucket, there) -> {
                    there.remove(attempt);
                    return there.isEmpty() ? null : there;
                });
        RepeatedFailure failure = gate.failures.get(task.bucket());
        if (failure != null && !gate.troubled.containsKey(task.bucket())) {
            over.accept(failure);
        }
        String left = gate.trouble(task.bucket(), task.listener());
        tell(gate, task, l -> l.trouble(where(task), left));
    }

    /** This object has not landed, and why. */
    void report(LandingGate gate, LandingAttempt attempt, String reason) {
        LandingTask task = attempt.task();
        String text = attempt.trouble(reason);
        gate.troubled.computeIfAbsent(task.bucket(), bucket -> new LinkedHashSet<>()).add(attempt);
        gate.failures
                .computeIfAbsent(task.bucket(), bucket -> landing(task))
                .failed(reason, "object", task.object().name());
        tell(gate, task, l -> l.trouble(where(task), text));
    }

    private RepeatedFailure landing(LandingTask task) {
        return RepeatedFailure.of(
                log,
                "landing",
                clock::nanoTime,
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

    /** Tells the object's lane something, unless nobody wants to know any more. */
    static void tell(LandingGate gate, LandingTask task, Consumer<Listener> call) {
        if (!gate.forgotten) {
            task.owner().execute(() -> call.accept(task.listener()));
        }
    }
}
