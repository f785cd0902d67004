package io.delivery.landing;

import io.delivery.landing.Landings.Before;
import io.delivery.landing.Landings.Listener;
import io.delivery.landing.Landings.Task;
import io.delivery.landing.LaneRecord.ObjectRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * One stream at one store: its attempts that wait, and what they wait for. Belongs to the executor
 * of {@link Landings}.
 */
final class LandingGate {
    final Deque<Attempt> waiting = new ArrayDeque<>();

    /** By bucket. */
    final Map<String, Pause> refusals = new HashMap<>();

    /** By bucket. */
    final Map<String, Set<Attempt>> troubled = new HashMap<>();

    final Pause failing = new Pause();

    /** Attempts that are under way. */
    int active;

    /** The stream has stopped. Also threads of stores look. */
    volatile boolean forgotten;

    /** What is known of one object that has to land. */
    static final class Attempt {
        final Task task;
        final Pause pause = new Pause();
        boolean look;
        boolean occupied;
        String reason = "";
        boolean doubted;
        String damage;
        String trouble = "";
        int number;
        long startedNanos;

        Attempt(Task task) {
            this.task = task;
            this.look = task.seen() != Before.NOTHING_WAS_SENT;
            this.doubted = task.seen() == Before.ANSWER_WAS_DOUBTED;
        }

        String bucket() {
            return task.object().name().bucket();
        }

        String described() {
            ObjectRecord object = task.object();
            String records = object.records() == 1 ? "1 record" : object.records() + " records";
            String attempts = number == 0 ? "nothing sent since the start" : "attempt " + number;
            return "PUT %s/%s (%s, %s)".formatted(object.store(), object.name(), records, attempts);
        }
    }

    /** Until when nothing is sent; longer with each failure. */
    static final class Pause {
        int count;
        boolean probing;
        private long untilNanos;
        private long lastNanos;

        boolean over(long now) {
            return count == 0 || now - untilNanos >= 0;
        }

        /**
         * Grows, once for all attempts that were under way together.
         *
         * @param jitter what part of the pause is kept
         * @return how long it is now, nanoseconds
         */
        long grow(Attempt attempt, long now, Duration first, Duration longest, double jitter) {
            if (count == 0 || attempt.startedNanos - lastNanos >= 0) {
                count++;
            }
            lastNanos = now;
            long grown = first.toNanos() << Math.min(20, count - 1);
            long nanos = (long) (Math.min(grown, longest.toNanos()) * jitter);
            untilNanos = now + nanos;
            return nanos;
        }
    }

    /** Takes the attempt that may be sent now; null when there is none. */
    Attempt ready(long now) {
        boolean isFailing = failing.count > 0;
        if (!failing.over(now) || isFailing && active > 0) {
            return null;
        }
        for (Iterator<Attempt> all = waiting.iterator(); all.hasNext(); ) {
            Attempt attempt = all.next();
            Pause refusal = refusals.get(attempt.bucket());
            if (!attempt.pause.over(now)) {
                continue;
            }
            if (refusal == null || !refusal.probing && refusal.over(now)) {
                if (refusal != null) {
                    // One probe at a time: the others wait for its answer.
                    refusal.probing = true;
                }
                all.remove();
                return attempt;
            }
        }
        return null;
    }

    /** What is the matter in this bucket with objects of the same lane; empty when nothing. */
    String trouble(String bucket, Listener lane) {
        for (Attempt there : troubled.getOrDefault(bucket, Set.of())) {
            if (there.task.listener() == lane) {
                return there.trouble;
            }
        }
        return "";
    }
}
