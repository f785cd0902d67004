package io.delivery.config;

import java.time.Duration;

/**
 * How a server behaves that is there for the tests of an application: what it takes lands soon, and
 * it is less strict with what test suites write.
 *
 * @param maxInterval no buffer waits for longer, whatever the hints of its stream say; whole
 *     seconds
 * @param createBuckets what stores do with a bucket that is not there, where they do not say it
 *     themselves
 */
public record TestingSettings(Duration maxInterval, boolean createBuckets) {
    public static final Duration DEFAULT_MAX_INTERVAL = Duration.ofSeconds(1);
    public static final Duration LONGEST_INTERVAL = Duration.ofSeconds(60);
    public static final boolean DEFAULT_CREATE_BUCKETS = true;

    /** What an operator must know of a server that behaves so: the setting, and one sentence. */
    public String warning() {
        return "server.testing: is on, for tests of applications only: every buffer lands within %d s whatever its hints say, and any role ARN is accepted"
                .formatted(maxInterval.toSeconds());
    }

    /** What is in force where a stream is defined so: its own hints, and those of its function. */
    public StreamDefinition inForce(StreamDefinition stream) {
        TransformSettings transform = stream.transform();
        return new StreamDefinition(
                stream.name(),
                stream.version(),
                inForce(stream.buffer()),
                new TransformSettings(
                        transform.decompression(),
                        transform.split(),
                        transform.processors().stream().map(this::inForce).toList()),
                stream.partitioning(),
                stream.format(),
                stream.destination(),
                stream.backup().map(backup -> backup.withBuffer(inForce(backup.buffer()))),
                stream.encryption());
    }

    private ProcessorSettings inForce(ProcessorSettings processor) {
        return processor
                .lambda()
                .<ProcessorSettings>map(
                        lambda ->
                                new ProcessorSettings.Lambda(
                                        lambda.function(),
                                        lambda.retries(),
                                        lambda.bufferBytes(),
                                        lambda.bufferInterval().map(this::atMost)))
                .orElse(processor);
    }

    private Duration atMost(Duration interval) {
        return interval.compareTo(maxInterval) > 0 ? maxInterval : interval;
    }

    private BufferingHints inForce(BufferingHints hints) {
        int most = Math.toIntExact(maxInterval.toSeconds());
        return hints.intervalInSeconds() <= most
                ? hints
                : new BufferingHints(hints.sizeInMBs(), most, BufferingHints.Latency.LOW);
    }

    void validate(String path, ConfigProblems problems) {
        if (maxInterval.isNegative() || maxInterval.compareTo(LONGEST_INTERVAL) > 0) {
            problems.add(
                    path + ".maxInterval",
                    "must be between 0 s and %d s, was %d s"
                            .formatted(LONGEST_INTERVAL.toSeconds(), maxInterval.toSeconds()));
        }
    }
}
