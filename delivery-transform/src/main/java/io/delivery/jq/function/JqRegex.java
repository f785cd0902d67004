package io.delivery.jq.function;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.regex.Regex;
import io.delivery.jq.regex.RegexSyntaxException;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import java.util.LinkedHashMap;
import java.util.Map;

/** Regular expressions that were used last, and searches by them as jq 1.6 makes them. */
final class JqRegex {
    private static final int MOST_KEPT = 32;
    private static final String FLAGS = "gnixmspl";

    private final Budget budget;

    private final Map<Key, Regex> compiled =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Regex> eldest) {
                    return size() > MOST_KEPT;
                }
            };

    private record Key(String pattern, String flags) {}

    JqRegex(Budget budget) {
        this.budget = budget;
    }

    /** Looks for one match behind the other. */
    final class Search {
        private final Regex regex;
        private final String text;
        private final boolean isGlobal;
        private int from;
        private boolean isOver;

        // Code points before a place, so that places in a row are counted once.
        private int counted;
        private int countedPoints;

        private Search(Regex regex, String text, boolean isGlobal) {
            this.regex = regex;
            this.text = text;
            this.isGlobal = isGlobal;
        }

        /** Null when there is none any more. */
        Regex.Match next() {
            Regex.Match match = isOver ? null : regex.search(text, from, budget);
            if (match == null) {
                return null;
            }
            // Behind a match of nothing one character is skipped from where the search began.
            from =
                    !match.isEmpty(0)
                            ? match.end(0)
                            : from < text.length() ? text.offsetByCodePoints(from, 1) : from;
            isOver = !isGlobal || from >= text.length();
            return match;
        }

        int length() {
            return text.length();
        }

        String name(int group) {
            return regex.name(group);
        }

        String text(int begin, int end) {
            return text.substring(begin, Math.max(begin, end));
        }

        String text(Regex.Match match, int group) {
            return text(match.begin(group), match.end(group));
        }

        int codePoints(Regex.Match match, int group) {
            return codePointsBefore(match.end(group)) - codePointsBefore(match.begin(group));
        }

        int codePointsBefore(int place) {
            if (place < counted) {
                counted = 0;
                countedPoints = 0;
            }
            countedPoints += text.codePointCount(counted, place);
            counted = place;
            return countedPoints;
        }
    }

    /**
     * @param moreFlags to those that are given
     */
    Search search(JsonNode subject, JsonNode pattern, JsonNode flags, String moreFlags)
            throws JqError {
        if (!subject.isTextual()) {
            throw JqError.of(subject, "cannot be matched, as it is not a string");
        }
        if (!pattern.isTextual()) {
            throw JqError.of(pattern, "is not a string");
        }
        if (!flags.isTextual() && !flags.isNull()) {
            throw JqError.of(flags, "is not a string");
        }
        String allFlags = moreFlags + (flags.isNull() ? "" : flags.textValue());
        budget.chargeCharacters(allFlags.length());
        budget.chargeSameness(pattern.textValue().length());
        Regex regex = compiled(pattern.textValue(), allFlags);
        return new Search(regex, subject.textValue(), allFlags.indexOf('g') >= 0);
    }

    private Regex compiled(String pattern, String flags) throws JqError {
        Key key = new Key(pattern, flags);
        Regex known = compiled.get(key);
        if (known == null) {
            known = compile(pattern, flags);
            compiled.put(key, known);
        }
        return known;
    }

    private Regex compile(String pattern, String flags) throws JqError {
        if (!flags.chars().allMatch(flag -> FLAGS.indexOf(flag) >= 0)) {
            throw new JqError(
                    flags + " is not a valid modifier string",
                    "not a flag of a regular expression");
        }
        budget.charge(pattern.length());
        try {
            return Regex.compile(pattern, flags);
        } catch (RegexSyntaxException notARegex) {
            throw new JqError("Regex failure: " + notARegex.getMessage(), "Regex failure");
        }
    }
}
