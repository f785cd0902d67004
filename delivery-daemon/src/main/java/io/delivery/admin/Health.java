package io.delivery.admin;

import java.util.ArrayList;
import java.util.List;

/**
 * An answer to a health question.
 *
 * @param reasons one sentence each; a healthy answer may carry hints as well
 */
public record Health(boolean healthy, List<String> reasons) {
    public static final Health GOOD = new Health(true, List.of());

    public Health {
        reasons = List.copyOf(reasons);
    }

    /** The same answer, with more reasons to look. */
    public Health with(List<String> moreReasons) {
        List<String> all = new ArrayList<>(reasons);
        all.addAll(moreReasons);
        return new Health(healthy, all);
    }

    /** Not healthy, and why. */
    public static Health bad(String reason) {
        return new Health(false, List.of(reason));
    }
}
