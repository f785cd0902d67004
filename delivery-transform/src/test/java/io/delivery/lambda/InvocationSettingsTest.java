package io.delivery.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionSettings;
import io.delivery.config.ProcessorSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InvocationSettingsTest {
    private static final FunctionSettings FUNCTION =
            new FunctionSettings(
                    "enrich",
                    new FunctionRunner.Endpoint(URI.create("http://localhost:1")),
                    Duration.ofSeconds(60),
                    2);

    private static InvocationSettings settings(int retries, Duration timeout) {
        return new InvocationSettings("f", timeout, retries, 2, 1 << 20, Duration.ZERO);
    }

    private static Duration interval(Optional<Duration> given, Duration ofStream) {
        return InvocationSettings.of(
                        new ProcessorSettings.Lambda("enrich", 3, 1 << 20, given),
                        FUNCTION,
                        ofStream)
                .bufferInterval();
    }

    @Test
    void the_interval_is_what_was_given_or_a_minute_or_the_streams_whichever_is_shorter() {
        Duration minute = Duration.ofMinutes(1);
        assertThat(interval(Optional.empty(), Duration.ofSeconds(300))).isEqualTo(minute);
        assertThat(interval(Optional.empty(), Duration.ofSeconds(5))).hasSeconds(5);
        assertThat(interval(Optional.empty(), Duration.ZERO)).isZero();
        assertThat(interval(Optional.of(Duration.ofSeconds(90)), minute)).hasSeconds(90);
    }

    @Test
    void pauses_grow_and_stay_short() {
        InvocationSettings settings = settings(300, Duration.ofSeconds(1));

        assertThat(settings.pause(1, 0)).hasMillis(300);
        assertThat(settings.pause(1, 0.5)).hasMillis(400);
        assertThat(settings.pause(2, 0.5)).hasMillis(800);
        assertThat(settings.pause(3, 0.5)).hasMillis(1600);
        assertThat(settings.pause(1, 1).plus(settings.pause(2, 1)).plus(settings.pause(3, 1)))
                .isLessThanOrEqualTo(Duration.ofSeconds(4));
        for (int attempts = 1; attempts <= 300; attempts++) {
            assertThat(settings.pause(attempts, 0.999)).isLessThanOrEqualTo(Duration.ofSeconds(5));
        }
    }

    @Test
    void the_limit_has_room_for_every_wait_for_a_slot_every_run_and_every_pause() {
        assertThat(settings(0, Duration.ofSeconds(1)).limit()).hasSeconds(2 + 900 + 30);
        assertThat(settings(3, Duration.ofSeconds(60)).limit())
                .hasMillis(480_000 + 900_000 + 3500 + 30_000);
        assertThat(settings(300, Duration.ofSeconds(300)).limit()).isLessThan(Duration.ofDays(4));
    }
}
