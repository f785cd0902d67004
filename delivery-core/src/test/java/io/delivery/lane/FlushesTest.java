package io.delivery.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FlushesTest {
    private final Flushes flushes = new Flushes();

    private CompletableFuture<Void> asked(long target) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        flushes.add(target, done);
        return done;
    }

    private static void assertRefused(CompletableFuture<Void> flush, String reason) {
        assertThat(flush)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(IllegalStateException.class)
                .withMessageEndingWith(reason);
    }

    @Test
    void a_flush_is_answered_when_what_it_waited_for_is_committed() {
        CompletableFuture<Void> first = asked(3);
        CompletableFuture<Void> second = asked(5);

        flushes.committed(4);

        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
    }

    @Test
    void whoever_asks_a_lane_that_has_stopped_hears_the_same_as_whoever_waited() {
        CompletableFuture<Void> waited = asked(3);

        flushes.refuse("lane=main-1 has stopped: its state is damaged");

        assertRefused(waited, "lane=main-1 has stopped: its state is damaged");
        assertRefused(asked(3), "lane=main-1 has stopped: its state is damaged");
    }

    @Test
    void all_of_a_lane_that_has_ended_is_committed_also_when_it_has_stopped_since() {
        CompletableFuture<Void> waited = asked(3);

        flushes.ended();
        flushes.refuse("lane=backup-1 has stopped");

        assertThat(waited).isCompleted();
        assertThat(asked(3)).isCompleted();
    }
}
