package io.delivery.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.testkit.DiskCall;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A journal closes its files when nothing has come, and says so when it does not. */
class JournalRestTest {
    private static final Duration LONG = Duration.ofSeconds(5);

    private final JournalWorld world = new JournalWorld(1);

    @BeforeEach
    void oneRecordIsThereAndNothingHappensForLong() throws IOException {
        world.open();
        world.append("one");
        world.sim.scheduler().runFor(LONG);
        assertThat(world.disk().openFiles()).isNotEmpty();
    }

    private List<Boolean> rest(long end) {
        List<Boolean> told = new ArrayList<>();
        world.journal.rest(end, told::add);
        return told;
    }

    private boolean restNow(long end) {
        List<Boolean> told = rest(end);
        world.sim.scheduler().runUntilIdle();
        assertThat(told).hasSize(1);
        return told.get(0);
    }

    @Test
    void it_rests_when_nothing_has_come_and_the_next_record_is_kept() throws IOException {
        assertThat(restNow(world.journal.durableEnd())).isTrue();

        assertThat(world.disk().openFiles()).isEmpty();
        world.append("two");
        world.openAfterKill();
        assertThat(world.read(0)).containsValues("one", "two");
    }

    /** Whoever has appended it saw a stream that did not rest yet, and has woken nobody. */
    @Test
    void it_does_not_rest_when_a_record_has_come_since_its_end_was_looked_at() {
        long end = world.journal.durableEnd();
        world.append("two");
        world.sim.scheduler().runFor(LONG);

        assertThat(restNow(end)).isFalse();

        assertThat(world.disk().openFiles()).isNotEmpty();
        assertThat(restNow(world.journal.durableEnd())).isTrue();
    }

    @Test
    void it_does_not_rest_while_a_record_is_on_its_way() {
        world.begin("two");
        List<Boolean> told = rest(world.journal.durableEnd());

        world.sim.scheduler().runUntilIdle();

        assertThat(told).containsExactly(false);
    }

    @Test
    void it_does_not_rest_before_its_mark_is_written() {
        world.disk()
                .failEvery(
                        call -> call.touches("marks") && call.kind() != DiskCall.Kind.DELETE,
                        new IOException("injected"));
        world.append("two");
        world.sim.scheduler().runFor(LONG);

        assertThat(restNow(world.journal.durableEnd())).isFalse();

        world.disk().noMoreFaults();
        world.sim.scheduler().runFor(LONG);
        assertThat(restNow(world.journal.durableEnd())).isTrue();
        assertThat(world.disk().openFiles()).isEmpty();
    }
}
