package io.delivery.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.delivery.config.Suggestion;
import io.delivery.failure.FailureText;
import io.delivery.format.CatalogException;
import io.delivery.format.CatalogException.Reason;
import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.Field;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import io.delivery.format.TableSchema.Column;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Reads one table from an Avro schema: a record, whose fields are the columns. The deserializer is
 * OpenX with its defaults; there are no partition columns.
 *
 * <p>enum becomes string, fixed becomes binary, a union of null and one type becomes that type,
 * uuid stays string; times of day stay numbers, as Hive has no type for them. A timestamp is in
 * milliseconds: JSON numbers are read as seconds or milliseconds, so that micros and nanos would
 * become dates some ten thousand years from now. A date is read from a text such as {@code
 * 2026-01-31}; a JSON number, which is what Avro's own encoding has, fails there. Other timestamps,
 * other unions and records that hold themselves are errors, and so is a logical type that resembles
 * one of Avro's or has parameters that Avro refuses: Avro itself would ignore it.
 */
final class AvroTable {
    /** Named types may be used again and again, each time twice as often: they multiply. */
    private static final int MAX_TYPES = 20_000;

    // Avro 1.12 specification, "Logical Types"
    private static final List<String> LOGICAL_TYPES =
            List.of(
                    "decimal",
                    "big-decimal",
                    "uuid",
                    "date",
                    "time-millis",
                    "time-micros",
                    "timestamp-millis",
                    "timestamp-micros",
                    "timestamp-nanos",
                    "local-timestamp-millis",
                    "local-timestamp-micros",
                    "local-timestamp-nanos",
                    "duration");
    private static final String LOGICAL_TYPE = "logicalType";

    private final TableProblems problems;
    private final AvroLines lines;
    private int types;

    private AvroTable(Path file, byte[] content) {
        problems = new TableProblems(file);
        lines = AvroLines.of(content);
    }

    static TableSchema read(
            Path file, byte[] content, String database, String table, String version)
            throws CatalogException {
        AvroTable reader = new AvroTable(file, content);
        try {
            List<Column> columns = reader.columns(reader.schema(content));
            if (!reader.problems.isEmpty()) {
                throw reader.problems.all();
            }
            return new TableSchema(
                    database, table, version, columns, List.of(), JsonSerDe.OpenX.DEFAULTS);
        } catch (AvroRuntimeException e) {
            throw e.getCause() instanceof JsonProcessingException notJson
                    ? reader.problems.only(
                            Reason.INVALID_SCHEMA,
                            notJson.getLocation() == null ? 0 : notJson.getLocation().getLineNr(),
                            "",
                            "is not JSON: " + notJson.getOriginalMessage())
                    : reader.problems.only(
                            Reason.INVALID_SCHEMA, 0, "", "is no Avro schema: " + e.getMessage());
        } catch (StackOverflowError e) {
            throw reader.problems.only(
                    Reason.INVALID_SCHEMA, 0, "", "types are nested too deeply to be read");
        }
    }

    private Schema schema(byte[] content) throws CatalogException {
        try {
            return new Schema.Parser().parse(new String(content, StandardCharsets.UTF_8));
        } catch (AvroRuntimeException told) {
            throw told;
        } catch (RuntimeException untold) { // of its parser, at an order that is none
            lines.wrongOrders()
                    .forEach(
                            (path, was) ->
                                    problems.add(
                                            lines.line(path),
                                            path + ".order",
                                            "must be ascending, descending or ignore, was " + was));
            throw problems.isEmpty()
                    ? problems.only(
                            Reason.INVALID_SCHEMA,
                            0,
                            "",
                            "is no Avro schema: " + FailureText.of(untold))
                    : problems.all();
        }
    }

    private List<Column> columns(Schema schema) throws CatalogException {
        if (schema.getType() != Schema.Type.RECORD) {
            throw problems.only(
                    Reason.INVALID_SCHEMA,
                    1,
                    "",
                    "a table is an Avro record, was " + schema.getType().getName());
        }
        if (schema.getFields().isEmpty()) {
            throw problems.only(
                    Reason.NON_EXISTENT_COLUMNS, 1, "fields", "a table needs at least one");
        }
        List<Column> columns = new ArrayList<>();
        for (Schema.Field field : schema.getFields()) {
            String name = field.name();
            problems.column(lines.line(name), name, name);
            ColumnType type = type(field.schema(), name, 1);
            try {
                columns.add(new Column(name, type, field.doc() == null ? "" : field.doc()));
            } catch (IllegalArgumentException e) {
                problem(name, e.getMessage());
            }
        }
        return columns;
    }

    private void problem(String path, String message) {
        problems.add(lines.line(path), path, message);
    }

    /** Any type where there is none: that is a problem by then, and nobody sees it. */
    private ColumnType type(Schema schema, String path, int depth) {
        if (depth > HiveTypes.MAX_DEPTH) {
            problem(
                    path.length() > 60 ? path.substring(0, 60) + "…" : path,
                    "types are nested more than "
                            + HiveTypes.MAX_DEPTH
                            + " deep, or a record holds itself");
            return Primitive.STRING;
        }
        if (++types >= MAX_TYPES) {
            if (types == MAX_TYPES) {
                problems.add(0, "", "the record has more than " + MAX_TYPES + " types");
            }
            return Primitive.STRING;
        }
        checkProperties(schema, path);
        LogicalType logical = schema.getLogicalType();
        return switch (schema.getType()) {
            case BOOLEAN -> Primitive.BOOLEAN;
            case INT -> logical instanceof LogicalTypes.Date ? Primitive.DATE : Primitive.INT;
            case LONG -> isTimestamp(logical, path) ? Primitive.TIMESTAMP : Primitive.BIGINT;
            case FLOAT -> Primitive.FLOAT;
            case DOUBLE -> Primitive.DOUBLE;
            case STRING, ENUM -> Primitive.STRING;
            case BYTES, FIXED ->
                    logical instanceof LogicalTypes.Decimal decimal
                            ? decimal(decimal, path)
                            : Primitive.BINARY;
            case ARRAY -> new ArrayType(type(schema.getElementType(), path + "[]", depth + 1));
            case MAP ->
                    new MapType(
                            Primitive.STRING, type(schema.getValueType(), path + "{}", depth + 1));
            case RECORD -> struct(schema, path, depth);
            case UNION -> union(schema, path, depth);
            case NULL -> {
                problem(path, "null is no type");
                yield Primitive.STRING;
            }
        };
    }

    private ColumnType decimal(LogicalTypes.Decimal decimal, String path) {
        try {
            return new DecimalType(decimal.getPrecision(), decimal.getScale());
        } catch (IllegalArgumentException e) {
            problem(path, e.getMessage());
            return Primitive.STRING;
        }
    }

    private ColumnType struct(Schema schema, String path, int depth) {
        List<Field> fields = new ArrayList<>();
        for (Schema.Field field : schema.getFields()) {
            String inner = path + "." + field.name();
            fields.add(new Field(field.name(), type(field.schema(), inner, depth + 1)));
        }
        try {
            return new StructType(fields);
        } catch (IllegalArgumentException e) {
            problem(path, e.getMessage());
            return Primitive.STRING;
        }
    }

    private ColumnType union(Schema union, String path, int depth) {
        List<Schema> others =
                union.getTypes().stream()
                        .filter(type -> type.getType() != Schema.Type.NULL)
                        .toList();
        if (others.size() != 1) {
            problem(
                    path,
                    "a union must be of null and one type, was of " + others.size() + " types");
            return Primitive.STRING;
        }
        return type(others.get(0), path, depth);
    }

    private boolean isTimestamp(LogicalType logical, String path) {
        String name = logical == null ? "" : logical.getName();
        if (!name.startsWith("timestamp-") && !name.startsWith("local-timestamp-")) {
            return false;
        }
        if (!name.endsWith("-millis")) {
            problem(
                    path,
                    name
                            + " cannot be read: a large number in JSON counts as milliseconds; make"
                            + " it timestamp-millis, or leave the logicalType out for a plain"
                            + " number");
        }
        return true;
    }

    /** Avro ignores what it does not know: a slip of the pen would make another type. */
    private void checkProperties(Schema schema, String path) {
        for (Map.Entry<String, Object> property : schema.getObjectProps().entrySet()) {
            String key = property.getKey();
            if (!key.equals(LOGICAL_TYPE)
                    && Suggestion.nearest(key, List.of(LOGICAL_TYPE)).isPresent()) {
                problem(path, key + " is unknown; did you mean " + LOGICAL_TYPE + "?");
            }
        }
        Object name = schema.getObjectProp(LOGICAL_TYPE);
        if (name == null || schema.getLogicalType() != null) {
            return;
        }
        String was = name.toString();
        if (LOGICAL_TYPES.contains(was)) {
            problem(
                    path,
                    "logicalType "
                            + was
                            + " does not go with "
                            + schema.getType().getName()
                            + ", or its parameters are wrong: Avro would ignore it");
        } else {
            Suggestion.nearest(was, LOGICAL_TYPES)
                    .ifPresent(
                            near ->
                                    problem(
                                            path,
                                            "logicalType "
                                                    + was
                                                    + " is unknown; did you mean "
                                                    + near
                                                    + "?"));
        }
    }
}
