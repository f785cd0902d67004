package io.delivery.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BodyRateTest {
    private final BodyRate rate = new BodyRate(Duration.ofSeconds(10), 1024, 0);

    @Test
    void a_fast_beginning_pays_for_no_slow_end() {
        int received = 16 << 20;

        assertThat(rate.tooSlow(seconds(10), received)).isFalse();
        assertThat(rate.tooSlow(seconds(19), received + 1)).isFalse();
        assertThat(rate.tooSlow(seconds(20), received + 2)).isTrue();
        assertThat(rate.refusal())
                .isEqualTo("The request's body came slower than 1024 bytes per second.");
    }

    @Test
    void the_lowest_rate_is_enough() {
        for (int second = 1; second <= 100; second++) {
            assertThat(rate.tooSlow(seconds(second), 1024L * second)).isFalse();
        }
    }

    @Test
    void no_body_takes_longer_than_five_minutes_whatever_its_rate() {
        for (int second = 1; second <= 300; second++) {
            assertThat(rate.tooSlow(seconds(second), 10_000L * second)).isFalse();
        }

        assertThat(rate.tooSlow(seconds(301), 10_000L * 301)).isTrue();
        assertThat(rate.refusal()).isEqualTo("The request's body took longer than 300 s.");
    }

    @Test
    void time_that_is_not_the_clients_fault_does_not_count() {
        assertThat(rate.tooSlow(seconds(9), 0)).isFalse();
        rate.forgive(seconds(12), 0);

        assertThat(rate.tooSlow(seconds(21), 0)).isFalse();
        assertThat(rate.tooSlow(seconds(22), 0)).isTrue();
    }

    private static long seconds(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
