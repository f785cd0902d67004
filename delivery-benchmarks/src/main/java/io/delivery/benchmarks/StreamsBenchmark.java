package io.delivery.benchmarks;

import io.delivery.machine.SystemClock;
import io.delivery.wiring.FirehoseSender;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * What many streams cost of which few are busy: streams are made through the API, put to once each,
 * and then 100 of them take records. At each step: how long a start takes, heap after a collection,
 * resident memory, threads, open files, and the processor while nothing is asked.
 */
final class StreamsBenchmark {
    private static final int STREAMS = Integer.getInteger("streams", 5_000);
    private static final int BUSY = Integer.getInteger("busy", 100);
    private static final int CALLERS = 8;
    private static final int SECONDS = Integer.getInteger("seconds", 20);

    /** How long nothing is asked before it is measured: what closes when it is idle is closed. */
    private static final Duration REST = Duration.ofSeconds(Integer.getInteger("rest", 45));

    /** What a stream that has nothing to do may take of the heap. */
    private static final long GOAL_BYTES = 20_000;

    /** Each stream has a floor of 24 MiB in the limit, which it need not have on the disk. */
    private static final String CONFIGURATION =
            """
            server: {api: 127.0.0.1:%d, admin: 127.0.0.1:%d, shutdown: {land: false}}
            dataDir: data
            limits: {disk: 200GB, memory: 128MB}
            stores: {lake: {directory: lake}}
            buckets: [{match: '*', store: lake}]
            streams: {}
            """;

    private static final String CREATE =
            """
            {"DeliveryStreamName":"%s","ExtendedS3DestinationConfiguration":{
             "RoleARN":"arn:aws:iam::000000000000:role/firehose","BucketARN":"arn:aws:s3:::lake",
             "Prefix":"%s/","BufferingHints":{"SizeInMBs":5,"IntervalInSeconds":60}}}
            """;

    private final SoakedDaemon daemon;
    private long heapOfNone;

    private StreamsBenchmark(Path folder) throws IOException {
        daemon = new SoakedDaemon("streams", folder, CONFIGURATION);
    }

    static void run() throws Exception {
        Statistics.line("%s; %,d streams, %d of them busy", Usage.machine(), STREAMS, BUSY);
        try (Scratch scratch = Scratch.open("streams")) {
            StreamsBenchmark benchmark = new StreamsBenchmark(scratch.folder());
            try {
                benchmark.measure();
            } finally {
                benchmark.daemon.daemon().kill();
            }
        }
    }

    private void measure() throws Exception {
        start("no stream");
        ApiCaller api = new ApiCaller(daemon.daemon().api());
        makeOne(api); // what the process loads once and keeps is not a stream's
        heapOfNone = rest("one stream, put to once");
        double made =
                ApiCaller.forEach(
                        STREAMS,
                        CALLERS,
                        i -> api.call("CreateDeliveryStream", CREATE.formatted(name(i), name(i))));
        Statistics.line(
                "%,d streams made through the API, %d callers: %.1f s, %.0f per second",
                STREAMS, CALLERS, made, STREAMS / made);
        rest("never put to");
        daemon.stop();
        start("never put to");
        rest("never put to, after a start");

        double put =
                ApiCaller.forEach(
                        STREAMS,
                        CALLERS,
                        i -> {
                            putOne(api, name(i));
                            daemon.daemon().flush(name(i));
                        });
        Statistics.line(
                "one record to each, landed by flush: %.1f s, %.0f per second; %,d files are open",
                put, STREAMS / put, handles());
        rest("each put to once, idle again");

        busy();
        ApiCaller.forEach(BUSY, CALLERS, i -> daemon.daemon().flush(name(i)));
        rest("all idle again");
        daemon.stop();
        start("each put to once");
        rest("each put to once, after a start");
        daemon.stop();
    }

    private static String name(int i) {
        return "stream-" + i;
    }

    private static void putOne(ApiCaller api, String stream)
            throws IOException, InterruptedException {
        api.call(
                "PutRecord",
                "{\"DeliveryStreamName\":\"%s\",\"Record\":{\"Data\":\"e30K\"}}".formatted(stream));
    }

    private void start(String what) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        daemon.start();
        Statistics.line(
                "start, %s: %.2f s until it is ready", what, (System.nanoTime() - begun) / 1e9);
    }

    /** Nothing is asked for a while, and then it is measured; returns the heap, in bytes. */
    private long rest(String what) throws Exception {
        LockSupport.parkNanos(REST.toNanos());
        long cpu = daemon.cpuNanos();
        LockSupport.parkNanos(Duration.ofSeconds(10).toNanos());
        double share = (daemon.cpuNanos() - cpu) / 10e9;
        SoakSample sample = daemon.sample(0);
        long each = (sample.heapBytes() - heapOfNone) / STREAMS;
        Statistics.line(
                "%s: heap after GC %.1f MiB%s, direct %.1f MiB, resident %s, %d threads, %,d files, %.1f %% of a processor; load average %.2f",
                what,
                sample.heapBytes() / 1048576.0,
                heapOfNone == 0 ? "" : ", " + ofTheGoal(each),
                sample.directBytes() / 1048576.0,
                Statistics.mebibytes(Usage.residentBytes(daemon.daemon().pid())),
                sample.threads(),
                sample.handles(),
                share * 100,
                Usage.loadAverage());
        return sample.heapBytes();
    }

    private static String ofTheGoal(long bytes) {
        return "%,d bytes a stream (goal: at most %,d, %s)"
                .formatted(bytes, GOAL_BYTES, bytes <= GOAL_BYTES ? "reached" : "missed");
    }

    private void makeOne(ApiCaller api) throws IOException, InterruptedException {
        String one = "the-first-one";
        api.call("CreateDeliveryStream", CREATE.formatted(one, one));
        putOne(api, one);
        daemon.daemon().flush(one);
    }

    private long handles() throws IOException {
        return daemon.sample(0).handles();
    }

    private void busy() throws Exception {
        Clickstream clicks = Clickstream.uniform(1, 1000);
        List<byte[]> batch = new ArrayList<>();
        for (int i = 0; i < Clickstream.BATCH_RECORDS / 5; i++) {
            batch.add(clicks.record());
        }
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        long cpu = daemon.cpuNanos();
        long[] batches = new long[CALLERS];
        double seconds =
                ApiCaller.forEach(
                        CALLERS,
                        CALLERS,
                        caller -> {
                            FirehoseSender sender =
                                    new FirehoseSender(
                                            daemon.daemon().api(),
                                            "us-east-1",
                                            Optional.empty(),
                                            new SystemClock());
                            for (int i = caller; System.nanoTime() < end; i += CALLERS) {
                                if (sender.put(name(i % BUSY), batch).stream()
                                        .anyMatch(Optional::isPresent)) {
                                    throw new IOException("some records were not accepted");
                                }
                                batches[caller]++;
                                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                            }
                        });
        double used = (daemon.cpuNanos() - cpu) / 1e9;
        SoakSample sample = daemon.sample(0);
        long records = java.util.Arrays.stream(batches).sum() * batch.size();
        Statistics.line(
                "%d streams busy for %.0f s: %,.0f records/s, %.2f processors, %d threads, %,d files, heap after GC %.1f MiB, resident %s",
                BUSY,
                seconds,
                records / seconds,
                used / seconds,
                sample.threads(),
                sample.handles(),
                sample.heapBytes() / 1048576.0,
                Statistics.mebibytes(Usage.residentBytes(daemon.daemon().pid())));
    }
}
