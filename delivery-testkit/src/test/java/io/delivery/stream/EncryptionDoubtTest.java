package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.EncryptionSettings;
import io.delivery.config.EncryptionState;
import io.delivery.config.EncryptionStatus;
import io.delivery.crypt.MasterKey;
import io.delivery.home.StreamKeyFile;
import io.delivery.testkit.DiskCall;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A call that has failed is one that never was, also for the next process. */
class EncryptionDoubtTest {
    private RegistryWorld world;

    @BeforeEach
    void open() throws IOException {
        world = new RegistryWorld(1);
        world.masterKeys(new MasterKey("k1", new byte[MasterKey.BYTES]));
        world.begin();
        world.create("clicks", "plain");
        world.await(world.put("clicks", "1"));
    }

    private CompletionStage<EncryptionStatus> start() {
        return world.registry().encryption("clicks", Optional.of(EncryptionSettings.DEFAULT));
    }

    /** The new file has its name, and whether that is durable nobody knows. */
    private void failStart() throws IOException {
        String folder = world.folder("clicks").getFileName().toString();
        boolean[] renamed = {false};
        world.sim()
                .disk()
                .failNext(
                        call -> {
                            renamed[0] |= call.isOn(DiskCall.Kind.RENAME, "keys");
                            return renamed[0]
                                    && call.kind() == DiskCall.Kind.SYNC_DIRECTORY
                                    && call.path().getFileName().toString().equals(folder);
                        },
                        new IOException("injected"));
        assertThatThrownBy(() -> world.await(start())).hasRootCauseInstanceOf(IOException.class);
        assertThat(onDisk()).isEqualTo(EncryptionState.ENABLING);
        assertThat(inMemory()).isEqualTo(EncryptionState.DISABLED);
    }

    private EncryptionState onDisk() throws IOException {
        return StreamKeyFile.read(world.sim().disk(), world.folder("clicks")).orElseThrow().state();
    }

    private EncryptionState inMemory() {
        return world.registry().find("clicks").orElseThrow().encryption().orElseThrow().state();
    }

    @Test
    void a_failed_call_on_a_stream_that_rests_is_taken_back_on_the_disk() throws IOException {
        world.await(world.registry().find("clicks").orElseThrow().flush());
        world.pass(StreamTicks.REST_AFTER.plusSeconds(60));
        failStart();

        world.pass(Duration.ofSeconds(1));

        assertThat(onDisk()).isEqualTo(EncryptionState.DISABLED);
        world.kill();
        world.begin();
        assertThat(inMemory()).isEqualTo(EncryptionState.DISABLED);
    }

    @Test
    void a_failed_call_is_taken_back_by_a_stop_that_follows_at_once() throws IOException {
        failStart();

        world.await(world.registry().stop(Stopping.KEEP_OPEN, Duration.ZERO));

        assertThat(onDisk()).isEqualTo(EncryptionState.DISABLED);
    }

    @Test
    void a_stream_whose_deletion_is_on_its_way_is_not_switched_any_more() {
        world.registry().delete("clicks");

        assertThatThrownBy(() -> world.await(start()))
                .hasMessageContaining("being deleted")
                .cause()
                .isInstanceOfSatisfying(
                        RegistryRefusal.class,
                        refused ->
                                assertThat(refused.why())
                                        .isEqualTo(RegistryRefusal.Why.WRONG_PHASE));
    }
}
