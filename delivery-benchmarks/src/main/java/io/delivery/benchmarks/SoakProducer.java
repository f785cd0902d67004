package io.delivery.benchmarks;

import io.delivery.cli.FirehoseEndpoint;
import io.delivery.machine.SystemClock;
import io.delivery.wiring.FirehoseSender;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends to one stream at a steady rate, and again what was not accepted, whatever becomes of the
 * daemon.
 */
final class SoakProducer extends Thread {
    private static final int BATCHES = 40;
    private static final int BATCH_RECORDS = 100;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final FirehoseEndpoint sender;
    private final String stream;
    private final Lock turn;
    private final long nanosPerByte;
    private final List<List<byte[]>> batches = new ArrayList<>();
    private volatile boolean stopping;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private volatile FirehoseEndpoint.RefusedException refused;

    /**
     * @param turn held while it sends
     */
    SoakProducer(String name, URI api, String stream, long seed, double bytesPerSecond, Lock turn) {
        super(name);
        setDaemon(true);
        this.sender = new FirehoseSender(api, "us-east-1", Optional.empty(), new SystemClock());
        this.stream = stream;
        this.turn = turn;
        this.nanosPerByte = Math.round(1e9 / bytesPerSecond);
        Clickstream clicks = Clickstream.uniform(seed, SoakBenchmark.PARTITIONS);
        for (int b = 0; b < BATCHES; b++) {
            List<byte[]> batch = new ArrayList<>();
            for (int r = 0; r < BATCH_RECORDS; r++) {
                batch.add(clicks.record());
            }
            batches.add(batch);
        }
    }

    @Override
    public void run() {
        for (int number = 0; !stopping; number++) {
            List<byte[]> batch = batches.get(number % BATCHES);
            long length = batch.stream().mapToLong(record -> record.length).sum();
            long begun = System.nanoTime();
            if (!send(batch)) {
                return;
            }
            bytes.addAndGet(length);
            long left = begun + length * nanosPerByte - System.nanoTime();
            LockSupport.parkNanos(Math.max(0, left));
        }
    }

    private boolean send(List<byte[]> batch) {
        List<byte[]> left = batch;
        while (!left.isEmpty() && !stopping) {
            turn.lock();
            try {
                List<Optional<String>> answers = sender.put(stream, left);
                List<byte[]> again = new ArrayList<>();
                for (int i = 0; i < left.size(); i++) {
                    if (answers.get(i).isPresent()) {
                        again.add(left.get(i));
                    }
                }
                acknowledged.addAndGet(left.size() - again.size());
                repeated.addAndGet(again.size());
                left = again;
            } catch (IOException notAccepted) {
                repeated.addAndGet(left.size());
            } catch (FirehoseEndpoint.RefusedException wrong) {
                refused = wrong;
                return false;
            } catch (InterruptedException e) {
                return false;
            } finally {
                turn.unlock();
            }
            if (!left.isEmpty()) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return left.isEmpty();
    }

    /** Returns when it has sent its last. */
    void end() throws InterruptedException {
        stopping = true;
        join(Duration.ofSeconds(70).toMillis());
        if (isAlive()) {
            throw new IllegalStateException(getName() + " does not come to an end");
        }
        if (refused != null) {
            throw new IllegalStateException(getName() + " was refused", refused);
        }
    }

    String stream() {
        return stream;
    }

    /** Records that were answered 200. */
    long acknowledged() {
        return acknowledged.get();
    }

    long bytes() {
        return bytes.get();
    }

    /** Records that had to be sent again, each time. */
    long repeated() {
        return repeated.get();
    }
}
