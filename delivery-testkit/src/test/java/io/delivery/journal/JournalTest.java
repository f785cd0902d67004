package io.delivery.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.delivery.log.LogReader;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.RecordBatch;
import io.delivery.testkit.DiskCall;
import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class JournalTest {
    private static final int MIB = 1 << 20;

    private final JournalWorld world = new JournalWorld(1);

    private Journal open() throws IOException {
        return world.open();
    }

    @Test
    void records_get_sequences_from_0_in_the_order_of_their_appends() throws IOException {
        Journal journal = open();

        CompletableFuture<AcceptedBatch> first = world.begin("a", "b");
        CompletableFuture<AcceptedBatch> second = world.begin("c");
        assertThat(first).isNotDone();
        world.sim.scheduler().runUntilIdle();

        assertThat(first)
                .isCompletedWithValue(new AcceptedBatch(JournalWorld.INCARNATION, 0, 2, false));
        assertThat(second)
                .isCompletedWithValue(new AcceptedBatch(JournalWorld.INCARNATION, 2, 1, false));
        assertThat(journal.nextSequence()).isEqualTo(3);
        assertThat(world.read(0)).containsValues("a", "b", "c").hasSize(3);
    }

    @Test
    void nothing_is_on_disk_before_the_first_record_and_the_owner_writes_first()
            throws IOException {
        List<Boolean> journalWasThere = new ArrayList<>();
        BeforeFirstSegment makeStream = world.beforeFirstSegment;
        world.beforeFirstSegment =
                () -> {
                    journalWasThere.add(world.disk().exists(JournalWorld.DIRECTORY));
                    makeStream.run();
                };
        open();
        world.sim.scheduler().runUntilIdle();
        assertThat(world.disk().mutations()).isZero();

        world.append("a");
        world.append("b");

        assertThat(journalWasThere).containsExactly(false);
    }

    @Test
    void appends_fail_when_the_owner_cannot_write_first_and_succeed_when_it_can()
            throws IOException {
        Journal journal = open();
        BeforeFirstSegment makeStream = world.beforeFirstSegment;
        world.beforeFirstSegment =
                () -> {
                    throw new IOException("read-only file system");
                };

        CompletableFuture<AcceptedBatch> refused = world.begin("a");
        world.sim.scheduler().runUntilIdle();

        assertThat(refused).isCompletedExceptionally();
        assertThat(journal.healthy()).isFalse();
        assertThat(journal.trouble()).contains("read-only file system");

        world.beforeFirstSegment = makeStream;
        world.sim.scheduler().runFor(Duration.ofSeconds(2));

        assertThat(journal.healthy()).isTrue();
        assertThat(world.append("b").firstSequence()).isZero();
    }

    @Test
    void a_group_costs_one_sync_however_many_producers_are_in_it() throws IOException {
        open();
        world.append("first");

        long before = world.disk().mutations();
        List<CompletableFuture<AcceptedBatch>> group = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            group.add(world.begin("record " + i));
        }
        world.sim.scheduler().runUntilIdle();

        assertThat(group).allMatch(CompletableFuture::isDone);
        assertThat(world.disk().mutations() - before).as("one write, one sync").isEqualTo(2);
    }

    @Test
    void a_batch_without_records_is_accepted_and_leaves_nothing() throws IOException {
        Journal journal = open();

        CompletableFuture<AcceptedBatch> answer =
                journal.append(RecordBatch.of(1)).toCompletableFuture();

        assertThat(answer)
                .isCompletedWithValue(new AcceptedBatch(JournalWorld.INCARNATION, 0, 0, false));
        assertThat(world.disk().mutations()).isZero();
    }

    @Test
    void five_hundred_empty_records_are_five_hundred_records() throws IOException {
        open();
        String[] empty = new String[500];
        java.util.Arrays.fill(empty, "");

        AcceptedBatch accepted = world.append(empty);

        assertThat(accepted.count()).isEqualTo(500);
        assertThat(world.read(0)).hasSize(500).containsEntry(499L, "");
        assertThat(world.openAfterKill().nextSequence()).isEqualTo(500);
    }

    @Test
    void a_frame_larger_than_a_segment_gets_a_segment_of_its_own() throws IOException {
        world.limit = 64 * MIB;
        open();
        world.append("before");
        String large = "x".repeat(9 * MIB);

        world.append(large);
        world.append("after");

        assertThat(world.read(0)).containsEntry(1L, large).containsEntry(2L, "after");
        world.openAfterKill();
        assertThat(world.read(1)).containsEntry(1L, large).containsEntry(2L, "after");
    }

    @Test
    void a_batch_keeps_its_arrival_time_and_is_given_whole() throws IOException {
        Journal journal = open();
        world.append("a", "b", "c");
        world.append("d");

        try (LogReader reader = journal.read(1)) {
            LogReader.Records entry = (LogReader.Records) reader.next();
            assertThat(entry.firstSequence()).isZero();
            assertThat(entry.end()).isEqualTo(3);
            assertThat(entry.batch().arrivalMillis()).isEqualTo(77);
            assertThat(reader.next().firstSequence()).isEqualTo(3);
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void a_reader_sees_only_what_is_durable_and_goes_on_when_more_is() throws IOException {
        Journal journal = open();
        AtomicInteger calls = new AtomicInteger();
        journal.onDurable(calls::incrementAndGet);
        try (LogReader reader = journal.read(0)) {
            assertThat(reader.next()).isNull();
            world.begin("a");
            assertThat(reader.next()).isNull();
            world.sim.scheduler().runUntilIdle();
            assertThat(calls).hasValue(1);
            assertThat(JournalWorld.drain(reader)).containsEntry(0L, "a");

            for (int i = 1; i <= 300; i++) {
                world.begin("r" + i, "x".repeat(20_000)); // over several segments
                if (i % 7 == 0) {
                    world.sim.scheduler().runUntilIdle();
                    assertThat(JournalWorld.drain(reader)).hasSize(14).containsValue("r" + i);
                }
            }
        }
        assertThat(world.segmentFiles()).hasSizeGreaterThan(1);
    }

    @Test
    void reading_may_begin_at_any_sequence() throws IOException {
        open();
        for (int i = 0; i < 200; i++) {
            world.append("r" + 2 * i + "x".repeat(20_000), "r" + (2 * i + 1));
        }

        for (long from = 0; from <= 400; from += 13) {
            var read = world.read(from);
            assertThat(read.firstKey()).isBetween(Math.max(0, from - 1), from);
            assertThat(read).hasSize((int) (400 - read.firstKey()));
        }
        assertThat(world.read(400)).isEmpty();
    }

    @Test
    void what_becomes_durable_while_damage_is_passed_is_read_all_the_same() throws IOException {
        Journal journal = open();
        world.append("lost");
        Path segment = world.segmentFiles().get(0);
        world.disk().flipBit(segment, (SegmentHeader.BYTES + FrameHeader.BYTES) * 8L);
        world.disk()
                .onRead(
                        offset -> {
                            if (offset >= SegmentHeader.BYTES && journal.durableEnd() == 1) {
                                world.append("behind");
                            }
                        });

        try (LogReader reader = journal.read(0)) {
            assertThat(JournalWorld.drain(reader)).containsExactly(entry(1L, "behind"));
        }
    }

    @Test
    void unread_bytes_are_exact_at_the_end_and_close_to_it_elsewhere() throws IOException {
        Journal journal = open();
        assertThat(journal.durableBytesFrom(0)).isZero();
        int each = 10_000;
        for (int i = 0; i < 1_000; i++) {
            world.append("x".repeat(each));
        }

        assertThat(journal.durableBytesFrom(1_000)).isZero();
        assertThat(journal.durableBytesFrom(999)).isBetween(1L, 3L * each);
        for (long from = 0; from < 1_000; from += 50) {
            assertThat((double) journal.durableBytesFrom(from))
                    .isBetween((1_000 - from) * each * 0.9, (1_000 - from) * each * 1.1 + each);
        }

        world.openAfterKill();
        assertThat(world.journal.durableBytesFrom(1_000)).isZero();
        assertThat((double) world.journal.durableBytesFrom(500)).isBetween(4e6, 6e6);
    }

    @Test
    void a_full_journal_refuses_and_takes_records_again_once_they_are_forgotten()
            throws IOException {
        world.limit = 2 * MIB;
        Journal journal = open();
        String record = "x".repeat(50_000);
        int accepted = 0;
        CompletableFuture<AcceptedBatch> answer = world.begin(record);
        for (world.sim.scheduler().runUntilIdle();
                !answer.isCompletedExceptionally();
                world.sim.scheduler().runUntilIdle()) {
            accepted++;
            answer = world.begin(record);
        }

        assertThatThrownBy(answer::join).hasCauseInstanceOf(JournalFullException.class);
        assertThat(accepted).as("most of 2 MiB").isBetween(25, 42);
        assertThat(journal.bytes()).isLessThanOrEqualTo(world.limit);
        assertThat(journal.healthy()).isTrue();
        assertThat(world.read(0)).hasSize(accepted);

        journal.forgetBelow(accepted);
        world.sim.scheduler().runUntilIdle();
        assertThat(world.append(record).firstSequence()).isEqualTo(accepted);
        assertThat(journal.bytes()).isLessThanOrEqualTo(world.limit);
    }

    @Test
    void a_limit_that_shrinks_below_what_is_there_lifts_when_all_is_forgotten() throws IOException {
        Journal journal = open();
        world.append("x".repeat(900_000));

        journal.limit(MIB / 2);
        CompletableFuture<AcceptedBatch> refused = world.begin("y".repeat(200_000));
        world.sim.scheduler().runUntilIdle();
        assertThatThrownBy(refused::join).hasCauseInstanceOf(JournalFullException.class);

        journal.forgetBelow(1);
        world.sim.scheduler().runUntilIdle();
        world.append("y".repeat(200_000));
        assertThat(journal.bytes()).isLessThanOrEqualTo(MIB / 2);
    }

    @Test
    void forgetting_removes_whole_segments_but_never_the_newest() throws IOException {
        Journal journal = open();
        for (int i = 0; i < 60; i++) {
            world.append("x".repeat(100_000));
        }
        assertThat(world.segmentFiles()).hasSizeGreaterThan(1);

        journal.forgetBelow(5);
        world.sim.scheduler().runUntilIdle();
        assertThat(journal.begin()).isLessThanOrEqualTo(5);
        assertThat(world.read(5)).containsKey(5L);

        journal.forgetBelow(Long.MAX_VALUE);
        world.sim.scheduler().runUntilIdle();
        assertThat(world.segmentFiles()).hasSize(1);
        assertThat(world.openAfterKill().nextSequence()).isEqualTo(60);
        assertThat(world.journal.begin()).isPositive();
    }

    @Test
    void busy_journals_grow_their_segments_and_recycle_them() throws IOException {
        world.limit = 64L * MIB; // segments of up to 8 MiB
        Journal journal = open();
        String record = "x".repeat(500_000);

        long most = 0;
        for (int i = 0; i < 200; i++) {
            world.append(record.substring(i));
            journal.forgetBelow(i);
            world.sim.scheduler().runUntilIdle();
            most = Math.max(most, journal.bytes());
        }

        assertThat(most).as("newest, a lagging one and a spare").isLessThanOrEqualTo(24L * MIB);
        assertThat(world.disk().list(JournalWorld.DIRECTORY)).hasSizeLessThanOrEqualTo(3);
        world.openAfterKill();
        assertThat(world.journal.nextSequence()).isEqualTo(200);
        assertThat(world.read(199)).containsEntry(199L, record.substring(199));
    }

    @Test
    void a_busy_journal_has_a_spare_segment_before_it_needs_one() throws IOException {
        Journal journal = open();
        String record = "x".repeat(100_000);
        for (int i = 0; i < 8; i++) {
            world.append(record);
            world.sim.scheduler().runFor(Duration.ofMillis(100));
        }

        assertThat(world.disk().list(JournalWorld.DIRECTORY)).as("in use and spare").hasSize(2);
        assertThat(journal.bytes()).isGreaterThan(MIB + MIB / 2);
    }

    @Test
    void a_journal_in_a_rush_writes_no_zeros_ahead_of_its_records() throws IOException {
        Journal journal = open();
        String record = "x".repeat(100_000);
        for (int i = 0; i < 8; i++) {
            world.append(record);
            world.sim.scheduler().runUntilIdle();
        }

        assertThat(world.disk().list(JournalWorld.DIRECTORY)).as("in use").hasSize(1);
        assertThat(journal.bytes()).isEqualTo(MIB);
    }

    @Test
    void a_slow_journal_beside_others_in_a_rush_writes_no_zeros_ahead_of_its_records()
            throws IOException {
        AtomicLong written = new AtomicLong();
        world.bytesWritten = written::get;
        Journal journal = open();
        String record = "x".repeat(100_000);
        for (int i = 0; i < 8; i++) {
            world.append(record);
            written.addAndGet(4L * MIB);
            world.sim.scheduler().runFor(Duration.ofMillis(100));
        }

        assertThat(world.disk().list(JournalWorld.DIRECTORY)).as("in use").hasSize(1);
        assertThat(journal.bytes()).isEqualTo(MIB);
    }

    @Test
    void what_was_written_before_a_segment_is_no_rush() throws IOException {
        world.bytesWritten = () -> 1L << 40;
        open();
        String record = "x".repeat(100_000);
        for (int i = 0; i < 8; i++) {
            world.append(record);
            world.sim.scheduler().runFor(Duration.ofMillis(100));
        }

        assertThat(world.disk().list(JournalWorld.DIRECTORY)).as("in use and spare").hasSize(2);
    }

    @Test
    void slow_journals_stay_small() throws IOException {
        Journal journal = open();
        for (int i = 0; i < 30; i++) {
            world.append("x".repeat(100_000));
            world.sim.scheduler().runFor(Duration.ofMinutes(1));
        }

        assertThat(journal.bytes()).isLessThan(5L * MIB);
    }

    @Test
    void a_failed_sync_fails_its_appends_and_the_next_ones_succeed_in_another_segment()
            throws IOException {
        Journal journal = open();
        world.append("kept");

        world.disk().failNextSync(new IOException("EIO"));
        CompletableFuture<AcceptedBatch> lost = world.begin("lost");
        CompletableFuture<AcceptedBatch> lostToo = world.begin("lost too");
        world.sim.scheduler().runUntilIdle();

        assertThat(lost).isCompletedExceptionally();
        assertThat(lostToo).isCompletedExceptionally();
        assertThat(journal.nextSequence()).isEqualTo(1);
        assertThat(journal.healthy()).as("a new segment was opened").isTrue();
        assertThat(world.append("next").firstSequence()).isEqualTo(1);
        assertThat(world.read(0)).containsEntry(0L, "kept").containsEntry(1L, "next").hasSize(2);

        world.sim.powerCut();
        world.sim.restart();
        world.open();
        assertThat(world.read(0)).containsEntry(0L, "kept").containsEntry(1L, "next").hasSize(2);
    }

    @Test
    void a_disk_that_stays_broken_makes_the_journal_unhealthy_until_it_works() throws IOException {
        Journal journal = open();
        world.append("kept");
        world.disk().failNextSync(new IOException("EIO"));
        world.disk().failNextWrite(new IOException("EIO again"));

        CompletableFuture<AcceptedBatch> lost = world.begin("lost");
        world.sim.scheduler().runUntilIdle();
        world.disk().failNextSync(new IOException("EIO"));
        assertThat(lost).isCompletedExceptionally();

        // The write failed and the first attempt to heal met the failing sync.
        CompletableFuture<AcceptedBatch> lostToo = world.begin("lost");
        world.disk().failNextDirectorySync(new IOException("the directory, too"));
        world.sim.scheduler().runUntilIdle();
        assertThat(lostToo).isCompletedExceptionally();
        assertThat(journal.healthy()).isFalse();
        assertThat(journal.trouble()).startsWith("the journal cannot be written");

        world.sim.scheduler().runFor(Duration.ofSeconds(2));
        assertThat(journal.healthy()).isTrue();
        assertThat(journal.trouble()).isEmpty();
        assertThat(world.append("next").firstSequence()).isEqualTo(1);
    }

    @Test
    void a_disk_that_fails_again_and_again_does_not_fill_the_journal() throws IOException {
        Journal journal = open();
        for (int i = 0; i < 40; i++) {
            world.disk().failNextSync(new IOException("EIO"));
            world.begin("lost");
            world.sim.scheduler().runUntilIdle();
        }

        assertThat(journal.bytes()).isLessThan(3L * MIB);
        assertThat(world.append("first").firstSequence()).isZero();
        assertThat(world.segmentFiles()).hasSize(1);
    }

    @Test
    void a_full_disk_is_back_pressure_and_heals_by_itself() throws IOException {
        Journal journal = open();
        world.append("kept");
        world.disk().fullAfter(100);

        CompletableFuture<AcceptedBatch> refused = world.begin("x".repeat(2 * MIB));
        world.sim.scheduler().runUntilIdle();

        assertThatThrownBy(refused::join)
                .hasCauseInstanceOf(JournalFullException.class)
                .hasRootCauseInstanceOf(DiskFullException.class);
        assertThat(journal.healthy()).isTrue();

        world.disk().roomAgain();
        assertThat(world.append("y").firstSequence()).isEqualTo(1);
    }

    @Test
    void a_full_disk_keeps_no_killed_journal_from_starting() throws IOException {
        open();
        world.append("known to be durable");
        world.append("x".repeat(5000));
        world.sim.kill();
        world.sim.restart();
        world.disk().fullAfter(0);

        world.open();

        assertThat(world.read(0)).containsValues("known to be durable", "x".repeat(5000));
        CompletableFuture<AcceptedBatch> refused = world.begin("y".repeat(2 * MIB));
        world.sim.scheduler().runUntilIdle();
        assertThatThrownBy(refused::join).hasRootCauseInstanceOf(DiskFullException.class);
        world.disk().roomAgain();
        assertThat(world.append("z").firstSequence()).isEqualTo(2);
        world.openAfterKill();
        assertThat(world.read(0)).hasSize(3).containsEntry(2L, "z");
    }

    @Test
    void a_disk_that_stalls_for_30_seconds_makes_producers_wait_and_fails_none()
            throws IOException {
        Journal journal = open();
        world.append("before");
        List<CompletableFuture<AcceptedBatch>> late = new ArrayList<>();
        world.disk()
                .duringNextSync(
                        () -> {
                            for (int second = 0; second < 30; second++) {
                                late.add(world.begin("in second " + second));
                                world.sim.scheduler().advance(Duration.ofSeconds(1));
                            }
                        });
        CompletableFuture<AcceptedBatch> stalled = world.begin("stalled");
        world.sim.scheduler().runUntilIdle();

        assertThat(stalled).isCompletedWithValueMatching(a -> a.firstSequence() == 1);
        assertThat(late).hasSize(30).allMatch(answer -> !answer.isCompletedExceptionally());
        assertThat(late.get(29)).isCompletedWithValueMatching(a -> a.firstSequence() == 31);
        assertThat(journal.healthy()).isTrue();
        assertThat(world.read(0)).hasSize(32);
    }

    @Test
    void a_disk_that_becomes_read_only_refuses_records_until_it_is_writable_again()
            throws IOException {
        Journal journal = open();
        world.append("kept");
        long before = world.disk().usedBytes();
        world.disk().remountReadOnly();

        for (int second = 0; second < 30; second++) {
            CompletableFuture<AcceptedBatch> refused = world.begin("refused");
            world.sim.scheduler().runFor(Duration.ofSeconds(1));
            assertThatThrownBy(refused::join).hasRootCauseMessage("Read-only file system");
            assertThat(journal.healthy()).isFalse();
        }
        assertThat(world.read(0)).as("reading goes on").hasSize(1);
        assertThat(world.disk().usedBytes()).isEqualTo(before);

        world.disk().remountWritable();
        world.sim.scheduler().runFor(Duration.ofSeconds(2));
        assertThat(journal.healthy()).isTrue();
        assertThat(world.append("next").firstSequence()).isEqualTo(1);
        assertThat(world.openAfterKill().nextSequence()).isEqualTo(2);
        assertThat(world.lost(0)).isEmpty();
    }

    @Test
    void a_segment_that_is_full_to_the_brim_still_has_room_for_word_of_what_is_durable()
            throws IOException {
        world.limit = 32 << 10; // segments of 4,096 bytes
        for (int size = 3_700; size < 4_100; size += 4) {
            open();
            long next = world.append("x".repeat(size)).firstSequence() + 1;
            world.sim.scheduler().runFor(Duration.ofSeconds(2));
            world.journal.forgetBelow(next);
            world.sim.scheduler().runUntilIdle();

            world.openAfterKill();
            assertThat(world.segmentFiles()).as("nothing was written again").hasSize(1);
        }
    }

    @Test
    void an_idle_journal_leaves_word_of_what_is_durable_without_a_sync() throws IOException {
        open();
        world.append("a");
        List<DiskCall> calls = new ArrayList<>();
        world.disk().onCall(calls::add);

        world.sim.scheduler().runFor(Duration.ofSeconds(5));
        assertThat(calls)
                .filteredOn(call -> call.touches("journal") && !call.touches("marks"))
                .extracting(DiskCall::kind)
                .containsExactly(DiskCall.Kind.WRITE);

        world.openAfterKill();
        assertThat(world.segmentFiles()).as("nothing had to be written again").hasSize(1);
        assertThat(world.read(0)).containsEntry(0L, "a");
    }

    @Test
    void stopping_flushes_what_waits_refuses_what_comes_and_leaves_no_slack() throws IOException {
        Journal journal = open();
        world.append("a");
        CompletableFuture<AcceptedBatch> waiting = world.begin("b");

        CompletableFuture<Void> stopped = journal.stop().toCompletableFuture();
        CompletableFuture<AcceptedBatch> late = world.begin("c");
        world.sim.scheduler().runUntilIdle();

        assertThat(stopped).isCompleted();
        assertThat(journal.stop().toCompletableFuture()).isCompleted();
        assertThat(waiting.join().firstSequence()).isEqualTo(1);
        assertThatThrownBy(late::join).hasMessageContaining("journal of stream clicks is closed");
        assertThat(journal.bytes()).isLessThan(400);
        long markBytes = world.disk().bytes(JournalWorld.STREAM.resolve("marks/journal")).length;
        assertThat(world.disk().usedBytes()).isEqualTo(journal.bytes() + markBytes);
        assertThat(world.open().nextSequence()).isEqualTo(2);
        assertThat(world.read(0)).containsEntry(1L, "b");
    }

    @Test
    void a_failing_listener_hurts_nobody() throws IOException {
        Journal journal = open();
        AtomicInteger calls = new AtomicInteger();
        journal.onDurable(
                () -> {
                    throw new IllegalStateException("not my day");
                });
        journal.onDurable(calls::incrementAndGet);

        world.append("a");
        world.append("b");

        assertThat(calls).hasValue(2);
    }
}
