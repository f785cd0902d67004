package io.delivery.cli;

import io.delivery.suggest.SampleCheck;
import java.io.PrintWriter;
import java.util.Collection;

/** Tells why samples do not convert: the first ones by place, all of them by number. */
final class SampleTellings {
    static final int MOST_SHOWN = 20;

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
}
