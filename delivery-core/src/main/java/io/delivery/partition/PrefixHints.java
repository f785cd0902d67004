package io.delivery.partition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a prefix says that is allowed and almost certainly not meant: letters of a timestamp pattern
 * that stand for something else than they seem to, and expressions that are only text.
 *
 * <p>The letters are judged over all timestamps of a prefix, which people write in one expression
 * or in several. What makes sense as it stands is left alone: {@code yyyy/DDD}, {@code YYYY/'W'ww},
 * {@code hh-a}, {@code ss.SSS}.
 */
public final class PrefixHints {
    private static final String HOURS = "HhKk";

    /** What somebody meant as an expression, in text that begins none. */
    private static final Pattern NAMESPACE =
            Pattern.compile("(timestamp|firehose|partitionKeyFromQuery|partitionKeyFromLambda):");

    private static final Pattern DATE_LETTERS = Pattern.compile("yyyy|YYYY|%Y|%y|%m|%d|%H");

    private final List<String> hints = new ArrayList<>();
    private final List<Field> fields = new ArrayList<>();

    private PrefixHints() {}

    /** A run of one letter in a timestamp pattern. */
    private record Field(String text) {
        char letter() {
            return text.charAt(text.length() - 1);
        }

        int width() {
            return text.length() - text.indexOf(letter());
        }

        boolean isHour() {
            return HOURS.indexOf(letter()) >= 0;
        }
    }

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
        found.judge();
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
            timestamp.pattern().fields().forEach(text -> fields.add(new Field(text)));
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

    private void judge() {
        Optional<Field> before = Optional.empty();
        Set<String> told = new HashSet<>();
        for (Field field : fields) {
            Optional<String> hint = hint(field, before);
            if (hint.isPresent() && told.add(field.text())) {
                hints.add(field.text() + " is " + hint.get());
            }
            before = Optional.of(field);
        }
    }

    private Optional<String> hint(Field field, Optional<Field> before) {
        return switch (field.letter()) {
            case 'Y' ->
                    when(
                            !any("w") || any("MLdD"),
                            "the year of the week, which is another one around New Year: write yyyy"
                                    + " for the year");
            case 'w' ->
                    when(
                            !any("Y"),
                            "the week of a year that begins with its own first week: write YYYY for"
                                    + " the year beside it");
            case 'W' ->
                    when(
                            !any("ML"),
                            "the week of the month: write ww beside YYYY for the week of the year");
            case 'D' ->
                    when(
                            any("ML") || !any("yu") || field.width() != 3,
                            "the day of the year: write dd for the day of the month, or yyyy/DDD"
                                    + " without a month");
            case 'h', 'K' ->
                    when(
                            !any("aB"),
                            "the hour of half a day, so that mornings and afternoons share a"
                                    + " folder: write HH for the hours 00 to 23, or add a");
            case 'k' -> when(true, "the hour from 1 to 24: write HH for the hours 00 to 23");
            case 'm' -> when(isMonth(field), "the minute: write MM for the month");
            case 'M' ->
                    when(
                            before.filter(Field::isHour).isPresent(),
                            "the month, and stands behind the hour: write mm for the minute");
            case 'A' -> when(true, "the millisecond of the day: write yyyy for the year");
            case 'N' -> when(true, "the nanosecond of the day: write mm for the minute");
            case 'n' -> when(!any("s"), "the nanosecond: write mm for the minute");
            case 'S' -> when(!any("s"), "a fraction of a second: write ss for the second");
            default -> Optional.empty();
        };
    }

    private static Optional<String> when(boolean condition, String hint) {
        return condition ? Optional.of(hint) : Optional.empty();
    }

    /** A minute where no hour is, or that stands between a year and a day in a month's place. */
    private boolean isMonth(Field minute) {
        boolean inPlace = !any("ML") && any("dyuY") && before(minute, 'd');
        return any("yuYd") && !any(HOURS) || inPlace;
    }

    private boolean before(Field field, char letter) {
        int at = fields.indexOf(field);
        return fields.subList(at, fields.size()).stream().anyMatch(f -> f.letter() == letter);
    }

    private boolean any(String letters) {
        return fields.stream().anyMatch(field -> letters.indexOf(field.letter()) >= 0);
    }
}
