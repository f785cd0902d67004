package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.EncryptionState;
import io.delivery.crypt.MasterKey;
import io.delivery.home.StreamKeyFile;
import io.delivery.testkit.DiskCall;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream of the configuration is encrypted as long as the definition in force says so. */
class EncryptionReloadTest {
    private RegistryWorld world;

    @BeforeEach
    void open() throws IOException {
        world = new RegistryWorld(1);
        world.masterKeys(new MasterKey("k1", new byte[MasterKey.BYTES]));
    }

    private void begin(String document) throws IOException {
        world.begin(RegistryWorld.stream("clicks", document));
        put("0");
    }

    private StreamChange reload(String document) {
        List<DefinedStream> configured = List.of(RegistryWorld.stream("clicks", document));
        return world.await(world.registry().reload(configured, world::components)).get(0);
    }

    private boolean put(String text) {
        return world.await(world.put("clicks", text)).encrypted();
    }

    private EncryptionState inForce() {
        return world.registry().find("clicks").orElseThrow().encryption().orElseThrow().state();
    }

    private EncryptionState onDisk() throws IOException {
        return StreamKeyFile.read(world.sim().disk(), world.folder("clicks")).orElseThrow().state();
    }

    private void failEvery(Predicate<DiskCall> where) {
        world.sim().disk().failEvery(where, new IOException("injected"));
    }

    private static boolean isOfDefinition(DiskCall call) {
        return call.touches("definitions");
    }

    private static boolean isOfKeys(DiskCall call) {
        return call.path().getFileName().toString().startsWith("keys");
    }

    /** Fails the definition, and the keys from there on. */
    private void failFromTheDefinitionOn() {
        boolean[] failing = {false};
        failEvery(
                call -> {
                    failing[0] |= isOfDefinition(call);
                    return isOfDefinition(call) || failing[0] && isOfKeys(call);
                });
    }

    @Test
    void a_reload_that_the_disk_refuses_leaves_an_encrypted_stream_encrypted() throws IOException {
        begin("encrypted");
        failFromTheDefinitionOn();

        assertThat(reload("plain").toString()).contains("could not be written");

        assertThat(put("1")).isTrue();
        assertThat(inForce()).isEqualTo(EncryptionState.ENABLED);
        // The step before did not come about: whatever it has reached is made anew.
        assertThat(reload("encrypted").kind()).isEqualTo(StreamChange.Kind.NEW_COMPONENTS);
        world.pass(Duration.ofSeconds(5));
        assertThat(put("2")).isTrue();
        world.sim().disk().noMoreFaults();
        world.pass(Duration.ofMinutes(1));
        assertThat(put("3")).isTrue();
        assertThat(onDisk()).isEqualTo(EncryptionState.ENABLED);
        world.kill();
        begin("encrypted");
        assertThat(put("4")).isTrue();
    }

    @Test
    void an_encrypted_stream_is_encrypted_until_the_definition_that_says_otherwise_is_written()
            throws IOException {
        begin("encrypted");
        Set<EncryptionState> seen = EnumSet.noneOf(EncryptionState.class);
        world.sim()
                .disk()
                .onCall(
                        call -> {
                            if (isOfDefinition(call) || call.touches("stream.meta")) {
                                seen.add(inForce());
                            }
                        });

        reload("plain");

        assertThat(seen).containsExactly(EncryptionState.ENABLED);
        assertThat(inForce()).isEqualTo(EncryptionState.DISABLED);
        assertThat(onDisk()).isEqualTo(EncryptionState.DISABLED);
        assertThat(put("1")).isFalse();
    }

    @Test
    void a_stream_that_is_to_be_plain_is_plain_also_when_its_keys_cannot_be_written()
            throws IOException {
        begin("encrypted");
        failEvery(EncryptionReloadTest::isOfKeys);

        assertThat(reload("plain").toString()).doesNotContain("could not be written");

        assertThat(put("1")).isFalse();
        assertThat(inForce()).isEqualTo(EncryptionState.DISABLED);
        assertThat(onDisk()).isEqualTo(EncryptionState.ENABLED);
        world.sim().disk().noMoreFaults();
        world.pass(Duration.ofSeconds(5));
        assertThat(onDisk()).isEqualTo(EncryptionState.DISABLED);
        world.await(world.registry().find("clicks").orElseThrow().flush());
        assertThat(String.join("", world.landed("clicks"))).isEqualTo("01");
    }

    @Test
    void a_reload_that_the_disk_refuses_leaves_a_plain_stream_plain() throws IOException {
        begin("plain");
        failFromTheDefinitionOn();

        assertThat(reload("encrypted").toString()).contains("could not be written");

        assertThat(put("1")).isFalse();
        assertThat(inForce()).isEqualTo(EncryptionState.DISABLED);
        assertThat(onDisk()).isEqualTo(EncryptionState.ENABLED);
        world.sim().disk().noMoreFaults();
        world.pass(Duration.ofSeconds(5));
        assertThat(onDisk()).isEqualTo(EncryptionState.DISABLED);
        assertThat(put("2")).isFalse();
    }
}
