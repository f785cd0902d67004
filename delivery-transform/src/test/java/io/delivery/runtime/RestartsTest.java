package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartsTest {
    private final Restarts restarts = new Restarts("enrich", new ManualClock());

    @Test
    void processes_that_end_together_raise_the_pause_once() {
        assertThat(restarts.failed("gone")).hasValue(Duration.ofMillis(100));
        for (int i = 0; i < 7; i++) {
            assertThat(restarts.failed("gone")).isEmpty();
        }
        restarts.pauseIsOver();

        assertThat(restarts.failed("gone")).hasValue(Duration.ofMillis(200));
        assertThat(restarts.trouble().orElse("")).startsWith("9 processes in a row ended");
    }

    @Test
    void an_answer_begins_the_pauses_anew() {
        restarts.failed("gone");
        restarts.pauseIsOver();
        restarts.failed("gone");
        restarts.pauseIsOver();

        restarts.worked();

        assertThat(restarts.failed("gone")).hasValue(Duration.ofMillis(100));
    }
}
