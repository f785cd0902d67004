package io.delivery.cli;

import io.delivery.suggest.SampleCheck;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Tells why samples do not convert: the first ones by place, all of them by number. */
final class SampleTellings {
    static final int MOST_SHOWN = 20;
    private static final int MOST_NAME = 100;

    private final PrintWriter out;
    private final String what;
    private long count;

    /**
     * @param what happened to the sample, before the reason
     */
    SampleTellings(PrintWriter out, String what) {
        this.out = out;
        this.what = what;
    }

    void add(String place, String reason) {
        if (count++ < MOST_SHOWN) {
            out.println("%s: %s: %s".formatted(place, what, reason));
        }
    }

    long count() {
        return count;
    }

    /** How many were not shown. */
    void end() {
        if (count > MOST_SHOWN) {
            out.println("%d more samples: %s".formatted(count - MOST_SHOWN, what));
        }
    }

    static void print(Collection<SampleCheck.Reason> reasons, PrintWriter out) {
        for (SampleCheck.Reason reason : reasons) {
            out.println(
                    "%,9d  %s%s%s  (%s%s)"
                            .formatted(
                                    reason.count(),
                                    reason.code(),
                                    reason.code().isEmpty() ? "" : ": ",
                                    reason.message(),
                                    String.join(", ", reason.examples()),
                                    reason.count() > reason.examples().size() ? ", …" : ""));
        }
    }

    /** Fields that a table does not have: they are dropped, and counted here as in the service. */
    static void printUnknown(Map<String, Long> unknown, PrintWriter out) {
        if (!unknown.isEmpty()) {
            out.println("values without a column in samples that convert, by field:");
            mostFirst(unknown).stream()
                    .limit(MOST_SHOWN)
                    .forEach(
                            field ->
                                    out.println(
                                            "%,9d  %s"
                                                    .formatted(
                                                            field.getValue(),
                                                            shortened(field.getKey()))));
            if (unknown.size() > MOST_SHOWN) {
                out.println("           %d more fields".formatted(unknown.size() - MOST_SHOWN));
            }
        }
    }

    private static String shortened(String name) {
        int end = Math.min(name.length(), MOST_NAME);
        return name.substring(0, end) + (end < name.length() ? "…" : "");
    }

    static List<Map.Entry<String, Long>> mostFirst(Map<String, Long> unknown) {
        return unknown.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .toList();
    }
}
