package io.delivery.journal;

import io.delivery.crypt.StreamKeys;
import io.delivery.log.LogReader;
import io.delivery.metrics.Metrics;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Incarnation;
import io.delivery.record.RecordBatch;
import io.delivery.testkit.SimDisk;
import io.delivery.testkit.SimWorld;
import io.delivery.world.Disk;
import io.delivery.world.World;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/** A simulated world with one journal in it. */
final class JournalWorld {
    static final Incarnation INCARNATION = new Incarnation(0x1122, 0x3344);
    static final Path STREAM = Path.of("/data/clicks");
    static final Path DIRECTORY = STREAM.resolve("journal");

    final SimWorld sim;
    long limit = 1L << 30;
    long firstSequence;
    BeforeFirstSegment beforeFirstSegment = this::makeStream;
    StreamKeys keys = StreamKeys.none();

    /** What the disk says this process has written. */
    LongSupplier bytesWritten = () -> 0;

    Journal journal;

    JournalWorld(long seed) {
        sim = SimWorld.seeded(seed);
    }

    private void makeStream() throws IOException {
        disk().createDirectories(STREAM);
        disk().syncDirectory(Path.of("/"));
        disk().syncDirectory(STREAM.getParent());
    }

    SimDisk disk() {
        return sim.disk();
    }

    Journal open() throws IOException {
        journal =
                Journal.open(
                        new JournalSettings(
                                DIRECTORY,
                                "clicks",
                                INCARNATION,
                                firstSequence,
                                limit,
                                keys,
                                () -> beforeFirstSegment.run()),
                        world(),
                        Metrics.NONE);
        return journal;
    }

    private World world() {
        return new World(sim.world().clock(), counting(), sim.scheduler(), sim.world().entropy());
    }

    /** The simulated disk counts nothing by itself. */
    private Disk counting() {
        return (Disk)
                Proxy.newProxyInstance(
                        Disk.class.getClassLoader(),
                        new Class<?>[] {Disk.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("bytesWritten")) {
                                return bytesWritten.getAsLong();
                            }
                            try {
                                return method.invoke(disk(), arguments);
                            } catch (InvocationTargetException failed) {
                                throw failed.getCause();
                            }
                        });
    }

    Journal openAfterKill() throws IOException {
        sim.kill();
        sim.restart();
        return open();
    }

    static RecordBatch batch(String... records) {
        return RecordBatch.of(
                77,
                Arrays.stream(records)
                        .map(record -> record.getBytes(StandardCharsets.UTF_8))
                        .toArray(byte[][]::new));
    }

    CompletableFuture<AcceptedBatch> begin(String... records) {
        return journal.append(batch(records)).toCompletableFuture();
    }

    /** Appends and waits for the answer. */
    AcceptedBatch append(String... records) {
        CompletableFuture<AcceptedBatch> answer = begin(records);
        sim.scheduler().runUntilIdle();
        return answer.join();
    }

    /** Everything from here on, by sequence. */
    TreeMap<Long, String> read(long fromSequence) throws IOException {
        try (LogReader reader = journal.read(fromSequence)) {
            return drain(reader);
        }
    }

    /** What a reader from here on tells as lost, sequence by sequence. */
    List<Long> lost(long fromSequence) throws IOException {
        List<Long> lost = new ArrayList<>();
        read(fromSequence, lost);
        return lost;
    }

    /** Reads everything; what is told as lost is added to the list. */
    TreeMap<Long, String> read(long fromSequence, List<Long> lost) throws IOException {
        TreeMap<Long, String> found = new TreeMap<>();
        long next = fromSequence;
        try (LogReader reader = journal.read(fromSequence)) {
            for (LogReader.Entry entry = reader.next(); entry != null; entry = reader.next()) {
                if (entry instanceof LogReader.Lost) {
                    LongStream.range(entry.firstSequence(), entry.end()).forEach(lost::add);
                } else {
                    add(entry, found);
                }
                next = entry.end();
            }
        }
        if (next != journal.durableEnd()) {
            throw new AssertionError("told up to %d of %d".formatted(next, journal.durableEnd()));
        }
        return found;
    }

    /** Copies of damaged bytes. */
    List<Path> copies() throws IOException {
        return disk().list(STREAM.resolve("damaged"));
    }

    static TreeMap<Long, String> drain(LogReader reader) throws IOException {
        TreeMap<Long, String> found = new TreeMap<>();
        for (LogReader.Entry entry = reader.next(); entry != null; entry = reader.next()) {
            if (!(entry instanceof LogReader.Lost)) {
                add(entry, found);
            }
        }
        return found;
    }

    private static void add(LogReader.Entry entry, TreeMap<Long, String> found) {
        long sequence = entry.firstSequence();
        RecordBatch.Cursor cursor = ((LogReader.Records) entry).batch().cursor();
        for (DeliveryRecord r = cursor.next(); r != null; r = cursor.next()) {
            found.put(sequence++, r.toUtf8());
        }
        if (sequence != entry.end()) {
            throw new AssertionError("a batch of other length than its count");
        }
    }

    List<Path> segmentFiles() throws IOException {
        List<Path> files = new ArrayList<>(disk().list(DIRECTORY));
        files.removeIf(SegmentFiles::isBlank);
        return files;
    }

    Path newestFile() throws IOException {
        List<Path> files = segmentFiles();
        return files.get(files.size() - 1);
    }
}
