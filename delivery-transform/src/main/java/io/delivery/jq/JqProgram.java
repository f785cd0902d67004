package io.delivery.jq;

import io.delivery.jq.expression.Expression;
import io.delivery.jq.expression.Kinds;
import io.delivery.jq.grammar.JqParser;
import io.delivery.jq.value.Budget;
import java.util.Optional;
import java.util.Set;

/** A query that is known to be jq and a function of the record. Immutable. */
public final class JqProgram {
    private final String query;
    private final Optional<Set<String>> keys;
    private final Kinds kinds;
    private final Optional<String> hopelessKey;
    private final boolean yieldsSeveral;

    private JqProgram(String query, Expression program) {
        this.query = query;
        this.keys = program.literalKeys().map(Set::copyOf);
        this.kinds = program.kinds(Kinds.ANY);
        this.hopelessKey = program.hopelessKey(Kinds.ANY);
        this.yieldsSeveral = program.yieldsSeveral();
    }

    /**
     * Checks a query.
     *
     * @param query jq 1.6, e.g. <code>{region: .geo.region}</code>
     * @throws JqSyntaxException when it is no jq, names something that there is not, or something
     *     that is no function of the record ({@code now}, {@code input}, {@code $ENV}…); the
     *     message says what and where
     */
    public static JqProgram compile(String query) throws JqSyntaxException {
        return new JqProgram(query, JqParser.parse(query, new Budget()));
    }

    public String query() {
        return query;
    }

    /**
     * Names of the partition keys that every record gets, when they can be read off the query: it
     * ends in an object with literal keys, in a sum of such, or in a condition between such with
     * the same keys. Empty when only a record can tell.
     */
    public Optional<Set<String>> keys() {
        return keys;
    }

    /**
     * Why no record at all can get partition keys of it, in one sentence: it never yields an
     * object, always more than one, or one with a value that no partition key can have. Empty for a
     * query that some record may get keys of, as far as its text tells.
     */
    public Optional<String> whyNoKeys() {
        if (!kinds.has(Kinds.OBJECT)) {
            return Optional.of(
                    "must yield an object such as {key: .field}, and yields %s for every record"
                            .formatted(kinds));
        }
        if (yieldsSeveral) {
            return Optional.of(
                    "must yield one object, and yields more than one value for every record");
        }
        return hopelessKey.map(
                key ->
                        "must yield an object whose values are strings, numbers or booleans, and"
                                + " yields the key %s for every record".formatted(key));
    }

    /**
     * Why no record at all can become what it yields, in one sentence: it always yields more than
     * one value. Empty for a query that some record may pass, as far as its text tells.
     */
    public Optional<String> whyNoRecord() {
        return yieldsSeveral
                ? Optional.of(
                        "must yield at most one value, and yields more than one value for every"
                                + " record")
                : Optional.empty();
    }

    /** Which kinds of values it can yield: never fewer than it does. */
    Kinds kinds() {
        return kinds;
    }

    @Override
    public String toString() {
        return query;
    }
}
