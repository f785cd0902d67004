package io.delivery.api.quota;

import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So much per second. Up to a second's worth is saved up; as long as anything is left the next
 * record passes as a whole, and what it takes too much is owed. So a record that is larger than the
 * rate passes, and the rate holds over time. Lock-free.
 */
final class Rate {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long perSecond;

    /**
     * On the monotonic clock, until when everything has been taken. A second ago and earlier: a
     * second's worth is there. Later than now: so much is owed.
     */
    private final AtomicLong takenUntil;

    /**
     * @param perSecond at least 1
     * @param nowNanos a second's worth is there at this time
     */
    Rate(long perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.takenUntil = new AtomicLong(nowNanos - SECOND);
    }

    /**
     * Takes one for each of so many.
     *
     * @return how many pass
     */
    int take(int wanted, long nowNanos) {
        while (true) {
            long before = takenUntil.get();
            long owed = owed(before, nowNanos);
            int passing = 0;
            while (passing < wanted && owed + nanosOf(passing) < 0) {
                passing++;
            }
            if (takenUntil.compareAndSet(before, nowNanos + owed + nanosOf(passing))) {
                return passing;
            }
        }
    }

    /**
     * Takes the bytes of records, as long as anything is left before each of them.
     *
     * @param wanted at most so many records of the batch
     * @return how many of the first ones pass
     */
    int takeBytes(RecordBatch batch, int wanted, long nowNanos) {
        while (true) {
            long before = takenUntil.get();
            long owed = owed(before, nowNanos);
            RecordBatch.Cursor records = batch.cursor();
            long bytes = 0;
            int passing = 0;
            while (passing < wanted && owed + nanosOf(bytes) < 0) {
                DeliveryRecord next = records.next();
                bytes += next.length();
                passing++;
            }
            if (takenUntil.compareAndSet(before, nowNanos + owed + nanosOf(bytes))) {
                return passing;
            }
        }
    }

    /** So many were taken and did not pass after all. */
    void giveBack(long amount) {
        takenUntil.addAndGet(-nanosOf(amount));
    }

    /** Negative while something is left: a second at most. */
    private static long owed(long takenUntil, long nowNanos) {
        return Math.max(takenUntil - nowNanos, -SECOND);
    }

    /** A call has 4 MiB at most: nothing overflows. */
    private long nanosOf(long amount) {
        return amount * SECOND / perSecond;
    }
}
