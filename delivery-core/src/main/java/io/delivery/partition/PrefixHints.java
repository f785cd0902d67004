package io.delivery.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a prefix says that is allowed and almost certainly not meant: letters of a timestamp pattern
 * that stand for something else than they seem to ({@link LetterHints}), and expressions that are
 * only text. The letters are judged over all timestamps of a prefix, which people write in one
 * expression or in several.
 */
public final class PrefixHints {
    /** What somebody meant as an expression, in text that begins none. */
    private static final Pattern NAMESPACE =
            Pattern.compile("(timestamp|firehose|partitionKeyFromQuery|partitionKeyFromLambda):");

    private static final Pattern DATE_LETTERS = Pattern.compile("yyyy|YYYY|%Y|%y|%m|%d|%H");

    private final List<String> hints = new ArrayList<>();
    private final List<String> fields = new ArrayList<>();

    private PrefixHints() {}

    /**
     * One sentence for each of them, with what to write instead.
     *
     * @return none for a prefix that {@link PrefixExpression#parse} refuses, too
     */
    public static List<String> of(String prefix) {
        PrefixHints found = new PrefixHints();
        try {
            PrefixExpression.parse(prefix).parts().forEach(part -> part.accept(found.new Reader()));
        } catch (PrefixSyntaxException told) {
            return List.of();
        }
        found.hints.addAll(LetterHints.of(found.fields, LetterHints.Use.FOLDERS));
        return found.hints;
    }

    private final class Reader implements PrefixExpression.Visitor {
        @Override
        public void literal(PrefixExpression.Literal literal) {
            textOf(literal.text());
        }

        @Override
        public void timestamp(PrefixExpression.Timestamp timestamp) {
            String pattern = timestamp.pattern().pattern();
            if (!pattern.equals(pattern.strip())) {
                hints.add(
                        "the blank at the edge of '%s' goes into the key: write !{timestamp:%s}"
                                .formatted(pattern, pattern.strip()));
            }
            fields.addAll(timestamp.pattern().fields());
        }

        @Override
        public void randomString() {
            // It has no letters.
        }

        @Override
        public void errorOutputType() {
            // It has no letters.
        }

        @Override
        public void key(PrefixExpression.Key key) {
            // It has no letters.
        }
    }

    private void textOf(String text) {
        Matcher namespace = NAMESPACE.matcher(text);
        if (namespace.find()) {
            hints.add(
                    "%s is text here: an expression begins with !{ and ends with }, as in !{%s…}"
                            .formatted(namespace.group(), namespace.group()));
            return;
        }
        Matcher letters = DATE_LETTERS.matcher(text);
        if (letters.find()) {
            hints.add(
                    "%s is text here: a time is written !{timestamp:…}, as in !{timestamp:yyyy/MM/dd/HH}"
                            .formatted(letters.group()));
        }
    }
}
