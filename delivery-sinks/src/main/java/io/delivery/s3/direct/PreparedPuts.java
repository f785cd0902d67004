package io.delivery.s3.direct;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link PreparedPut} of each bucket, and what stores have answered to requests that were made
 * from it. After a failure there is none until the SDK has made a request into the bucket that the
 * store took. When {@value #REFUSALS} requests in a row were refused and the SDK's next one was
 * taken each time, the requests that are made here may be wrong in a way that nobody knows of: the
 * bucket is left to the SDK from then on. Thread-safe.
 */
final class PreparedPuts {
    private static final Logger log = LoggerFactory.getLogger(PreparedPuts.class);

    /** Refused requests in a row, each followed by one of the SDK that was taken. */
    static final int REFUSALS = 3;

    /**
     * @param prepared null where there is none
     * @param refused what the last request was made from, if it was refused and the SDK has made
     *     none since; otherwise null
     * @param refusals in a row
     */
    private record OfOneBucket(PreparedPut prepared, PreparedPut refused, int refusals) {
        static final OfOneBucket NEW = new OfOneBucket(null, null, 0);

        boolean isLeftToTheSdk() {
            return refusals >= REFUSALS;
        }

        OfOneBucket worked() {
            return isLeftToTheSdk() ? this : new OfOneBucket(prepared, null, 0);
        }
    }

    private final Map<String, OfOneBucket> buckets = new ConcurrentHashMap<>();

    private OfOneBucket of(String bucket) {
        return buckets.getOrDefault(bucket, OfOneBucket.NEW);
    }

    /** Empty where the SDK is to make the request. */
    Optional<PreparedPut> get(String bucket) {
        return Optional.ofNullable(of(bucket).prepared());
    }

    /** What the last request was made from, if the store refused it; otherwise empty. */
    Optional<PreparedPut> refused(String bucket) {
        return Optional.ofNullable(of(bucket).refused());
    }

    /**
     * The store has taken a request of the SDK.
     *
     * @param fresh made from that
     * @param refusedBefore what was {@link #refused} when the SDK began
     */
    void add(String bucket, PreparedPut fresh, Optional<PreparedPut> refusedBefore) {
        buckets.compute(
                bucket, (name, known) -> added(bucket, known, fresh, refusedBefore.orElse(null)));
    }

    private static OfOneBucket added(
            String bucket, OfOneBucket known, PreparedPut fresh, PreparedPut refusedBefore) {
        if (known == null) {
            return new OfOneBucket(fresh, null, 0);
        }
        if (known.isLeftToTheSdk()) {
            return known;
        }
        if (refusedBefore == null || known.refused() != refusedBefore) {
            return new OfOneBucket(fresh, known.refused(), known.refusals());
        }
        int refusals = known.refusals() + 1;
        if (refusals < REFUSALS) {
            return new OfOneBucket(fresh, null, refusals);
        }
        log.warn(
                "small objects cost more CPU from now on, since the store refused requests that"
                        + " the AWS SDK had not made: bucket={} refused={}",
                bucket,
                refusals);
        return new OfOneBucket(null, null, refusals);
    }

    /** The store has taken a request that was made here. */
    void worked(String bucket) {
        OfOneBucket known = of(bucket);
        if (known.refusals() > 0 || known.refused() != null) {
            buckets.computeIfPresent(bucket, (name, last) -> last.worked());
        }
    }

    /** There is no use for it now, and nothing is told against it. */
    void remove(String bucket, PreparedPut used) {
        buckets.computeIfPresent(
                bucket,
                (name, known) ->
                        known.prepared() == used
                                ? new OfOneBucket(null, known.refused(), known.refusals())
                                : known);
    }

    /** The store has refused the request that was made from this one. */
    void refused(String bucket, PreparedPut used) {
        buckets.computeIfPresent(
                bucket,
                (name, known) ->
                        known.prepared() == used
                                ? new OfOneBucket(null, used, known.refusals())
                                : known);
    }

    /** Has the SDK make the next request of every bucket. */
    void removeAll() {
        buckets.replaceAll(
                (name, known) -> new OfOneBucket(null, known.refused(), known.refusals()));
    }
}
