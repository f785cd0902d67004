package io.delivery.runtime;

import io.delivery.failure.RepeatedFailure;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.world.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * What is known of processes that ended and should not have. Belongs to its function's executor.
 */
final class Restarts {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final int MOST_DOUBLINGS = 20; // the longest pause comes far earlier

    /** Beside a full disk little is tried: code is read again each time. */
    private static final Duration LONGEST_REFUSAL = Duration.ofSeconds(30);

    private final RepeatedFailure log;
    private final RepeatedFailure refusalLog;

    /** Processes that ended one after another, with no answer between them. */
    private int failures;

    /** The same, but those that ended during one pause are one: they were begun together. */
    private int failuresApart;

    private String last = "";

    /** Starts that the machine refused one after another. */
    private int refusals;

    private String lastRefusal = "";

    /** Whether the last start was refused, and is to be tried again. */
    private boolean refused;

    /** Whether no process is started for a time. */
    private boolean pausing;

    /**
     * @param function its name
     */
    Restarts(String function, Clock clock) {
        log = repeated("running a function", function, clock);
        refusalLog = repeated("starting a process of a function", function, clock);
    }

    private static RepeatedFailure repeated(String work, String function, Clock clock) {
        return RepeatedFailure.of(
                LoggerFactory.getLogger(ProcessFunction.class),
                work,
                clock::nanoTime,
                "function",
                function);
    }

    /**
     * A process has ended. Those that end during a pause behind another were begun with that one:
     * together they make the next pause longer once.
     *
     * @return how long no other is started: longer each time, as long as none answers; empty when a
     *     pause lasts, which then ends when it would have
     */
    Optional<Duration> failed(String why) {
        failures++;
        if (!pausing || failuresApart == 0) {
            failuresApart++;
        }
        last = why;
        log.failed(why);
        return pause(failuresApart, LONGEST_PAUSE);
    }

    /**
     * The machine did not let a process be started, which is no failure of the function. What it
     * refuses during a pause behind another refusal was begun with that one, and counts with it.
     *
     * @return how long none is started: longer each time, as long as none can be; empty when a
     *     pause lasts, which then ends when it would have
     */
    Optional<Duration> refused(String why) {
        if (!pausing || !refused) {
            refusals++;
        }
        refused = true;
        lastRefusal = why;
        refusalLog.failed(why);
        return pause(refusals, LONGEST_REFUSAL);
    }

    private Optional<Duration> pause(int times, Duration longest) {
        if (pausing) {
            return Optional.empty();
        }
        pausing = true;
        Duration pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(times - 1, MOST_DOUBLINGS));
        return Optional.of(pause.compareTo(longest) > 0 ? longest : pause);
    }

    /** The pause that was begun last has passed. */
    void pauseIsOver() {
        pausing = false;
    }

    /**
     * Whether one more process may be started now. While the machine refuses, one at a time shows
     * whether it still does.
     *
     * @param starting processes that have not asked for an event yet
     */
    boolean letStart(long starting) {
        return !pausing && (refusals == 0 || starting == 0);
    }

    /** A process has run: the machine lets them be started. */
    void begun() {
        refusals = 0;
        refused = false;
        refusalLog.worked();
    }

    /**
     * No start is tried any more for the sake of the refusal: those that live are enough, or the
     * last start failed for another reason. Whether the machine lets processes be started is not
     * known: the next refusal counts with those before.
     */
    void notKnown() {
        refused = false;
        refusalLog.ended();
    }

    /** Whether the machine has refused the last start, which is to be tried again. */
    boolean isRefused() {
        return refused;
    }

    /** A process has answered. */
    void worked() {
        if (failures > 0) {
            failures = 0;
            failuresApart = 0;
            log.worked();
        }
    }

    /** What became of an event for which no process was ready in time. */
    Failed whyNoneWasReady(Duration timeout) {
        if (isRefused()) {
            return new Failed(Reason.NO_SLOT, lastRefusal); // the function was not asked
        }
        return failures > 0
                ? new Failed(Reason.FUNCTION_ERROR, last)
                : new Failed(
                        Reason.TIMED_OUT,
                        "No process of the function was ready within "
                                + FunctionWords.seconds(timeout));
    }

    /**
     * That the machine starts no process, or why the last one ended, with how many ended before it;
     * empty when one has answered since.
     */
    Optional<String> trouble() {
        if (isRefused()) {
            return Optional.of(
                    lastRefusal
                            + "; it is tried again, and records that wait for it for 15 minutes fail");
        }
        if (failures == 0) {
            return Optional.empty();
        }
        return Optional.of(
                failures == 1
                        ? last
                        : "%d processes in a row ended without an answer, the last: %s"
                                .formatted(failures, last));
    }
}
