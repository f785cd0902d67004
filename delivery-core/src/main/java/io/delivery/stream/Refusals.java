package io.delivery.stream;

import io.delivery.engine.Engine;
import io.delivery.failure.RepeatedFailure;
import io.delivery.journal.JournalFullException;
import io.delivery.metrics.Metric;
import io.delivery.world.DiskFullException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a stream refuses its producers at present, and why: counted, told to the log once, and
 * shown to operators. Thread-safe.
 */
final class Refusals {
    private static final Logger log = LoggerFactory.getLogger(DeliveryStream.class);

    /** Producers wait less than this before they try again: whoever has not, has gone. */
    private static final Duration CURRENT = Duration.ofMinutes(1);

    private final Engine engine;
    private final String stream;
    private final JournalFill fill;
    private final RepeatedFailure accepting;

    /** The last call was refused. */
    private volatile Refused last;

    private record Refused(ThrottledException.Cause why, long nanos) {}

    Refusals(Engine engine, String stream, JournalFill fill) {
        this.engine = engine;
        this.stream = stream;
        this.fill = fill;
        this.accepting =
                RepeatedFailure.of(
                        log,
                        "accepting records",
                        engine.world().clock()::nanoTime,
                        "stream",
                        stream);
    }

    /**
     * Why the journal did not take records.
     *
     * @param otherwise what it is when there was room
     */
    static ThrottledException.Cause why(Throwable failure, ThrottledException.Cause otherwise) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof JournalFullException) {
            return cause.getCause() instanceof DiskFullException
                    ? ThrottledException.Cause.DISK_FULL
                    : ThrottledException.Cause.JOURNAL_FULL;
        }
        return otherwise;
    }

    /** Records of a call were accepted. */
    void accepted() {
        if (last != null) {
            last = null;
            accepting.worked();
        }
    }

    /**
     * A call was answered 503.
     *
     * @param records how many it had
     * @param heldBytes of the journal
     */
    void refused(ThrottledException.Cause why, int records, long heldBytes) {
        if (why == ThrottledException.Cause.JOURNAL_FULL) {
            fill.refused(heldBytes);
        }
        String cause = why.name().toLowerCase(Locale.ROOT);
        engine.metrics().add(Metric.THROTTLED_RECORDS, stream, cause, records);
        if (why != ThrottledException.Cause.STOPPING) {
            last = new Refused(why, engine.world().clock().nanoTime());
            accepting.failed(why.sentence());
        }
    }

    /** One sentence while producers get 503; empty while they do not. */
    String sentence() {
        Refused now = last;
        if (fill.refuses()) {
            return fill.trouble();
        }
        if (now == null
                || engine.world().clock().nanoTime() - now.nanos >= CURRENT.toNanos()
                || now.why == ThrottledException.Cause.JOURNAL_FULL && fill.trouble().isEmpty()) {
            return "";
        }
        return now.why.sentence();
    }
}
