package io.delivery.benchmarks;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.machine.Machine;
import io.delivery.record.ObjectName;
import io.delivery.s3.S3Settings;
import io.delivery.s3.S3Store;
import io.delivery.staging.StagedContent;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;

/**
 * What an upload costs the service by how its body is signed: objects of 16 MiB that go as single
 * PUTs to a server in this process, which throws them away. CPU of the threads of uploads alone,
 * kernel included, per megabyte. Then objects of 16 KiB, per object: as the store sends them, and
 * through the AWS SDK's pipeline, which the store leaves keys to that begin with a slash.
 */
final class UploadsBenchmark {
    private static final int OBJECT_BYTES = 16 << 20;
    private static final int OBJECTS = Integer.getInteger("objects", 16);
    private static final int SMALL_BYTES = 16 << 10;
    private static final int SMALL_OBJECTS = Integer.getInteger("small", 2000);

    /** Of small objects: so much code runs for one that it is long before it is compiled. */
    private static final int SMALL_WARMUPS = Integer.getInteger("warmups", 5);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** A way to send bodies. */
    private record Way(URI endpoint, Optional<Path> caFile, boolean chunks, boolean signed) {
        S3Settings settings() {
            S3Settings defaults = S3Settings.DEFAULTS;
            return new S3Settings(
                    Optional.of(endpoint),
                    defaults.region(),
                    true,
                    Optional.of(new S3Settings.Credentials("key", "secret", Optional.empty())),
                    Optional.empty(),
                    caFile,
                    defaults.checksums(),
                    chunks,
                    signed,
                    defaults.conditionalWrites(),
                    false,
                    defaults.acl(),
                    defaults.encryption(),
                    OBJECT_BYTES,
                    false,
                    1);
        }
    }

    private UploadsBenchmark() {}

    static void run(int rounds) throws Exception {
        Statistics.line(
                "%s; %d objects of %s a round",
                Usage.machine(), OBJECTS, Statistics.mebibytes(OBJECT_BYTES));
        Content content = content(OBJECT_BYTES);
        Map<String, List<Double>> millis = new LinkedHashMap<>();
        Map<String, SmallOnes> small = new LinkedHashMap<>();
        try (Scratch scratch = Scratch.open("uploads");
                Machine machine = new Machine();
                FaultyS3 plain = new FaultyS3();
                FaultyS3 secure = new FaultyS3(SelfSigned.in(scratch.folder()))) {
            Optional<Path> caFile = Optional.of(scratch.folder().resolve("ca.pem"));
            Map<String, Way> ways = new LinkedHashMap<>();
            ways.put("http, signed in chunks", new Way(plain.uri(), Optional.empty(), true, true));
            ways.put(
                    "http, `chunkedEncoding: false`",
                    new Way(plain.uri(), Optional.empty(), false, true));
            ways.put(
                    "http, `signedBodies: false`",
                    new Way(plain.uri(), Optional.empty(), true, false));
            ways.put("https", new Way(secure.uri(), caFile, true, true));
            Map<String, S3Store> stores = new LinkedHashMap<>();
            for (Map.Entry<String, Way> way : ways.entrySet()) {
                stores.put(way.getKey(), S3Store.open(way.getValue().settings(), machine.world()));
            }
            for (int round = -1; round < rounds; round++) {
                for (Map.Entry<String, S3Store> store : stores.entrySet()) {
                    String prefix = (store.getKey() + round).hashCode() + "/";
                    long took = once(store.getValue(), content, prefix, OBJECTS);
                    if (round >= 0) {
                        millis.computeIfAbsent(store.getKey(), first -> new ArrayList<>())
                                .add(took / 1e6 / Statistics.megabytes(OBJECTS * OBJECT_BYTES));
                    }
                }
            }
            for (int round = -SMALL_WARMUPS; round < rounds; round++) {
                for (Map.Entry<String, S3Store> store : stores.entrySet()) {
                    SmallOnes both =
                            small.computeIfAbsent(store.getKey(), first -> new SmallOnes());
                    both.round(
                            store.getValue(),
                            "small/" + store.getKey().hashCode() + round,
                            round >= 0);
                }
            }
            stores.values().forEach(S3Store::close);
        }
        report(rounds, millis);
        Statistics.line("");
        Statistics.line(
                "| %d objects of %d KiB a round, medians of %d rounds | CPU us per object"
                        + " | through the SDK's pipeline | |",
                SMALL_OBJECTS, SMALL_BYTES >> 10, rounds);
        Statistics.line("|---|---|---|---|");
        small.forEach((way, both) -> Statistics.line("| %s %s", way, both.cells()));
        Statistics.line("load average %.2f", Usage.loadAverage());
    }

    private static Content content(int size) {
        byte[] bytes = new byte[size];
        new Random(8).nextBytes(bytes);
        return new Content(bytes);
    }

    /** Small objects of one way to send bodies, in microseconds of CPU each. */
    private static final class SmallOnes {
        private final Content content = content(SMALL_BYTES);
        private final List<Double> direct = new ArrayList<>();
        private final List<Double> bySdk = new ArrayList<>();

        void round(S3Store store, String prefix, boolean counts) throws Exception {
            double with = micros(store, "/" + prefix + "/");
            double without = micros(store, prefix + "/");
            if (counts) {
                bySdk.add(with);
                direct.add(without);
            }
        }

        private double micros(S3Store store, String prefix) throws Exception {
            return once(store, content, prefix, SMALL_OBJECTS) / 1e3 / SMALL_OBJECTS;
        }

        String cells() {
            double with = Statistics.median(bySdk, value -> value);
            double without = Statistics.median(direct, value -> value);
            return "| %.0f | %.0f | %.2f× |".formatted(without, with, with / without);
        }
    }

    private static void report(int rounds, Map<String, List<Double>> millis) {
        Statistics.line("");
        Statistics.line("| medians of %d rounds | CPU ms per MB |", rounds);
        Statistics.line("|---|---|");
        millis.forEach(
                (way, all) ->
                        Statistics.line(
                                "| %s | %.2f |", way, Statistics.median(all, value -> value)));
        Statistics.line("load average %.2f", Usage.loadAverage());
    }

    /** CPU of the threads that upload, in nanoseconds. */
    private static long once(S3Store store, Content content, String prefix, int objects)
            throws Exception {
        long before = content.cpuNanosOfReaders();
        for (int i = 0; i < objects; i++) {
            Landing landing =
                    store.land(
                                    content,
                                    new ObjectName("bucket", prefix + i),
                                    new ObjectAttributes("mark", 1, ""),
                                    UploadListener.IGNORE)
                            .toCompletableFuture()
                            .get();
            if (!(landing instanceof Landing.Landed)) {
                throw new IllegalStateException("not landed: " + landing);
            }
        }
        return content.cpuNanosOfReaders() - before;
    }

    /** Notes which threads read it: those that upload it. */
    private static final class Content implements StagedContent {
        private final Set<Long> readers = ConcurrentHashMap.newKeySet();
        private final byte[] bytes;
        private final int crc32;

        Content(byte[] bytes) {
            this.bytes = bytes;
            CRC32 sum = new CRC32();
            sum.update(bytes);
            crc32 = (int) sum.getValue();
        }

        /** They rest between objects, and end only after seconds. */
        long cpuNanosOfReaders() {
            return readers.stream()
                    .mapToLong(reader -> Math.max(0, THREADS.getThreadCpuTime(reader)))
                    .sum();
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public int crc32() {
            return crc32;
        }

        @Override
        public InputStream open(long offset, long length) {
            readers.add(Thread.currentThread().getId());
            return new ByteArrayInputStream(bytes, (int) offset, (int) length);
        }
    }
}
