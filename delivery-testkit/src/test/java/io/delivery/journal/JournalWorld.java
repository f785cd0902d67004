package io.delivery.journal;

import io.delivery.log.LogReader;
import io.delivery.metrics.Metrics;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Incarnation;
import io.delivery.record.RecordBatch;
import io.delivery.testkit.SimDisk;
import io.delivery.testkit.SimWorld;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A simulated world with one journal in it. */
final class JournalWorld {
    static final Incarnation INCARNATION = new Incarnation(0x1122, 0x3344);
    static final Path STREAM = Path.of("/data/clicks");
    static final Path DIRECTORY = STREAM.resolve("journal");

    final SimWorld sim;
    long limit = 1L << 30;
    long firstSequence;
    BeforeFirstSegment beforeFirstSegment = this::makeStream;
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
                                () -> beforeFirstSegment.run()),
                        sim.world(),
                        Metrics.NONE);
        return journal;
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

    static TreeMap<Long, String> drain(LogReader reader) throws IOException {
        TreeMap<Long, String> found = new TreeMap<>();
        for (LogReader.Entry entry = reader.next(); entry != null; entry = reader.next()) {
            long sequence = entry.firstSequence();
            RecordBatch.Cursor cursor = entry.batch().cursor();
            for (DeliveryRecord r = cursor.next(); r != null; r = cursor.next()) {
                found.put(sequence++, r.toUtf8());
            }
            if (sequence != entry.end()) {
                throw new AssertionError("a batch of other length than its count");
            }
        }
        return found;
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
