package io.delivery.config;

import java.time.Duration;
import java.util.regex.Pattern;

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

    /** What stands for a function where an ARN is expected, wherever it really runs. */
    public static String arn(String region, String account, String name) {
        return "arn:aws:lambda:%s:%s:function:%s".formatted(region, account, name);
    }

    /** As names of Lambda functions: API reference, FunctionName. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    /** Reports everything that is wrong with it on its own, without looking at any file. */
    public void validate(String path, ConfigProblems problems) {
        if (!NAME.matcher(name).matches()) {
            problems.add(path, "a function's name has 1 to 64 of [a-zA-Z0-9_-], was " + name);
        }
        if (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            problems.add(
                    path + ".timeout",
                    "must be 1s to 300s, was %s s".formatted(timeout.toMillis() / 1000.0));
        }
        if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
            problems.add(
                    path + ".concurrency",
                    "must be 1 to %d, was %d".formatted(MAX_CONCURRENCY, concurrency));
        }
        runner.validate(path, problems);
    }
}
