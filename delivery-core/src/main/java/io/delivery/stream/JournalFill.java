package io.delivery.stream;

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

    private volatile double secondsUntilFull = Double.POSITIVE_INFINITY;
    private volatile String trouble = "";

    JournalFill(String stream) {
        this.stream = stream;
    }

    /**
     * A look at the journal, a few times a second.
     *
     * @param held bytes that lanes have not committed
     * @param limit of the journal at present
     * @param nanos when that was
     */
    synchronized void look(long held, long limit, long nanos) {
        estimate(held, limit, nanos);
        lastLimit = limit;
        refusing = refused;
        refused = false;
        if (refusing) {
            secondsUntilFull = 0;
        }
        judge(held, limit);
    }

    /** There was no room for a call. Warns at once if nobody had a look before it was full. */
    synchronized void refused(long held) {
        refused = true;
        if (!refusing) {
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
            log.warn("Journal is getting full stream={} {}", stream, words(held, limit));
        } else if (warned && percent(held, limit) < WELL_PERCENT && !refusing) {
            warned = false;
            log.info("Journal has room again stream={} {}", stream, words(held, limit));
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

    private static String words(long held, long limit) {
        return "percent=%d bytes=%d limit=%d".formatted(percent(held, limit), held, limit);
    }

    private String remedy() {
        if (refusing) {
            return "calls are answered 503 until objects land. Mend the store, or raise the"
                    + " disk limit.";
        }
        return Double.isInfinite(secondsUntilFull)
                ? "it does not grow at present; when it is full, calls are answered 503."
                : "at the present rate calls are answered 503 in about %s. Mend the store, or"
                                .formatted(inWords(secondsUntilFull))
                        + " raise the disk limit.";
    }

    private static String inWords(double seconds) {
        return seconds < 120
                ? Math.round(seconds) + " s"
                : seconds < 7200
                        ? Math.round(seconds / 60) + " min"
                        : Math.round(seconds / 3600) + " h";
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
