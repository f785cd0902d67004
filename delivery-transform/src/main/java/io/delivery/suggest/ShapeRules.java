package io.delivery.suggest;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.HiveTypes;
import io.delivery.suggest.ObservedValue.ObservedField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes a type of what was seen: one that holds every value, where there is one. */
final class ShapeRules {
    /** A key that fewer objects have than one in so many is rare. */
    private static final int RARE = 10;

    private static final Shape TEXT = new Shape.Plain(Primitive.STRING);

    private final boolean lenient;
    private final SuggestOptions options;
    private final Remarks remarks;

    ShapeRules(boolean lenient, SuggestOptions options, Remarks remarks) {
        this.lenient = lenient;
        this.options = options;
        this.remarks = remarks;
    }

    /**
     * The shape of a field.
     *
     * @param depth of its type, 1 for a column
     * @param path for remarks
     * @return empty when no type of the deserializer holds its values, and leaving it out lets the
     *     records convert
     */
    Optional<Shape> of(ObservedValue seen, int depth, String path) {
        if (seen.kinds() > 1) {
            return lenient ? mixed(seen, depth, path) : mostOf(seen, depth, path);
        }
        if (seen.objects > 0) {
            return object(seen, depth, path);
        }
        if (seen.arrays > 0) {
            return array(seen, depth, path);
        }
        return plain(seen, path);
    }

    /** OpenX takes a value that is no array for an array of one, and keeps JSON as text. */
    private Optional<Shape> mixed(ObservedValue seen, int depth, String path) {
        if (seen.arrays > 0 && !seen.opaque && depth < HiveTypes.MAX_DEPTH) {
            ObservedValue all = seen.elementsAndOthers();
            if (all.kinds() == 1) {
                remarks.add(
                        path,
                        "%d arrays and %d single values, which become arrays of one"
                                .formatted(seen.arrays, seen.plainValues() + seen.objects));
                return of(all, depth + 1, path + "[]").map(Shape.Listing::new);
            }
        }
        remarks.add(
                path,
                "%d objects, %d arrays and %d plain values: the column has their JSON as text"
                        .formatted(seen.objects, seen.arrays, seen.plainValues()));
        return Optional.of(TEXT);
    }

    /** The Hive deserializer refuses what is of another kind: the fewest shall be refused. */
    private Optional<Shape> mostOf(ObservedValue seen, int depth, String path) {
        remarks.problem(
                path,
                "%s; no column of serde hive holds several kinds, so some of these records fail"
                        .formatted(kinds(seen)));
        ObservedValue most = new ObservedValue();
        most.add(seen);
        if (seen.objects < seen.plainValues() || seen.objects < seen.arrays) {
            most.objects = 0;
        }
        if (seen.arrays < seen.plainValues() || seen.arrays <= most.objects) {
            most.arrays = 0;
        }
        if (most.objects > 0) {
            return object(most, depth, path);
        }
        if (most.arrays > 0) {
            return array(most, depth, path);
        }
        return plain(most, path);
    }

    private Optional<Shape> plain(ObservedValue seen, String path) {
        ColumnType type = PlainTypes.of(seen, options.decimals());
        remarks.add(path, PlainTypes.remark(seen, type));
        NearMisses.of(seen, type, lenient).forEach(note -> remarks.note(path, note));
        return Optional.of(new Shape.Plain(type, seen.integerDigits(), seen.digitsBehind));
    }

    private static String kinds(ObservedValue seen) {
        return "%d objects%s, %d arrays%s and %d plain values%s"
                .formatted(
                        seen.objects,
                        first(seen.firstObject),
                        seen.arrays,
                        first(seen.firstArray),
                        seen.plainValues(),
                        first(seen.firstPlain));
    }

    private static String first(String place) {
        return place == null ? "" : " (first in " + place + ")";
    }

    private Optional<Shape> notLookedInto(String path) {
        if (lenient) {
            remarks.add(path, "nested too deep or too wide to look into: its JSON as text");
            return Optional.of(TEXT);
        }
        remarks.problem(
                path, "left out: it is nested too deep or too wide, and serde hive keeps no JSON");
        return Optional.empty();
    }

    private Optional<Shape> array(ObservedValue seen, int depth, String path) {
        if (seen.opaque || depth >= HiveTypes.MAX_DEPTH) {
            return notLookedInto(path);
        }
        if (seen.element == null) {
            remarks.add(path, "only empty arrays were seen");
            return Optional.of(new Shape.Listing(TEXT));
        }
        return of(seen.element, depth + 1, path + "[]").map(Shape.Listing::new);
    }

    private Optional<Shape> object(ObservedValue seen, int depth, String path) {
        if (seen.opaque || depth >= HiveTypes.MAX_DEPTH) {
            return notLookedInto(path);
        }
        if (seen.values != null) {
            remarks.add(
                    path,
                    "a map: more than %d different keys".formatted(SampleObserver.MAX_FIELDS));
            return of(seen.values, depth + 1, path + "{}").map(Shape.Mapping::new);
        }
        if (seen.fields == null) {
            return withoutFields(seen, depth, path);
        }
        if (keysVary(seen)) {
            ObservedValue values = seen.allValues();
            if (lenient || values.kinds() <= 1) {
                remarks.add(
                        path,
                        "a map: %d different keys in %d objects"
                                .formatted(seen.fields.size(), seen.objects));
                return of(values, depth + 1, path + "{}").map(Shape.Mapping::new);
            }
        }
        List<Shape.Field> fields = new ArrayList<>();
        seen.fields.forEach(
                (form, field) -> field(field, form, depth, path + ".").ifPresent(fields::add));
        leftOut(seen, path);
        return fields.isEmpty() ? notLookedInto(path) : Optional.of(new Shape.Fields(fields));
    }

    private Optional<Shape> withoutFields(ObservedValue seen, int depth, String path) {
        if (seen.others == null) {
            remarks.add(path, "only empty objects were seen");
            return Optional.of(new Shape.Mapping(TEXT));
        }
        remarks.add(path, "a map: its keys can be no names of fields");
        return of(seen.others, depth + 1, path + "{}").map(Shape.Mapping::new);
    }

    /** One field of objects, or one column. */
    Optional<Shape.Field> field(ObservedField field, String form, int depth, String path) {
        String at = path + KeyForms.shown(field.key);
        if (field.otherKey != null) {
            remarks.add(at, "also written " + KeyForms.shown(field.otherKey));
        }
        return of(field.value, depth + 1, at).map(shape -> new Shape.Field(field.key, form, shape));
    }

    void leftOut(ObservedValue seen, String path) {
        if (seen.keysLeftOut > 0) {
            remarks.problem(
                    path.isEmpty() ? "(root)" : path,
                    "%d values have keys that are no column, the first is %s; they are dropped and counted as unknown fields"
                            .formatted(seen.keysLeftOut, seen.firstLeftOut));
        }
    }

    /** Many different keys, most of them in few objects: they are data, and more will come. */
    private boolean keysVary(ObservedValue seen) {
        if (seen.fields.size() <= options.structKeys()) {
            return false;
        }
        long occurrences = seen.fields.values().stream().mapToLong(field -> field.seen).sum();
        return occurrences * RARE < seen.fields.size() * seen.objects;
    }
}
