package io.delivery.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.log.LogReader;
import io.delivery.machine.Machine;
import io.delivery.metrics.Metrics;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Incarnation;
import io.delivery.record.RecordBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JournalOnFilesTest {
    private static final int PRODUCERS = 8;
    private static final int BATCHES = 60;

    @TempDir Path directory;

    private Journal open(Machine machine) throws IOException {
        return Journal.open(
                new JournalSettings(
                        directory.resolve("journal"),
                        "clicks",
                        new Incarnation(1, 2),
                        0,
                        256L << 20,
                        () -> {}),
                machine.world(),
                Metrics.NONE);
    }

    private static RecordBatch batch(int producer, int number) {
        byte[][] records = new byte[1 + number % 5][];
        for (int i = 0; i < records.length; i++) {
            String text = producer + ":" + number + ":" + i + ":" + "x".repeat(number * 311);
            records[i] = text.getBytes(StandardCharsets.UTF_8);
        }
        return RecordBatch.of(number, records);
    }

    @Test
    void concurrent_producers_share_the_journal_and_a_reader_keeps_up() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(PRODUCERS + 1);
        try (Machine machine = new Machine()) {
            Journal journal = open(machine);
            AtomicBoolean finished = new AtomicBoolean();
            Semaphore news = new Semaphore(0);
            journal.onDurable(news::release);
            Future<List<String>> reading = threads.submit(() -> readUntil(journal, finished, news));
            List<Future<List<AcceptedBatch>>> producing = new ArrayList<>();
            for (int i = 0; i < PRODUCERS; i++) {
                int producer = i;
                Callable<List<AcceptedBatch>> work = () -> produce(journal, producer);
                producing.add(threads.submit(work));
            }

            int records = 0;
            String[] expected = new String[PRODUCERS * BATCHES * 5];
            for (int producer = 0; producer < PRODUCERS; producer++) {
                long last = -1;
                List<AcceptedBatch> answers = producing.get(producer).get();
                for (int number = 0; number < BATCHES; number++) {
                    AcceptedBatch answer = answers.get(number);
                    assertThat(answer.firstSequence()).as("order per producer").isGreaterThan(last);
                    last = answer.firstSequence();
                    for (int i = 0; i < answer.count(); i++) {
                        expected[(int) answer.firstSequence() + i] =
                                producer + ":" + number + ":" + i;
                        records++;
                    }
                }
            }
            finished.set(true);
            news.release();

            List<String> read = reading.get();
            assertThat(read).hasSize(records);
            assertThat(journal.nextSequence()).isEqualTo(records);
            for (int i = 0; i < records; i++) {
                assertThat(read.get(i)).isEqualTo(expected[i]);
            }
            journal.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);

            Journal again = open(machine);
            assertThat(again.nextSequence()).isEqualTo(records);
            assertThat(read(again)).isEqualTo(read);
            again.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<AcceptedBatch> produce(Journal journal, int producer) throws Exception {
        List<AcceptedBatch> answers = new ArrayList<>();
        for (int number = 0; number < BATCHES; number++) {
            answers.add(
                    journal.append(batch(producer, number))
                            .toCompletableFuture()
                            .get(30, TimeUnit.SECONDS));
        }
        return answers;
    }

    private static List<String> readUntil(Journal journal, AtomicBoolean finished, Semaphore news)
            throws Exception {
        List<String> found = new ArrayList<>();
        try (LogReader reader = journal.read(0)) {
            while (true) {
                news.acquire();
                boolean last = finished.get();
                drain(reader, found);
                if (last) {
                    return found;
                }
            }
        }
    }

    private static List<String> read(Journal journal) throws IOException {
        List<String> found = new ArrayList<>();
        try (LogReader reader = journal.read(0)) {
            drain(reader, found);
        }
        return found;
    }

    /** The name of each record, without its filling. */
    private static void drain(LogReader reader, List<String> found) throws IOException {
        for (LogReader.Entry entry = reader.next(); entry != null; entry = reader.next()) {
            assertThat(entry.firstSequence()).isEqualTo(found.size());
            RecordBatch.Cursor cursor = ((LogReader.Records) entry).batch().cursor();
            for (DeliveryRecord r = cursor.next(); r != null; r = cursor.next()) {
                String text = r.toUtf8();
                found.add(text.substring(0, text.lastIndexOf(':')));
            }
        }
    }
}
