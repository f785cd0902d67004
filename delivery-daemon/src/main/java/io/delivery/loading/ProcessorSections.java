package io.delivery.loading;

import static io.delivery.loading.Types.CHARACTER;
import static io.delivery.loading.Types.FLAG;
import static io.delivery.loading.Types.NUMBER;
import static io.delivery.loading.Types.SECONDS;
import static io.delivery.loading.Types.SECRET;
import static io.delivery.loading.Types.TEXT;

import io.delivery.config.ByteSize;
import io.delivery.config.Decompression;
import io.delivery.config.ProcessorSettings;
import io.delivery.config.ProcessorSettings.Csv;
import io.delivery.config.ProcessorSettings.Jq;
import io.delivery.config.ProcessorSettings.Lambda;
import io.delivery.config.ProcessorSettings.Redact;
import io.delivery.config.ProcessorSettings.Regex;
import io.delivery.config.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What happens to records between splitting and partitioning, and decompression before. */
final class ProcessorSections {
    private static final String PATH = "streams.NAME.processors[]";
    private static final String ONE_OF = "one of lambda, jq, csv, regex and redact";

    // --- lambda ---

    private static final Field<String> FUNCTION =
            Field.of("function", TEXT, "A name under functions.")
                    .example("enrich")
                    .api("LambdaArn, whose last part is the name");
    private static final Field<Integer> RETRIES =
            Field.of(
                            "retries",
                            NUMBER,
                            "Further tries of an invocation that failed. Not with a plugin.")
                    .byDefault(String.valueOf(Lambda.DEFAULT_RETRIES))
                    .bounded("0 to " + Lambda.MAX_RETRIES)
                    .example("5")
                    .api("NumberOfRetries");
    private static final Field<Long> BUFFER_SIZE =
            Field.of(
                            "size",
                            Types.size("KB", 0, Long.MAX_VALUE),
                            "Bytes of records from which on a batch is sent.")
                    .byDefault(ByteSize.setting(Lambda.DEFAULT_BUFFER_BYTES))
                    .bounded("205KB to 3MB")
                    .example("512KB")
                    .api("BufferSizeInMBs");
    private static final Field<Integer> BUFFER_INTERVAL =
            Field.of("interval", SECONDS, "How long the first record of a batch waits for others.")
                    .byDefault("60s or the stream's interval, whichever is shorter")
                    .bounded("0s to 900s")
                    .example("10s")
                    .api("BufferIntervalInSeconds");

    private record BatchValues(Optional<Long> bytes, Optional<Duration> interval) {
        private static final BatchValues NONE = new BatchValues(Optional.empty(), Optional.empty());
    }

    private static final Field<BatchValues> BUFFER =
            Field.of(
                            "buffer",
                            Types.section(
                                    Section.of(
                                            PATH + ".lambda.buffer",
                                            "When a batch is sent: whichever is reached first.",
                                            BUFFER_SIZE,
                                            BUFFER_INTERVAL),
                                    in ->
                                            new BatchValues(
                                                    in.get(BUFFER_SIZE),
                                                    in.get(BUFFER_INTERVAL)
                                                            .map(Duration::ofSeconds))),
                            "When a batch of records is sent. Not with a plugin.")
                    .byDefault("as below");
    private static final Field<Lambda> LAMBDA =
            Field.of(
                            "lambda",
                            Types.section(
                                    Section.of(
                                            PATH + ".lambda",
                                            "A function gets batches of records and answers for"
                                                    + " each. A stream has at most one.",
                                            FUNCTION,
                                            RETRIES,
                                            BUFFER),
                                    ProcessorSections::lambda),
                            "A function that gets the event of a Firehose transformation.")
                    .byDefault(ONE_OF)
                    .example("{function: enrich}")
                    .api("Lambda processor");

    // --- ours ---

    private static final Field<String> JQ =
            Field.of(
                            "jq",
                            TEXT,
                            "A jq 1.6 program: its result becomes the record, and a record without"
                                    + " a result is dropped.")
                    .byDefault(ONE_OF)
                    .example("'{id, at: .time}'");

    private static final Field<List<String>> COLUMNS =
            Field.of("columns", Types.listOf(TEXT), "The names of the fields, in their order.")
                    .byDefault("one of columns, header")
                    .example("[id, at, amount]");
    private static final Field<Boolean> HEADER =
            Field.of(
                            "header",
                            FLAG,
                            "true: the first line of each record has the names of the fields.")
                    .byDefault("one of columns, header");
    private static final Field<Character> DELIMITER =
            Field.of("delimiter", CHARACTER, "What stands between fields.")
                    .byDefault("`" + Csv.DEFAULT_DELIMITER + "`")
                    .example("';'");
    private static final Field<Character> QUOTE =
            Field.of(
                            "quote",
                            CHARACTER,
                            "What stands around a field that has a delimiter, a quote or a line"
                                    + " break in it.")
                    .byDefault("`" + Csv.DEFAULT_QUOTE + "`")
                    .example("\"'\"");
    private static final Field<Csv> CSV =
            Field.of(
                            "csv",
                            Types.section(
                                    Section.of(
                                            PATH + ".csv",
                                            "A line of separated values becomes a JSON object of"
                                                    + " texts (RFC 4180).",
                                            COLUMNS,
                                            HEADER,
                                            DELIMITER,
                                            QUOTE),
                                    ProcessorSections::csv),
                            "A line of separated values becomes a JSON object of texts.")
                    .byDefault(ONE_OF)
                    .example("{columns: [id, at]}");

    private static final Field<String> REGEX =
            Field.of(
                            "regex",
                            TEXT,
                            "A regular expression; its named groups become a JSON object of texts.")
                    .byDefault(ONE_OF)
                    .example("'(?<host>\\S+) (?<path>\\S+)'");

    private static final Field<List<String>> HASH =
            Field.of("hash", Types.listOf(TEXT), "Paths of values that become their SHA-256.")
                    .byDefault("none")
                    .example("[.user.id]");
    private static final Field<List<String>> MASK =
            Field.of("mask", Types.listOf(TEXT), "Paths of values that become asterisks.")
                    .byDefault("none")
                    .example("[.user.mail]");
    private static final Field<Secret> KEY =
            Field.of(
                            "key",
                            SECRET,
                            "With it hashes are HMAC-SHA-256: without the key nobody can try values"
                                    + " out. Write it as `${…}`: definitions of streams are kept in"
                                    + " the data directory as they are written.")
                    .byDefault("none")
                    .example("'${file:redact.key}'");
    private static final Field<Redact> REDACT =
            Field.of(
                            "redact",
                            Types.section(
                                    Section.of(
                                            PATH + ".redact",
                                            "Values of JSON records are hashed or masked.",
                                            HASH,
                                            MASK,
                                            KEY),
                                    in ->
                                            new Redact(
                                                    in.get(HASH).orElse(List.of()),
                                                    in.get(MASK).orElse(List.of()),
                                                    in.get(KEY))),
                            "Values of JSON records are hashed or masked.")
                    .byDefault(ONE_OF)
                    .example("{hash: [.user.id]}");

    private static final Section PROCESSOR =
            Section.of(
                            PATH,
                            "One step that each record passes; it has " + ONE_OF + ".",
                            LAMBDA,
                            JQ,
                            CSV,
                            REGEX,
                            REDACT)
                    .without(
                            Map.of(
                                    "decompression",
                                    "it is a setting of the stream, beside processors",
                                    "cloudWatchLogs",
                                    "it is a setting of the stream, beside processors",
                                    "split",
                                    "it is a setting of the stream, beside processors",
                                    "plugin",
                                    "name it under functions, and that name in lambda"));

    static final ValueType<List<ProcessorSettings>> PROCESSORS = Types.listOf(new ProcessorType());

    // --- decompression ---

    /** How records are compressed. */
    enum Compressed {
        GZIP
    }

    static final Field<Compressed> DECOMPRESSION =
            Field.of(
                            "decompression",
                            Types.oneOf(Compressed.class),
                            "Records are what CloudWatch Logs sends: each one compressed with gzip.")
                    .byDefault("none")
                    .example("gzip")
                    .api("Decompression processor");
    private static final Field<Boolean> EXTRACT_MESSAGES =
            Field.of(
                            "extractMessages",
                            FLAG,
                            "true: the record becomes the messages of its log events, each with a"
                                    + " line feed; false: it stays JSON with everything around"
                                    + " them.")
                    .api("DataMessageExtraction");
    static final Field<Boolean> CLOUD_WATCH_LOGS =
            Field.of(
                            "cloudWatchLogs",
                            Types.section(
                                    Section.of(
                                            "streams.NAME.cloudWatchLogs",
                                            "What becomes of records that CloudWatch Logs sends.",
                                            EXTRACT_MESSAGES),
                                    in -> in.required(EXTRACT_MESSAGES, false)),
                            "What becomes of records that CloudWatch Logs sends.")
                    .byDefault("{extractMessages: false}")
                    .bounded("needs decompression")
                    .api("CloudWatchLogProcessing processor");

    private ProcessorSections() {}

    static Optional<Decompression> decompression(SectionValues in) {
        if (in.has(CLOUD_WATCH_LOGS) && !in.has(DECOMPRESSION)) {
            in.problem(CLOUD_WATCH_LOGS, "needs decompression: gzip");
        }
        boolean extract = in.get(CLOUD_WATCH_LOGS).orElse(false);
        return in.get(DECOMPRESSION)
                .map(
                        gzip ->
                                new Decompression(
                                        extract
                                                ? Decompression.Messages.EXTRACTED
                                                : Decompression.Messages.IN_ENVELOPE));
    }

    private static Lambda lambda(SectionValues in) {
        BatchValues buffer = in.get(BUFFER).orElse(BatchValues.NONE);
        return new Lambda(
                in.required(FUNCTION, ""),
                in.get(RETRIES).orElse(Lambda.DEFAULT_RETRIES),
                buffer.bytes().orElse(Lambda.DEFAULT_BUFFER_BYTES),
                buffer.interval());
    }

    private static Csv csv(SectionValues in) {
        boolean header = in.get(HEADER).orElse(false);
        List<String> columns = in.get(COLUMNS).orElse(List.of());
        if (in.has(COLUMNS) && header) {
            in.problem(HEADER, "must be false or left out when columns are given");
        } else if (in.has(COLUMNS) && columns.isEmpty()) {
            in.problem(COLUMNS, "must have at least one name");
        } else if (!in.has(COLUMNS) && !header) {
            in.problem(COLUMNS, "must be given, unless header is true");
        }
        return new Csv(
                columns,
                in.get(DELIMITER).orElse(Csv.DEFAULT_DELIMITER),
                in.get(QUOTE).orElse(Csv.DEFAULT_QUOTE));
    }

    /** A section with one of several kinds of processor. */
    private static final class ProcessorType implements ValueType<ProcessorSettings> {
        private static final List<Field<? extends ProcessorSettings>> SECTIONS =
                List.of(LAMBDA, CSV, REDACT);

        /** Stands in for what cannot be read, so that the others keep their numbers. */
        private static final ProcessorSettings PLACEHOLDER = new Regex(".");

        @Override
        public String words() {
            return "processor";
        }

        @Override
        public List<Section> sections() {
            return List.of(PROCESSOR);
        }

        @Override
        public Optional<ProcessorSettings> read(YamlValue value) {
            Optional<ProcessorSettings> read =
                    value.section(PROCESSOR).flatMap(in -> only(value, in));
            read.ifPresent(processor -> compile(value, processor));
            return Optional.of(read.orElse(PLACEHOLDER));
        }

        private static Optional<ProcessorSettings> only(YamlValue value, SectionValues in) {
            long kinds = PROCESSOR.fields().stream().filter(in::has).count();
            if (kinds != 1) {
                return value.problem("must have " + ONE_OF);
            }
            if (in.has(JQ)) {
                return in.get(JQ).map(Jq::new);
            }
            if (in.has(REGEX)) {
                return in.get(REGEX).map(Regex::new);
            }
            for (Field<? extends ProcessorSettings> kind : SECTIONS) {
                if (in.has(kind)) {
                    return in.get(kind).map(settings -> settings);
                }
            }
            throw new IllegalStateException("no kind of " + value.path());
        }

        private static void compile(YamlValue value, ProcessorSettings processor) {
            try {
                value.reading().programs().check(processor);
            } catch (IllegalArgumentException refused) {
                String kind =
                        processor.choose(
                                lambda -> LAMBDA.name(),
                                jq -> JQ.name(),
                                csv -> CSV.name(),
                                regex -> REGEX.name(),
                                redact -> REDACT.name());
                value.reading()
                        .problem("%s.%s".formatted(value.path(), kind), refused.getMessage());
            }
        }
    }
}
