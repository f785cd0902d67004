package io.delivery.quickstart;

import java.util.ArrayList;
import java.util.List;

/** Cells in columns, for a screen. */
final class TextTable {
    private static final int MAX_WIDTH = 64;
    private static final int MAX_LAST_WIDTH = 48;

    private TextTable() {}

    /** Long texts are cut; control characters become spaces: a record must not move the cursor. */
    static List<String> of(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                int width = cut(row.get(i), MAX_WIDTH).length();
                if (i == widths.size()) {
                    widths.add(0);
                }
                widths.set(i, Math.max(widths.get(i), width));
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                boolean last = i == row.size() - 1;
                String text = cut(row.get(i), last ? MAX_LAST_WIDTH : MAX_WIDTH);
                line.append(text);
                if (!last) {
                    line.append(" ".repeat(widths.get(i) - text.length() + 2));
                }
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    static String cut(String text, int width) {
        StringBuilder plain = new StringBuilder();
        text.codePoints()
                .limit(width + 1L)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .forEach(plain::appendCodePoint);
        return plain.length() <= width ? plain.toString() : plain.substring(0, width - 1) + "…";
    }
}
