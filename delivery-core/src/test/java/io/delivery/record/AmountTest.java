package io.delivery.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AmountTest {
    @Test
    void a_number_has_separators_and_its_noun_the_right_form() {
        assertThat(Amount.of(0, "record")).isEqualTo("0 records");
        assertThat(Amount.of(1, "record")).isEqualTo("1 record");
        assertThat(Amount.of(12_345, "record")).isEqualTo("12,345 records");
        assertThat(Amount.of(2, "entry", "entries")).isEqualTo("2 entries");
        assertThat(Amount.of(1_234_567)).isEqualTo("1,234,567");
    }

    @Test
    void a_time_has_its_two_largest_units() {
        assertThat(Amount.of(Duration.ofMillis(420))).isEqualTo("420 ms");
        assertThat(Amount.of(Duration.ofSeconds(59))).isEqualTo("59 s");
        assertThat(Amount.of(Duration.ofSeconds(423))).isEqualTo("7 min 3 s");
        assertThat(Amount.of(Duration.ofMinutes(61))).isEqualTo("1 h 1 min");
        assertThat(Amount.of(Duration.ofHours(50))).isEqualTo("2 d 2 h");
    }
}
