package io.delivery.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.log.Log;
import io.delivery.log.LogReader;
import io.delivery.log.LogReader.Absent;
import io.delivery.log.LogReader.Entry;
import io.delivery.log.LogReader.Lost;
import io.delivery.log.LogReader.Records;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link Log} does. What it says is written down by sequence: {@code 3=c} is a record,
 * {@code 3 lost} and {@code 3 absent} are none.
 */
@Timeout(60)
public abstract class LogContract {
    /** When every record arrives. */
    protected static final long ARRIVAL = 77;

    /** The log under test, as the present process has it. Begins empty, at sequence 0. */
    protected abstract Log log();

    /** Appends one batch, with arrival {@link #ARRIVAL}; durable at return. */
    protected abstract void append(String... records) throws IOException;

    /** The process ends, and another one opens the log. */
    protected abstract void restart() throws IOException;

    /** The medium loses the batch with this record, and nothing else. */
    protected abstract void lose(String record) throws IOException;

    /** The medium does not answer the next look at it. */
    protected abstract void failNextRead();

    // --- what a reader says ---

    /** Everything that a new reader from here on tells. */
    protected final List<String> told(long fromSequence) throws IOException {
        try (LogReader reader = log().read(fromSequence)) {
            return told(reader, fromSequence);
        }
    }

    /** Everything that this reader tells now, which is to begin with this sequence. */
    protected static List<String> told(LogReader reader, long fromSequence) throws IOException {
        List<String> told = new ArrayList<>();
        long next = fromSequence;
        for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
            next = tell(entry, next, told);
        }
        return told;
    }

    /** Adds what an entry tells from {@code next} on; gives what is to come next. */
    private static long tell(Entry entry, long next, List<String> told) {
        assertThat(entry.end()).as("the end of %s", entry).isGreaterThan(next);
        if (entry.firstSequence() < next) {
            assertThat(told).as("%s begins in front of %d", entry, next).isEmpty();
            assertThat(entry).isInstanceOf(Records.class);
        } else {
            assertThat(entry.firstSequence()).as("the beginning of %s", entry).isEqualTo(next);
        }
        if (entry instanceof Records records) {
            tell(records, next, told);
        } else {
            String meaning = entry instanceof Lost ? " lost" : " absent";
            assertThat(entry).isInstanceOfAny(Lost.class, Absent.class);
            for (long sequence = next; sequence < entry.end(); sequence++) {
                told.add(sequence + meaning);
            }
        }
        return entry.end();
    }

    private static void tell(Records records, long next, List<String> told) {
        RecordBatch.Cursor cursor = records.batch().cursor();
        long sequence = records.firstSequence();
        for (DeliveryRecord r = cursor.next(); r != null; r = cursor.next()) {
            assertThat(r.arrivalMillis()).isEqualTo(ARRIVAL);
            if (sequence >= next) {
                told.add(sequence + "=" + r.toUtf8());
            }
            sequence++;
        }
        assertThat(sequence).as("the batch's count").isEqualTo(records.end());
    }

    /** What a log tells in which these records, and no others, have the sequences from here on. */
    protected static List<String> records(long firstSequence, String... texts) {
        List<String> told = new ArrayList<>();
        for (String text : texts) {
            told.add(firstSequence + told.size() + "=" + text);
        }
        return told;
    }

    // --- what is there ---

    @Test
    protected void an_empty_log_tells_nothing() throws IOException {
        assertThat(log().nextSequence()).isZero();
        assertThat(log().durableEnd()).isZero();
        assertThat(log().begin()).isZero();
        assertThat(log().durableBytesFrom(0)).isZero();

        assertThat(told(0)).isEmpty();
    }

    @Test
    protected void records_have_sequences_in_the_order_in_which_they_were_appended()
            throws IOException {
        append("a", "b");
        append("c");

        assertThat(told(0)).isEqualTo(records(0, "a", "b", "c"));
        assertThat(log().nextSequence()).isEqualTo(3);
        assertThat(log().durableEnd()).isEqualTo(3);
        assertThat(log().begin()).isZero();
    }

    @Test
    protected void records_without_bytes_are_records() throws IOException {
        append("", "", "");
        append("", "a", "");

        assertThat(told(0)).isEqualTo(records(0, "", "", "", "", "a", ""));
    }

    @Test
    protected void records_keep_their_bytes_however_long_they_are() throws IOException {
        String large = "x".repeat(1_024_000); // the longest that a producer may put
        append("a", large);
        append(large + "b");

        assertThat(told(1)).isEqualTo(records(1, large, large + "b"));
    }

    @Test
    protected void reading_may_begin_at_any_sequence_in_a_batch_or_at_the_end() throws IOException {
        append("a", "b", "c");
        append("d", "e");

        List<String> all = records(0, "a", "b", "c", "d", "e");
        for (int from = 0; from <= 5; from++) {
            assertThat(told(from)).as("from %d", from).isEqualTo(all.subList(from, 5));
        }
    }

    @Test
    protected void a_reader_that_has_told_everything_goes_on_when_there_is_more()
            throws IOException {
        append("a");
        try (LogReader reader = log().read(0);
                LogReader atTheEnd = log().read(1)) {
            assertThat(told(reader, 0)).isEqualTo(records(0, "a"));
            assertThat(reader.next()).isNull();
            assertThat(atTheEnd.next()).isNull();

            append("b", "c");

            assertThat(told(reader, 1)).isEqualTo(records(1, "b", "c"));
            assertThat(told(atTheEnd, 1)).isEqualTo(records(1, "b", "c"));
        }
    }

    @Test
    protected void readers_know_nothing_of_each_other() throws IOException {
        append("a");
        append("b");
        LogReader closed = log().read(0);
        try (LogReader slow = log().read(0);
                LogReader quick = log().read(0)) {
            assertThat(slow.next().end()).isEqualTo(1);
            assertThat(told(quick, 0)).isEqualTo(records(0, "a", "b"));
            assertThat(closed.next().end()).isEqualTo(1);
            closed.close();
            closed.close();

            assertThat(told(slow, 1)).isEqualTo(records(1, "b"));
        }
    }

    @Test
    protected void what_was_durable_is_there_after_a_restart_and_sequences_go_on()
            throws IOException {
        append("a", "b");
        restart();
        append("c");
        restart();

        assertThat(told(0)).isEqualTo(records(0, "a", "b", "c"));
        assertThat(log().nextSequence()).isEqualTo(3);
        assertThat(log().durableEnd()).isEqualTo(3);
    }

    @Test
    protected void it_tells_how_many_bytes_a_reader_lags() throws IOException {
        append("x".repeat(1000));
        append("x".repeat(1000));
        append("x".repeat(1000));

        long all = log().durableBytesFrom(0);
        assertThat(all).isBetween(2_500L, 4_000L);
        assertThat(log().durableBytesFrom(1)).isBetween(1L, all);
        assertThat(log().durableBytesFrom(2)).isBetween(1L, log().durableBytesFrom(1));
        assertThat(log().durableBytesFrom(3)).isZero();
        assertThat(log().durableBytesFrom(1_000)).isZero();
    }

    // --- what is told of it ---

    @Test
    protected void whoever_listens_hears_after_the_end_has_moved() throws IOException {
        AtomicLong seen = new AtomicLong();
        AtomicInteger others = new AtomicInteger();
        log().onDurable(() -> seen.set(log().durableEnd()));
        log().onDurable(others::incrementAndGet);

        append("a", "b");
        assertThat(seen).hasValue(2);
        assertThat(others).hasPositiveValue();

        append("c");
        assertThat(seen).hasValue(3);
    }

    @Test
    protected void a_listener_that_fails_keeps_nobody_from_going_on() throws IOException {
        AtomicInteger others = new AtomicInteger();
        log().onDurable(
                        () -> {
                            throw new IllegalStateException("injected");
                        });
        log().onDurable(others::incrementAndGet);

        append("a");
        append("b");

        assertThat(others.get()).isGreaterThanOrEqualTo(2);
        assertThat(told(0)).isEqualTo(records(0, "a", "b"));
    }

    @Test
    protected void a_reader_sees_everything_that_another_thread_appends() throws Exception {
        int batches = 200;
        ExecutorService producer = Executors.newSingleThreadExecutor();
        try (LogReader reader = log().read(0)) {
            Future<?> appended =
                    producer.submit(
                            () -> {
                                for (int i = 0; i < batches; i++) {
                                    append("r" + 2 * i, "r" + (2 * i + 1));
                                }
                                return null;
                            });
            List<String> told = new ArrayList<>();
            boolean last = false;
            while (!last) {
                last = appended.isDone();
                told.addAll(told(reader, told.size()));
            }
            appended.get(30, TimeUnit.SECONDS);

            assertThat(told).hasSize(2 * batches);
            for (int i = 0; i < told.size(); i++) {
                assertThat(told.get(i)).isEqualTo(i + "=r" + i);
            }
        } finally {
            producer.shutdownNow();
        }
    }

    // --- what is forgotten ---

    @Test
    protected void what_was_permitted_to_be_forgotten_is_all_that_may_go() throws IOException {
        append("a");
        append("b");
        append("c");

        log().forgetBelow(2);
        log().forgetBelow(1);
        restart();

        assertThat(log().begin()).isBetween(0L, 2L);
        assertThat(told(2)).isEqualTo(records(2, "c"));
        assertThat(log().nextSequence()).isEqualTo(3);
    }

    @Test
    protected void what_is_not_there_yet_is_not_forgotten() throws IOException {
        append("a");

        log().forgetBelow(Long.MAX_VALUE);
        append("b");

        assertThat(log().nextSequence()).isEqualTo(2);
        assertThat(told(1)).isEqualTo(records(1, "b"));
    }

    // --- what is lost ---

    @Test
    protected void what_was_lost_is_told_and_what_is_around_it_is_given() throws IOException {
        append("a");
        append("lost", "with it");
        append("d");
        lose("lost");

        List<String> told = List.of("0=a", "1 lost", "2 lost", "3=d");
        for (int from = 0; from <= 4; from++) {
            assertThat(told(from)).as("from %d", from).isEqualTo(told.subList(from, 4));
        }
    }

    @Test
    protected void a_loss_at_the_end_is_told_although_no_record_follows() throws IOException {
        append("a");
        append("lost");
        lose("lost");

        try (LogReader reader = log().read(0)) {
            assertThat(told(reader, 0)).containsExactly("0=a", "1 lost");
            assertThat(reader.next()).as("told once").isNull();

            append("c");
            assertThat(told(reader, 2)).isEqualTo(records(2, "c"));
        }
    }

    // --- what fails ---

    @Test
    protected void a_reader_goes_on_at_its_place_when_the_medium_answers_again()
            throws IOException {
        append("a");
        append("b");
        failNextRead();

        try (LogReader reader = log().read(0)) {
            assertThatThrownBy(reader::next).isInstanceOf(IOException.class);

            assertThat(told(reader, 0)).isEqualTo(records(0, "a", "b"));
        }
    }

    @Test
    protected void a_look_that_fails_in_the_middle_costs_no_record_and_doubles_none()
            throws IOException {
        String[] texts = new String[40];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = i + "x".repeat(50_000);
            append(texts[i]);
        }

        List<String> told = new ArrayList<>();
        int failures = 0;
        try (LogReader reader = log().read(0)) {
            while (told.size() < texts.length) {
                failNextRead();
                try {
                    Entry entry = reader.next();
                    tell(entry, told.size(), told);
                } catch (IOException injected) {
                    failures++;
                    tell(reader.next(), told.size(), told);
                }
            }
        }

        assertThat(failures).isPositive();
        assertThat(told).isEqualTo(records(0, texts));
    }
}
