package io.delivery.lambda;

import io.delivery.config.FunctionSettings;
import io.delivery.config.ProcessorSettings;
import java.time.Duration;

/**
 * How a stream invokes its function.
 *
 * @param function its name in the configuration
 * @param timeout of one invocation
 * @param retries tries of an invocation behind the first
 * @param concurrency batches of one lane that may be under way at a time
 * @param bufferBytes bytes of records from which on a batch is sent, before base64
 * @param bufferInterval how long the first record of a batch waits for others
 */
public record InvocationSettings(
        String function,
        Duration timeout,
        int retries,
        int concurrency,
        long bufferBytes,
        Duration bufferInterval) {
    /** The pause before the second try; each further one is twice as long. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(400);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** A pause is drawn from this much below its middle to as much above. */
    private static final double JITTER = 0.25;

    /**
     * So long an event may wait for a slot without a try being counted. Functions are shared, and
     * one that works must not fail records because it is busy.
     */
    private static final Duration SLOT_WAIT = Duration.ofMinutes(15);

    /** For writing events and reading answers, also while the machine is busy. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    /**
     * What a stream's definition and the configuration of the function say.
     *
     * @param streamInterval the interval of the stream's own buffer
     */
    public static InvocationSettings of(
            ProcessorSettings.Lambda lambda, FunctionSettings function, Duration streamInterval) {
        return new InvocationSettings(
                function.name(),
                function.timeout(),
                lambda.retries(),
                function.concurrency(),
                lambda.bufferBytes(),
                lambda.bufferIntervalIn(streamInterval));
    }

    /**
     * How long to wait before trying again: 0.4 s, then twice as long each time, a quarter more or
     * less, and never longer than 5 s. Three pauses are 3.5 s at most.
     *
     * @param attempts tries so far, at least 1
     * @param chance in [0, 1)
     */
    Duration pause(int attempts, double chance) {
        double millis = (double) FIRST_PAUSE.toMillis() * Math.pow(2, attempts - 1);
        double jittered = millis * (1 - JITTER + 2 * JITTER * chance);
        return Duration.ofMillis((long) Math.min(LONGEST_PAUSE.toMillis(), jittered));
    }

    /**
     * How often an event may find no slot within the timeout before it fails: as often as makes a
     * quarter of an hour, and no less often than it may be tried.
     */
    int slotWaits() {
        long millis = Math.max(1, timeout.toMillis());
        long waits = (SLOT_WAIT.toMillis() + millis - 1) / millis;
        return Math.toIntExact(Math.max(retries + 1, waits));
    }

    /**
     * After this time every event has its outcomes: it may wait for slots in vain, each try may
     * wait for a slot as long as it may then run, and between tries there are pauses. So a lane,
     * which gives a batch up after this time, never has to.
     */
    Duration limit() {
        int attempts = retries + 1;
        Duration limit = timeout.multipliedBy(2L * attempts + slotWaits()).plus(MARGIN);
        for (int attempt = 1; attempt < attempts; attempt++) {
            limit = limit.plus(pause(attempt, 1));
        }
        return limit;
    }
}
