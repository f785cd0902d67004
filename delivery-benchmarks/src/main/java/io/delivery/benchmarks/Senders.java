package io.delivery.benchmarks;

import io.delivery.cli.FirehoseEndpoint;
import io.delivery.machine.SystemClock;
import io.delivery.wiring.FirehoseSender;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/** Threads that put new records into a daemon over HTTP, each one batch after the other. */
final class Senders {
    private static final int THREADS = 4;
    private static final Duration COME_AGAIN = Duration.ofMillis(20);

    private Senders() {}

    /**
     * Sends so many bytes of records.
     *
     * @param clicks the records of each thread, by its number
     * @param stream which stream takes a batch, by its number within its thread
     * @return how many records that were
     */
    static long send(
            Daemon daemon, long bytes, IntFunction<Clickstream> clicks, IntFunction<String> stream)
            throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Long>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Clickstream own = clicks.apply(i);
                all.add(threads.submit(() -> sendOwn(daemon, bytes / THREADS, own, stream)));
            }
            long records = 0;
            for (Future<Long> one : all) {
                records += one.get();
            }
            return records;
        } finally {
            threads.shutdownNow();
        }
    }

    private static long sendOwn(
            Daemon daemon, long bytes, Clickstream clicks, IntFunction<String> stream)
            throws Exception {
        FirehoseSender sender =
                new FirehoseSender(daemon.api(), "us-east-1", Optional.empty(), new SystemClock());
        long sent = 0;
        long records = 0;
        for (int number = 0; sent < bytes; number++) {
            List<byte[]> batch = new ArrayList<>(Clickstream.BATCH_RECORDS);
            for (int i = 0; i < Clickstream.BATCH_RECORDS; i++) {
                byte[] record = clicks.record();
                batch.add(record);
                sent += record.length;
            }
            put(sender, stream.apply(number), batch);
            records += batch.size();
        }
        return records;
    }

    private static void put(FirehoseEndpoint sender, String stream, List<byte[]> batch)
            throws Exception {
        while (true) {
            try {
                if (sender.put(stream, batch).stream().anyMatch(Optional::isPresent)) {
                    throw new IOException("some records were not accepted");
                }
                return;
            } catch (FirehoseEndpoint.BusyException full) {
                LockSupport.parkNanos(COME_AGAIN.toNanos());
            }
        }
    }
}
