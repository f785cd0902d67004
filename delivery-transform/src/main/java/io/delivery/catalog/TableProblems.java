package io.delivery.catalog;

import io.delivery.config.Suggestion;
import io.delivery.format.CatalogException;
import io.delivery.format.CatalogException.Reason;
import io.delivery.format.ColumnType;
import io.delivery.format.HiveTypes;
import io.delivery.format.InvalidTypeException;
import io.delivery.format.SchemaProblem;
import io.delivery.format.SchemaProblem.Cause;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects everything that is wrong with one file, so that all of it is told at once. */
final class TableProblems {
    private static final int MAX_PROBLEMS = 100;

    /** What other systems call the types. */
    private static final Map<String, String> CALLED_ELSEWHERE =
            Map.ofEntries(
                    Map.entry("bool", "boolean"),
                    Map.entry("byte", "tinyint"),
                    Map.entry("short", "smallint"),
                    Map.entry("int8", "tinyint"),
                    Map.entry("int16", "smallint"),
                    Map.entry("int32", "int"),
                    Map.entry("int64", "bigint"),
                    Map.entry("long", "bigint"),
                    Map.entry("number", "bigint, double or decimal(p,s)"),
                    Map.entry("real", "float"),
                    Map.entry("float32", "float"),
                    Map.entry("float64", "double"),
                    Map.entry("text", "string"),
                    Map.entry("str", "string"),
                    Map.entry("uuid", "string"),
                    Map.entry("json", "string"),
                    Map.entry("datetime", "timestamp"),
                    Map.entry("timestamptz", "timestamp"),
                    Map.entry("bytes", "binary"),
                    Map.entry("varbinary", "binary"),
                    Map.entry("list", "array<T>"),
                    Map.entry("object", "struct<name:T> or map<string,T>"),
                    Map.entry("record", "struct<name:T>"),
                    Map.entry("row", "struct<name:T>"));

    private final Path file;
    private final List<SchemaProblem> problems = new ArrayList<>();
    private final Map<String, Integer> lineOfColumn = new HashMap<>();
    private Reason reason = Reason.INVALID_SCHEMA;

    TableProblems(Path file) {
        this.file = file;
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    /**
     * @param line from 1; 0 for the file as a whole
     */
    void add(int line, String path, String message) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(new SchemaProblem(Cause.CONTENT, file.toString(), line, path, message));
        }
    }

    /** Ends the reading at once: nothing more can be told. */
    CatalogException only(Reason ofAll, int line, String path, String message) {
        return new CatalogException(
                ofAll,
                List.of(new SchemaProblem(Cause.CONTENT, file.toString(), line, path, message)));
    }

    /** Everything so far, in the order of the lines. */
    CatalogException all() {
        return new CatalogException(
                reason,
                problems.stream().sorted(Comparator.comparingInt(SchemaProblem::line)).toList());
    }

    /** The type that a text names; null when it names none, which is then a problem. */
    ColumnType type(int line, String path, String text) {
        try {
            return HiveTypes.parse(text);
        } catch (InvalidTypeException e) {
            reason = Reason.INVALID_TYPE_FORMAT;
            add(line, path, e.getMessage() + e.unknownName().map(TableProblems::ask).orElse(""));
            return null;
        }
    }

    private static String ask(String unknownName) {
        String elsewhere = CALLED_ELSEWHERE.get(unknownName);
        if (elsewhere != null) {
            return "; did you mean " + elsewhere + "?";
        }
        String near = Suggestion.ask(unknownName, HiveTypes.NAMES);
        return near.isEmpty() ? "; the types are " + String.join(", ", HiveTypes.NAMES) : near;
    }

    /** Notes a column, and complains when there is one of that name; case does not count. */
    void column(int line, String path, String name) {
        Integer first = lineOfColumn.putIfAbsent(name.toLowerCase(Locale.ROOT), line);
        if (first != null) {
            add(line, path, "must be there once, was " + name + " as in line " + first);
        }
    }
}
