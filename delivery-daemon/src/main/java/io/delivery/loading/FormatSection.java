package io.delivery.loading;

import static io.delivery.loading.Types.TEXT;

import io.delivery.config.ColumnarSettings;
import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.config.ColumnarSettings.Parquet;
import io.delivery.config.FormatSettings;
import io.delivery.config.FormatSettings.Converted;
import io.delivery.config.FormatSettings.Delimiter;
import io.delivery.config.FormatSettings.SchemaReference;
import io.delivery.config.Suggestion;
import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.format.UnknownFieldPolicy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How records become the bytes of an object: {@code raw}, or a section. */
final class FormatSection {
    private static final Field<Delimiter> DELIMITER =
            delimiter("What separates records in an object.");
    private static final Field<FormatSettings.Raw> RAW =
            Field.of(
                            "raw",
                            Types.section(
                                    Section.of(
                                            "streams.NAME.format.raw",
                                            "Records as they are, one behind the other.",
                                            DELIMITER),
                                    in ->
                                            new FormatSettings.Raw(
                                                    in.get(DELIMITER)
                                                            .orElse(
                                                                    FormatSettings
                                                                            .DEFAULT_DELIMITER))),
                            "Records as they are.")
                    .byDefault("one of raw, parquet, orc");

    private static final Field<String> CATALOG =
            Field.of("catalog", TEXT, "A name under catalogs.")
                    .byDefault("the only one")
                    .example("main")
                    .api("CatalogId");
    private static final Field<String> TABLE =
            Field.of("table", TEXT, "Database and table.")
                    .bounded("database.table")
                    .example("analytics.clicks")
                    .api("DatabaseName, TableName");
    private static final Field<String> VERSION =
            Field.of("version", TEXT, "Version of the table.")
                    .byDefault(SchemaReference.LATEST)
                    .api("VersionId");
    private static final Field<SchemaReference> SCHEMA =
            Field.of(
                            "schema",
                            Types.section(
                                    Section.of(
                                            "streams.NAME.format.schema",
                                            "The columns that records become.",
                                            CATALOG,
                                            TABLE,
                                            VERSION),
                                    FormatSection::schema),
                            "The columns that records become.")
                    .byDefault("must be given with parquet and orc")
                    .api("SchemaConfiguration");

    private static final Field<Parquet> PARQUET = ParquetSection.FIELD;
    private static final Field<Orc> ORC = OrcSection.FIELD;
    private static final Field<JsonSerDe> SERDE = SerdeSection.FIELD;
    private static final Field<UnknownFieldPolicy> UNKNOWN_FIELDS = UnknownFieldsSection.FIELD;

    private static final Section SECTION =
            Section.of(
                    "streams.NAME.format",
                    "`raw`, or a section with one of raw, parquet and orc.",
                    RAW,
                    PARQUET,
                    ORC,
                    SCHEMA,
                    SERDE,
                    UNKNOWN_FIELDS);

    static final ValueType<FormatSettings> TYPE = new FormatType();

    private FormatSection() {}

    static Field<Delimiter> delimiter(String description) {
        return Field.of("delimiter", Types.oneOf(Delimiter.class), description)
                .byDefault(Types.word(FormatSettings.DEFAULT_DELIMITER))
                .bounded("newline: one LF between records; lines: every record ends in one LF")
                .example("lines")
                .api("AppendDelimiterToRecord processor (newline)");
    }

    private static SchemaReference schema(SectionValues in) {
        String catalog =
                in.has(CATALOG)
                        ? in.get(CATALOG).orElse("")
                        : in.reading().defaultCatalog().orElse("");
        if (catalog.isEmpty() && !in.has(CATALOG)) {
            in.problem(CATALOG, "must be given, because catalogs has no only catalog");
        }
        String table = in.required(TABLE, "?.?");
        int dot = table.indexOf('.');
        if (dot < 1 || dot == table.length() - 1 || table.indexOf('.', dot + 1) > 0) {
            in.problem(TABLE, "must be database.table, was " + table);
            return new SchemaReference(catalog, "?", "?", SchemaReference.LATEST);
        }
        return new SchemaReference(
                catalog,
                table.substring(0, dot),
                table.substring(dot + 1),
                in.get(VERSION).orElse(SchemaReference.LATEST));
    }

    private static final class FormatType implements ValueType<FormatSettings> {
        private static final List<String> NAMES = List.of("raw", "parquet", "orc");

        @Override
        public String words() {
            return "raw, section";
        }

        @Override
        public List<Section> sections() {
            return List.of(SECTION);
        }

        @Override
        public Optional<FormatSettings> read(YamlValue value) {
            if (value.isScalar()) {
                return value.text(words()).flatMap(text -> word(text, value));
            }
            return value.section(SECTION).flatMap(in -> section(in, value));
        }

        private static Optional<FormatSettings> word(String text, YamlValue value) {
            if (text.equals("raw")) {
                return Optional.of(FormatSettings.DEFAULT);
            }
            if (NAMES.contains(text)) {
                return value.problem(
                        "%s needs a schema: {%s: {}, schema: {table: database.table}}"
                                .formatted(text, text));
            }
            return value.problem(
                    "must be raw or a section with one of raw, parquet and orc, was "
                            + text
                            + Suggestion.ask(text, NAMES));
        }

        private static Optional<FormatSettings> section(SectionValues in, YamlValue value) {
            List<String> given =
                    Stream.of(RAW, PARQUET, ORC).filter(in::has).map(Field::name).toList();
            if (given.size() != 1) {
                return value.problem(
                        "must have one of raw, parquet and orc"
                                + (given.isEmpty()
                                        ? ""
                                        : ", and has " + String.join(" and ", given)));
            }
            if (in.has(RAW)) {
                for (Field<?> converting : List.of(SCHEMA, SERDE, UNKNOWN_FIELDS)) {
                    if (in.has(converting)) {
                        in.problem(
                                converting,
                                "goes with format.parquet and format.orc, but format.raw is given");
                    }
                }
                return in.get(RAW).map(raw -> raw);
            }
            SchemaReference none = new SchemaReference("", "?", "?", SchemaReference.LATEST);
            SchemaReference schema = in.required(SCHEMA, none);
            DecoderOptions decoder =
                    new DecoderOptions(
                            in.get(SERDE),
                            in.get(UNKNOWN_FIELDS).orElse(UnknownFieldPolicy.DEFAULT));
            Optional<? extends ColumnarSettings> file =
                    in.has(PARQUET) ? in.get(PARQUET) : in.get(ORC);
            return file.map(columnar -> new Converted(columnar, schema, decoder));
        }
    }
}
