package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.EncryptionSettings;
import io.delivery.config.EncryptionState;
import io.delivery.crypt.MasterKey;
import io.delivery.crypt.WrappedKey;
import io.delivery.home.StreamKeyFile;
import io.delivery.testkit.MemoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A file {@code keys} that was lost, or was an older copy, and comes back. */
class KeysPutBackTest {
    private static final String SECRET = "a record that nobody may read";

    private RegistryWorld world;

    @BeforeEach
    void open() throws IOException {
        world = new RegistryWorld(1);
        world.masterKeys(new MasterKey("k1", new byte[MasterKey.BYTES]));
        world.begin();
        world.create("clicks", "encrypted");
    }

    private void put(String text) {
        world.await(world.put("clicks", text));
    }

    private Path file() throws IOException {
        return world.folder("clicks").resolve("keys");
    }

    private List<Integer> numbers() throws IOException {
        return StreamKeyFile.read(world.sim().disk(), world.folder("clicks"))
                .orElseThrow()
                .keys()
                .stream()
                .map(WrappedKey::number)
                .toList();
    }

    private void startAgain() {
        world.await(world.registry().encryption("clicks", Optional.of(EncryptionSettings.DEFAULT)));
    }

    /** A process runs with a copy of the keys that lacks the newest one; returns the other file. */
    private byte[] runWithAnOlderCopy() throws IOException {
        byte[] older = world.sim().disk().bytes(file());
        startAgain();
        world.pass(Duration.ofSeconds(1));
        put(SECRET);
        world.pass(Duration.ofSeconds(5));
        byte[] kept = world.sim().disk().bytes(file());
        world.kill();
        world.sim().disk().plant(file(), older);
        world.begin();
        world.pass(StreamTicks.REST_AFTER.plusSeconds(60));
        assertThat(world.status("clicks").troubles().toString()).contains("file keys");
        return kept;
    }

    @Test
    void keys_that_are_put_back_while_the_stream_runs_are_found() throws IOException {
        byte[] kept = runWithAnOlderCopy();

        world.sim().disk().plant(file(), kept);
        world.pass(Duration.ofMinutes(1));
        world.await(world.registry().find("clicks").orElseThrow().flush());

        assertThat(world.landed("clicks")).containsExactly(SECRET);
    }

    @Test
    void a_file_that_was_put_back_loses_no_key_to_the_next_one_that_is_written()
            throws IOException {
        byte[] kept = runWithAnOlderCopy();
        world.sim().disk().plant(file(), kept);
        List<Integer> before = numbers();

        startAgain();
        world.pass(Duration.ofSeconds(1));

        assertThat(numbers()).containsAll(before).hasSize(before.size() + 1);
        world.kill();
        world.begin();
        world.await(world.registry().find("clicks").orElseThrow().flush());
        assertThat(world.landed("clicks")).containsExactly(SECRET);
    }

    /** Puts a file of keys back, or takes it away; the lane that waits looks for its key again. */
    private void drawAKeyThatTheFileLacks(byte[] found) throws IOException {
        startAgain();
        world.pass(Duration.ofSeconds(1));
        put("under the newest key");
        if (found == null) {
            world.sim().disk().lose(file());
        } else {
            world.sim().disk().plant(file(), found);
        }
        world.pass(Duration.ofMinutes(1));
    }

    @Test
    void a_key_that_was_drawn_meanwhile_is_written_beside_those_that_were_put_back()
            throws IOException {
        byte[] kept = runWithAnOlderCopy();
        List<Integer> before = numbers();

        drawAKeyThatTheFileLacks(kept);

        assertThat(numbers()).hasSize(before.size() + 2).containsAll(before);
        world.kill();
        world.begin();
        world.await(world.registry().find("clicks").orElseThrow().flush());
        assertThat(String.join("", world.landed("clicks")))
                .contains(SECRET, "under the newest key");
    }

    @Test
    void a_file_of_keys_that_is_found_gone_is_written_again() throws IOException {
        byte[] kept = runWithAnOlderCopy();

        drawAKeyThatTheFileLacks(null);

        assertThat(numbers()).hasSize(2);
        List<Integer> written = numbers();
        world.sim().disk().plant(file(), kept);
        world.pass(Duration.ofMinutes(1));
        assertThat(numbers()).hasSize(3).containsAll(written);
        world.kill();
        world.begin();
        world.await(world.registry().find("clicks").orElseThrow().flush());
        assertThat(String.join("", world.landed("clicks")))
                .contains(SECRET, "under the newest key");
    }

    @Test
    void a_stop_that_was_answered_is_not_undone_by_a_file_that_is_put_back() throws IOException {
        byte[] kept = runWithAnOlderCopy();
        world.await(world.registry().encryption("clicks", Optional.empty()));
        world.pass(Duration.ofSeconds(5));

        world.sim().disk().plant(file(), kept);
        world.pass(Duration.ofMinutes(1));

        StreamKeyFile written =
                StreamKeyFile.read(world.sim().disk(), world.folder("clicks")).orElseThrow();
        assertThat(written.state()).isEqualTo(EncryptionState.DISABLED);
        assertThat(written.keys()).hasSize(2);
    }

    @Test
    void a_stream_whose_staged_objects_need_keys_does_not_open_without_them() throws IOException {
        world.sim().store().weather(MemoryStore.Fate.DENIED, 1);
        put(SECRET);
        world.registry().find("clicks").orElseThrow().flush();
        world.pass(Duration.ofMinutes(3));
        world.kill();
        for (Path segment : world.sim().disk().list(world.folder("clicks").resolve("journal"))) {
            world.sim().disk().lose(segment);
        }
        world.sim().disk().lose(file());

        world.begin();

        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.CLOSED);
        assertThat(world.status("clicks").troubles().toString()).contains("keys is missing");
    }
}
