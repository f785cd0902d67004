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

    /** Whether they are passed and counted, and nothing else. */
    boolean drops() {
        return false;
    }

    /**
     * A record begins.
     *
     * @param length of its JSON, in bytes
     */
    void recordBegins(int length) {}

    /** A row begins. */
    abstract void row(RowBuffer rows, int first);

    /** The record has been read, or has failed: its rows hold all that is known of it. */
    void recordEnded() {}

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

    /**
     * Tells that another value of the record takes the place of the one that has been read at a
     * path: what was kept of its fields belongs to no value of the row any more.
     */
    abstract void replaced(RowBuffer row, ColumnPath path);

    /** A path as messages show it, in bounded length. */
    private static String shown(ColumnPath path) {
        String name = path.toString();
        return name.length() > MAX_NAME_LENGTH ? name.substring(0, MAX_NAME_LENGTH) : name;
    }

    /** They are not written. */
    private static final class Dropping extends UnknownFieldReader {
        Dropping(UnknownFieldCounts counts) {
            super(counts);
        }

        @Override
        boolean drops() {
            return true;
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
            counts.superseded(count);
        }

        @Override
        void replaced(RowBuffer row, ColumnPath path) {
            // Nothing of it is written.
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

        @Override
        void replaced(RowBuffer row, ColumnPath path) {
            // Nothing of it is written.
        }

        private static RecordFailedException refusal(ColumnPath path, String reason) {
            return Misfit.malformed(
                    "Field %s: Data does not match the schema. %s, and the stream refuses unknown fields"
                            .formatted(shown(path), reason));
        }
    }

    /** Their JSON text goes into a map of the row, under their paths. */
    private static final class Keeping extends UnknownFieldReader {
        private final Dialect dialect;
        private final int column;
        private final KeptEntries entries = new KeptEntries();
        private long pathBytes;
        private long mostPathBytes;

        Keeping(String name, TableSchema table, Dialect dialect, UnknownFieldCounts counts) {
            super(counts);
            this.dialect = dialect;
            this.column = indexOf(name, table);
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
        void recordBegins(int length) {
            pathBytes = 0;
            mostPathBytes = Math.max(UnknownFieldPolicy.Keep.MAX_PATH_BYTES, length);
        }

        @Override
        void row(RowBuffer rows, int first) {
            entries.begin(first + column);
        }

        /** What is known of many fields is as large as a page, which is written next. */
        @Override
        void recordEnded() {
            entries.forget();
        }

        @Override
        void value(JsonParser json, RowBuffer row, UnknownFieldCounts.Count count, ColumnPath path)
                throws IOException, RecordFailedException {
            String written = path.unique();
            // A path is in memory several times: as it is, as a place, as a key, and in the row.
            pathBytes += Utf8.encodedLength(written);
            if (pathBytes > mostPathBytes) {
                throw Misfit.conversionFailure(
                        "The paths of the record's unknown fields have more than %d bytes, and more than its JSON"
                                .formatted(UnknownFieldPolicy.Keep.MAX_PATH_BYTES));
            }
            try {
                keep(json, row, count, path, written);
            } catch (RowBuffer.FullException full) {
                throw Misfit.conversionFailure(
                        "Field %s: %s".formatted(shown(path), full.getMessage()));
            }
        }

        private void keep(
                JsonParser json,
                RowBuffer row,
                UnknownFieldCounts.Count count,
                ColumnPath path,
                String written)
                throws IOException, RecordFailedException {
            KeptEntries.Entry entry = entry(row, count, path, written);
            if (entry == null) {
                counts.superseded(count);
                json.skipChildren();
                return;
            }
            boolean set;
            JsonText text = dialect.text();
            try {
                text.read(json);
                set =
                        Utf8.set(
                                row,
                                entry.valueSlot(),
                                text.characters(),
                                0,
                                text.length(),
                                Integer.MAX_VALUE);
            } finally {
                text.clear(); // also of a record that fails here
            }
            if (!set) {
                throw Misfit.malformed(
                        path, "The text has invalid characters: half of a surrogate pair");
            }
        }

        /**
         * The entry that holds the field from now on. Of two paths that become the same key the one
         * that was not lower-cased counts, else the last one.
         *
         * @return null when another field keeps its entry
         * @throws RecordFailedException when fields in different places have one path
         */
        private KeptEntries.Entry entry(
                RowBuffer row, UnknownFieldCounts.Count count, ColumnPath path, String written)
                throws RecordFailedException {
            String key = dialect.kept(written);
            String place = path.place();
            KeptEntries.Entry entry = entries.of(key);
            if (entry == null) {
                if (entries.size() == UnknownFieldPolicy.Keep.MAX_FIELDS) {
                    throw Misfit.conversionFailure(
                            "A row of the record has more than %d unknown fields"
                                    .formatted(UnknownFieldPolicy.Keep.MAX_FIELDS));
                }
                int slot = row.allocate(2);
                key(key, row, slot);
                entry = entries.add(row, slot, key);
            } else if (!dialect.kept(entry.place()).equals(dialect.kept(place))) {
                throw Misfit.malformed(
                        "Field %s: Another unknown field of the record has the same path, because a key has a dot or a bracket in it. The column of unknown fields keeps one value for each path"
                                .formatted(shown(path)));
            } else if (!entry.path().equals(written)) {
                if (entry.asWritten()) {
                    return null;
                }
                counts.notSeen(entry.count());
                counts.superseded(entry.count());
            } else {
                // The same key again: it is one field, and its last value counts.
                counts.notSeen(entry.count());
            }
            entries.hold(entry, place, written, path.isUnchangedBy(dialect::kept), count);
            counts.seen(count);
            return entry;
        }

        /** Its value is not kept: the column holds that of the closer key. */
        @Override
        void superseded(UnknownFieldCounts.Count count, ColumnPath path) {
            counts.superseded(count);
        }

        @Override
        void replaced(RowBuffer row, ColumnPath path) {
            entries.removeParts(row, path).forEach(entry -> counts.notSeen(entry.count()));
        }
    }
}
