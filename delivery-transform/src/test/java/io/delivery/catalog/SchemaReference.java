package io.delivery.catalog;

import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.format.CatalogException;
import io.delivery.format.ColumnType;
import io.delivery.format.DecoderOptions;
import io.delivery.format.HiveTypes;
import io.delivery.format.InvalidTypeException;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RowBuffer;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.json.JsonRecordDecoder;
import io.delivery.json.RowText;
import io.delivery.orc.OrcFormat;
import io.delivery.parquet.DuckDbReader;
import io.delivery.parquet.Objects;
import io.delivery.parquet.ParquetJavaReader;
import io.delivery.parquet.ParquetSettings;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordFailedException;
import io.delivery.testkit.orc.OrcContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/** Writes docs/reference/schema.md: what becomes of each example is found out by reading it. */
final class SchemaReference {
    /** Records of the examples arrived then. */
    private static final long ARRIVAL = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();

    private static final String EXTRAS = "extras";

    private final Path scratch;
    private final StringBuilder page = new StringBuilder();

    private SchemaReference(Path scratch) {
        this.scratch = scratch;
    }

    /**
     * @param scratch an empty directory
     */
    static String markdown(Path scratch) throws IOException, SQLException {
        SchemaReference reference = new SchemaReference(scratch);
        reference.page.append(SchemaReferenceText.HEAD);
        reference.keys();
        reference.types();
        reference.filling();
        reference.unknownFields();
        reference.conversions();
        reference.formats();
        reference.json();
        reference.avro();
        return reference.page.toString();
    }

    private void keys() {
        page.append(SchemaReferenceText.YAML);
        head("key", "type", "default", "what it says");
        SchemaReferenceText.KEYS.forEach(
                key -> row(code(key.name()), key.type(), key.byDefault(), key.says()));
    }

    private void types() throws IOException, SQLException {
        page.append(SchemaReferenceText.TYPES);
        List<String> types = SchemaReferenceText.TYPE_EXAMPLES.stream().map(t -> t.type()).toList();
        Path file = scratch.resolve("types.parquet");
        String[] columns =
                IntStream.range(0, types.size())
                        .mapToObj(i -> "c" + i + " " + types.get(i))
                        .toArray(String[]::new);
        Objects.encode(file, ParquetSettings.DEFAULTS, Objects.table(columns), Stream.of("{}"));
        Path orc = scratch.resolve("types.orc");
        Objects.encode(
                orc,
                Objects.factory(new OrcFormat(Orc.DEFAULTS), Objects.table(columns)),
                Stream.of("{}"));
        MessageType schema = new ParquetJavaReader(file).footer().getFileMetaData().getSchema();
        head("type", "holds", "in Parquet", "what DuckDB makes of it", "in ORC");
        try (DuckDbReader lake = new DuckDbReader();
                OrcContent content = OrcContent.of(Files.readAllBytes(orc))) {
            for (int i = 0; i < types.size(); i++) {
                String column = "c" + i;
                String seen =
                        lake.rows(
                                        "SELECT column_type FROM (DESCRIBE FROM %s)"
                                                        .formatted(DuckDbReader.parquet(file))
                                                + " WHERE column_name = '%s'".formatted(column))
                                .get(0);
                row(
                        code(types.get(i)),
                        SchemaReferenceText.TYPE_EXAMPLES.get(i).holds(),
                        inParquet(schema.getType(column)),
                        seen,
                        code(content.type().findSubtype(column).toString()));
            }
        }
        page.append(SchemaReferenceText.TYPE_STRINGS);
        head("written", "read as");
        for (String written : SchemaReferenceText.WRITTEN_TYPES) {
            row(code(written), readType(written));
        }
    }

    /** The physical type by the name that the format gives it, and the logical one, if any. */
    private static String inParquet(Type type) {
        String physical = type.isPrimitive() ? physical(type.asPrimitiveType()) : "group";
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        return logical == null ? physical : physical + ", " + code(logical.toString());
    }

    private static String physical(PrimitiveType type) {
        return switch (type.getPrimitiveTypeName()) {
            case BINARY -> "BYTE_ARRAY";
            case FIXED_LEN_BYTE_ARRAY -> "FIXED_LEN_BYTE_ARRAY(" + type.getTypeLength() + ")";
            default -> type.getPrimitiveTypeName().name();
        };
    }

    private static String readType(String written) {
        try {
            return code(HiveTypes.parse(written).toString());
        } catch (InvalidTypeException refused) {
            return "refused: " + refused.getMessage();
        }
    }

    private void filling() {
        page.append(SchemaReferenceText.FILLING);
        head("serde", "column", "record", "value");
        for (SchemaReferenceText.Filled filled : SchemaReferenceText.FILLED) {
            TableSchema table = table(filled.serde(), filled.column(), "int");
            row(
                    filled.says(),
                    code(filled.column()),
                    code(filled.record()),
                    read(table, filled.record()));
        }
    }

    private void unknownFields() {
        page.append(SchemaReferenceText.UNKNOWN);
        head("record", "`openx`, extras with `{keep: extras}`", "`hive`, the same", "`refuse`");
        for (String record : SchemaReferenceText.UNKNOWN_RECORDS) {
            row(
                    code(record),
                    extras(JsonSerDe.OpenX.DEFAULTS, new UnknownFieldPolicy.Keep(EXTRAS), record),
                    extras(JsonSerDe.Hive.DEFAULTS, new UnknownFieldPolicy.Keep(EXTRAS), record),
                    extras(JsonSerDe.OpenX.DEFAULTS, new UnknownFieldPolicy.Refuse(), record)
                            .replaceFirst("^(?!fails).*", "lands"));
        }
    }

    private static String extras(JsonSerDe serde, UnknownFieldPolicy policy, String record) {
        TableSchema table =
                Objects.table(
                        serde,
                        EXTRAS + " map<string,string>",
                        "id int",
                        "s struct<a:int>",
                        "l array<struct<a:int>>");
        return read(table, new DecoderOptions(Optional.empty(), policy), record);
    }

    private void conversions() {
        page.append(ConversionText.CONVERSIONS);
        for (ConversionText.Group group : ConversionText.GROUPS) {
            page.append("\n### ").append(group.title()).append("\n\n").append(group.rules());
            page.append('\n');
            head("column", "JSON", "`openx`", "`hive`");
            for (String example : group.examples()) {
                String[] parts = example.split(" <- ", 2);
                row(
                        code(parts[0]),
                        code(parts[1]),
                        value(JsonSerDe.OpenX.DEFAULTS, parts[0], parts[1]),
                        value(JsonSerDe.Hive.DEFAULTS, parts[0], parts[1]));
            }
        }
    }

    private void formats() {
        page.append(ConversionText.FORMATS);
        head("letter", "stands for", "reads");
        ConversionText.LETTERS.forEach(
                letter -> row(code(letter.letters()), letter.means(), letter.reads()));
        page.append(ConversionText.FORMAT_RULES);
        head("format", "text", "instant");
        for (ConversionText.Formatted example : ConversionText.FORMATTED) {
            JsonSerDe serde = new JsonSerDe.Hive(List.of(example.format()));
            row(
                    code(example.format()),
                    code(example.text()),
                    value(serde, "timestamp", "\"" + example.text() + "\""));
        }
        page.append(ConversionText.FORMAT_DIFFERENCES);
    }

    private void json() {
        page.append(SchemaReferenceText.JSON);
        head("record", "what becomes of it");
        for (String record : SchemaReferenceText.RECORDS) {
            row(code(record), read(table(JsonSerDe.OpenX.DEFAULTS, "c", "double"), record));
        }
        page.append(SchemaReferenceText.LIMITS);
    }

    private void avro() throws IOException {
        page.append(SchemaReferenceText.AVRO);
        head("Avro", "column");
        for (String type : SchemaReferenceText.AVRO_TYPES) {
            row(code(type), ofAvro(type));
        }
        page.append(SchemaReferenceText.AVRO_RULES);
    }

    private String ofAvro(String type) throws IOException {
        Path database = Files.createDirectories(scratch.resolve("db"));
        Files.writeString(
                database.resolve("t.avsc"),
                "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"c\",\"type\":%s}]}"
                        .formatted(type));
        try {
            FileCatalog catalog = new FileCatalog(scratch, JsonRecordDecoder::checkTimestampFormat);
            return code(
                    catalog.table("db", "t", SchemaCatalog.LATEST)
                            .columns()
                            .get(0)
                            .type()
                            .toString());
        } catch (CatalogException refused) {
            return "refused: " + refused.problems().get(0).message();
        }
    }

    private static String value(JsonSerDe serde, String type, String json) {
        return read(table(serde, "c", type), "{\"c\":" + json + "}");
    }

    private static TableSchema table(JsonSerDe serde, String column, String type) {
        return new TableSchema(
                "db",
                "t",
                "1",
                List.of(new TableSchema.Column(column, HiveTypes.parse(type))),
                List.of(),
                serde);
    }

    /** The values of the only column, one for each row; or why the record fails. */
    private static String read(TableSchema table, String record) {
        return read(table, DecoderOptions.DEFAULTS, record);
    }

    private static String read(TableSchema table, DecoderOptions options, String record) {
        byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
        RowBuffer rows = new RowBuffer();
        try {
            new JsonRecordDecoder(table, options)
                    .decode(new DeliveryRecord().at(bytes, 0, bytes.length, ARRIVAL), rows);
        } catch (RecordFailedException refused) {
            return "fails: " + cell(shortened(refused.failure().message()));
        }
        ColumnType type = table.columns().get(0).type();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < rows.rowCount(); i++) {
            values.add(code(RowText.of(type, rows, rows.row(i))));
        }
        return String.join(", ", values);
    }

    /** Without the column, which is the only one, and without what the rules say anyway. */
    private static String shortened(String message) {
        String plain =
                message.replaceFirst("^Column c(_d)?: ", "")
                        .replaceFirst("^Data does not match the schema\\. ", "");
        int end = plain.indexOf(". ");
        return plain.length() > 110 && end > 0 ? plain.substring(0, end) + " …" : plain;
    }

    private void head(String... cells) {
        row(cells);
        page.append("|---".repeat(cells.length)).append("|\n");
    }

    private void row(String... cells) {
        page.append(Stream.of(cells).collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }

    private static String code(String text) {
        return text.contains("`") ? "``" + cell(text) + "``" : "`" + cell(text) + "`";
    }
}
