package io.delivery.failure;

import io.delivery.record.Amount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Tells the log of a failure that may repeat: once when it begins, once for each new cause, and
 * once when it is over, with how often it failed and for how long.
 *
 * <pre>
 * landing fails: stream=orders store=lake object=… error=503 SlowDown
 * landing works again: stream=orders store=lake failures=412 after=7 min 3 s
 * </pre>
 *
 * What fails and works in turns is told once a minute for each cause at most; whatever was left out
 * is counted in the next line, unless it is forgotten before. Texts that differ in numbers, paths
 * and keys only are one cause. Thread-safe.
 */
public final class RepeatedFailure {
    /** A cause is told this often at most, when the failure has been over in between. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** A cause that was not seen for so long is news, although the failure was never over. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    /** So many causes are told without a pause between them. */
    private static final int CAUSES = 8;

    private final Logger log;
    private final String work;
    private final List<Object> where;
    private final LongSupplier nanoTime;

    /** Null for work that has never failed, which is most of it. Read without the lock as well. */
    private volatile Failures past;

    /** How the work has failed so far. Guarded by the lock of its owner. */
    private static final class Failures {
        /** The causes of late; the one that was seen last is at the end. */
        private final Map<String, Seen> causes = new LinkedHashMap<>();

        /** Read without the lock by whoever has worked: nearly always false. */
        private volatile boolean failing;

        private boolean told;
        private long sinceNanos;
        private long count;
        private long lastToldNanos;

        /** Whether the cause is to be told; notes that it was seen. */
        private boolean isNews(String cause, long now) {
            Seen before = causes.remove(cause); // and put again, at the end
            if (before == null) {
                boolean news = causes.size() < CAUSES || now - lastToldNanos >= PAUSE.toNanos();
                if (news) {
                    causes.put(cause, new Seen(now, now));
                    forgetTheOldest();
                }
                return news;
            }
            boolean inThisEpisode = before.toldNanos >= sinceNanos;
            boolean news =
                    inThisEpisode
                            ? now - before.seenNanos >= FORGOTTEN.toNanos()
                            : now - before.toldNanos >= PAUSE.toNanos();
            causes.put(cause, new Seen(now, news ? now : before.toldNanos));
            return news;
        }

        private void forgetTheOldest() {
            Iterator<String> oldest = causes.keySet().iterator();
            while (causes.size() > 2 * CAUSES) {
                oldest.next();
                oldest.remove();
            }
        }
    }

    /** When a cause was seen last, and when it was told last. */
    private record Seen(long seenNanos, long toldNanos) {}

    /**
     * How a failure is told.
     *
     * @param trace of a defect; null otherwise
     */
    private record Reason(String error, Throwable trace, Level level) {
        static Reason of(String error) {
            return new Reason(error, null, Level.WARN);
        }

        static Reason of(Throwable failure) {
            return FailureText.isDefect(failure)
                    ? new Reason(FailureText.of(failure), failure, Level.ERROR)
                    : of(FailureText.of(failure));
        }
    }

    private RepeatedFailure(Logger log, String work, List<Object> where, LongSupplier nanoTime) {
        this.log = log;
        this.work = work;
        this.where = List.copyOf(where);
        this.nanoTime = nanoTime;
    }

    /**
     * @param work what fails, as a noun: "landing"
     * @param nanoTime a clock that never goes back, nanoseconds
     * @param where names and values that are in each line: "stream", "orders"
     */
    public static RepeatedFailure of(
            Logger log, String work, LongSupplier nanoTime, Object... where) {
        requirePairs(where);
        return new RepeatedFailure(log, work, List.of(where), nanoTime);
    }

    /** As above, in the place that these fields name. */
    public static RepeatedFailure of(
            Logger log, String work, LongSupplier nanoTime, LogFields where) {
        List<Object> pairs = new ArrayList<>();
        where.logFields()
                .forEach(
                        (name, value) -> {
                            pairs.add(name);
                            pairs.add(value);
                        });
        return new RepeatedFailure(log, work, pairs, nanoTime);
    }

    /**
     * It failed.
     *
     * @param error why, in words
     * @param details names and values of this one failure, such as "object" and its key
     */
    public void failed(String error, Object... details) {
        failed(Reason.of(error), details);
    }

    /** It failed. A defect of the program is told with its stack trace, once. */
    public void failed(Throwable failure, Object... details) {
        failed(Reason.of(failure), details);
    }

    private synchronized void failed(Reason failure, Object... details) {
        requirePairs(details);
        if (past == null) {
            past = new Failures();
        }
        long now = nanoTime.getAsLong();
        if (!past.failing) {
            past.failing = true;
            past.told = false;
            past.sinceNanos = now;
        }
        past.count++;
        if (past.isNews(causeOf(failure.error()), now)) {
            long before = past.count - 1;
            List<Object> pairs = new ArrayList<>(where);
            pairs.addAll(List.of(details));
            if (before > 0) {
                pairs.add("failuresBefore");
                pairs.add(before);
            }
            pairs.add("error");
            pairs.add(failure.error());
            tell(failure.level(), work + " fails", pairs, failure.trace());
            past.told = true;
            past.lastToldNanos = now;
        }
    }

    /** It succeeded. Costs next to nothing when nothing had failed. */
    public void worked() {
        if (isFailing()) {
            over("works again");
        }
    }

    /** Nobody tries it any more, so it neither fails nor works. */
    public void ended() {
        if (isFailing()) {
            over("is not tried any more");
        }
    }

    private boolean isFailing() {
        Failures known = past;
        return known != null && known.failing;
    }

    private synchronized void over(String how) {
        if (!isFailing()) {
            return; // somebody else has told it meanwhile
        }
        past.failing = false;
        if (past.told) {
            List<Object> pairs = new ArrayList<>(where);
            pairs.add("failures");
            pairs.add(past.count);
            pairs.add("after");
            pairs.add(Amount.of(Duration.ofNanos(nanoTime.getAsLong() - past.sinceNanos)));
            tell(Level.INFO, work + " " + how, pairs, null);
            past.count = 0;
        }
    }

    /**
     * How long it must be kept if it does not fail again: from then on a new one would tell the
     * same.
     */
    public synchronized Duration remembersFor() {
        if (past == null || past.causes.isEmpty()) {
            return Duration.ZERO;
        }
        long left = past.lastToldNanos + PAUSE.toNanos() - nanoTime.getAsLong();
        return left <= 0 ? Duration.ZERO : Duration.ofNanos(left);
    }

    /**
     * It failed, and nothing is to be over: somebody else's attempt that is not made again here,
     * such as a TLS handshake. Reason once a minute for each cause at most, with how many were not.
     */
    public void failedOnce(String error, Object... details) {
        failedOnce(Reason.of(error), details);
    }

    /** As {@link #failedOnce(String, Object...)}; a defect is told with its stack trace. */
    public void failedOnce(Throwable failure, Object... details) {
        failedOnce(Reason.of(failure), details);
    }

    private synchronized void failedOnce(Reason failure, Object... details) {
        failed(failure, details);
        past.failing = false;
        if (past.told) {
            past.count = 0;
        }
    }

    /** The parameters are in the pattern by name: the JSON form of the log makes fields of them. */
    private void tell(Level level, String sentence, List<Object> pairs, Throwable trace) {
        StringBuilder pattern = new StringBuilder(sentence).append(':');
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            pattern.append(' ').append(pairs.get(i)).append("={}");
            values.add(pairs.get(i + 1));
        }
        if (trace != null) {
            values.add(trace);
        }
        log.atLevel(level).log(pattern.toString(), values.toArray());
    }

    /** What is the same when only a number, a path, a key or an address is another. */
    private static String causeOf(String error) {
        StringBuilder cause = new StringBuilder();
        for (String word : error.split("\\s+")) {
            boolean name = word.indexOf('/') >= 0 || word.indexOf('\\') >= 0;
            cause.append(name ? "/" : word.replaceAll("[0-9]+", "#")).append(' ');
        }
        return cause.toString();
    }

    private static void requirePairs(Object... pairs) {
        if (pairs.length % 2 != 0) {
            throw new IllegalArgumentException("names and values, not " + List.of(pairs));
        }
    }
}
