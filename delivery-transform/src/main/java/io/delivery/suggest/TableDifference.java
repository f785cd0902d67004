package io.delivery.suggest;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RecordDecoder;
import io.delivery.format.TableSchema;
import io.delivery.format.TableSchema.Column;
import io.delivery.format.UnknownFieldPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What would have to change in a table so that it holds samples. That a value fits is never
 * guessed: the decoder has converted each sample by the table as it is.
 */
public final class TableDifference {
    private final RecordDecoder.Factory decoders;
    private final TableSchema present;
    private final JsonSerDe serde;
    private final KeyForms keys;
    private final Map<String, String> keyOfName = new HashMap<>();
    private final SampleCheck whole;
    private final Map<String, SampleCheck> ofColumn = new LinkedHashMap<>();

    /** How a table and the samples differ in one place. */
    public enum Kind {
        /** Samples have it, the table does not. */
        ADDED,
        /** A wider type holds the values, and reads the files that are there. */
        WIDENED,
        /** Values do not fit, and no type reads both them and the files that are there. */
        CONFLICT,
        /** The table has it, no sample does. */
        NEVER_SEEN
    }

    /**
     * One difference.
     *
     * @param path of the column or field: names with dots between, {@code []} and {@code {}} for
     *     what is in arrays and maps
     * @param text a type, or a sentence
     */
    public record Change(Kind kind, String path, String text) {}

    /**
     * @param serde what reads the records; a stream may have another than its table
     */
    public TableDifference(RecordDecoder.Factory decoders, TableSchema present, JsonSerDe serde) {
        this.decoders = decoders;
        this.present = present;
        this.serde = serde;
        this.keys = KeyForms.of(serde);
        if (serde instanceof JsonSerDe.OpenX openX) {
            openX.columnToJsonKeyMappings()
                    .forEach((name, key) -> keyOfName.put(KeyForms.lower(name), key));
        }
        whole = new SampleCheck(decoders, present, read(serde));
    }

    /** Converts a sample, which is JSON. */
    public void add(Sample sample) {
        if (whole.add(sample)) {
            return;
        }
        for (Column column : present.columns()) {
            ofColumn.computeIfAbsent(column.name(), name -> alone(column)).add(sample);
        }
    }

    private SampleCheck alone(Column column) {
        TableSchema only =
                new TableSchema(
                        present.database(),
                        present.table(),
                        present.version(),
                        List.of(column),
                        List.of(),
                        serde);
        return new SampleCheck(decoders, only, DecoderOptions.DEFAULTS);
    }

    private static DecoderOptions read(JsonSerDe serde) {
        return new DecoderOptions(Optional.of(serde), UnknownFieldPolicy.DEFAULT);
    }

    /** What became of the samples with the table as it is. */
    public SampleCheck check() {
        return whole;
    }

    /** All differences, in the order of the table's columns; new columns last. */
    public List<Change> changes(SuggestedTable suggested) {
        return new Comparison(suggested).all();
    }

    /** Compares the table with one suggestion. */
    private final class Comparison {
        private final SuggestedTable suggested;
        private final ColumnNames names;
        private final List<Change> changes = new ArrayList<>();

        /** Why values do not fit, by the {@link #place} of the path that the decoder names. */
        private final Map<String, SampleCheck.Reason> failing = new LinkedHashMap<>();

        Comparison(SuggestedTable suggested) {
            this.suggested = suggested;
            this.names = new ColumnNames(keys, suggested.shapes(), Set.of());
            ofColumn.forEach(
                    (column, check) ->
                            check.reasons()
                                    .forEach(
                                            reason ->
                                                    failing.putIfAbsent(
                                                            place(reason.column().orElse(column)),
                                                            reason)));
        }

        List<Change> all() {
            Map<String, ColumnType> columns = new LinkedHashMap<>();
            present.columns().forEach(column -> columns.put(column.name(), column.type()));
            fields("", columns, suggested.shapes());
            failing.forEach(
                    (place, reason) ->
                            changes.add(
                                    new Change(
                                            Kind.CONFLICT,
                                            KeyForms.shownLine(reason.column().orElse(place)),
                                            told("does not hold the samples", reason))));
            return changes;
        }

        private void fields(String path, Map<String, ColumnType> named, List<Shape.Field> seen) {
            Map<String, Shape.Field> byForm = new LinkedHashMap<>();
            seen.forEach(field -> byForm.put(field.form(), field));
            Set<String> matched = new LinkedHashSet<>();
            named.forEach(
                    (name, type) -> {
                        String key = keyOfName.getOrDefault(KeyForms.lower(name), name);
                        Shape.Field field = byForm.get(keys.form(key));
                        if (field == null) {
                            add(Kind.NEVER_SEEN, path + name, type.toString());
                        } else {
                            matched.add(field.form());
                            compare(path + name, type, field.shape());
                        }
                    });
            for (Shape.Field field : seen) {
                if (!matched.contains(field.form())) {
                    String name = names.of(field.form());
                    String key = keys.isName(field.form()) ? "" : ", key " + field.key();
                    add(Kind.ADDED, path + name, field.shape().type(names::of) + key);
                }
            }
        }

        /**
         * The same for all paths by which the decoder may name a value. Where a single value counts
         * as an array of one, its path has no index, and an array itself always fits: what is
         * reported at its path is about its element.
         */
        private String place(String path) {
            String place = SampleCheck.withoutIndexes(path);
            return keys.lenient() ? place.replace("[]", "") : place;
        }

        private SampleCheck.Reason failing(String path, ColumnType type) {
            return keys.lenient() && type instanceof ArrayType ? null : failing.remove(place(path));
        }

        private Optional<ColumnType> wider(ColumnType type, Shape shape) {
            return shape instanceof Shape.Plain plain ? Widening.of(type, plain) : Optional.empty();
        }

        private void compare(String path, ColumnType type, Shape shape) {
            SampleCheck.Reason reason = failing(path, type);
            if (reason != null) {
                ColumnType needed = shape.type(names::of);
                wider(type, shape)
                        .filter(wider -> !wider.equals(type))
                        .ifPresentOrElse(
                                wider ->
                                        add(
                                                Kind.WIDENED,
                                                path,
                                                told(type + " to " + wider, reason)),
                                () ->
                                        add(
                                                Kind.CONFLICT,
                                                path,
                                                told(
                                                        "is " + type + ", samples need " + needed,
                                                        reason)));
            }
            if (type instanceof StructType struct && shape instanceof Shape.Fields fields) {
                Map<String, ColumnType> named = new LinkedHashMap<>();
                struct.fields().forEach(field -> named.put(field.name(), field.type()));
                fields(path + ".", named, fields.fields());
            } else if (type instanceof ArrayType array) {
                Shape element = shape instanceof Shape.Listing listing ? listing.element() : shape;
                compare(path + "[]", array.element(), element);
            } else if (type instanceof MapType map && shape instanceof Shape.Mapping mapping) {
                compare(path + "{}", map.value(), mapping.value());
            }
        }

        private void add(Kind kind, String path, String text) {
            changes.add(new Change(kind, KeyForms.shownLine(path), KeyForms.shownLine(text)));
        }
    }

    private static String told(String what, SampleCheck.Reason reason) {
        return "%s: %d samples do not fit, first %s: %s"
                .formatted(what, reason.count(), reason.examples().get(0), reason.message());
    }
}
