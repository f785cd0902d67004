package io.delivery.loading;

import static io.delivery.loading.Types.FLAG;
import static io.delivery.loading.Types.TEXT;

import io.delivery.config.Suggestion;
import io.delivery.format.JsonSerDe;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How JSON is read: {@code format.serde} of a stream, in the words of a table's {@code serde}. Its
 * rules and messages are those of a table's file; a test compares both.
 */
final class SerdeSection {
    private static final JsonSerDe.OpenX OPENX_DEFAULTS = JsonSerDe.OpenX.DEFAULTS;
    private static final String OPENX_NAME = OPENX_DEFAULTS.name();
    private static final String HIVE_NAME = JsonSerDe.Hive.DEFAULTS.name();

    private static final Field<Boolean> CASE_INSENSITIVE =
            Field.of("caseInsensitive", FLAG, "Keys are lower-cased before they are matched.")
                    .byDefault(String.valueOf(OPENX_DEFAULTS.caseInsensitive()))
                    .api("OpenXJsonSerDe.CaseInsensitive");
    private static final Field<Boolean> DOTS =
            Field.of(
                            "convertDotsInJsonKeysToUnderscores",
                            FLAG,
                            "The key `a.b` fills the column `a_b`.")
                    .byDefault(String.valueOf(OPENX_DEFAULTS.convertDotsInJsonKeysToUnderscores()))
                    .api("OpenXJsonSerDe.ConvertDotsInJsonKeysToUnderscores");
    private static final Field<Map<String, String>> MAPPINGS =
            Field.of(
                            "columnToJsonKeyMappings",
                            Types.byName(TEXT),
                            "The key that fills a column, or a field of a struct, instead of its own name.")
                    .byDefault("none")
                    .bounded("columns and fields that the table has")
                    .example("{ts: timestamp}")
                    .api("OpenXJsonSerDe.ColumnToJsonKeyMappings");
    private static final Field<JsonSerDe> OPENX =
            Field.of(
                            OPENX_NAME,
                            Types.section(
                                    Section.of(
                                            "streams.NAME.format.serde.openx",
                                            "The lenient deserializer.",
                                            CASE_INSENSITIVE,
                                            DOTS,
                                            MAPPINGS),
                                    SerdeSection::openX),
                            "Takes values of a neighbouring type for what they mean.")
                    .byDefault("one of openx, hive")
                    .api("OpenXJsonSerDe");

    private static final Field<List<String>> TIMESTAMP_FORMATS =
            Field.of(
                            "timestampFormats",
                            Types.listOf(new TimestampFormatType()),
                            "Joda-Time patterns, or `millis`, tried in order; see docs/reference/schema.md.")
                    .byDefault("none")
                    .example("[millis, \"yyyy-MM-dd'T'HH:mm:ssZZ\"]")
                    .api("HiveJsonSerDe.TimestampFormats");
    private static final Field<JsonSerDe> HIVE =
            Field.of(
                            HIVE_NAME,
                            Types.section(
                                    Section.of(
                                            "streams.NAME.format.serde.hive",
                                            "The strict deserializer.",
                                            TIMESTAMP_FORMATS),
                                    SerdeSection::hive),
                            "Takes values of the column's own type only.")
                    .byDefault("one of openx, hive")
                    .api("HiveJsonSerDe");

    private static final Section SECTION =
            Section.of(
                    "streams.NAME.format.serde",
                    "`openx` or `hive`, or one of them with its options.",
                    OPENX,
                    HIVE);

    static final Field<JsonSerDe> FIELD =
            Field.of("serde", new SerdeType(), "How JSON is read, whatever the table says.")
                    .byDefault("as the table says")
                    .example("{hive: {timestampFormats: [millis]}}")
                    .api("InputFormatConfiguration.Deserializer");

    private SerdeSection() {}

    private static JsonSerDe hive(SectionValues in) {
        return new JsonSerDe.Hive(in.get(TIMESTAMP_FORMATS).orElse(List.of()));
    }

    private static JsonSerDe openX(SectionValues in) {
        return new JsonSerDe.OpenX(
                in.get(CASE_INSENSITIVE).orElse(OPENX_DEFAULTS.caseInsensitive()),
                in.get(DOTS).orElse(OPENX_DEFAULTS.convertDotsInJsonKeysToUnderscores()),
                in.get(MAPPINGS).orElse(OPENX_DEFAULTS.columnToJsonKeyMappings()));
    }

    /** A pattern that the program can read times by. */
    private static final class TimestampFormatType implements ValueType<String> {
        @Override
        public String words() {
            return "pattern";
        }

        @Override
        public Optional<String> read(YamlValue value) {
            Optional<String> format = value.text("a text");
            if (format.isEmpty()) {
                return format;
            }
            try {
                value.reading().programs().checkTimestampFormat(format.get());
                return format;
            } catch (IllegalArgumentException unreadable) {
                return value.problem(unreadable.getMessage());
            }
        }
    }

    private static final class SerdeType implements ValueType<JsonSerDe> {
        @Override
        public String words() {
            return "openx, hive, section";
        }

        @Override
        public List<Section> sections() {
            return List.of(SECTION);
        }

        @Override
        public Optional<JsonSerDe> read(YamlValue value) {
            if (value.isScalar()) {
                return value.text(words()).flatMap(text -> word(text, value));
            }
            return value.section(SECTION).flatMap(in -> section(in, value));
        }

        private static Optional<JsonSerDe> word(String text, YamlValue value) {
            if (text.equals(OPENX_NAME)) {
                return Optional.of(OPENX_DEFAULTS);
            }
            if (text.equals(HIVE_NAME)) {
                return Optional.of(JsonSerDe.Hive.DEFAULTS);
            }
            return value.problem(
                    "must be openx or hive, was "
                            + text
                            + Suggestion.ask(text, List.of(OPENX_NAME, HIVE_NAME)));
        }

        private static Optional<JsonSerDe> section(SectionValues in, YamlValue value) {
            if (in.has(OPENX) && in.has(HIVE)) {
                return value.problem("must have one of openx and hive, has both");
            }
            if (in.isEmpty()) {
                return value.problem("must have one of openx and hive, is empty");
            }
            // A key that is neither has been reported.
            return in.has(HIVE) ? in.get(HIVE) : in.get(OPENX);
        }
    }
}
