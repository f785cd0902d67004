package io.delivery.glue;

import io.delivery.config.Suggestion;
import io.delivery.format.CatalogException;
import io.delivery.format.CatalogException.Reason;
import io.delivery.format.ColumnType;
import io.delivery.format.HiveTypes;
import io.delivery.format.InvalidTypeException;
import io.delivery.format.JsonSerDe;
import io.delivery.format.SchemaProblem;
import io.delivery.format.SchemaProblem.Cause;
import io.delivery.format.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.glue.model.TableIdentifier;

/**
 * Reads a table as Glue describes it: the columns of its storage descriptor, and its partition
 * keys, which are never written to files. What else Glue says of it is about the files that readers
 * find, not about the JSON that comes in: of SerdeInfo and Parameters nothing is used, and JSON is
 * read with OpenX and its defaults, unless the stream says otherwise (contract §6.1).
 */
final class GlueTable {
    private static final int MAX_PROBLEMS = 20;

    private final TableName name;
    private final List<SchemaProblem> problems = new ArrayList<>();
    private Reason reason = Reason.INVALID_SCHEMA;

    private GlueTable(TableName name) {
        this.name = name;
    }

    /**
     * @param version which one it is; empty when whoever answers does not number them
     * @throws CatalogException with everything that makes it unusable
     */
    static TableSchema schema(TableName name, Optional<String> version, Table table)
            throws CatalogException {
        return new GlueTable(name).read(version, table);
    }

    private TableSchema read(Optional<String> version, Table table) throws CatalogException {
        List<Column> described =
                table.storageDescriptor() == null ? List.of() : table.storageDescriptor().columns();
        if (described.isEmpty()) {
            throw withoutColumns(table);
        }
        List<TableSchema.Column> columns = columns(described);
        List<TableSchema.Column> partitionColumns = partitionColumns(table.partitionKeys());
        if (problems.isEmpty()) {
            try {
                return new TableSchema(
                        name.database(),
                        name.table(),
                        version.orElseGet(() -> mark(columns)),
                        columns,
                        partitionColumns,
                        JsonSerDe.OpenX.DEFAULTS);
            } catch (IllegalArgumentException twice) {
                add(twice.getMessage());
            }
        }
        throw new CatalogException(reason, problems);
    }

    /** Tells one content from another. */
    private static String mark(List<TableSchema.Column> columns) {
        return "content:%08x".formatted(columns.toString().hashCode());
    }

    private CatalogException withoutColumns(Table table) {
        TableIdentifier target = table.targetTable();
        String what =
                target != null
                        ? "it is a link to %s.%s of catalog %s, and Glue gives no columns with it: name that table, and that catalog as catalogId"
                                .formatted(target.databaseName(), target.name(), target.catalogId())
                        : isView(table)
                                ? "it is a view without columns: name the table behind it"
                                : "it has no columns: a table needs at least one";
        add(what);
        return new CatalogException(Reason.NON_EXISTENT_COLUMNS, problems);
    }

    private static boolean isView(Table table) {
        return table.tableType() != null
                && table.tableType().toUpperCase(Locale.ROOT).endsWith("VIEW");
    }

    /**
     * Of a column that is not written, and so need not have a type that can be, only the name
     * counts.
     */
    private List<TableSchema.Column> partitionColumns(List<Column> described) {
        List<TableSchema.Column> columns = new ArrayList<>();
        for (Column column : described) {
            try {
                columns.add(
                        new TableSchema.Column(
                                column.name(), typeOrText(column.type()), comment(column)));
            } catch (IllegalArgumentException noName) {
                add("partition key: " + noName.getMessage());
            }
        }
        return columns;
    }

    private static ColumnType typeOrText(String type) {
        try {
            return HiveTypes.parse(type == null ? "" : type);
        } catch (InvalidTypeException ofOthers) {
            return ColumnType.Primitive.STRING;
        }
    }

    private static String comment(Column column) {
        return column.comment() == null ? "" : column.comment();
    }

    private List<TableSchema.Column> columns(List<Column> described) {
        List<TableSchema.Column> columns = new ArrayList<>();
        for (Column column : described) {
            try {
                columns.add(
                        new TableSchema.Column(
                                        column.name(),
                                        HiveTypes.parse(column.type() == null ? "" : column.type()),
                                        comment(column))
                                .inFiles());
            } catch (InvalidTypeException noType) {
                reason = Reason.INVALID_TYPE_FORMAT;
                add(
                        "column %s: %s%s"
                                .formatted(
                                        column.name(),
                                        noType.getMessage(),
                                        noType.unknownName().map(GlueTable::ask).orElse("")));
            } catch (IllegalArgumentException noName) {
                add(noName.getMessage());
            }
        }
        return columns;
    }

    private static String ask(String unknownType) {
        String near = Suggestion.ask(unknownType, HiveTypes.NAMES);
        return near.isEmpty() ? "; the types are " + String.join(", ", HiveTypes.NAMES) : near;
    }

    private void add(String message) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(
                    new SchemaProblem(
                            Cause.CONTENT,
                            "",
                            0,
                            "table",
                            "%s in Glue: %s".formatted(name, GlueAnswers.shown(message))));
        }
    }
}
