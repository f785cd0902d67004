package io.delivery.jq.regex;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which characters are alike but for their case, one with one or one with several. */
final class CaseFolding {
    /** Several characters to the one that stands for them: {@code ss} to {@code ß}. */
    private static final Map<String, List<Integer>> ONE_FOR_SEVERAL = new HashMap<>();

    static {
        for (int c = 0x80; c <= Character.MAX_VALUE; c++) {
            String several = expansion(c);
            if (several != null) {
                ONE_FOR_SEVERAL.computeIfAbsent(several, s -> new ArrayList<>()).add(c);
            }
        }
        // The capital sharp s has no expansion of its own in Java.
        ONE_FOR_SEVERAL.computeIfAbsent("ss", s -> new ArrayList<>()).add(0x1e9e);
    }

    private CaseFolding() {}

    static int fold(int codePoint) {
        return Character.toLowerCase(Character.toUpperCase(codePoint));
    }

    /** The several characters that one is like; null for all but about a hundred. */
    static String expansion(int codePoint) {
        if (codePoint == 0x1e9e) {
            return "ss";
        }
        if (codePoint < 0x80 || Character.isSurrogate((char) codePoint)) {
            return null;
        }
        String upper = Character.toString(codePoint).toUpperCase(Locale.ROOT);
        String lower = Character.toString(codePoint).toLowerCase(Locale.ROOT);
        return upper.length() > 1 ? folded(upper) : lower.length() > 1 ? folded(lower) : null;
    }

    private static String folded(String text) {
        StringBuilder folded = new StringBuilder();
        text.codePoints().map(CaseFolding::fold).forEach(folded::appendCodePoint);
        return folded.toString();
    }

    /** The characters that stand for several, of these or of more. */
    static List<Integer> oneFor(String several) {
        return ONE_FOR_SEVERAL.getOrDefault(folded(several), List.of());
    }
}
