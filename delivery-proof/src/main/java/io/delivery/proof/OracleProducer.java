package io.delivery.proof;

import io.delivery.proof.BrokenPromises.Kind;
import io.delivery.proof.RecordSender.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts signed batches into one stream from several threads and remembers what became of each call.
 * Nothing is sent twice: what a call without answer has left may be there once or not at all, and
 * its records share their fate.
 */
final class OracleProducer {
    /** Beyond this many, whether an id is given twice is not asked any more. */
    private static final int REMEMBERED_IDS = 300_000;

    private final ProofStream stream;
    private final long seed;
    private final BrokenPromises violations;
    private final List<Turn> turns = new ArrayList<>();
    private final Set<String> recordIds = ConcurrentHashMap.newKeySet();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong unavailable = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private RecordSender sender;
    private boolean stopped;

    OracleProducer(ProofStream stream, int threads, long seed, BrokenPromises violations) {
        this.stream = stream;
        this.seed = seed;
        this.violations = violations;
        for (int thread = 0; thread < threads; thread++) {
            turns.add(new Turn(thread));
        }
    }

    /** Records that were sent together and got no answer. */
    record Unanswered(int first, int count) {}

    void start() {
        turns.forEach(Thread::start);
    }

    /** Where the daemon answers now; null: nowhere, and nothing is sent. */
    void sendTo(RecordSender now) {
        lock.lock();
        try {
            sender = now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends sending; every call has its fate afterwards. */
    void stop() throws InterruptedException {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        for (Turn turn : turns) {
            turn.join(TimeUnit.SECONDS.toMillis(90));
            if (turn.isAlive()) {
                violations.add(
                        Kind.ANSWER, "%s: a call got neither answer nor error", stream.title());
            }
        }
    }

    /** The next sender; null at the end. */
    private RecordSender awaitSender() throws InterruptedException {
        lock.lock();
        try {
            while (sender == null && !stopped) {
                changed.await();
            }
            return stopped ? null : sender;
        } finally {
            lock.unlock();
        }
    }

    ProofStream stream() {
        return stream;
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /** Records of calls that were answered with 5xx: they count as unanswered as well. */
    long unavailable() {
        return unavailable.get();
    }

    int threads() {
        return turns.size();
    }

    SentRecords marks(int thread) {
        return turns.get(thread).marks;
    }

    List<Unanswered> unanswered(int thread) {
        return turns.get(thread).unanswered;
    }

    ProofRecord record(int thread, int number) {
        return stream.record(seed, thread, number);
    }

    /** One thread's calls, one after the other. */
    private final class Turn extends Thread {
        private final int thread;
        private final SplittableRandom random;
        private final SentRecords marks = new SentRecords();
        private final List<Unanswered> unanswered = new ArrayList<>();

        Turn(int thread) {
            super("producer " + stream.title() + " " + thread);
            setDaemon(true);
            this.thread = thread;
            this.random = new SplittableRandom(seed + 31L * thread + 7L * stream.number());
        }

        @Override
        public void run() {
            try {
                for (RecordSender now = awaitSender(); now != null; now = awaitSender()) {
                    call(now);
                    Thread.sleep(stream.pauseMillis());
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }

        private void call(RecordSender now) throws InterruptedException {
            int first = marks.count();
            int count = 1 + random.nextInt(2 * stream.meanBatch());
            List<byte[]> records = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                records.add(record(thread, first + i).bytes());
            }
            boolean answered = put(now, records);
            marks.sent(count, answered);
            if (answered) {
                acknowledged.addAndGet(count);
            } else {
                unanswered.add(new Unanswered(first, count));
            }
        }

        private boolean put(RecordSender now, List<byte[]> records) throws InterruptedException {
            try {
                List<String> ids = now.put(stream.title(), records);
                if (ids.size() != records.size()) {
                    violations.add(
                            Kind.ANSWER, "%d ids for %d records", ids.size(), records.size());
                }
                for (String id : ids) {
                    if (recordIds.size() < REMEMBERED_IDS && !recordIds.add(id)) {
                        violations.add(Kind.ANSWER, "RecordId given twice: %s", id);
                    }
                }
                return true;
            } catch (RecordSender.UnavailableException answered) {
                unavailable.addAndGet(records.size());
                return false;
            } catch (IOException noAnswer) {
                return false;
            } catch (RefusedException refused) {
                violations.add(
                        Kind.ANSWER,
                        "%s: a good call was refused: %s",
                        stream.title(),
                        refused.getMessage());
                return false;
            }
        }
    }
}
