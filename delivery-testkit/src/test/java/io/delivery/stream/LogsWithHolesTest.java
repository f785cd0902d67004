package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.lane.Books;
import io.delivery.testkit.MemoryLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A stream that reads a log of somebody else beside its journal. */
class LogsWithHolesTest {
    private static final Duration INTERVAL = Duration.ofSeconds(61);
    private static final String LANE = "main-1~orders";

    private final MemoryLog orders = new MemoryLog();

    private HintsWorld reading() throws IOException {
        return reading(HintsWorld.of(1, 60));
    }

    private HintsWorld reading(HintsWorld world) throws IOException {
        world.alsoReads("orders", orders);
        world.killAndRestart();
        return world;
    }

    private static void restart(HintsWorld world, MemoryLog log) throws IOException {
        log.readersAreGone();
        world.killAndRestart();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Appends a record of this many bytes. */
    private void append(HintsWorld world, String prefix, int length) {
        orders.append(world.now(), bytes(prefix + "x".repeat(length - prefix.length())));
    }

    private static void assertSettled(Books books) {
        assertThat(books.balanced()).isTrue();
        assertThat(books.settled()).isTrue();
    }

    // --- holes ---

    @Test
    void sequences_without_a_record_count_nowhere() throws IOException {
        HintsWorld world = reading();
        orders.append(world.now(), bytes("first"));
        orders.begin(world.now(), bytes("never"), bytes("was")).abort();
        orders.begin(world.now(), bytes("second")).commit();
        world.pass(INTERVAL);

        Books books = world.lane(LANE).books();
        assertThat(books.accepted()).isEqualTo(2);
        assertThat(books.landed()).isEqualTo(2);
        assertThat(books.damaged()).isZero();
        assertThat(books.split()).isZero();
        assertSettled(books);
        assertThat(world.objects("main/")).containsExactly("firstsecond".length());
        assertThat(world.troubles()).isEmpty();
        assertThat(world.verify()).isEmpty();
    }

    @Test
    void the_books_are_the_same_after_a_restart_also_with_ranges_that_wait() throws IOException {
        HintsWorld world = reading();
        orders.append(world.now(), bytes("landed"));
        orders.mark();
        world.pass(INTERVAL);
        world.storeRefuses();
        orders.mark();
        orders.append(world.now(), bytes("waits"));
        orders.mark();
        world.pass(INTERVAL);
        orders.mark();
        orders.append(world.now(), bytes("open"));
        world.pass(Duration.ofSeconds(1));
        Books before = world.lane(LANE).books();

        restart(world, orders);
        world.pass(Duration.ofSeconds(1));

        assertThat(before).isEqualTo(new Books(3, 0, 1, 0, 0, 0, 0, 2));
        assertThat(world.lane(LANE).books()).isEqualTo(before);
        assertThat(world.verify()).isEmpty();
        world.storeComesBack();
        world.pass(Duration.ofMinutes(5));
        assertThat(world.lane(LANE).books()).isEqualTo(new Books(3, 0, 3, 0, 0, 0, 0, 0));
        assertThat(world.verify()).isEmpty();
    }

    @Test
    void what_is_not_decided_yet_is_not_read() throws IOException {
        HintsWorld world = reading();
        MemoryLog.Transaction transaction = orders.begin(world.now(), bytes("decided"));
        orders.append(world.now(), bytes("later"));
        world.pass(INTERVAL);
        assertThat(world.lane(LANE).books()).isEqualTo(Books.EMPTY);

        transaction.commit();
        world.pass(INTERVAL);

        assertThat(world.objects("main/")).containsExactly("decidedlater".length());
        assertSettled(world.lane(LANE).books());
    }

    @Test
    void holes_alone_are_flushed_and_the_log_may_forget_them() throws IOException {
        HintsWorld world = reading();
        orders.mark();
        orders.mark();

        world.flush();

        assertThat(orders.begin()).isEqualTo(2);
        assertThat(world.objects("main/")).isEmpty();
        assertThat(world.lane(LANE).books()).isEqualTo(Books.EMPTY);
        assertThat(world.verify()).isEmpty();
    }

    @Test
    void holes_alone_are_committed_when_the_interval_is_over() throws IOException {
        HintsWorld world = reading();
        orders.mark();
        world.pass(Duration.ofSeconds(50));
        assertThat(orders.begin()).isZero();

        world.pass(Duration.ofSeconds(12));

        assertThat(orders.begin()).isEqualTo(1);
    }

    @Test
    void the_interval_of_a_range_begins_with_its_first_record_not_with_a_hole() throws IOException {
        HintsWorld world = reading();
        orders.mark();
        world.pass(Duration.ofSeconds(50));
        orders.append(world.now(), bytes("one"));
        world.pass(Duration.ofSeconds(50));
        assertThat(world.objects("main/")).isEmpty();
        orders.append(world.now(), bytes("two"));

        world.pass(Duration.ofSeconds(15));

        assertThat(world.objects("main/")).containsExactly("onetwo".length());
    }

    // --- what is withdrawn between two readings ---

    @Test
    void a_record_that_an_object_holds_stays_in_it_although_the_log_withdraws_it()
            throws IOException {
        HintsWorld world = reading(HintsWorld.partitioned(1, 60, 10, 300L << 20));
        append(world, "a:", 1 << 20);
        orders.append(world.now(), bytes("b:kept"));
        orders.append(world.now(), bytes("b:withdrawn"));
        world.pass(Duration.ofSeconds(2));
        assertThat(world.objects("p=a/")).as("closed by its size").hasSize(1);

        orders.withdraw(0);
        orders.withdraw(2);
        restart(world, orders);
        world.pass(INTERVAL);

        assertThat(world.lane(LANE).books()).isEqualTo(new Books(2, 0, 2, 0, 0, 0, 0, 0));
        assertThat(world.objects("p=a/")).containsExactly(1 << 20);
        assertThat(world.objects("p=b/")).containsExactly("b:kept".length());
        assertThat(world.verify()).isEmpty();
    }

    @Test
    void a_record_of_a_sealed_range_that_must_be_read_again_and_is_withdrawn_is_damaged()
            throws IOException {
        HintsWorld world = reading();
        world.storeRefuses();
        orders.append(world.now(), bytes("one"));
        orders.mark();
        orders.append(world.now(), bytes("two"));
        world.pass(INTERVAL);
        for (Path file : world.staged(LANE)) {
            world.disk().flipBit(file, 3);
        }
        orders.withdraw(0);

        world.storeComesBack();
        restart(world, orders);
        world.pass(Duration.ofMinutes(3));

        assertThat(world.lane(LANE).books()).isEqualTo(new Books(2, 0, 1, 0, 0, 1, 0, 0));
        assertThat(world.objects("main/")).containsExactly("two".length());
        assertThat(world.verify()).isEmpty();
    }

    // --- losses ---

    @Test
    void what_the_log_has_lost_is_damaged_and_what_it_never_gave_is_not() throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        orders.append(world.now(), bytes("expired"));
        orders.append(world.now(), bytes("kept"));
        orders.append(world.now(), bytes("lost"), bytes("as well"));
        orders.mark();
        world.alsoReads("orders", orders);
        world.killAndRestart();
        world.pass(Duration.ofSeconds(1));
        assertThat(world.lane(LANE).books().buffered()).isEqualTo(4);

        restart(world, orders);
        orders.lose(2, 4);
        orders.expire(1);
        world.pass(INTERVAL);

        assertThat(world.lane(LANE).books()).isEqualTo(new Books(4, 0, 1, 0, 0, 3, 0, 0));
        assertThat(world.objects("main/")).containsExactly("kept".length());
        assertThat(world.verify()).isEmpty();
    }

    @Test
    void a_log_that_does_not_answer_is_asked_again() throws IOException {
        HintsWorld world = reading();
        orders.failReads(3);
        orders.append(world.now(), bytes("record"));
        world.pass(Duration.ofSeconds(1));
        assertThat(world.troubles()).anyMatch(trouble -> trouble.contains("could not be read"));

        world.pass(INTERVAL.plusSeconds(5));

        assertThat(world.troubles()).isEmpty();
        assertSettled(world.lane(LANE).books());
        assertThat(world.objects("main/")).containsExactly("record".length());
    }

    // --- several logs ---

    @Test
    void each_log_forgets_what_its_own_lanes_have_committed() throws IOException {
        HintsWorld world = reading();
        world.put("waits for its interval");
        append(world, "size", 1 << 20);
        world.pass(Duration.ofSeconds(5));

        assertThat(world.lane("main-1").books().buffered()).isEqualTo(1);
        assertThat(world.lane(LANE).books().landed()).isEqualTo(1);
        assertThat(orders.begin()).isEqualTo(1);

        orders.append(world.now(), bytes("waits, too"));
        world.putBytes("size", 1 << 20);
        world.pass(Duration.ofSeconds(5));
        assertThat(world.lane("main-1").books().settled()).isTrue();
        assertThat(orders.begin()).isEqualTo(1);
    }

    @Test
    void two_logs_of_one_stream_land_all_their_records_under_keys_of_their_own()
            throws IOException {
        MemoryLog payments = new MemoryLog();
        HintsWorld world = HintsWorld.of(1, 60);
        world.alsoReads("payments.0", payments);
        world = reading(world);
        world.put("journal");
        orders.append(world.now(), bytes("orders"));
        payments.append(world.now(), bytes("payments"));

        world.pass(INTERVAL);

        assertThat(world.objects("main/"))
                .containsExactlyInAnyOrder(
                        "journal".length(), "orders".length(), "payments".length());
        assertThat(world.status().lanes())
                .extracting(lane -> lane.lane())
                .containsExactly("main-1", LANE, "main-1~payments.0");
        assertThat(world.verify()).isEmpty();
    }

    @Test
    void a_lane_that_comes_to_a_log_begins_with_what_that_still_has() throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        orders.append(world.now(), bytes("gone"));
        orders.append(world.now(), bytes("there"));
        orders.expire(1);

        world = reading(world);
        world.pass(INTERVAL);

        assertThat(world.objects("main/")).containsExactly("there".length());
        assertThat(world.lane(LANE).books()).isEqualTo(new Books(1, 0, 1, 0, 0, 0, 0, 0));
    }

    @Test
    void the_stream_is_on_disk_before_anything_of_another_log_is_read() throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        orders.append(world.now(), bytes("record"));
        world = reading(world);
        restart(world, orders);

        world.pass(INTERVAL);

        assertThat(world.disk().list(HintsWorld.DATA.resolve("streams"))).hasSize(1);
        assertThat(world.objects("main/")).containsExactly("record".length());
    }

    @Test
    void a_start_without_a_log_that_a_lane_has_not_delivered_is_refused() throws IOException {
        HintsWorld world = reading();
        orders.append(world.now(), bytes("record"));
        world.pass(Duration.ofSeconds(1));

        world.readsNoMore("orders");

        assertThatThrownBy(world::killAndRestart)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "stream clicks: lane main-1~orders has not delivered all of log orders,"
                                + " which is not configured any more: configure it until it has");
    }

    @Test
    void no_other_log_may_be_called_as_the_journal_is() {
        assertThatThrownBy(
                        () -> {
                            HintsWorld world = HintsWorld.of(1, 60);
                            world.alsoReads("journal", orders);
                            world.killAndRestart();
                        })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("stream clicks: only its own journal is called journal");
    }
}
