package io.delivery.junit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AssertionFailureBuilder;

/**
 * What had landed of a stream when it was asked for: objects of its destination, records of its
 * error output, objects of its backup, those of this test class and no others, whatever else is in
 * the bucket. Immutable.
 *
 * <p>The methods that begin with {@code assert} give this object back, and fail with {@link
 * #describe what landed instead}; any other assertion can take {@link #describe} as its message.
 */
public final class Landed {
    /** Characters of what was expected and what is there, in the message of a failure. */
    private static final int LONGEST_VALUES = 2000;

    private final String stream;
    private final List<LandedObject> objects;
    private final List<LandedObject> backup;
    private final List<LandedObject> errorObjects;
    private final Told told;

    /**
     * What the service says beside the objects.
     *
     * @param accepted records that were put since the stream was made
     * @param dropped records that a processor dropped
     * @param troubles what somebody should mend
     * @param log where the log is
     */
    record Told(long accepted, long dropped, List<String> troubles, String log) {}

    Landed(
            String stream,
            List<LandedObject> objects,
            List<LandedObject> backup,
            List<LandedObject> errorObjects,
            Told told) {
        this.stream = stream;
        this.objects = List.copyOf(objects);
        this.backup = List.copyOf(backup);
        this.errorObjects = List.copyOf(errorObjects);
        this.told = told;
    }

    public String stream() {
        return stream;
    }

    /** Objects of the destination, in the order in which they were decided. */
    public List<LandedObject> objects() {
        return objects;
    }

    /** Objects of the backup. */
    public List<LandedObject> backup() {
        return backup;
    }

    /** How many records are in the objects of the destination. */
    public long records() {
        return objects.stream().mapToLong(LandedObject::records).sum();
    }

    /**
     * The lines of all objects of the destination.
     *
     * @throws AssertionError when one of them is Parquet or ORC
     */
    public List<String> lines() {
        return readable(() -> objects.stream().flatMap(object -> object.lines().stream()).toList());
    }

    /**
     * The rows of all objects of the destination: {@link LandedObject#rows}.
     *
     * @throws AssertionError when one of them holds something else
     */
    public List<Map<String, Object>> rows() {
        return readable(() -> objects.stream().flatMap(object -> object.rows().stream()).toList());
    }

    private <T> T readable(Supplier<T> content) {
        try {
            return content.get();
        } catch (IllegalStateException other) {
            throw new AssertionError(other.getMessage() + "\n" + describe(), other);
        }
    }

    /** The records of the error output. */
    public List<ErrorRecord> errors() {
        return errorObjects.stream()
                .flatMap(object -> object.rows().stream())
                .map(ErrorRecord::of)
                .toList();
    }

    // --- assertions ---

    /** These lines have landed and no others; in any order, as Firehose promises none. */
    public Landed assertLines(String... expected) {
        List<String> lines = lines();
        List<String> wanted = List.of(expected);
        List<String> missing = without(wanted, lines);
        List<String> others = without(lines, wanted);
        if (!missing.isEmpty() || !others.isEmpty()) {
            String difference =
                    new Description()
                            .line(
                                    "lines of %s: %d missing, %d not expected"
                                            .formatted(stream, missing.size(), others.size()))
                            .each("missing", missing)
                            .each("not expected", others)
                            .toString();
            fail(difference, wanted.stream().sorted().toList(), lines.stream().sorted().toList());
        }
        return this;
    }

    /** What is left of some lines when each of others has taken one away that is equal. */
    private static List<String> without(List<String> lines, List<String> others) {
        Map<String, Integer> taken = new HashMap<>();
        others.forEach(line -> taken.merge(line, 1, Integer::sum));
        return lines.stream().filter(line -> taken.merge(line, -1, Integer::sum) < 0).toList();
    }

    /** So many records have landed in the destination. */
    public Landed assertRecords(long expected) {
        if (records() != expected) {
            fail("records that have landed in the destination of " + stream, expected, records());
        }
        return this;
    }

    /**
     * A row has landed that has these values in these columns, whatever it has in others. Numbers
     * are compared by their value: 1 is 1L, and 1.5 is a decimal 1.50.
     */
    public Landed assertRow(Map<String, ?> expected) {
        List<Map<String, Object>> rows = rows();
        RowMatch match = new RowMatch(expected);
        if (!match.isIn(rows)) {
            fail("a row of %s\n%s".formatted(stream, match.difference(rows)), expected, rows);
        }
        return this;
    }

    /** Nothing has landed in the error output. */
    public Landed assertNoErrors() {
        if (!errorObjects.isEmpty()) {
            fail("records in the error output of " + stream, List.of(), errors());
        }
        return this;
    }

    /** A record with this code has landed in the error output. */
    public Landed assertError(String code) {
        if (errors().stream().noneMatch(error -> error.code().equals(code))) {
            fail("the code of a record in the error output of " + stream, code, errors());
        }
        return this;
    }

    /**
     * With what was expected and what is there apart, so that an IDE can compare them; in the
     * message only where that can still be read.
     */
    private void fail(String what, Object expected, Object actual) {
        int length = String.valueOf(expected).length() + String.valueOf(actual).length();
        AssertionFailureBuilder.assertionFailure()
                .message(what.stripTrailing() + "\n" + describe() + "\n")
                .expected(expected)
                .actual(actual)
                .includeValuesInMessage(length <= LONGEST_VALUES)
                .buildAndThrow();
    }

    /** What landed, in a few lines: objects with their first records, errors, troubles. */
    public String describe() {
        Description text =
                new Description()
                        .line(
                                "Of %d records that were put into %s, %d are in the destination, %d in the error output, and %d were dropped:"
                                        .formatted(
                                                told.accepted(),
                                                stream,
                                                records(),
                                                errors().size(),
                                                told.dropped()))
                        .objects("destination", objects)
                        .objects("backup", backup)
                        .errors(errors());
        told.troubles().forEach(trouble -> text.line("  trouble: " + trouble));
        return text.line(told.log()).toString();
    }

    @Override
    public String toString() {
        return describe();
    }
}
