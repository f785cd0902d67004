package io.delivery.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The word that somebody probably meant. */
public final class Suggestion {
    private static final int LONGEST = 64;

    private Suggestion() {}

    /** The nearest of the known words, when one is near enough to be a slip of the pen. */
    public static Optional<String> nearest(String written, Collection<String> known) {
        if (written.isEmpty() || written.length() > LONGEST) {
            return Optional.empty();
        }
        String folded = folded(written);
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String word : known) {
            int distance = distance(folded, folded(word));
            if (distance < least) {
                best = word;
                least = distance;
            }
        }
        return Optional.ofNullable(best).filter(b -> near(folded, folded(b)));
    }

    /** {@code ; did you mean X?}, or nothing. */
    public static String ask(String written, Collection<String> known) {
        return nearest(written, known).map(s -> "; did you mean " + s + "?").orElse("");
    }

    /** What is wrong with a name that nothing of a section of the configuration has. */
    static String mustBeOneOf(String section, Collection<String> names, String written) {
        return "must be one of %s (%s), was %s%s"
                .formatted(
                        section,
                        names.isEmpty() ? "there is none" : String.join(", ", names),
                        written,
                        ask(written, names));
    }

    private static boolean near(String written, String word) {
        return distance(written, word)
                <= Math.max(1, Math.min(written.length(), word.length()) / 3);
    }

    private static String folded(String word) {
        return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Insertions, deletions, replacements and swaps of neighbours. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replace = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] =
                        Math.min(d[i - 1][j - 1] + replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
