package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.EncryptionSettings;
import io.delivery.config.EncryptionState;
import io.delivery.config.EncryptionStatus;
import io.delivery.crypt.MasterKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of a stream that cannot be opened nobody says that it is not encrypted, unless it is known. */
class EncryptionOfClosedStreamsTest {
    private RegistryWorld world;

    @BeforeEach
    void open() throws IOException {
        world = new RegistryWorld(1);
        world.masterKeys(new MasterKey("k1", new byte[MasterKey.BYTES]));
    }

    private Path file(String name) throws IOException {
        return world.folder("clicks").resolve(name);
    }

    private void call(Optional<EncryptionSettings> settings) {
        world.await(world.registry().encryption("clicks", settings));
        world.pass(Duration.ofSeconds(1));
    }

    private Optional<EncryptionState> stateOfClosed(DefinedStream... configured)
            throws IOException {
        world.begin(configured);
        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.CLOSED);
        return world.registry()
                .find("clicks")
                .orElseThrow()
                .encryption()
                .map(EncryptionStatus::state);
    }

    private void dieWithADamagedLane() throws IOException {
        world.await(world.put("clicks", "1"));
        world.await(world.registry().find("clicks").orElseThrow().flush());
        world.kill();
        world.sim().disk().flipBit(file("lanes").resolve("main-1").resolve("state"), 400);
    }

    @Test
    void what_a_call_has_said_is_in_its_file_of_keys() throws IOException {
        world.begin();
        world.create("clicks", "plain");
        call(Optional.of(EncryptionSettings.DEFAULT));
        dieWithADamagedLane();

        assertThat(stateOfClosed()).contains(EncryptionState.ENABLED);
    }

    @Test
    void a_call_that_has_ended_encryption_counts_more_than_the_definition() throws IOException {
        world.begin();
        world.create("clicks", "encrypted");
        call(Optional.empty());
        dieWithADamagedLane();

        assertThat(stateOfClosed()).contains(EncryptionState.DISABLED);
    }

    @Test
    void where_there_was_no_call_the_definition_says_it() throws IOException {
        world.begin();
        world.create("clicks", "plain");
        dieWithADamagedLane();

        assertThat(stateOfClosed()).contains(EncryptionState.DISABLED);
    }

    @Test
    void nobody_can_tell_while_the_file_of_keys_is_damaged() throws IOException {
        world.begin();
        world.create("clicks", "plain");
        call(Optional.of(EncryptionSettings.DEFAULT));
        world.kill();
        world.sim().disk().flipBit(file("keys"), 400);

        assertThat(stateOfClosed()).isEmpty();
    }

    @Test
    void nobody_can_tell_while_the_file_of_keys_is_gone_and_was_needed() throws IOException {
        world.begin();
        world.create("clicks", "plain");
        call(Optional.of(EncryptionSettings.DEFAULT));
        world.await(world.put("clicks", "1"));
        world.kill();
        world.sim().disk().lose(file("keys"));

        assertThat(stateOfClosed()).isEmpty();
    }

    @Test
    void the_definition_says_it_of_a_stream_of_the_configuration_whatever_is_damaged()
            throws IOException {
        for (String damaged : new String[] {"keys", "stream.meta"}) {
            open();
            DefinedStream stream = RegistryWorld.stream("clicks", "encrypted");
            world.begin(stream);
            world.await(world.put("clicks", "1"));
            world.kill();
            world.sim().disk().flipBit(file(damaged), 400);

            assertThat(stateOfClosed(stream)).as(damaged).contains(EncryptionState.ENABLED);
        }
    }
}
