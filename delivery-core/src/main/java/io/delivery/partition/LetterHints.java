package io.delivery.partition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Letters of a timestamp pattern that are allowed and almost certainly not meant: they stand for
 * something else than they seem to. What makes sense as it stands is left alone: {@code yyyy/DDD},
 * {@code YYYY/'W'ww}, {@code hh-a}, {@code ss.SSS}.
 */
public final class LetterHints {
    private static final String HOURS = "HhKk";

    private final List<Field> fields;
    private final Use use;

    /** What a pattern is for, and so whose letters it has. */
    public enum Use {
        /** It writes a part of an object's key: the letters of {@code java.time}. */
        FOLDERS,
        /** It reads timestamps of records: the letters of Joda-Time. */
        TEXTS
    }

    private LetterHints(List<Field> fields, Use use) {
        this.fields = fields;
        this.use = use;
    }

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
     * @param fields runs of one letter, in their order, each with the pad width before it
     */
    public static List<String> of(List<String> fields, Use use) {
        return new LetterHints(fields.stream().map(Field::new).toList(), use).judge();
    }

    private List<String> judge() {
        List<String> hints = new ArrayList<>();
        Optional<Field> before = Optional.empty();
        Set<String> told = new HashSet<>();
        for (Field field : fields) {
            Optional<String> hint = hint(field, before);
            if (hint.isPresent() && told.add(field.text())) {
                hints.add(field.text() + " is " + hint.get());
            }
            before = Optional.of(field);
        }
        return hints;
    }

    private Optional<String> hint(Field field, Optional<Field> before) {
        return switch (field.letter()) {
            case 'Y' ->
                    when(
                            use == Use.FOLDERS && (!any("w") || any("MLdD")),
                            "the year of the week, which is another one around New Year: write yyyy"
                                    + " for the year");
            case 'x' ->
                    when(
                            use == Use.TEXTS && (!any("w") || any("MdD")),
                            "the year of the week, which is another one around New Year: write yyyy"
                                    + " for the year");
            case 'w' ->
                    when(
                            !any(use == Use.FOLDERS ? "Y" : "x"),
                            "the week of a year that begins with its own first week: write %s for the year beside it"
                                    .formatted(use == Use.FOLDERS ? "YYYY" : "xxxx"));
            case 'W' ->
                    when(
                            !any("ML"),
                            "the week of the month: write ww beside YYYY for the week of the year");
            case 'D' ->
                    when(
                            any("ML") || !any(use == Use.FOLDERS ? "yu" : "yY") || !isAnyDay(field),
                            "the day of the year: write dd for the day of the month, or %s without a month"
                                    .formatted(use == Use.FOLDERS ? "yyyy/DDD" : "yyyyDDD"));
            case 'h', 'K' ->
                    when(
                            !any("aB"),
                            "the hour of half a day, so that %s: write HH for the hours 00 to 23, or add a"
                                    .formatted(
                                            use == Use.FOLDERS
                                                    ? "mornings and afternoons share a folder"
                                                    : "no afternoon is read, and half past noon becomes half past midnight"));
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

    /** Whether so many letters hold every day of a year. */
    private boolean isAnyDay(Field dayOfYear) {
        return dayOfYear.width() == 3 || use == Use.TEXTS;
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
