package io.delivery.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.record.Incarnation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeySaltTest {
    private static final KeySalt SALT = new KeySalt(new Incarnation(1, 2), 3, "main-1", 4, 5);

    @Test
    void the_same_object_gets_the_same_name_in_every_version_of_the_program() {
        // Computed apart with sha256 over 1, 2, 3, 4 (8 bytes each), 5, -1 (4 bytes each),
        // "main-1".
        assertThat(SALT.uuid()).isEqualTo("099d4e71-deaa-426c-b1d9-a78959b94632");
    }

    @Test
    void the_uuid_is_a_random_one_in_lower_case() {
        UUID uuid = UUID.fromString(SALT.uuid());

        assertThat(uuid.version()).isEqualTo(4);
        assertThat(uuid.variant()).isEqualTo(2);
        assertThat(SALT.uuid()).hasSize(36).isLowerCase();
    }

    @Test
    void a_random_string_is_the_beginning_of_a_uuid_of_its_own() {
        assertThat(SALT.randomString(0)).matches("[0-9a-f]{8}-[0-9a-f]{2}");
        assertThat(SALT.randomString(0)).isNotEqualTo(SALT.randomString(1));
        assertThat(SALT.uuid()).doesNotStartWith(SALT.randomString(0));
    }

    @Test
    void whatever_differs_makes_another_name() {
        Incarnation incarnation = SALT.incarnation();
        List<KeySalt> salts =
                List.of(
                        SALT,
                        new KeySalt(new Incarnation(2, 1), 3, "main-1", 4, 5),
                        new KeySalt(incarnation, 4, "main-1", 4, 5),
                        new KeySalt(incarnation, 3, "main-12", 4, 5),
                        new KeySalt(incarnation, 3, "", 4, 5),
                        new KeySalt(incarnation, 3, "main-1", 5, 4),
                        new KeySalt(incarnation, 3, "main-1", 4, 6));

        Set<String> names = new HashSet<>();
        salts.forEach(salt -> names.add(salt.uuid()));

        assertThat(names).hasSize(salts.size());
    }
}
