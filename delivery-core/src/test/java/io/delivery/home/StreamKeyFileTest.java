package io.delivery.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.EncryptionSettings;
import io.delivery.config.EncryptionState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamKeyFileTest {
    private static StreamKeyFile named(String arn) {
        return new StreamKeyFile(
                EncryptionState.ENABLED,
                new EncryptionSettings(Optional.of(arn)),
                List.of(1L, 2L),
                List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"arn:a\nb:kms:x:key/k1", "arn:aws:key/k1\n", "arn:aws:key/k1\r", "\n"})
    void a_name_of_a_key_that_is_not_one_line_is_never_written(String arn) {
        assertThatThrownBy(() -> named(arn))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one line");
    }

    @Test
    void a_name_that_would_be_read_as_another_one_is_never_written() {
        StreamKeyFile halfACharacter = named("arn:aws:\ud800:key/k1");

        assertThatThrownBy(halfACharacter::text)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("could not be read again");
    }

    @Test
    void the_id_of_a_master_key_stands_behind_the_last_mark_of_its_name() {
        assertThat(named("arn:aws:kms:x:key/a:key/k1").settings().masterKey()).contains("k1");
    }
}
