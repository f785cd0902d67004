package io.delivery.jq;

import io.delivery.jq.expression.Expression;
import io.delivery.jq.grammar.JqParser;
import io.delivery.jq.value.Budget;
import java.util.Optional;
import java.util.Set;

/** A query that is known to be jq and a function of the record. Immutable. */
public final class JqProgram {
    private final String query;
    private final Optional<Set<String>> keys;

    private JqProgram(String query, Optional<Set<String>> keys) {
        this.query = query;
        this.keys = keys;
    }

    /**
     * Checks a query.
     *
     * @param query jq 1.6 that yields one object, e.g. <code>{region: .geo.region}</code>
     * @throws JqSyntaxException when it is no jq, names something that there is not, or something
     *     that a partition key may not depend on ({@code now}, {@code input}, {@code $ENV}…); the
     *     message says what and where
     */
    public static JqProgram compile(String query) throws JqSyntaxException {
        Expression program = JqParser.parse(query, new Budget());
        return new JqProgram(query, program.literalKeys().map(Set::copyOf));
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

    @Override
    public String toString() {
        return query;
    }
}
