package io.delivery.config;

import java.time.Duration;

/**
 * A transformation function.
 *
 * @param name what streams call it; a LambdaArn of the API ends in it
 * @param timeout of one invocation
 * @param concurrency invocations that may be under way at a time, over all streams
 */
public record FunctionSettings(
        String name, FunctionRunner runner, Duration timeout, int concurrency) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

    /** Firehose honours time-outs up to five minutes: developer guide, data transformation. */
    public static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

    public static final int DEFAULT_CONCURRENCY = 2;
    public static final int MAX_CONCURRENCY = 64;

    /** Reports everything that is wrong with it on its own, without looking at any file. */
    public void validate(String path, ConfigProblems problems) {
        if (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            problems.add(
                    path + ".timeout",
                    "must be 1s to 300s, was %ds".formatted(timeout.toSeconds()));
        }
        if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
            problems.add(
                    path + ".concurrency",
                    "must be 1 to %d, was %d".formatted(MAX_CONCURRENCY, concurrency));
        }
        runner.validate(path, problems);
    }
}
