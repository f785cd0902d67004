package io.delivery.loading;

import static io.delivery.loading.Types.FLAG;
import static io.delivery.loading.Types.TEXT;

import io.delivery.config.ByteSize;
import io.delivery.config.FormatSettings;
import io.delivery.config.FormatSettings.Delimiter;
import io.delivery.config.FormatSettings.Parquet;
import io.delivery.config.FormatSettings.ParquetCompression;
import io.delivery.config.FormatSettings.SchemaReference;
import io.delivery.config.FormatSettings.Timestamps;
import io.delivery.config.Suggestion;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
                    .byDefault("one of raw, parquet");

    private static final Field<ParquetCompression> COMPRESSION =
            Field.of("compression", Types.oneOf(ParquetCompression.class), "Compression of pages.")
                    .byDefault(Types.word(Parquet.DEFAULT_COMPRESSION))
                    .example("zstd")
                    .api("ParquetSerDe.Compression");
    private static final Field<Timestamps> TIMESTAMPS =
            Field.of(
                            "timestamps",
                            Types.oneOf(Timestamps.class),
                            "Physical type of timestamps; int64 is TIMESTAMP(MICROS, UTC).")
                    .byDefault(Types.word(Parquet.DEFAULT_TIMESTAMPS));
    private static final Field<Boolean> DICTIONARY =
            Field.of("dictionary", FLAG, "Whether columns are dictionary-encoded.")
                    .byDefault("the writer decides by the data")
                    .api("ParquetSerDe.EnableDictionaryCompression");
    private static final Field<Long> BLOCK_SIZE =
            Field.of(
                            "blockSize",
                            Types.size("MB", 1, Integer.MAX_VALUE),
                            "Size of a row group, before encoding.")
                    .byDefault(ByteSize.setting(Parquet.DEFAULT_BLOCK_SIZE_BYTES))
                    .bounded("64MB to less than 2GB")
                    .example("128MB")
                    .api("ParquetSerDe.BlockSizeBytes");
    private static final Field<Long> PAGE_SIZE =
            Field.of(
                            "pageSize",
                            Types.size("KB", 1, Integer.MAX_VALUE),
                            "Size of a page, before compression.")
                    .byDefault(ByteSize.setting(Parquet.DEFAULT_PAGE_SIZE_BYTES))
                    .bounded("64KB to less than 2GB")
                    .example("512KB")
                    .api("ParquetSerDe.PageSizeBytes");
    private static final Field<ParquetValues> PARQUET =
            Field.of(
                            "parquet",
                            Types.section(
                                    Section.of(
                                                    "streams.NAME.format.parquet",
                                                    "JSON to Parquet.",
                                                    COMPRESSION,
                                                    TIMESTAMPS,
                                                    DICTIONARY,
                                                    BLOCK_SIZE,
                                                    PAGE_SIZE)
                                            .without(Map.of("maxPadding", "", "writerVersion", "")),
                                    FormatSection::parquet),
                            "JSON to Parquet by a schema.")
                    .byDefault("one of raw, parquet")
                    .api("ParquetSerDe");

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
                    .byDefault("must be given with parquet")
                    .api("SchemaConfiguration");

    private static final Section SECTION =
            Section.of(
                            "streams.NAME.format",
                            "`raw`, or a section with one of raw and parquet.",
                            RAW,
                            PARQUET,
                            SCHEMA)
                    .without(Map.of("orc", "use parquet"));

    static final ValueType<FormatSettings> TYPE = new FormatType();

    private FormatSection() {}

    static Field<Delimiter> delimiter(String description) {
        return Field.of("delimiter", Types.oneOf(Delimiter.class), description)
                .byDefault(Types.word(FormatSettings.DEFAULT_DELIMITER))
                .bounded("newline: one LF between records; lines: every record ends in one LF")
                .example("lines")
                .api("AppendDelimiterToRecord processor (newline)");
    }

    private static ParquetValues parquet(SectionValues in) {
        return new ParquetValues(
                in.get(COMPRESSION).orElse(Parquet.DEFAULT_COMPRESSION),
                in.get(TIMESTAMPS).orElse(Parquet.DEFAULT_TIMESTAMPS),
                in.get(DICTIONARY),
                in.get(BLOCK_SIZE).orElse(Parquet.DEFAULT_BLOCK_SIZE_BYTES),
                in.get(PAGE_SIZE).orElse((long) Parquet.DEFAULT_PAGE_SIZE_BYTES).intValue());
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

    /** Parquet without its schema, which stands beside it. */
    private record ParquetValues(
            ParquetCompression compression,
            Timestamps timestamps,
            Optional<Boolean> dictionary,
            long blockSizeBytes,
            int pageSizeBytes) {
        Parquet with(SchemaReference schema) {
            return new Parquet(
                    compression, schema, timestamps, dictionary, blockSizeBytes, pageSizeBytes);
        }
    }

    private static final class FormatType implements ValueType<FormatSettings> {
        private static final List<String> NAMES = List.of("raw", "parquet");

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
            if (text.equals("parquet")) {
                return value.problem(
                        "parquet needs a schema: {parquet: {}, schema: {table: database.table}}");
            }
            return value.problem(
                    "must be raw or a section with one of raw and parquet, was "
                            + text
                            + Suggestion.ask(text, NAMES));
        }

        private static Optional<FormatSettings> section(SectionValues in, YamlValue value) {
            if (in.has(RAW) == in.has(PARQUET)) {
                return value.problem(
                        "must have one of raw and parquet" + (in.has(RAW) ? ", and has both" : ""));
            }
            if (in.has(RAW)) {
                if (in.has(SCHEMA)) {
                    in.problem(SCHEMA, "goes with format.parquet, but format.raw is given");
                }
                return in.get(RAW).map(raw -> raw);
            }
            SchemaReference none = new SchemaReference("", "?", "?", SchemaReference.LATEST);
            SchemaReference schema = in.required(SCHEMA, none);
            return in.get(PARQUET).map(parquet -> parquet.with(schema));
        }
    }
}
