package io.delivery.suggest;

import io.delivery.format.ColumnType;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import io.delivery.format.TableSchema.Column;
import io.delivery.suggest.ObservedValue.ObservedField;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A table that holds the samples.
 *
 * @param schema its columns, with what there is to say of each as its comment, in the order in
 *     which the keys came
 * @param problems what may cost data, a sentence each
 * @param notes what the values of a column nearly are, a sentence each, at most 500; they quote
 *     samples, in bounded length
 * @param shapes of the columns, in the same order
 */
public record SuggestedTable(
        TableSchema schema, List<String> problems, List<String> notes, List<Shape.Field> shapes) {
    /** What a metastore and {@link HiveTypes} take as a type, in characters. */
    private static final int MAX_TYPE = 1 << 17;

    private static final int MAX_COMMENT = 250; // Glue API reference: a comment has at most 255

    public SuggestedTable {
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
        shapes = List.copyOf(shapes);
    }

    /**
     * Makes the table of what was seen so far.
     *
     * @param partitionColumns of the table; a key that fills one becomes no column
     * @return empty when no sample has a field that can be a column
     */
    public static Optional<SuggestedTable> of(
            SampleObserver seen,
            SuggestOptions options,
            String database,
            String table,
            List<Column> partitionColumns) {
        KeyForms keys = seen.keys();
        Remarks remarks = new Remarks();
        ShapeRules rules = new ShapeRules(keys.lenient(), options, remarks);
        Set<String> reserved = new HashSet<>();
        partitionColumns.forEach(column -> reserved.add(KeyForms.lower(column.name())));

        List<Shape.Field> shapes = new ArrayList<>();
        for (Map.Entry<String, ObservedField> entry :
                chosen(seen.root(), options.maxColumns(), remarks)) {
            String form = entry.getKey();
            ObservedField field = entry.getValue();
            if (reserved.contains(KeyForms.lower(form))) {
                remarks.problem(
                        KeyForms.shown(field.key),
                        "a partition column; the records' own value is dropped");
            } else if (!keys.lenient() && form.indexOf('.') >= 0) {
                remarks.problem(
                        KeyForms.shown(field.key),
                        "left out: a column has no dots, and serde hive maps no keys");
            } else {
                rules.field(field, form, 0, "").ifPresent(shapes::add);
            }
        }
        rules.leftOut(seen.root(), "");
        return shapes.isEmpty()
                ? Optional.empty()
                : named(seen, remarks, reserved, shapes, database, table, partitionColumns);
    }

    private static Optional<SuggestedTable> named(
            SampleObserver seen,
            Remarks remarks,
            Set<String> reserved,
            List<Shape.Field> shapes,
            String database,
            String table,
            List<Column> partitionColumns) {
        List<Shape.Field> kept = new ArrayList<>();
        ColumnNames first = new ColumnNames(seen.keys(), shapes, reserved);
        for (Shape.Field field : shapes) {
            String path = KeyForms.shown(field.key());
            if (field.shape().type(first::of).toString().length() <= MAX_TYPE) {
                kept.add(field);
            } else if (seen.keys().lenient()) {
                remarks.add(path, "its type would be too long: the column has its JSON as text");
                kept.add(
                        new Shape.Field(
                                field.key(),
                                field.form(),
                                new Shape.Plain(ColumnType.Primitive.STRING)));
            } else {
                remarks.problem(
                        path, "left out: its type is too long, and serde hive keeps no JSON");
            }
        }
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        ColumnNames names = new ColumnNames(seen.keys(), kept, reserved);
        List<Column> columns = new ArrayList<>();
        for (Shape.Field field : kept) {
            if (DdlType.isReserved(names.of(field.form()))) {
                remarks.add(
                        KeyForms.shown(field.key()), "a reserved word: queries need it in quotes");
            }
            String comment = remarks.ofColumn(KeyForms.shown(field.key()));
            columns.add(
                    new Column(
                            names.of(field.form()),
                            field.shape().type(names::of),
                            comment.length() > MAX_COMMENT
                                    ? comment.substring(0, MAX_COMMENT) + "…"
                                    : comment));
        }
        TableSchema schema =
                new TableSchema(
                        database,
                        table,
                        "suggested",
                        columns,
                        partitionColumns,
                        withMappings(seen.serde(), names.mappings()));
        return Optional.of(new SuggestedTable(schema, remarks.problems(), remarks.notes(), kept));
    }

    private static JsonSerDe withMappings(JsonSerDe serde, Map<String, String> mappings) {
        return serde.accept(
                new JsonSerDe.Visitor<JsonSerDe>() {
                    @Override
                    public JsonSerDe openX(JsonSerDe.OpenX openX) {
                        return new JsonSerDe.OpenX(
                                openX.caseInsensitive(),
                                openX.convertDotsInJsonKeysToUnderscores(),
                                mappings);
                    }

                    @Override
                    public JsonSerDe hive(JsonSerDe.Hive hive) {
                        return hive;
                    }
                });
    }

    /** All keys, or those that most records have. */
    private static List<Map.Entry<String, ObservedField>> chosen(
            ObservedValue root, int most, Remarks remarks) {
        if (root.fields == null) {
            return List.of();
        }
        List<Map.Entry<String, ObservedField>> all = new ArrayList<>(root.fields.entrySet());
        if (all.size() <= most) {
            return all;
        }
        Set<String> frequent = new LinkedHashSet<>();
        all.stream()
                .sorted(Comparator.comparingLong(entry -> -entry.getValue().seen))
                .limit(most)
                .forEach(entry -> frequent.add(entry.getKey()));
        remarks.problem(
                "(root)",
                "%d keys that fewer records have are left out: a table has at most %d columns"
                        .formatted(all.size() - most, most));
        return all.stream().filter(entry -> frequent.contains(entry.getKey())).toList();
    }
}
