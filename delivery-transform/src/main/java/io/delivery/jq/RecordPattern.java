package io.delivery.jq;

import io.delivery.jq.regex.Regex;
import io.delivery.jq.regex.RegexSyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A regular expression with named groups, in Oniguruma's syntax as jq's {@code capture} takes it.
 * Immutable.
 */
public final class RecordPattern {
    private final String pattern;
    private final Regex regex;
    private final Map<String, List<Integer>> groups;

    private RecordPattern(String pattern, Regex regex, Map<String, List<Integer>> groups) {
        this.pattern = pattern;
        this.regex = regex;
        this.groups = groups;
    }

    /**
     * Checks a pattern.
     *
     * @param pattern with at least one group that has a name: {@code (?<status>[0-9]+)}
     * @throws IllegalArgumentException when it is no regular expression, in Oniguruma's words, or
     *     has no such group
     */
    public static RecordPattern compile(String pattern) {
        Regex regex;
        try {
            regex = Regex.compile(pattern, "");
        } catch (RegexSyntaxException wrong) {
            throw new IllegalArgumentException(
                    "must be a regular expression: " + wrong.getMessage(), wrong);
        }
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        for (int group = 1; group < regex.groups(); group++) {
            if (regex.name(group) != null) {
                groups.computeIfAbsent(regex.name(group), name -> new ArrayList<>()).add(group);
            }
        }
        if (groups.isEmpty()) {
            throw new IllegalArgumentException(
                    "must have a group with a name, such as (?<status>[0-9]+)");
        }
        return new RecordPattern(pattern, regex, Collections.unmodifiableMap(groups));
    }

    Regex regex() {
        return regex;
    }

    /** Names in the order of their first groups, each with the numbers of its groups. */
    Map<String, List<Integer>> groups() {
        return groups;
    }

    @Override
    public String toString() {
        return pattern;
    }
}
