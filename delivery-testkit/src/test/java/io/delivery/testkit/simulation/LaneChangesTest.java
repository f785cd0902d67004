package io.delivery.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.Limits;
import io.delivery.landing.LaneHistory;
import io.delivery.stream.Stopping;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.MemoryStore.Fate;
import io.delivery.testkit.SimulatedCrash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup that is switched on and off, and what may go wrong with that. */
class LaneChangesTest {
    private static final long MIB = 1L << 20;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    // --- changes that are refused ---

    @Test
    void a_change_for_which_there_is_no_room_leaves_nothing_on_the_disk() throws IOException {
        Scenario scenario = Scenario.onDisk(24 * MIB, Shape.plain("clicks"));
        SimulatedStream stream = scenario.stream("clicks");
        scenario.put("clicks", 3);
        Map<Path, byte[]> before = onDisk(scenario);

        CompletionStage<Integer> refused = stream.switchBackup();

        assertThat(refused.toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("disk limit");
        assertThat(onDisk(scenario)).containsExactlyEntriesOf(before);
        assertThat(stream.status().version()).isEqualTo(1);
    }

    @Test
    void a_change_that_could_not_be_written_gives_its_room_back() throws IOException {
        for (String file : List.of("2.new", "stream.meta.new")) {
            Scenario scenario =
                    Scenario.onDisk(56 * MIB, Shape.plain("clicks"), Shape.plain("views"));
            scenario.put("clicks", 3);
            scenario.put("views", 3);
            scenario.disk()
                    .failNext(
                            call -> call.isOn(DiskCall.Kind.SYNC, file),
                            new IOException("injected"));
            assertThat(scenario.stream("clicks").switchBackup().toCompletableFuture())
                    .as(file)
                    .isCompletedExceptionally();

            CompletionStage<Integer> other = scenario.stream("views").switchBackup();

            scenario.pass(MINUTE.multipliedBy(2));
            assertThat(other.toCompletableFuture()).as(file).isCompletedWithValue(2);
        }
    }

    @Test
    void a_start_that_is_refused_leaves_nothing_on_the_disk() throws IOException {
        Scenario scenario = Scenario.onDisk(32 * MIB, Shape.plain("clicks").withBackup());
        SimulatedStream stream = scenario.stream("clicks");
        scenario.put("clicks", 3);
        scenario.kill();
        Map<Path, byte[]> before = onDisk(scenario);

        // The backup is taken out of the definition together with its store.
        stream.switchBackupAtNextStart();
        stream.oldVersionsUsable(false);
        assertThatThrownBy(scenario::start).hasMessageContaining("a store that is gone");
        scenario.kill();
        assertThat(onDisk(scenario)).containsExactlyEntriesOf(before);

        // And the limit of the disk is made too small.
        stream.oldVersionsUsable(true);
        scenario.diskBytes(24 * MIB);
        assertThatThrownBy(scenario::start).hasMessageContaining("disk limit");
        scenario.kill();
        assertThat(onDisk(scenario)).containsExactlyEntriesOf(before);
    }

    @Test
    void a_stream_that_stops_is_not_changed_any_more() throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"));
        SimulatedStream stream = scenario.stream("clicks");
        scenario.put("clicks", 3);
        Map<Path, byte[]> before = onDisk(scenario);
        stream.stop(Stopping.LAND_OPEN, Duration.ofSeconds(10));

        CompletionStage<Integer> refused = stream.switchBackup();

        assertThat(refused.toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("stopping");
        assertThat(onDisk(scenario)).containsExactlyEntriesOf(before);
    }

    private static Map<Path, byte[]> onDisk(Scenario scenario) throws IOException {
        Map<Path, byte[]> files = new TreeMap<>();
        files.put(meta(scenario), scenario.disk().bytes(meta(scenario)));
        for (Path file : scenario.disk().list(scenario.home().resolve("definitions"))) {
            files.put(file, scenario.disk().bytes(file));
        }
        return files;
    }

    private static Path meta(Scenario scenario) throws IOException {
        return scenario.home().resolve("stream.meta");
    }

    // --- changes that fail half-way ---

    @Test
    void a_backup_that_was_not_switched_off_has_what_is_accepted_then() throws IOException {
        Shape shape = Shape.plain("clicks").withBackup();
        Scenario scenario = Scenario.of(shape);
        SimulatedStream stream = scenario.stream("clicks");
        scenario.put("clicks", 2);
        switchIsInDoubt(scenario, stream);
        scenario.pass(Duration.ofSeconds(1));
        scenario.put("clicks", 2);
        scenario.kill();

        // The change is taken back, as it was refused.
        stream.switchBackupAtNextStart();
        scenario.start();

        scenario.drainsByItself();
        assertThat(backedUp(scenario, shape)).hasSize(4);
    }

    @Test
    void a_backup_that_was_not_switched_on_has_nothing() throws IOException {
        Shape shape = Shape.plain("clicks");
        Scenario scenario = Scenario.of(shape);
        SimulatedStream stream = scenario.stream("clicks");
        scenario.put("clicks", 2);
        switchIsInDoubt(scenario, stream);
        scenario.pass(Duration.ofSeconds(1));
        scenario.put("clicks", 2);
        scenario.kill();

        stream.switchBackupAtNextStart();
        scenario.start();

        scenario.drainsByItself();
        assertThat(scenario.objects(shape.backupBucket())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_journal_that_filled_while_its_lanes_were_in_doubt_takes_records_once_they_are_settled(
            boolean byAnotherChange) throws IOException {
        Scenario scenario =
                Scenario.onDisk(
                        Limits.JOURNAL_FLOOR_BYTES + 2 * Limits.LANE_FLOOR_BYTES,
                        Shape.plain("clicks"));
        SimulatedStream stream = scenario.stream("clicks");
        scenario.put("clicks", 1);
        scenario.flush("clicks");
        Predicate<DiskCall> doubtful = syncBehindRenameOf("stream.meta");
        Path home = scenario.home();
        scenario.disk()
                .failEvery(
                        call -> doubtful.test(call) && call.path().equals(home),
                        new IOException("injected"));
        assertThat(stream.switchBackup().toCompletableFuture()).isCompletedExceptionally();
        List<String> large = Collections.nCopies(300, "k".repeat(3000));
        int accepted = 0;
        while (scenario.put("clicks", large)) {
            accepted++;
            scenario.flush("clicks");
            scenario.pass(Duration.ofSeconds(1));
        }
        scenario.pass(MINUTE);
        assertThat(stream.books().settled()).as("nothing is left to be committed").isTrue();
        assertThat(scenario.put("clicks", large)).isFalse();

        scenario.disk().noMoreFaults();
        if (byAnotherChange) {
            stream.switchBackup(); // writes the list of lanes before the next look at it
        }
        scenario.pass(Duration.ofSeconds(1));

        assertThat(scenario.put("clicks", large)).isTrue();
        assertThat(accepted).isGreaterThan(5);
    }

    /** The lines of all objects of the backup. */
    private static Stream<String> backedUp(Scenario scenario, Shape shape) {
        return String.join("", scenario.objects(shape.backupBucket()).values()).lines();
    }

    /** Switches the backup; that is refused, and nobody knows what a later process finds. */
    private static void switchIsInDoubt(Scenario scenario, SimulatedStream stream) {
        scenario.disk().failNext(syncBehindRenameOf("stream.meta"), new IOException("injected"));
        assertThat(stream.switchBackup().toCompletableFuture()).isCompletedExceptionally();
    }

    /** The new file has its name, and nobody knows whether that is durable. */
    private static Predicate<DiskCall> syncBehindRenameOf(String file) {
        boolean[] renamed = {false};
        return call -> {
            renamed[0] |= call.isOn(DiskCall.Kind.RENAME, file);
            return renamed[0] && call.kind() == DiskCall.Kind.SYNC_DIRECTORY;
        };
    }

    @Test
    void a_stop_writes_the_lanes_again_of_which_nobody_knows_whether_they_were_changed()
            throws IOException {
        Shape shape = Shape.plain("clicks").withBackup();
        Scenario scenario = Scenario.of(shape);
        SimulatedStream stream = scenario.stream("clicks");
        scenario.put("clicks", 2);
        switchIsInDoubt(scenario, stream);
        scenario.put("clicks", 2);

        scenario.stop(Stopping.KEEP_OPEN, Duration.ZERO);

        stream.switchBackupAtNextStart(); // the change is taken back, as it was refused
        scenario.start();
        scenario.drainsByItself();
        assertThat(backedUp(scenario, shape)).hasSize(4);
    }

    // --- the end of a lane ---

    @Test
    void a_lane_leaves_only_when_its_end_is_durable_wherever_its_process_dies() throws IOException {
        boolean died = true;
        for (int call = 1; died; call++) {
            Shape shape = Shape.plain("clicks").withBackup();
            Scenario scenario = Scenario.of(shape);
            SimulatedStream stream = scenario.stream("clicks");
            scenario.put("clicks", 3);
            scenario.disk().crashAfter(call);
            try {
                stream.switchBackup();
                scenario.pass(MINUTE.multipliedBy(2));
            } catch (SimulatedCrash crashed) {
                // What was written is there, synced or not.
            }
            died = scenario.disk().crashed();
            scenario.kill();
            scenario.start();
            scenario.pass(Duration.ofSeconds(2));
            scenario.powerCut();

            if (!new String(scenario.disk().bytes(meta(scenario)), StandardCharsets.UTF_8)
                    .contains("backup-")) {
                LaneHistory left =
                        LaneHistory.read(
                                scenario.home().resolve("lanes/backup-1"),
                                scenario.disk(),
                                range -> {});
                assertThat(left.plan().ended()).as("died in call %d", call).isTrue();
            }
            scenario.start();
            scenario.drainsByItself();
            assertThat(backedUp(scenario, shape)).as("died in call %d", call).hasSize(3);
        }
    }

    @Test
    void a_backup_that_has_landed_everything_is_switched_off_though_its_store_is_gone()
            throws IOException {
        Shape shape = Shape.plain("clicks").withBackup();
        Scenario scenario = Scenario.of(shape);
        SimulatedStream stream = scenario.stream("clicks");
        scenario.put("clicks", 3);
        scenario.pass(MINUTE.multipliedBy(3));
        scenario.kill();

        stream.switchBackupAtNextStart();
        stream.oldVersionsUsable(false);
        scenario.start();

        assertThat(stream.status().lanes()).hasSize(1);
        scenario.powerCut();
        Path lane = scenario.home().resolve("lanes/backup-1");
        LaneHistory left = LaneHistory.read(lane, scenario.disk(), range -> {});
        assertThat(left.plan().ended()).isTrue();
        scenario.start();
        scenario.put("clicks", 2);
        scenario.drainsByItself();
        assertThat(backedUp(scenario, shape)).hasSize(3);
    }

    @Test
    void backups_that_come_and_go_while_their_store_is_away_hold_what_was_accepted_under_each()
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks").withBackup());
        SimulatedStream stream = scenario.stream("clicks");
        scenario.store().weather(Fate.LOST, 1);
        scenario.store().looksLost(1);
        for (int i = 0; i < 7; i++) {
            scenario.put("clicks", 3);
            stream.switchBackup();
            scenario.put("clicks", 1);
            if (i % 3 == 1) {
                scenario.powerCut();
                scenario.start();
            }
            scenario.pass(MINUTE);
        }
        assertThat(stream.status().lanes()).hasSizeGreaterThan(4);

        scenario.store().heal();

        scenario.drainsByItself();
        assertThat(stream.status().lanes()).hasSize(1);
    }

    @Test
    void a_lane_whose_end_cannot_be_noted_does_not_keep_its_stream_from_starting()
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks").withBackup());
        SimulatedStream stream = scenario.stream("clicks");
        scenario.put("clicks", 3);
        stream.switchBackup();
        scenario.disk()
                .failEvery(
                        call -> call.path().getFileName().toString().startsWith("stream.meta"),
                        new IOException("injected"));
        scenario.pass(MINUTE.multipliedBy(2));
        assertThat(stream.status().lanes()).as("drained, and still in the list").hasSize(2);
        scenario.kill();

        scenario.start();

        assertThat(scenario.put("clicks", 1)).isTrue();
        scenario.disk().noMoreFaults();
        scenario.drainsByItself();
        assertThat(stream.status().lanes()).hasSize(1);
    }

    // --- where a lane ends ---

    @Test
    void a_backup_has_nothing_that_is_accepted_when_it_was_off_though_the_journals_end_is_lost()
            throws IOException {
        Shape shape = Shape.plain("clicks").withBackup();
        Scenario scenario = Scenario.of(shape);
        SimulatedStream stream = scenario.stream("clicks");
        scenario.put("clicks", 2);
        Map<Path, byte[]> earlier = journal(scenario);
        scenario.put("clicks", 3);
        stream.switchBackup();
        scenario.kill();
        for (Path file : journal(scenario).keySet()) {
            scenario.disk().delete(file);
        }
        for (Map.Entry<Path, byte[]> file : earlier.entrySet()) {
            scenario.disk().plant(file.getKey(), file.getValue());
        }
        scenario.start();

        scenario.put("clicks", 4);

        scenario.flush("clicks");
        scenario.pass(MINUTE);
        assertThat(backedUp(scenario, shape)).as("those of before that are not lost").hasSize(2);
        assertThat(stream.status().lanes()).hasSize(1);
        assertThat(stream.books().damaged()).isEqualTo(3);
    }

    private static Map<Path, byte[]> journal(Scenario scenario) throws IOException {
        Map<Path, byte[]> files = new TreeMap<>();
        for (Path file : scenario.disk().list(scenario.home().resolve("journal"))) {
            files.put(file, scenario.disk().bytes(file));
        }
        return files;
    }
}
