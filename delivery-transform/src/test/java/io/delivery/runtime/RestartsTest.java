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

    private void refused(int millis) {
        assertThat(restarts.refused("no memory")).hasValue(Duration.ofMillis(millis));
        restarts.pauseIsOver();
    }

    @Test
    void refusals_count_on_where_no_start_was_tried_meanwhile() {
        refused(100);
        refused(200);

        restarts.notKnown();

        assertThat(restarts.isRefused()).isFalse();
        assertThat(restarts.trouble()).isEmpty();
        assertThat(restarts.letStart(1)).as("a second one at a time").isFalse();
        refused(400);
        assertThat(restarts.isRefused()).isTrue();
    }

    @Test
    void a_process_that_has_run_begins_the_pauses_of_refusals_anew() {
        refused(100);
        refused(200);

        restarts.begun();

        assertThat(restarts.isRefused()).isFalse();
        assertThat(restarts.letStart(1)).isTrue();
        refused(100);
    }
}
