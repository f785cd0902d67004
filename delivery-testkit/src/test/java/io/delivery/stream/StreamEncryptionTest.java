package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.EncryptionSettings;
import io.delivery.config.EncryptionState;
import io.delivery.config.EncryptionStatus;
import io.delivery.crypt.MasterKey;
import io.delivery.crypt.WrappedKey;
import io.delivery.home.StreamKeyFile;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.MemoryStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamEncryptionTest {
    private static final String SECRET = "a record that nobody may read";
    private static final MasterKey K1 = key("k1", 1);
    private static final MasterKey K2 = key("k2", 2);

    private RegistryWorld world;

    private static MasterKey key(String id, int content) {
        byte[] bytes = new byte[MasterKey.BYTES];
        Arrays.fill(bytes, (byte) content);
        return new MasterKey(id, bytes);
    }

    @BeforeEach
    void open() throws IOException {
        world = new RegistryWorld(1);
        world.masterKeys(K1);
    }

    // --- what is looked at ---

    private Map<Path, String> files() throws IOException {
        Map<Path, String> files = new TreeMap<>();
        collect(RegistryWorld.DATA, files);
        return files;
    }

    private void collect(Path directory, Map<Path, String> files) throws IOException {
        for (Path entry : world.sim().disk().list(directory)) {
            try {
                byte[] bytes = world.sim().disk().bytes(entry);
                files.put(entry, new String(bytes, StandardCharsets.ISO_8859_1));
            } catch (IOException | RuntimeException aDirectory) {
                collect(entry, files);
            }
        }
    }

    private List<Path> filesThatShowIt() throws IOException {
        return files().entrySet().stream()
                .filter(file -> file.getValue().contains(SECRET))
                .map(Map.Entry::getKey)
                .toList();
    }

    private boolean put(String stream, String text) {
        return world.await(world.put(stream, text)).encrypted();
    }

    private EncryptionState state(String stream) {
        return world.registry().find(stream).orElseThrow().encryption().orElseThrow().state();
    }

    private List<WrappedKey> keys(String stream) throws IOException {
        return StreamKeyFile.read(world.sim().disk(), world.folder(stream)).orElseThrow().keys();
    }

    private EncryptionStatus start(String stream) {
        return world.await(
                world.registry().encryption(stream, Optional.of(EncryptionSettings.DEFAULT)));
    }

    private EncryptionStatus stop(String stream) {
        return world.await(world.registry().encryption(stream, Optional.empty()));
    }

    private static RegistryRefusal.Why why(Throwable refused) {
        return ((RegistryRefusal) refused.getCause()).why();
    }

    private void storeAnswersNothing() {
        world.sim().store().weather(MemoryStore.Fate.DENIED, 1);
    }

    // --- a stream of the configuration ---

    @Test
    void nothing_on_the_disk_shows_a_record_of_an_encrypted_stream() throws IOException {
        world.begin(RegistryWorld.stream("clicks", "encrypted backup"));
        storeAnswersNothing();

        assertThat(put("clicks", SECRET)).isTrue();
        world.registry().find("clicks").orElseThrow().flush();
        world.pass(Duration.ofMinutes(3));

        assertThat(world.status("clicks").lanes()).allMatch(lane -> lane.waitingObjects() == 1);
        assertThat(files().keySet().toString()).contains("staging", "segment");
        assertThat(filesThatShowIt()).isEmpty();
    }

    @Test
    void what_is_encrypted_lands_as_it_came_also_after_a_kill_and_under_a_new_master_key()
            throws IOException {
        world.begin(RegistryWorld.stream("clicks", "encrypted"));
        storeAnswersNothing();
        put("clicks", SECRET);
        world.registry().find("clicks").orElseThrow().flush();
        world.pass(Duration.ofMinutes(3));
        put("clicks", "behind it");
        world.kill();

        world.masterKeys(K2, K1);
        world.sim().store().heal();
        world.begin(RegistryWorld.stream("clicks", "encrypted"));
        assertThat(keys("clicks")).extracting(WrappedKey::masterKey).containsExactly("k2", "k2");
        world.kill();
        world.masterKeys(K2);
        world.begin(RegistryWorld.stream("clicks", "encrypted"));
        put("clicks", "the end");
        world.await(world.registry().find("clicks").orElseThrow().flush());

        assertThat(String.join("", world.landed("clicks")))
                .contains(SECRET, "behind it", "the end");
    }

    @Test
    void a_reload_switches_encryption_while_records_flow() throws IOException {
        world.begin(RegistryWorld.stream("clicks", "plain"));
        assertThat(put("clicks", "1")).isFalse();
        world.await(
                world.registry()
                        .reload(
                                List.of(RegistryWorld.stream("clicks", "encrypted")),
                                world::components));
        assertThat(put("clicks", SECRET)).isTrue();
        assertThat(filesThatShowIt()).isEmpty();
        world.await(
                world.registry()
                        .reload(
                                List.of(RegistryWorld.stream("clicks", "plain again")),
                                world::components));
        assertThat(put("clicks", "3")).isFalse();
        world.await(world.registry().find("clicks").orElseThrow().flush());

        assertThat(String.join("", world.landed("clicks"))).contains("1", SECRET, "3");
    }

    @Test
    void a_reload_whose_key_the_disk_does_not_take_changes_nothing() throws IOException {
        world.begin(RegistryWorld.stream("clicks", "plain"));
        put("clicks", "1");
        world.sim()
                .disk()
                .failNext(
                        call ->
                                call.kind() == DiskCall.Kind.CREATE
                                        && call.path().toString().contains("keys"),
                        new IOException("injected"));

        StreamChange change =
                world.await(
                                world.registry()
                                        .reload(
                                                List.of(
                                                        RegistryWorld.stream(
                                                                "clicks", "encrypted")),
                                                world::components))
                        .get(0);

        assertThat(change.toString()).contains("could not be written");
        assertThat(put("clicks", "2")).isFalse();
    }

    // --- master keys that are wrong, missing or damaged ---

    private Map<Path, String> leftEncrypted() throws IOException {
        world.begin(
                RegistryWorld.stream("clicks", "encrypted"),
                RegistryWorld.stream("others", "plain"));
        put("clicks", SECRET);
        put("others", "plain");
        world.kill();
        return files();
    }

    @Test
    void a_master_key_that_is_missing_refuses_the_start_and_changes_nothing() throws IOException {
        Map<Path, String> before = leftEncrypted();
        world.masterKeys(K2);

        assertThatThrownBy(
                        () ->
                                world.begin(
                                        RegistryWorld.stream("others", "plain"),
                                        RegistryWorld.stream("clicks", "encrypted")))
                .isInstanceOf(DefinitionRefusedException.class)
                .hasMessageMatching(
                        "encryption.keys: the master key k1 is missing, and key [0-9]+ of stream"
                                + " clicks is wrapped with it: configure it again");

        assertThat(files()).isEqualTo(before);
    }

    @Test
    void a_master_key_that_is_another_one_refuses_the_start_and_changes_nothing()
            throws IOException {
        Map<Path, String> before = leftEncrypted();
        world.masterKeys(key("k1", 7));

        assertThatThrownBy(
                        () ->
                                world.begin(
                                        RegistryWorld.stream("others", "plain"),
                                        RegistryWorld.stream("clicks", "encrypted")))
                .hasMessageMatching(
                        "encryption.keys: the master key k1 is not the one that key [0-9]+ of"
                                + " stream clicks was wrapped with: configure the one that it was");

        assertThat(files()).isEqualTo(before);
        world.kill();
        world.masterKeys(K1);
        world.begin(
                RegistryWorld.stream("others", "plain"),
                RegistryWorld.stream("clicks", "encrypted"));
        world.await(world.registry().find("clicks").orElseThrow().flush());
        assertThat(world.landed("clicks")).containsExactly(SECRET);
    }

    @Test
    void a_damaged_file_of_keys_closes_its_stream_alone() throws IOException {
        leftEncrypted();
        world.sim().disk().flipBit(world.folder("clicks").resolve("keys"), 400);

        world.begin(
                RegistryWorld.stream("others", "plain"),
                RegistryWorld.stream("clicks", "encrypted"));

        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.CLOSED);
        assertThat(world.status("clicks").troubles().toString()).contains("keys is damaged");
        assertThat(put("others", "goes on")).isFalse();

        world.sim().disk().flipBit(world.folder("clicks").resolve("keys"), 400);
        world.pass(Duration.ofSeconds(31));
        world.await(world.registry().find("clicks").orElseThrow().flush());
        assertThat(world.landed("clicks")).containsExactly(SECRET);
    }

    @Test
    void a_file_of_keys_that_is_gone_loses_no_record_and_is_not_begun_anew() throws IOException {
        world.begin(RegistryWorld.stream("clicks", "encrypted"));
        put("clicks", SECRET);
        world.pass(Duration.ofSeconds(5)); // it is known to be durable: nothing is written again
        world.kill();
        Path file = world.folder("clicks").resolve("keys");
        byte[] kept = world.sim().disk().bytes(file);
        world.sim().disk().lose(file);

        world.begin(RegistryWorld.stream("clicks", "encrypted"));
        world.pass(Duration.ofSeconds(5));
        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.CLOSED);
        assertThat(world.status("clicks").troubles().toString())
                .contains("keys is missing")
                .contains("put it back");

        world.sim().disk().plant(file, kept);
        world.pass(Duration.ofSeconds(31));
        world.await(world.registry().find("clicks").orElseThrow().flush());
        assertThat(world.landed("clicks")).containsExactly(SECRET);
    }

    @Test
    void an_older_copy_of_the_keys_loses_no_record() throws IOException {
        world.begin();
        world.create("clicks", "encrypted");
        byte[] older = world.sim().disk().bytes(world.folder("clicks").resolve("keys"));
        start("clicks");
        world.pass(Duration.ofSeconds(1));
        put("clicks", SECRET);
        world.pass(Duration.ofSeconds(5));
        world.kill();
        Path file = world.folder("clicks").resolve("keys");
        byte[] kept = world.sim().disk().bytes(file);
        world.sim().disk().plant(file, older);

        world.begin();
        world.pass(Duration.ofSeconds(5));
        assertThat(world.status("clicks").troubles().toString()).contains("file keys");
        assertThat(world.books("clicks").damaged()).isZero();

        world.kill();
        world.sim().disk().plant(file, kept);
        world.begin();
        world.await(world.registry().find("clicks").orElseThrow().flush());
        assertThat(world.landed("clicks")).containsExactly(SECRET);
    }

    // --- a stream of the API ---

    @Test
    void a_call_is_seen_as_enabling_and_then_as_enabled() throws IOException {
        world.begin();
        world.create("clicks", "plain");
        assertThat(put("clicks", "1")).isFalse();

        assertThat(start("clicks").state()).isEqualTo(EncryptionState.ENABLING);
        world.pass(Duration.ofSeconds(1));
        assertThat(state("clicks")).isEqualTo(EncryptionState.ENABLED);
        assertThat(put("clicks", SECRET)).isTrue();
        assertThat(filesThatShowIt()).isEmpty();

        assertThat(stop("clicks").state()).isEqualTo(EncryptionState.DISABLING);
        world.pass(Duration.ofSeconds(1));
        assertThat(state("clicks")).isEqualTo(EncryptionState.DISABLED);
        assertThat(put("clicks", "3")).isFalse();
        world.await(world.registry().find("clicks").orElseThrow().flush());
        assertThat(String.join("", world.landed("clicks"))).contains("1", SECRET, "3");
    }

    @Test
    void a_process_that_dies_at_any_call_of_the_disk_leaves_one_of_the_two_states()
            throws IOException {
        int enabled = 0;
        int disabled = 0;
        for (int calls = 1; calls < 30; calls++) {
            open();
            world.begin();
            world.create("clicks", "plain");
            put("clicks", "before");
            boolean answered = false;
            boolean encrypted = false;
            world.sim().disk().crashAfter(calls);
            try {
                start("clicks");
                answered = true;
                world.pass(Duration.ofSeconds(1));
                encrypted = put("clicks", SECRET);
            } catch (RuntimeException | Error died) {
                // As planned.
            }
            if (!world.sim().disk().crashed()) {
                world.sim().kill();
            }
            world.sim().powerCut();
            world.sim().restart();
            world.begin();
            boolean now = state("clicks") == EncryptionState.ENABLED;
            enabled += now ? 1 : 0;
            disabled += now ? 0 : 1;

            assertThat(now || !answered).as("after %d calls", calls).isTrue();
            assertThat(put("clicks", "after")).isEqualTo(now);
            world.await(world.registry().find("clicks").orElseThrow().flush());
            String landed = String.join("", world.landed("clicks"));
            assertThat(landed).contains("before", "after");
            assertThat(landed.contains(SECRET) || !encrypted).isTrue();
            if (encrypted) {
                assertThat(filesThatShowIt()).isEmpty();
            }
        }
        assertThat(enabled).isPositive();
        assertThat(disabled).isPositive();
    }

    @Test
    void each_start_makes_a_new_key_and_keeps_those_before() throws IOException {
        world.begin();
        world.create("clicks", "encrypted");
        put("clicks", SECRET);
        start("clicks");
        world.pass(Duration.ofSeconds(1));
        put("clicks", SECRET);

        assertThat(keys("clicks"))
                .extracting(WrappedKey::number)
                .doesNotHaveDuplicates()
                .hasSize(2);
        world.kill();
        world.begin();
        world.await(world.registry().find("clicks").orElseThrow().flush());
        assertThat(String.join("", world.landed("clicks"))).isEqualTo(SECRET + SECRET);
    }

    @Test
    void what_a_call_has_said_outlives_the_definition_and_the_process() throws IOException {
        world.begin();
        world.create("clicks", "encrypted");
        stop("clicks");
        world.kill();

        world.begin();

        assertThat(state("clicks")).isEqualTo(EncryptionState.DISABLED);
        assertThat(put("clicks", "1")).isFalse();
    }

    @Test
    void a_named_master_key_stays_the_one_of_its_stream() throws IOException {
        world.masterKeys(K1, K2);
        world.begin();
        world.create("clicks", "plain");
        EncryptionSettings named =
                new EncryptionSettings(Optional.of("arn:aws:kms:us-east-1:000000000000:key/k2"));
        world.await(world.registry().encryption("clicks", Optional.of(named)));
        world.kill();
        world.begin();

        assertThat(keys("clicks")).extracting(WrappedKey::masterKey).containsExactly("k2");
        assertThat(world.registry().find("clicks").orElseThrow().encryption().orElseThrow())
                .extracting(EncryptionStatus::settings)
                .isEqualTo(named);
    }

    @Test
    void calls_at_the_wrong_time_are_refused() throws IOException {
        world.begin(RegistryWorld.stream("yaml", "plain"));
        world.create("clicks", "plain");

        assertThatThrownBy(() -> stop("clicks"))
                .isInstanceOf(CompletionException.class)
                .satisfies(e -> assertThat(why(e)).isEqualTo(RegistryRefusal.Why.WRONG_PHASE));
        assertThatThrownBy(() -> start("yaml"))
                .satisfies(
                        e -> assertThat(why(e)).isEqualTo(RegistryRefusal.Why.DEFINED_ELSEWHERE));
        assertThatThrownBy(() -> start("nobody"))
                .satisfies(e -> assertThat(why(e)).isEqualTo(RegistryRefusal.Why.NO_SUCH_STREAM));
    }

    @Test
    void without_a_master_key_a_start_is_refused_and_nothing_is_written() throws IOException {
        world.masterKeys();
        world.begin();
        world.create("clicks", "plain");

        assertThatThrownBy(() -> start("clicks"))
                .hasMessageContaining("encryption.keys")
                .satisfies(e -> assertThat(why(e)).isEqualTo(RegistryRefusal.Why.NO_MASTER_KEY));
        assertThat(world.sim().disk().exists(world.folder("clicks").resolve("keys"))).isFalse();
    }

    @Test
    void the_26th_call_of_a_day_is_refused_also_by_another_process() throws IOException {
        world.begin();
        world.create("clicks", "plain");
        for (int call = 0; call < 25; call++) {
            if (call % 2 == 0) {
                start("clicks");
            } else {
                stop("clicks");
            }
            world.pass(Duration.ofSeconds(1));
        }
        world.kill();
        world.begin();

        assertThatThrownBy(() -> stop("clicks"))
                .satisfies(e -> assertThat(why(e)).isEqualTo(RegistryRefusal.Why.TOO_MANY_CALLS));
        world.sim().scheduler().advance(Duration.ofHours(24));
        assertThat(stop("clicks").state()).isEqualTo(EncryptionState.DISABLING);
    }

    @Test
    void a_call_that_the_disk_does_not_take_changes_nothing() throws IOException {
        world.begin();
        world.create("clicks", "plain");
        put("clicks", "1");
        world.sim()
                .disk()
                .failNext(
                        call ->
                                call.kind() == DiskCall.Kind.RENAME
                                        && call.path().toString().contains("keys"),
                        new IOException("injected"));

        assertThatThrownBy(() -> start("clicks")).hasRootCauseInstanceOf(IOException.class);
        world.pass(Duration.ofSeconds(2));
        assertThat(state("clicks")).isEqualTo(EncryptionState.DISABLED);
        assertThat(put("clicks", "2")).isFalse();
        world.kill();
        world.begin();
        assertThat(state("clicks")).isEqualTo(EncryptionState.DISABLED);
    }

    @Test
    void a_deletion_takes_the_keys_with_it() throws IOException {
        world.begin();
        world.create("clicks", "encrypted");
        put("clicks", SECRET);

        world.await(world.registry().delete("clicks").gone());

        assertThat(world.folders()).isEmpty();
    }
}
