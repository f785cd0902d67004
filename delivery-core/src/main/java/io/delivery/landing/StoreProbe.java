package io.delivery.landing;

import java.util.List;

/**
 * Tries a store for real: what it honours, ignores and corrupts. For {@code check --online}, and
 * for calls that must know whether a bucket is there. Blocking, up to minutes when the store does
 * not answer; never called by a lane.
 */
public interface StoreProbe {
    /**
     * Writes, reads and removes a few small objects below the prefix.
     *
     * @param bucket a bucket a stream writes to
     * @param prefix where the store may be written to; may be empty. Probe objects are called
     *     {@code <prefix>delivery-probe-<random>}
     * @return in the order tried; later steps are left out when an earlier one makes them pointless
     */
    List<Finding> probe(String bucket, String prefix);

    /** Whether the bucket is there. Creates nothing. */
    BucketState bucket(String bucket);

    /** What is known of a bucket. */
    enum BucketState {
        PRESENT,
        MISSING,
        /** The store does not tell us: we may not look. */
        FORBIDDEN,
        /** No answer. */
        UNKNOWN
    }

    /**
     * One thing tried.
     *
     * @param subject what was tried, e.g. {@code second put under the condition}
     * @param saw what came back
     * @param remedy the setting or policy that cures it; empty when there is nothing to do
     */
    record Finding(Verdict verdict, String subject, String saw, String remedy) {
        /** Whether records cannot land, or not be trusted, before somebody does something. */
        public boolean isProblem() {
            return verdict == Verdict.REFUSED || verdict == Verdict.CORRUPTED;
        }
    }

    /** How it went. */
    enum Verdict {
        HONOURED,
        /** Accepted and not done. Landing works; what the feature protects from is unprotected. */
        IGNORED,
        /** A right or feature that is not there and that landing can do without. */
        MISSING,
        /** Refused, and landing rests on it. */
        REFUSED,
        /** Other bytes came back. */
        CORRUPTED
    }
}
