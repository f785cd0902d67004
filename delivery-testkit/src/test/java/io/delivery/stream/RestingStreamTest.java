package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.journal.Journal;
import io.delivery.landing.Landings;
import io.delivery.lane.Books;
import io.delivery.lane.Lane;
import io.delivery.log.LogReader;
import io.delivery.testkit.MemoryStore.Fate;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream that has had nothing to do for a while, and what wakes it. */
class RestingStreamTest {
    private static final Duration LONG = StreamTicks.REST_AFTER.plusSeconds(10);

    private RegistryWorld world;

    @BeforeEach
    void oneRecordHasLandedAndNothingHappensForLong() throws IOException {
        world = new RegistryWorld(1);
        world.begin();
        world.create("clicks", "a");
        world.await(world.put("clicks", "one"));
        world.await(world.registry().find("clicks").orElseThrow().flush());
        world.pass(LONG);
    }

    @Test
    void it_has_no_timer() {
        assertThat(world.sim().scheduler().advanceToNextTimer()).isFalse();
    }

    @Test
    void it_has_no_open_file() {
        assertThat(world.sim().disk().openFiles()).isEmpty();
    }

    @Test
    void it_keeps_no_range_no_reader_no_landing_and_no_buffer()
            throws ReflectiveOperationException {
        Reachable kept = Reachable.from(world.registry().find("clicks").orElseThrow());

        assertThat(kept.classes())
                .contains(DeliveryStream.class, Journal.class, Lane.class, Landings.class)
                .noneMatch(kind -> kind.getName().startsWith("io.delivery.lane.range.OpenRange"))
                .noneMatch(kind -> kind.getName().startsWith("io.delivery.lane.range.Range"))
                .noneMatch(kind -> LogReader.class.isAssignableFrom(kind))
                .noneMatch(kind -> DiskFile.class.isAssignableFrom(kind))
                .noneMatch(kind -> kind.getSimpleName().equals("LandingGate"));
        assertThat(kept.longestBytes()).isLessThan(256);
    }

    @Test
    void it_keeps_no_more_after_many_records_than_after_one() throws ReflectiveOperationException {
        int before = Reachable.from(world.registry().find("clicks").orElseThrow()).objects();

        for (int i = 0; i < 100; i++) {
            world.await(world.put("clicks", "more " + i));
        }
        world.await(world.registry().find("clicks").orElseThrow().flush());
        world.pass(LONG);

        assertThat(Reachable.from(world.registry().find("clicks").orElseThrow()).objects())
                .isLessThan(before + 20);
    }

    @Test
    void the_process_keeps_no_block_for_buffers_of_streams_that_rest() {
        for (int i = 0; i < 10; i++) {
            world.await(world.put("clicks", "x".repeat(200_000)));
        }
        world.await(world.registry().find("clicks").orElseThrow().flush());
        assertThat(world.engine().memory().keptBytes()).isPositive();

        world.pass(LONG);

        assertThat(world.engine().memory().keptBytes()).isZero();
    }

    @Test
    void the_process_keeps_no_block_for_buffers_of_a_stream_that_was_deleted() {
        for (int i = 0; i < 10; i++) {
            world.await(world.put("clicks", "x".repeat(200_000)));
        }
        world.await(world.registry().find("clicks").orElseThrow().flush());
        assertThat(world.engine().memory().keptBytes()).isPositive();

        world.await(world.registry().delete("clicks").gone());

        assertThat(world.engine().memory().keptBytes()).isZero();
    }

    @Test
    void it_rests_after_a_restart() throws IOException {
        world.kill();
        world.begin();
        world.pass(LONG);

        assertThat(world.sim().scheduler().advanceToNextTimer()).isFalse();
        assertThat(world.sim().disk().openFiles()).isEmpty();
    }

    @Test
    void it_rests_after_a_restart_that_found_a_record_that_had_not_landed() throws IOException {
        world.await(world.put("clicks", "two"));
        world.kill();
        world.begin();
        world.pass(Duration.ofMinutes(5));

        assertThat(world.landed("clicks")).containsExactly("one", "two");
        assertThat(world.sim().scheduler().advanceToNextTimer()).isFalse();
        assertThat(world.sim().disk().openFiles()).isEmpty();
    }

    @Test
    void it_is_looked_at_while_a_record_has_not_landed() {
        world.await(world.put("clicks", "two"));
        world.sim().scheduler().runFor(Duration.ofSeconds(1));

        assertThat(world.sim().scheduler().advanceToNextTimer()).isTrue();
    }

    @Test
    void the_next_record_lands_and_then_it_rests_again() {
        world.await(world.put("clicks", "two"));
        world.pass(Duration.ofMinutes(5));

        assertThat(world.landed("clicks")).containsExactly("one", "two");
        assertThat(world.sim().scheduler().advanceToNextTimer()).isFalse();
    }

    @Test
    void another_process_goes_on_where_it_rested() throws IOException {
        world.kill();
        world.begin();
        world.await(world.put("clicks", "two"));
        world.await(world.registry().find("clicks").orElseThrow().flush());

        assertThat(world.landed("clicks")).containsExactly("one", "two");
        Books books = world.books("clicks");
        assertThat(books.accepted()).isEqualTo(2);
        assertThat(books.settled()).isTrue();
    }

    @Test
    void a_record_behind_a_rest_survives_a_power_cut() throws IOException {
        world.await(world.put("clicks", "two"));
        world.sim().powerCut();
        world.sim().restart();
        world.begin();
        world.await(world.registry().find("clicks").orElseThrow().flush());

        assertThat(world.landed("clicks")).containsExactly("one", "two");
    }

    @Test
    void it_stops_in_order_and_is_there_again() throws IOException {
        world.await(world.registry().stop(Stopping.LAND_OPEN, Duration.ofSeconds(5)));
        world.sim().kill();
        world.sim().restart();
        world.begin();

        assertThat(world.status("clicks").healthy()).isTrue();
        assertThat(world.books("clicks").damaged()).isZero();
        assertThat(world.books("clicks").accepted()).isEqualTo(1);
    }

    @Test
    void files_that_could_not_be_closed_for_want_of_a_mark_are_closed_when_it_can_be_written() {
        world.sim()
                .disk()
                .failEvery(
                        call ->
                                call.touches("marks")
                                        && call.path().getFileName().toString().contains("journal"),
                        new IOException("injected"));
        world.await(world.put("clicks", "two"));
        world.await(world.registry().find("clicks").orElseThrow().flush());
        world.pass(LONG.multipliedBy(2));
        assertThat(world.sim().disk().openFiles().toString()).contains(".segment");

        world.sim().disk().noMoreFaults();
        world.pass(LONG.multipliedBy(2));

        assertThat(world.sim().disk().openFiles()).isEmpty();
        assertThat(world.sim().scheduler().advanceToNextTimer()).isFalse();
    }

    @Test
    void it_is_updated_and_deleted_as_any_other() throws IOException {
        world.await(world.registry().update(RegistryWorld.stream("clicks", "b backup"), 1));
        world.await(world.put("clicks", "two"));
        world.await(world.registry().find("clicks").orElseThrow().flush());
        assertThat(world.landed("clicks")).containsExactly("one", "two");
        world.pass(LONG);

        world.await(world.registry().delete("clicks").gone());

        assertThat(world.folders()).isEmpty();
    }

    @Test
    void it_keeps_no_landing_of_a_store_that_refused_and_was_mended()
            throws ReflectiveOperationException {
        world.sim().store().weather(Fate.DENIED, 1);
        world.await(world.put("clicks", "two"));
        world.pass(Duration.ofMinutes(3));
        world.sim().store().heal();
        world.await(world.registry().find("clicks").orElseThrow().flush());
        world.pass(LONG.plusMinutes(2));

        assertThat(world.landed("clicks")).containsExactly("one", "two");
        assertThat(Reachable.from(world.registry().find("clicks").orElseThrow()).classes())
                .contains(Landings.class)
                .noneMatch(kind -> kind.getSimpleName().equals("LandingGate"));
        assertThat(world.sim().scheduler().advanceToNextTimer()).isFalse();
    }
}
