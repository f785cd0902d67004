package io.delivery.verify;

import java.util.List;

/**
 * What came out.
 *
 * @param lanes in the order of streams
 * @param places buckets; empty when only the books were checked
 */
public record Report(List<LaneReport> lanes, List<PlaceReport> places, Findings findings) {
    /** The result in one word. */
    public enum Result {
        /** Everything that was looked at is as it was recorded. */
        EQUAL,
        /** Objects that landed are not there any more; everything else is as it was recorded. */
        MISSING,
        /** Something is damaged, unbalanced, changed, unknown, void or could not be seen. */
        UNEQUAL
    }

    public Result result() {
        if (findings.onlyWarnings()) {
            return Result.EQUAL;
        }
        return findings.onlyMissing() ? Result.MISSING : Result.UNEQUAL;
    }
}
