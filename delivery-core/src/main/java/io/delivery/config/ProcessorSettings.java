package io.delivery.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One step that a record passes between splitting and partitioning. */
public sealed interface ProcessorSettings {
    /** What comes of it, by the kind that it is. */
    <R, E extends Exception> R choose(
            Choice<Lambda, R, E> lambda,
            Choice<Jq, R, E> jq,
            Choice<Csv, R, E> csv,
            Choice<Regex, R, E> regex,
            Choice<Redact, R, E> redact)
            throws E;

    /** Reports what is wrong with it on its own. */
    void validate(String path, ConfigProblems problems);

    /** The name under {@code functions} that it invokes; empty when it invokes none. */
    default Optional<String> invokedFunction() {
        return choose(
                lambda -> Optional.of(lambda.function()),
                jq -> Optional.empty(),
                csv -> Optional.empty(),
                regex -> Optional.empty(),
                redact -> Optional.empty());
    }

    /**
     * A function that gets the event of a Firehose transformation: the API's Lambda processor.
     *
     * @param function a name under {@code functions}
     * @param retries tries of an invocation behind the first
     * @param bufferBytes bytes of records from which on a batch is sent
     * @param bufferInterval how long the first record of a batch waits; absent: 60 s or the
     *     stream's interval, whichever is shorter
     */
    record Lambda(String function, int retries, long bufferBytes, Optional<Duration> bufferInterval)
            implements ProcessorSettings {
        public static final int DEFAULT_RETRIES = 3; // API reference, NumberOfRetries
        public static final int MAX_RETRIES = 300; // contract 5.1
        public static final long DEFAULT_BUFFER_BYTES = 1 << 20; // BufferSizeInMBs
        public static final long MIN_BUFFER_BYTES = (long) (0.2 * (1 << 20)); // BufferSizeInMBs
        public static final long MAX_BUFFER_BYTES = 3 << 20; // BufferSizeInMBs

        /** BufferIntervalInSeconds: contract 5.1. */
        public static final Duration MAX_BUFFER_INTERVAL = Duration.ofSeconds(900);

        public static final Duration DEFAULT_BUFFER_INTERVAL = Duration.ofSeconds(60);

        @Override
        public <R, E extends Exception> R choose(
                Choice<Lambda, R, E> lambda,
                Choice<Jq, R, E> jq,
                Choice<Csv, R, E> csv,
                Choice<Regex, R, E> regex,
                Choice<Redact, R, E> redact)
                throws E {
            return lambda.of(this);
        }

        @Override
        public void validate(String path, ConfigProblems problems) {
            if (retries < 0 || retries > MAX_RETRIES) {
                problems.add(
                        path + ".retries",
                        "must be 0 to %d, was %d".formatted(MAX_RETRIES, retries));
            }
            if (bufferBytes < MIN_BUFFER_BYTES || bufferBytes > MAX_BUFFER_BYTES) {
                problems.add(
                        path + ".buffer.size",
                        "must be 0.2MB to 3MB, was " + ByteSize.text(bufferBytes));
            }
            bufferInterval
                    .filter(i -> i.isNegative() || i.compareTo(MAX_BUFFER_INTERVAL) > 0)
                    .ifPresent(
                            i ->
                                    problems.add(
                                            path + ".buffer.interval",
                                            "must be 0s to 900s, was %ds"
                                                    .formatted(i.toSeconds())));
        }
    }

    /** A jq program: its result is the record, and none drops it. */
    record Jq(String program) implements ProcessorSettings {
        @Override
        public <R, E extends Exception> R choose(
                Choice<Lambda, R, E> lambda,
                Choice<Jq, R, E> jq,
                Choice<Csv, R, E> csv,
                Choice<Regex, R, E> regex,
                Choice<Redact, R, E> redact)
                throws E {
            return jq.of(this);
        }

        @Override
        public void validate(String path, ConfigProblems problems) {
            if (program.isBlank()) {
                problems.add(path + ".jq", "must not be empty");
            }
        }
    }

    /**
     * A line of comma separated values becomes a JSON object of strings.
     *
     * @param columns names of its fields; empty: the first line of each record has them
     * @param delimiter between fields
     * @param quote around a field that holds a delimiter, a quote or a line break
     */
    record Csv(List<String> columns, char delimiter, char quote) implements ProcessorSettings {
        public static final char DEFAULT_DELIMITER = ',';
        public static final char DEFAULT_QUOTE = '"';

        public Csv {
            columns = List.copyOf(columns);
        }

        @Override
        public <R, E extends Exception> R choose(
                Choice<Lambda, R, E> lambda,
                Choice<Jq, R, E> jq,
                Choice<Csv, R, E> csv,
                Choice<Regex, R, E> regex,
                Choice<Redact, R, E> redact)
                throws E {
            return csv.of(this);
        }

        @Override
        public void validate(String path, ConfigProblems problems) {
            if (delimiter == quote) {
                problems.add(path + ".csv.quote", "must differ from the delimiter, was " + quote);
            }
        }
    }

    /** Text becomes a JSON object of strings: the named groups of a regular expression. */
    record Regex(String pattern) implements ProcessorSettings {
        @Override
        public <R, E extends Exception> R choose(
                Choice<Lambda, R, E> lambda,
                Choice<Jq, R, E> jq,
                Choice<Csv, R, E> csv,
                Choice<Regex, R, E> regex,
                Choice<Redact, R, E> redact)
                throws E {
            return regex.of(this);
        }

        @Override
        public void validate(String path, ConfigProblems problems) {
            if (pattern.isEmpty()) {
                problems.add(path + ".regex", "must not be empty");
            }
        }
    }

    /**
     * Values of a JSON object are hashed or masked.
     *
     * @param hash paths of values that become a hash
     * @param mask paths of values that become asterisks
     * @param key with it a hash is an HMAC: without the key nobody can try values out
     */
    record Redact(List<String> hash, List<String> mask, Optional<Secret> key)
            implements ProcessorSettings {
        public Redact {
            hash = List.copyOf(hash);
            mask = List.copyOf(mask);
        }

        @Override
        public <R, E extends Exception> R choose(
                Choice<Lambda, R, E> lambda,
                Choice<Jq, R, E> jq,
                Choice<Csv, R, E> csv,
                Choice<Regex, R, E> regex,
                Choice<Redact, R, E> redact)
                throws E {
            return redact.of(this);
        }

        @Override
        public void validate(String path, ConfigProblems problems) {
            if (hash.isEmpty() && mask.isEmpty()) {
                problems.add(path + ".redact", "must have hash, mask or both");
            }
        }
    }
}
