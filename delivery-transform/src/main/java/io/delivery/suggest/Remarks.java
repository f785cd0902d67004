package io.delivery.suggest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What people should know of a suggested table, in bounded length. */
final class Remarks {
    private static final int MAX = 500;

    private final Map<String, List<String>> ofPath = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int count;

    /** Something about a field; nothing when the text is empty. */
    void add(String path, String remark) {
        if (!remark.isEmpty() && count < MAX) {
            ofPath.computeIfAbsent(path, p -> new ArrayList<>()).add(remark);
            count++;
        }
    }

    /** The same, which may cost data. */
    void problem(String path, String remark) {
        add(path, remark);
        if (problems.size() < MAX) {
            problems.add(path + ": " + remark);
        }
    }

    /** Something about a field that only the person who asked is told; the table keeps it not. */
    void note(String path, String note) {
        if (notes.size() < MAX) {
            notes.add(path + ": " + note);
        }
    }

    List<String> notes() {
        return notes;
    }

    List<String> problems() {
        return problems;
    }

    /** All that was said of a column and its parts; empty when nothing was. */
    String ofColumn(String path) {
        StringBuilder text = new StringBuilder();
        ofPath.forEach(
                (at, remarks) -> {
                    boolean below =
                            at.startsWith(path)
                                    && at.length() > path.length()
                                    && ".[{".indexOf(at.charAt(path.length())) >= 0;
                    if (at.equals(path) || below) {
                        for (String remark : remarks) {
                            text.append(text.isEmpty() ? "" : "; ");
                            text.append(below ? at.substring(path.length()) + ": " : "");
                            text.append(remark);
                        }
                    }
                });
        return text.toString();
    }
}
