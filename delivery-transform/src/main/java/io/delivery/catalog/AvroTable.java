package io.delivery.catalog;

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
 * other unions and records that hold themselves are errors.
 */
final class AvroTable {
    /** Named types may be used again and again, each time twice as often: they multiply. */
    private static final int MAX_TYPES = 20_000;

    private int types;

    private AvroTable() {}

    static TableSchema read(
            Path file, byte[] content, String database, String table, String version)
            throws CatalogException {
        try {
            Schema schema = new Schema.Parser().parse(new String(content, StandardCharsets.UTF_8));
            if (schema.getType() != Schema.Type.RECORD) {
                throw new IllegalArgumentException(
                        "a table is an Avro record, was " + schema.getType().getName());
            }
            if (schema.getFields().isEmpty()) {
                throw new CatalogException(
                        Reason.NON_EXISTENT_COLUMNS, file + ": the record has no fields");
            }
            AvroTable reader = new AvroTable();
            List<Column> columns = new ArrayList<>();
            for (Schema.Field field : schema.getFields()) {
                String doc = field.doc() == null ? "" : field.doc();
                columns.add(
                        new Column(
                                field.name(), reader.type(field.schema(), field.name(), 1), doc));
            }
            return new TableSchema(
                    database, table, version, columns, List.of(), JsonSerDe.OpenX.DEFAULTS);
        } catch (AvroRuntimeException | IllegalArgumentException | StackOverflowError e) {
            throw new CatalogException(Reason.INVALID_SCHEMA, file + ": " + e.getMessage(), e);
        }
    }

    private ColumnType type(Schema schema, String path, int depth) {
        if (depth > HiveTypes.MAX_DEPTH) {
            throw new IllegalArgumentException(
                    "field "
                            + path.substring(0, Math.min(60, path.length()))
                            + "…: types are nested more than "
                            + HiveTypes.MAX_DEPTH
                            + " deep, or a record holds itself");
        }
        if (++types > MAX_TYPES) {
            throw new IllegalArgumentException("the record has more than " + MAX_TYPES + " types");
        }
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
                            ? new DecimalType(decimal.getPrecision(), decimal.getScale())
                            : Primitive.BINARY;
            case ARRAY -> new ArrayType(type(schema.getElementType(), path + "[]", depth + 1));
            case MAP ->
                    new MapType(
                            Primitive.STRING, type(schema.getValueType(), path + "{}", depth + 1));
            case RECORD -> {
                List<Field> fields = new ArrayList<>();
                for (Schema.Field field : schema.getFields()) {
                    String inner = path + "." + field.name();
                    fields.add(new Field(field.name(), type(field.schema(), inner, depth + 1)));
                }
                yield new StructType(fields);
            }
            case UNION -> union(schema, path, depth);
            case NULL -> throw new IllegalArgumentException("field " + path + ": null is no type");
        };
    }

    private ColumnType union(Schema union, String path, int depth) {
        List<Schema> others =
                union.getTypes().stream()
                        .filter(type -> type.getType() != Schema.Type.NULL)
                        .toList();
        if (others.size() != 1) {
            throw new IllegalArgumentException(
                    "field "
                            + path
                            + ": a union must be of null and one type, was of "
                            + others.size()
                            + " types");
        }
        return type(others.get(0), path, depth);
    }

    private static boolean isTimestamp(LogicalType logical, String path) {
        String name = logical == null ? "" : logical.getName();
        if (!name.startsWith("timestamp-") && !name.startsWith("local-timestamp-")) {
            return false;
        }
        if (!name.endsWith("-millis")) {
            throw new IllegalArgumentException(
                    "field "
                            + path
                            + ": "
                            + name
                            + " cannot be read: a large number in JSON counts as milliseconds; make"
                            + " it timestamp-millis, or leave the logicalType out for a plain"
                            + " number");
        }
        return true;
    }
}
