package io.delivery.partition;

import io.delivery.record.Failure;
import java.util.Arrays;
import java.util.Optional;

/**
 * A prefix whose partition keys have their values: what records of the same object share. Times and
 * random strings are still open; they belong to the object. Immutable; made by {@link
 * KeyExpression}.
 */
public final class BoundPrefix {
    private final String identity;
    private final String description;
    private final String[] values;
    private final Failure.Kind kind;

    BoundPrefix(String identity, String description, String[] values, Failure.Kind kind) {
        this.identity = identity;
        this.description = description;
        this.values = values;
        this.kind = kind;
    }

    /**
     * Equal for records that belong together, different for all others of the same {@link
     * KeyExpression}; a kind of failure is never equal to a partition of the main output. Not for
     * people: it may hold control characters.
     */
    public String identity() {
        return identity;
    }

    /** Which error output this is; empty for the main output. */
    public Optional<Failure.Kind> errorKind() {
        return Optional.ofNullable(kind);
    }

    Failure.Kind kindOrNull() {
        return kind;
    }

    /** The value of each key expression of the prefix, in their order; not to be changed. */
    String[] values() {
        return values;
    }

    boolean hasValues(String[] others) {
        return Arrays.equals(values, others);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BoundPrefix that && identity.equals(that.identity);
    }

    @Override
    public int hashCode() {
        return identity.hashCode();
    }

    /** The prefix with its values filled in and the open expressions as they were written. */
    @Override
    public String toString() {
        return description;
    }
}
