package io.delivery.admin;

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

    /** Not healthy, and why. */
    public static Health bad(String reason) {
        return new Health(false, List.of(reason));
    }
}
