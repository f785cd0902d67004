package io.delivery.json;

import com.fasterxml.jackson.core.JsonParser;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.record.RecordFailedException;
import java.io.IOException;

/**
 * Passes the values of fields that no column takes, as the policy says. Each is counted. Not
 * thread-safe.
 */
abstract class UnknownFieldReader {
    private static final int MAX_NAME_LENGTH = 256;

    final UnknownFieldCounts counts;

    private UnknownFieldReader(UnknownFieldCounts counts) {
        this.counts = counts;
    }

    /**
     * @throws IllegalArgumentException when the table cannot keep what the policy has it keep
     */
    static UnknownFieldReader of(
            UnknownFieldPolicy policy,
            TableSchema table,
            Dialect dialect,
            UnknownFieldCounts counts) {
        return policy.accept(
                new UnknownFieldPolicy.Visitor<>() {
                    @Override
                    public UnknownFieldReader drop(UnknownFieldPolicy.Drop drop) {
                        return new Dropping(counts);
                    }

                    @Override
                    public UnknownFieldReader refuse(UnknownFieldPolicy.Refuse refuse) {
                        return new Refusing(counts);
                    }

                    @Override
                    public UnknownFieldReader keep(UnknownFieldPolicy.Keep keep) {
                        keep.problem(table)
                                .ifPresent(
                                        problem -> {
                                            throw new IllegalArgumentException(
                                                    "unknownFields.keep " + problem);
                                        });
                        return new Keeping(keep.column(), table, dialect, counts);
                    }
                });
    }

    /** Whether this column is filled from here only, and by no field of its name. */
    boolean fills(int column) {
        return false;
    }

    /** A row begins. */
    abstract void row(RowBuffer rows, int first);

    /**
     * Passes a value whose first token is the parser's current one; afterwards the parser stands on
     * its last.
     *
     * @param path of the field
     * @throws RecordFailedException when the record must not have such a field
     */
    abstract void value(
            JsonParser json, RowBuffer row, UnknownFieldCounts.Count count, ColumnPath path)
            throws IOException, RecordFailedException;

    /**
     * Tells of a key whose column another key of the record fills.
     *
     * @throws RecordFailedException when the record must not have such a key
     */
    abstract void superseded(UnknownFieldCounts.Count count, ColumnPath path)
            throws RecordFailedException;

    /** They are not written. */
    private static final class Dropping extends UnknownFieldReader {
        Dropping(UnknownFieldCounts counts) {
            super(counts);
        }

        @Override
        void row(RowBuffer rows, int first) {
            // Nothing of it is written.
        }

        @Override
        void value(JsonParser json, RowBuffer row, UnknownFieldCounts.Count count, ColumnPath path)
                throws IOException {
            counts.seen(count);
            json.skipChildren();
        }

        @Override
        void superseded(UnknownFieldCounts.Count count, ColumnPath path) {
            counts.seen(count);
        }
    }

    /** No record may have them. */
    private static final class Refusing extends UnknownFieldReader {
        Refusing(UnknownFieldCounts counts) {
            super(counts);
        }

        @Override
        void row(RowBuffer rows, int first) {
            // Nothing of it is written.
        }

        @Override
        void value(JsonParser json, RowBuffer row, UnknownFieldCounts.Count count, ColumnPath path)
                throws RecordFailedException {
            throw refusal(path, "The table has no column for this field");
        }

        @Override
        void superseded(UnknownFieldCounts.Count count, ColumnPath path)
                throws RecordFailedException {
            throw refusal(path, "Another key of the record fills the column of this field");
        }

        private static RecordFailedException refusal(ColumnPath path, String reason) {
            String name = path.toString();
            return Misfit.malformed(
                    "Field %s: Data does not match the schema. %s, and the stream refuses unknown fields"
                            .formatted(
                                    name.length() > MAX_NAME_LENGTH
                                            ? name.substring(0, MAX_NAME_LENGTH)
                                            : name,
                                    reason));
        }
    }

    /** Their JSON text goes into a map of the row, under their paths. */
    private static final class Keeping extends UnknownFieldReader {
        /** A short field of a deep struct has a long path, so the record does not bound it. */
        private static final long MAX_PATH_CHARACTERS = 16L << 20;

        private final Dialect dialect;
        private final int column;
        private final MapEntries entries;
        private final JsonText text;
        private int slot;
        private boolean begun;
        private long pathCharacters;

        Keeping(String name, TableSchema table, Dialect dialect, UnknownFieldCounts counts) {
            super(counts);
            this.dialect = dialect;
            this.column = indexOf(name, table);
            this.entries = new MapEntries(MapEntries.Kind.BYTES, Keeping::key);
            this.text = new JsonText(dialect);
        }

        private static void key(String path, RowBuffer row, int slot) throws RecordFailedException {
            if (!Utf8.set(row, slot, path.toCharArray(), 0, path.length(), Integer.MAX_VALUE)) {
                throw Misfit.malformed(
                        "The name of an unknown field has invalid characters: half of a surrogate"
                                + " pair");
            }
        }

        private static int indexOf(String name, TableSchema table) {
            int at = 0;
            while (!table.columns().get(at).name().equalsIgnoreCase(name)) {
                at++;
            }
            return at;
        }

        @Override
        boolean fills(int candidate) {
            return candidate == column;
        }

        @Override
        void row(RowBuffer rows, int first) {
            slot = first + column;
            begun = false;
            if (rows.rowCount() == 1) {
                pathCharacters = 0;
            }
        }

        @Override
        void value(JsonParser json, RowBuffer row, UnknownFieldCounts.Count count, ColumnPath path)
                throws IOException, RecordFailedException {
            counts.seen(count);
            if (!begun) {
                begun = true;
                entries.begin(row, slot);
            }
            String written = path.unique();
            pathCharacters += written.length();
            if (pathCharacters > MAX_PATH_CHARACTERS) {
                throw Misfit.conversionFailure(
                        "The paths of the record's unknown fields have more than %d characters"
                                .formatted(MAX_PATH_CHARACTERS));
            }
            int value = entries.valueSlot(row, written, dialect.kept(written));
            if (value == MapEntries.ANOTHER_COUNTS) {
                json.skipChildren();
                return;
            }
            text.read(json);
            boolean set =
                    Utf8.set(row, value, text.characters(), 0, text.length(), Integer.MAX_VALUE);
            text.clear();
            if (!set) {
                throw Misfit.malformed(
                        path, "The text has invalid characters: half of a surrogate pair");
            }
        }

        /** What it holds has been read into the column, or is nothing that the column lacks. */
        @Override
        void superseded(UnknownFieldCounts.Count count, ColumnPath path) {
            counts.seen(count);
        }
    }
}
