package io.delivery.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What an expression in PromQL names: the words that are neither functions nor keywords are
 * metrics. It does not judge whether Prometheus would take the expression; promtool does.
 *
 * @param selectors the metrics, in the order in which they stand there
 * @param grouped the labels of {@code by}, {@code on} and the like
 */
record PromQl(List<Selector> selectors, Set<String> grouped) {
    /**
     * A metric with what its labels must be.
     *
     * @param labels their names
     */
    record Selector(String metric, Set<String> labels) {}

    private static final Set<String> LABEL_LISTS =
            Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
    private static final Set<String> WORDS =
            Set.of("and", "or", "unless", "bool", "Inf", "NaN", "offset");

    private static final Pattern TOKEN =
            Pattern.compile(
                    "\\s+|#[^\n]*|(\"(?:[^\"\\\\]|\\\\.)*\")|(\\[[^\\]]*\\])"
                            + "|([0-9][0-9.a-z]*)|([a-zA-Z_:][a-zA-Z0-9_:]*)|(.)");

    static PromQl of(String expression) {
        List<String> tokens =
                TOKEN.matcher(expression)
                        .results()
                        .map(MatchResult::group)
                        .filter(token -> !token.isBlank() && !token.startsWith("#"))
                        .toList();
        List<Selector> selectors = new ArrayList<>();
        Set<String> grouped = new TreeSet<>();
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            String next = i + 1 < tokens.size() ? tokens.get(i + 1) : "";
            if (!isName(token) || WORDS.contains(token)) {
                continue;
            }
            if (LABEL_LISTS.contains(token)) {
                while (next.equals("(") && !tokens.get(i).equals(")")) {
                    i++;
                    if (isName(tokens.get(i))) {
                        grouped.add(tokens.get(i));
                    }
                }
            } else if (!next.equals("(") && !LABEL_LISTS.contains(next)) {
                Set<String> labels = new TreeSet<>();
                while (next.equals("{") && !tokens.get(i).equals("}")) {
                    i++;
                    if (isName(tokens.get(i))) {
                        labels.add(tokens.get(i));
                    }
                }
                selectors.add(new Selector(token, labels));
            }
        }
        return new PromQl(selectors, grouped);
    }

    private static boolean isName(String token) {
        return token.matches("[a-zA-Z_:][a-zA-Z0-9_:]*");
    }
}
