package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DamagedRecordsTest {
    private static final Duration INTERVAL = Duration.ofSeconds(61);

    @Test
    void what_is_behind_damage_lands_and_the_loss_is_in_the_books() throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        world.put("in front");
        world.put("lost");
        world.put("behind");
        world.pass(Duration.ofSeconds(2));

        world.killDamageAndRestart("lost");
        world.pass(INTERVAL);

        Books books = world.lane().books();
        assertThat(books.damaged()).isEqualTo(1);
        assertThat(books.landed()).isEqualTo(2);
        assertThat(books.balanced()).isTrue();
        assertThat(books.settled()).isTrue();
        assertThat(world.objects("main/")).containsExactly("in frontbehind".length());
    }

    @Test
    void a_loss_at_the_end_of_the_journal_is_committed_although_no_record_follows()
            throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        world.put("landed before");
        world.pass(INTERVAL);
        assertThat(world.lane().books().landed()).isEqualTo(1);
        world.put("lost");
        world.pass(Duration.ofSeconds(2));

        world.killDamageAndRestart("lost");
        world.pass(Duration.ofSeconds(1));
        assertThat(world.lane().books().balanced()).isTrue();
        assertThat(world.lane().books().settled()).isFalse();
        world.pass(INTERVAL);

        Books books = world.lane().books();
        assertThat(books.damaged()).isEqualTo(1);
        assertThat(books.balanced()).isTrue();
        assertThat(books.settled()).isTrue();
        world.put("behind");
        world.pass(INTERVAL);
        assertThat(world.lane().books().landed()).isEqualTo(2);
        assertThat(world.lane().books().settled()).isTrue();
    }
}
