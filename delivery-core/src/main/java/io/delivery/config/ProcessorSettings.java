package io.delivery.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
        return lambda().map(Lambda::function);
    }

    /** Itself, when it invokes a function. */
    default Optional<Lambda> lambda() {
        return choose(
                Optional::of,
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

        /**
         * How long the first record of a batch waits for others.
         *
         * @param streamInterval the interval of the stream's own buffer
         */
        public Duration bufferIntervalIn(Duration streamInterval) {
            return bufferInterval.orElse(
                    streamInterval.compareTo(DEFAULT_BUFFER_INTERVAL) < 0
                            ? streamInterval
                            : DEFAULT_BUFFER_INTERVAL);
        }

        /** With a default for everything but the function. */
        public static Lambda of(String function) {
            return new Lambda(function, DEFAULT_RETRIES, DEFAULT_BUFFER_BYTES, Optional.empty());
        }

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
                        path + ".lambda.retries",
                        "must be 0 to %d, was %d".formatted(MAX_RETRIES, retries));
            }
            if (bufferBytes < MIN_BUFFER_BYTES || bufferBytes > MAX_BUFFER_BYTES) {
                problems.add(
                        path + ".lambda.buffer.size",
                        "must be 205KB to 3MB, was " + ByteSize.setting(bufferBytes));
            }
            bufferInterval
                    .filter(i -> i.isNegative() || i.compareTo(MAX_BUFFER_INTERVAL) > 0)
                    .ifPresent(
                            i ->
                                    problems.add(
                                            path + ".lambda.buffer.interval",
                                            "must be 0s to 900s, was %ds"
                                                    .formatted(i.toSeconds())));
        }
    }

    /**
     * A jq program: the one value that it yields is the record, as {@code jq -c} prints it; none
     * drops the record.
     */
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
     * A row of comma separated values (RFC 4180) becomes a JSON object of strings.
     *
     * @param columns names of its fields; empty: the first row of each record has them
     * @param delimiter between fields, one UTF-16 unit
     * @param quote around a field that holds a delimiter, a quote or a line break, one UTF-16 unit
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
            validateMark(path + ".csv.delimiter", delimiter, problems);
            validateMark(path + ".csv.quote", quote, problems);
            if (delimiter == quote) {
                problems.add(path + ".csv.quote", "must differ from the delimiter, was " + quote);
            }
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < columns.size(); i++) {
                String column = columns.get(i);
                if (!seen.add(column)) {
                    problems.add(
                            "%s.csv.columns[%d]".formatted(path, i),
                            "must be there once, %s is there twice".formatted(column));
                }
            }
        }

        private static void validateMark(String path, char mark, ConfigProblems problems) {
            if (mark == '\r' || mark == '\n') {
                problems.add(path, "must not be a line break, which ends a row");
            } else if (Character.isSurrogate(mark)) {
                problems.add(path, "must be a character up to U+FFFF");
            }
        }
    }

    /**
     * Text becomes a JSON object of strings: the named groups of the first match of a regular
     * expression.
     *
     * @param pattern in Oniguruma's syntax, as jq's {@code capture} takes it
     */
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
     * Values in JSON are hashed or masked.
     *
     * @param hash paths ({@link ValuePath}) of values that become the hexadecimal SHA-256 of them
     * @param mask paths of values that become three asterisks
     * @param key with it a hash is an HMAC-SHA-256: without the key nobody can try values out
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
            Map<ValuePath, String> seen = new HashMap<>();
            validate(path + ".redact.hash", hash, seen, problems);
            validate(path + ".redact.mask", mask, seen, problems);
            if (key.isPresent() && hash.isEmpty()) {
                problems.add(path + ".redact.key", "must be left out: nothing is hashed");
            }
            if (key.filter(k -> k.value().isEmpty()).isPresent()) {
                problems.add(path + ".redact.key", "must not be empty");
            }
        }

        private static void validate(
                String path,
                List<String> paths,
                Map<ValuePath, String> seen,
                ConfigProblems problems) {
            for (int i = 0; i < paths.size(); i++) {
                String at = "%s[%d]".formatted(path, i);
                try {
                    String before = seen.putIfAbsent(ValuePath.parse(paths.get(i)), at);
                    if (before != null) {
                        problems.add(at, "must be there once, was at %s before".formatted(before));
                    }
                } catch (IllegalArgumentException noPath) {
                    problems.add(at, noPath.getMessage());
                }
            }
        }
    }
}
