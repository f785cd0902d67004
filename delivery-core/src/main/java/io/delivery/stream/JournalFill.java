package io.delivery.stream;

import io.delivery.engine.DiskShares;
import io.delivery.record.Amount;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How full a stream's journal is, and what is said about it: a warning once when it is at 80 % of
 * its limit, which is taken back when it is below 70 %, and when it will be full at the present
 * rate. That time is rather too short than too long: the limit rises while a stream takes more,
 * unless others take more as well. Thread-safe.
 */
final class JournalFill {
    private static final Logger log = LoggerFactory.getLogger(JournalFill.class);

    private static final int WARN_PERCENT = 80;
    private static final int WELL_PERCENT = 70;
    private static final double SMOOTHING_SECONDS = 10;

    private final String stream;

    /** By how much it grew, in bytes, and in how many seconds; longer ago counts less and less. */
    private double grownBytes;

    private double grownSeconds;
    private long lastHeld;
    private long lastLimit;
    private long lastNanos;
    private boolean begun;

    private boolean warned;
    private boolean refusing;

    /** A call has been refused since the last look. */
    private boolean refused;

    /** The volume has no room for more records, whatever the limit is. */
    private boolean volumeFull;

    private volatile double secondsUntilFull = Double.POSITIVE_INFINITY;
    private volatile String trouble = "";

    JournalFill(String stream) {
        this.stream = stream;
    }

    /**
     * A look at the journal, a few times a second.
     *
     * @param held bytes that lanes have not committed
     * @param share tells whether the volume has room for more records
     * @param limit of the journal at present
     * @param nanos when that was
     */
    void look(long held, DiskShares.Share share, long limit, long nanos) {
        if (share.closedForVolume()) {
            lookWithoutVolume(held);
        } else {
            look(held, limit, nanos);
        }
    }

    /**
     * A look at the journal while the volume has room for more records.
     *
     * @param held bytes that lanes have not committed
     * @param limit of the journal at present
     * @param nanos when that was
     */
    synchronized void look(long held, long limit, long nanos) {
        if (volumeFull) {
            volumeFull = false;
            log.info("journal is open again, the volume has room for records: stream={}", stream);
        }
        estimate(held, limit, nanos);
        lastLimit = limit;
        refusing = refused;
        refused = false;
        if (refusing) {
            secondsUntilFull = 0;
        }
        judge(held, limit);
    }

    /** A look at the journal while the volume has no room for more records. */
    synchronized void lookWithoutVolume(long held) {
        if (!volumeFull) {
            volumeFull = true;
            log.warn("journal is closed, the volume has no room for records: stream={}", stream);
        }
        lastHeld = held;
        refusing = true;
        refused = false;
        secondsUntilFull = 0;
        trouble =
                "the volume of the data directory is full: producers get 503. Make room there;"
                        + " what was accepted goes on landing.";
    }

    /** There was no room for a call. Warns at once if nobody had a look before it was full. */
    synchronized void refused(long held) {
        refused = true;
        if (!refusing && !volumeFull) {
            refusing = true;
            secondsUntilFull = 0;
            judge(held, lastLimit);
        }
    }

    private void estimate(long held, long limit, long nanos) {
        double seconds = (nanos - lastNanos) / 1e9;
        if (begun && seconds <= 0) {
            return;
        }
        if (begun) {
            double left = Math.exp(-seconds / SMOOTHING_SECONDS);
            grownBytes = grownBytes * left + (held - lastHeld);
            grownSeconds = grownSeconds * left + seconds;
        }
        begun = true;
        lastHeld = held;
        lastNanos = nanos;
        secondsUntilFull =
                grownBytes <= 0
                        ? Double.POSITIVE_INFINITY
                        : Math.max(0, limit - held) / (grownBytes / grownSeconds);
    }

    private void judge(long held, long limit) {
        boolean high = percent(held, limit) >= WARN_PERCENT || refusing;
        if (high && !warned) {
            warned = true;
            log.warn(
                    "journal is getting full: stream={} percent={} bytes={} limit={}",
                    stream,
                    percent(held, limit),
                    held,
                    limit);
        } else if (warned && percent(held, limit) < WELL_PERCENT && !refusing) {
            warned = false;
            log.info(
                    "journal has room again: stream={} percent={} bytes={} limit={}",
                    stream,
                    percent(held, limit),
                    held,
                    limit);
        }
        trouble =
                warned
                        ? "the journal is %d %% full (%,d of %,d MiB): %s"
                                .formatted(percent(held, limit), held >> 20, limit >> 20, remedy())
                        : "";
    }

    private static long percent(long held, long limit) {
        return limit <= 0 ? 100 : (long) (100.0 * held / limit);
    }

    private String remedy() {
        if (refusing) {
            return "producers get 503 until objects land. Mend the store, or raise the"
                    + " disk limit.";
        }
        return Double.isInfinite(secondsUntilFull)
                ? "it does not grow at present; when it is full, producers get 503."
                : "at the present rate producers get 503 in about %s. Mend the store, or"
                                .formatted(Amount.of(Duration.ofSeconds((long) secondsUntilFull)))
                        + " raise the disk limit.";
    }

    /** Whether calls were refused of late because there was no room. */
    synchronized boolean refuses() {
        return refusing;
    }

    /** At the present rate; infinite when it does not grow, 0 while calls are refused. */
    double secondsUntilFull() {
        return secondsUntilFull;
    }

    /** One sentence, or empty while there is room enough. */
    String trouble() {
        return trouble;
    }
}
