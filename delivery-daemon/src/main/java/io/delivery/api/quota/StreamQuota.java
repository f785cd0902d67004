package io.delivery.api.quota;

import io.delivery.config.Quota;
import io.delivery.record.RecordBatch;
import java.util.Optional;

/** What producers may put into one stream, and what they have put of late. Thread-safe. */
public final class StreamQuota {
    /** Nothing is limited. */
    public static final StreamQuota NONE = new StreamQuota(Quota.NONE, 0, (cause, records) -> {});

    private final Optional<Rate> requests;
    private final Optional<Rate> records;
    private final Optional<Rate> bytes;
    private final Refused refused;

    /** What was used up: the label of the metric. */
    enum Cause {
        REQUESTS("requests_quota"),
        RECORDS("records_quota"),
        BYTES("bytes_quota");

        private final String label;

        Cause(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** Is told of records that do not pass. */
    interface Refused {
        void told(Cause cause, int records);
    }

    /**
     * @param nowNanos a second's worth of everything is there at this time
     */
    StreamQuota(Quota quota, long nowNanos, Refused refused) {
        this.requests = quota.requests().map(rate -> new Rate(rate, nowNanos));
        this.records = quota.records().map(rate -> new Rate(rate, nowNanos));
        this.bytes = quota.bytes().map(rate -> new Rate(rate, nowNanos));
        this.refused = refused;
    }

    /**
     * Lets records of a call pass.
     *
     * @param batch all of the call's
     * @param nowNanos of the monotonic clock
     * @return how many of the first ones pass; 0: the call as a whole is to come again
     */
    public int admit(RecordBatch batch, long nowNanos) {
        int all = batch.count();
        if (requests.isPresent() && requests.get().take(1, nowNanos) == 0) {
            refused.told(Cause.REQUESTS, all);
            return 0;
        }
        int weighed = bytes.isPresent() ? bytes.get().takeBytes(batch, all, nowNanos) : all;
        if (weighed < all) {
            refused.told(Cause.BYTES, all - weighed);
        }
        int counted = records.isPresent() ? records.get().take(weighed, nowNanos) : weighed;
        if (counted < weighed) {
            refused.told(Cause.RECORDS, weighed - counted);
            bytes.ifPresent(rate -> rate.giveBack(bytes(batch, weighed) - bytes(batch, counted)));
        }
        return counted;
    }

    /**
     * Gives back what a call has taken whose records were not accepted after all.
     *
     * @param batch all of the call's, as it was given to {@link #admit}
     * @param admitted how many of the first ones had passed, at least one
     */
    public void giveBack(RecordBatch batch, int admitted) {
        requests.ifPresent(rate -> rate.giveBack(1));
        records.ifPresent(rate -> rate.giveBack(admitted));
        bytes.ifPresent(rate -> rate.giveBack(bytes(batch, admitted)));
    }

    private static long bytes(RecordBatch batch, int first) {
        return batch.first(first).recordBytes();
    }
}
