package io.delivery.partition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A prefix as it is configured: text with expressions {@code !{namespace:value}}.
 *
 * <p>An exclamation mark with an opening brace behind it begins an expression, wherever it stands.
 * A single exclamation mark, a single opening brace and a closing brace are text. An expression
 * ends at the first closing brace; in a timestamp pattern one between single quotes belongs to the
 * pattern, as it could not be written otherwise. Nothing is trimmed and case matters. The rules are
 * those of "Custom prefixes for Amazon S3 objects" in the Firehose developer guide; which
 * expression may stand in which prefix is {@link PrefixRules}' business.
 */
public final class PrefixExpression {
    static final String OPEN = "!{";
    private static final String NAMESPACES =
            "allowed are timestamp, firehose, partitionKeyFromQuery and partitionKeyFromLambda";

    /** A piece of a prefix. */
    sealed interface Part {
        /** Calls the visitor's method for this part. */
        void accept(Visitor visitor);
    }

    /** Knows every part: a new one does not compile before each visitor says what it writes. */
    interface Visitor {
        void literal(Literal literal);

        void timestamp(Timestamp timestamp);

        void randomString();

        void errorOutputType();

        void key(Key key);
    }

    record Literal(String text) implements Part {
        @Override
        public void accept(Visitor visitor) {
            visitor.literal(this);
        }
    }

    record Timestamp(TimestampPattern pattern) implements Part {
        @Override
        public void accept(Visitor visitor) {
            visitor.timestamp(this);
        }
    }

    record RandomString() implements Part {
        @Override
        public void accept(Visitor visitor) {
            visitor.randomString();
        }
    }

    record ErrorOutputType() implements Part {
        @Override
        public void accept(Visitor visitor) {
            visitor.errorOutputType();
        }
    }

    /** The value of a partition key. */
    sealed interface Key extends Part {
        String name();

        /** As it is written between the braces of the prefix, e.g. partitionKeyFromQuery:id. */
        String written();

        /** The value among those of a record; null when it has none. */
        String valueIn(PartitionKeys keys);

        @Override
        default void accept(Visitor visitor) {
            visitor.key(this);
        }
    }

    record QueryKey(String name) implements Key {
        @Override
        public String written() {
            return "partitionKeyFromQuery:" + name;
        }

        @Override
        public String valueIn(PartitionKeys keys) {
            return keys.fromQuery().get(name);
        }
    }

    record LambdaKey(String name) implements Key {
        @Override
        public String written() {
            return "partitionKeyFromLambda:" + name;
        }

        @Override
        public String valueIn(PartitionKeys keys) {
            return keys.fromLambda().get(name);
        }
    }

    private final String text;
    private final List<Part> parts;

    private PrefixExpression(String text, List<Part> parts) {
        this.text = text;
        this.parts = List.copyOf(parts);
    }

    /**
     * Reads a prefix.
     *
     * @throws PrefixSyntaxException when an expression is not closed, has an unknown namespace or
     *     value, an empty key, or a timestamp pattern that {@link
     *     java.time.format.DateTimeFormatter} refuses
     */
    public static PrefixExpression parse(String text) {
        Objects.requireNonNull(text, "text");
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf(OPEN, at);
            if (open < 0) {
                open = text.length();
            }
            if (open > at) {
                parts.add(new Literal(text.substring(at, open)));
            }
            if (open == text.length()) {
                break;
            }
            int close = closeOf(text, open);
            parts.add(expression(text.substring(open + OPEN.length(), close), open));
            at = close + 1;
        }
        return new PrefixExpression(text, parts);
    }

    /** The prefix as it was written. */
    public String text() {
        return text;
    }

    /** Whether anything in it is to be evaluated. */
    public boolean hasExpressions() {
        return parts.stream().anyMatch(part -> !(part instanceof Literal));
    }

    /** Names used as {@code partitionKeyFromQuery}, in order of their first use. */
    public Set<String> queryKeys() {
        return names(QueryKey.class);
    }

    /** Names used as {@code partitionKeyFromLambda}, in order of their first use. */
    public Set<String> lambdaKeys() {
        return names(LambdaKey.class);
    }

    /** Whether {@code !{firehose:error-output-type}} occurs. */
    public boolean usesErrorOutputType() {
        return parts.stream().anyMatch(ErrorOutputType.class::isInstance);
    }

    boolean usesKeys() {
        return parts.stream().anyMatch(Key.class::isInstance);
    }

    List<Part> parts() {
        return parts;
    }

    private Set<String> names(Class<? extends Key> type) {
        Set<String> names = new LinkedHashSet<>();
        for (Part part : parts) {
            if (type.isInstance(part)) {
                names.add(((Key) part).name());
            }
        }
        return Collections.unmodifiableSet(names);
    }

    /** Index of the brace that closes the expression opened at {@code open}. */
    private static int closeOf(String text, int open) {
        boolean quotes = text.startsWith("timestamp:", open + OPEN.length());
        int at = open + OPEN.length();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '}') {
                return at;
            }
            if (c == '\'' && quotes) {
                int end = TimestampPattern.endOfQuote(text, at);
                if (end < 0) {
                    throw new PrefixSyntaxException(
                            at, "this single quote is not closed: a timestamp pattern needs two");
                }
                at = end;
            } else if (text.startsWith(OPEN, at)) {
                throw new PrefixSyntaxException(
                        open, "the expression is not closed by '}' before the next '!{'");
            } else {
                at++;
            }
        }
        throw new PrefixSyntaxException(open, "the expression is not closed by '}'");
    }

    private static Part expression(String content, int open) {
        int colon = content.indexOf(':');
        if (colon < 0) {
            throw new PrefixSyntaxException(
                    open,
                    "'!{%s}' is no expression: write !{namespace:value}; the namespaces %s%s"
                            .formatted(content, NAMESPACES, meant(content)));
        }
        String namespace = content.substring(0, colon);
        String value = content.substring(colon + 1);
        return switch (namespace) {
            case "timestamp" -> timestamp(value, open);
            case "firehose" -> firehose(value, open);
            case "partitionKeyFromQuery" -> new QueryKey(keyName(namespace, value, open));
            case "partitionKeyFromLambda" -> new LambdaKey(keyName(namespace, value, open));
            default ->
                    throw new PrefixSyntaxException(
                            open, "unknown namespace '%s'; %s".formatted(namespace, NAMESPACES));
        };
    }

    /** What somebody may have meant who left out the namespace or the value. */
    private static String meant(String content) {
        return switch (content) {
            case "" -> "";
            case "timestamp" -> "; did you mean !{timestamp:yyyy/MM/dd/HH}?";
            case "random-string", "error-output-type" ->
                    "; did you mean !{firehose:%s}?".formatted(content);
            default ->
                    content.matches("[yuYMLdDHhmsS/\\-]+")
                            ? "; did you mean !{timestamp:%s}?".formatted(content)
                            : "";
        };
    }

    private static Part timestamp(String pattern, int open) {
        try {
            return new Timestamp(new TimestampPattern(pattern));
        } catch (IllegalArgumentException refused) {
            throw new PrefixSyntaxException(
                    open,
                    "'%s' is not a java.time.format.DateTimeFormatter pattern: %s; text stands in single quotes"
                            .formatted(pattern, refused.getMessage()));
        }
    }

    private static Part firehose(String value, int open) {
        return switch (value) {
            case "random-string" -> new RandomString();
            case "error-output-type" -> new ErrorOutputType();
            default ->
                    throw new PrefixSyntaxException(
                            open,
                            "unknown value 'firehose:%s'; allowed are random-string and error-output-type"
                                    .formatted(value));
        };
    }

    private static String keyName(String namespace, String value, int open) {
        if (value.isEmpty()) {
            throw new PrefixSyntaxException(
                    open, "'%s:' lacks the name of a partition key".formatted(namespace));
        }
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PrefixExpression that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
