package io.delivery.admin;

import java.util.ArrayList;
import java.util.List;

/**
 * An answer to a health question.
 *
 * @param answersYes the answer to the question itself: 200 or 503
 * @param reasons one sentence each: why the answer is no, and whatever else an operator should look
 *     at although the answer is yes
 */
public record Health(boolean answersYes, List<String> reasons) {
    public static final Health GOOD = new Health(true, List.of());

    public Health {
        reasons = List.copyOf(reasons);
    }

    /** The same answer, with more reasons to look. */
    public Health with(List<String> moreReasons) {
        List<String> all = new ArrayList<>(reasons);
        all.addAll(moreReasons);
        return new Health(answersYes, all);
    }

    /** The answer is no, and why. */
    public static Health bad(String reason) {
        return new Health(false, List.of(reason));
    }

    /** Whether there is nothing to look at. */
    public boolean healthy() {
        return answersYes && reasons.isEmpty();
    }
}
