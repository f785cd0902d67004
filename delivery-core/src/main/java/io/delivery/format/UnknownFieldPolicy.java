package io.delivery.format;

import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import java.util.Optional;

/**
 * What becomes of fields of a record that the table has no column for. In records that are
 * converted each of them is counted.
 *
 * <p>A field whose column another, closer key of the record fills is not written with {@link Drop}
 * and {@link Keep}; it is counted, too. With {@link Refuse} its record is refused.
 */
public sealed interface UnknownFieldPolicy {
    /** Of a stream that says nothing: what the original service does. */
    UnknownFieldPolicy DEFAULT = new Drop();

    /** What the visitor makes of this policy. */
    <R> R accept(Visitor<R> visitor);

    /** Whether they are written. */
    default boolean keeps() {
        return false;
    }

    /**
     * Knows every policy: a new one does not compile before each visitor knows it.
     *
     * @param <R> what it makes of them
     */
    interface Visitor<R> {
        R drop(Drop policy);

        R refuse(Refuse policy);

        R keep(Keep policy);
    }

    /** They are not written. */
    record Drop() implements UnknownFieldPolicy {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.drop(this);
        }
    }

    /** The record goes to the error output, and none of its fields is counted. */
    record Refuse() implements UnknownFieldPolicy {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.refuse(this);
        }
    }

    /**
     * They are written as JSON text into one column, which no field of a record fills otherwise. A
     * record in which two of them have one path goes to the error output.
     *
     * @param column a column of the table, of the type {@code map<string,string>}; case does not
     *     count
     */
    record Keep(String column) implements UnknownFieldPolicy {
        /**
         * Bytes of UTF-8 that the paths of the fields of one record may have together, unless its
         * JSON has more. A short field of a deep struct has a long path, so the length of the
         * record alone does not bound them.
         */
        public static final int MAX_PATH_BYTES = 1 << 20;

        /**
         * Fields that are kept of one row at most. Each takes up to 300 bytes beside its path while
         * the row is read, however short its path is. A record that PutRecord takes has fewer.
         */
        public static final int MAX_FIELDS = 1 << 17;

        /** The type that the column must have. */
        public static final ColumnType TYPE = new MapType(Primitive.STRING, Primitive.STRING);

        /** Why the column cannot take them; empty when it can. */
        public Optional<String> problem(TableSchema table) {
            Optional<TableSchema.Column> found =
                    table.columns().stream()
                            .filter(there -> there.name().equalsIgnoreCase(column))
                            .findFirst();
            if (found.isEmpty()) {
                return Optional.of(
                        "must name a column of type %s, was %s, and %s has no such column"
                                .formatted(TYPE, column, table.qualifiedName()));
            }
            return found.filter(there -> !there.type().equals(TYPE))
                    .map(
                            other ->
                                    "must name a column of type %s, was %s, which has the type %s in %s"
                                            .formatted(
                                                    TYPE,
                                                    column,
                                                    other.type(),
                                                    table.qualifiedName()));
        }

        @Override
        public boolean keeps() {
            return true;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.keep(this);
        }
    }
}
