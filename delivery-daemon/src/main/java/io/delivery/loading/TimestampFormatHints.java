package io.delivery.loading;

import io.delivery.partition.LetterHints;
import java.util.ArrayList;
import java.util.List;

/**
 * What a timestamp format of the Hive serde says that is allowed and almost certainly not meant.
 */
final class TimestampFormatHints {
    private static final String MILLIS = "millis";

    private TimestampFormatHints() {}

    /**
     * One sentence for each of them, with what to write instead.
     *
     * @param format a pattern of Joda-Time that can be used, or {@code millis}
     */
    static List<String> of(String format) {
        return format.equals(MILLIS)
                ? List.of()
                : LetterHints.of(fields(format), LetterHints.Use.TEXTS);
    }

    /** Its runs of one letter, outside of quotes. */
    private static List<String> fields(String format) {
        List<String> fields = new ArrayList<>();
        boolean quoted = false;
        int at = 0;
        while (at < format.length()) {
            char letter = format.charAt(at);
            int end = at + 1;
            if (letter == '\'') {
                quoted = !quoted;
            } else if (!quoted && Character.isLetter(letter)) {
                while (end < format.length() && format.charAt(end) == letter) {
                    end++;
                }
                fields.add(format.substring(at, end));
            }
            at = end;
        }
        return fields;
    }
}
