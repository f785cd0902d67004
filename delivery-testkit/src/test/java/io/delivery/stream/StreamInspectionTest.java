package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.inspection.StagedState;
import io.delivery.inspection.StreamInspection;
import io.delivery.inspection.StreamInspection.Damage;
import io.delivery.inspection.StreamInspection.LaneInspection;
import io.delivery.journal.JournalFile;
import io.delivery.landing.SequenceFate.Stage;
import io.delivery.testkit.SimDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamInspectionTest {
    private HintsWorld world;
    private SimDisk disk;

    /** Two records landed, two staged for a store that is away, one in the journal only. */
    @BeforeEach
    void fill() throws IOException {
        world = HintsWorld.of(5, 60);
        disk = world.disk();
        world.put("first");
        world.put("second");
        world.seal();
        world.pass(Duration.ofSeconds(10)); // a stream that rests writes its state anew
        world.storeDenies();
        world.put("third");
        world.put("fourth");
        world.flush();
        world.put("fifth");
        world.kill();
    }

    private StreamInspection inspect() throws IOException {
        long mutations = disk.mutations();
        List<StreamInspection> all = new ArrayList<>();
        for (Path directory : StreamInspection.directories(HintsWorld.DATA, disk)) {
            all.add(StreamInspection.of(directory, disk));
        }
        assertThat(disk.mutations()).isEqualTo(mutations);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private LaneInspection lane(StreamInspection stream) {
        return stream.lanes().iterator().next();
    }

    @Test
    void a_killed_stream_is_told_whole() throws IOException {
        StreamInspection stream = inspect();

        assertThat(stream.damage()).isEmpty();
        assertThat(stream.name()).isEqualTo("clicks");
        assertThat(stream.incarnation()).isPresent();
        assertThat(stream.definitions()).hasSize(1);
        assertThat(stream.journal().end()).isEqualTo(5);
        LaneInspection lane = lane(stream);
        assertThat(lane.name()).isEqualTo("main-1");
        assertThat(lane.state().plan().checkpoint()).isEqualTo(2);
        assertThat(lane.staged()).singleElement().matches(o -> o.state() == StagedState.WHOLE);
        assertThat(lane.state().fateOf(1).stage()).isEqualTo(Stage.COMMITTED);
        assertThat(lane.state().fateOf(2).stage()).isEqualTo(Stage.SEALED);
        assertThat(lane.state().fateOf(4).stage()).isEqualTo(Stage.OPEN);
    }

    @Test
    void staged_bytes_that_are_gone_cut_or_changed_are_damage() throws IOException {
        Path file = stagingFile();
        byte[] whole = disk.bytes(file);

        disk.flipBit(file, 3);
        assertThat(lane(inspect()).staged().get(0).state()).isEqualTo(StagedState.DIFFERENT);
        disk.plant(file, Arrays.copyOf(whole, whole.length - 1));
        assertThat(lane(inspect()).staged().get(0).state()).isEqualTo(StagedState.CUT_SHORT);
        disk.delete(file);
        StreamInspection stream = inspect();
        assertThat(lane(stream).staged().get(0).state()).isEqualTo(StagedState.MISSING);
        assertThat(stream.damage())
                .singleElement()
                .satisfies(
                        damage -> {
                            assertThat(damage.file()).isEqualTo(file);
                            assertThat(damage.reason()).contains("2/0", "missing");
                        });
    }

    @Test
    void staged_bytes_of_what_has_landed_are_not_missed() throws IOException {
        Path file = stagingFile();
        world.hasSaidLanded(inspect().incarnation().orElseThrow(), 2, 0);
        disk.delete(file);

        StreamInspection stream = inspect();

        assertThat(stream.damage()).isEmpty();
        assertThat(lane(stream).staged())
                .singleElement()
                .matches(o -> o.state() == StagedState.NOT_NEEDED);
    }

    private Path stagingFile() throws IOException {
        Path staging = inspect().directory().resolve("lanes/main-1/staging");
        return disk.list(staging).get(0);
    }

    @Test
    void a_stream_without_its_meta_is_known_by_its_segments() throws IOException {
        Path meta = inspect().directory().resolve("stream.meta");
        disk.flipBit(meta, 150);
        StreamInspection stream = inspect();
        assertThat(stream.damage()).extracting(Damage::file).containsExactly(meta);
        assertThat(stream.journal().end()).isEqualTo(5);
        assertThat(lane(stream).state().plan().checkpoint()).isEqualTo(2);

        disk.delete(meta);
        stream = inspect();
        assertThat(stream.damage()).extracting(Damage::file).containsExactly(meta);
        assertThat(stream.name()).isEqualTo("clicks");
        assertThat(stream.journal().end()).isEqualTo(5);
    }

    @Test
    void a_definition_that_is_damaged_is_told() throws IOException {
        Path definition = inspect().directory().resolve("definitions/1");
        disk.flipBit(definition, 1);

        assertThat(inspect().damage()).extracting(Damage::file).containsExactly(definition);
    }

    @Test
    void what_a_state_has_forgotten_is_found_in_the_ledger_and_damage_to_that_is_told()
            throws IOException {
        world = HintsWorld.of(5, 60);
        disk = world.disk();
        for (int i = 0; i < 12; i++) {
            world.putBytes("a", 1 << 20);
            world.flush();
        }
        world.killAndRestart();
        world.put("the new owner writes the state anew");
        world.flush();
        StreamInspection stream = inspect();
        assertThat(lane(stream).state().fateOf(1).stage()).isEqualTo(Stage.FORGOTTEN);

        assertThat(stream.fateInLedger("main-1", 1))
                .hasValueSatisfying(
                        fate -> {
                            assertThat(fate.stage()).isEqualTo(Stage.COMMITTED);
                            assertThat(fate.seal().orElseThrow().start()).isLessThan(2);
                            assertThat(fate.seal().orElseThrow().end()).isGreaterThan(1);
                            assertThat(fate.held())
                                    .singleElement()
                                    .matches(held -> held.withLast() && held.said().isPresent());
                        });
        assertThat(stream.fateInLedger("main-1", 1_000)).isEmpty();
        stream.lookAtLedgers();
        assertThat(stream.damage()).isEmpty();

        Path ledger = disk.list(stream.directory().resolve("lanes/main-1/ledger")).get(0);
        disk.flipBit(ledger, 100);
        stream.lookAtLedgers();
        assertThat(stream.damage()).extracting(Damage::file).containsExactly(ledger);
        assertThat(stream.fateInLedger("main-1", 0)).isEmpty();
    }

    @Test
    void a_lane_whose_state_is_lost_is_told_by_its_mark_and_without_one_by_what_the_journal_forgot()
            throws IOException {
        world = HintsWorld.of(5, 60);
        disk = world.disk();
        for (int i = 0; i < 12; i++) {
            world.putBytes("a", 1 << 20);
            world.flush();
        }
        StreamInspection whole = inspect();
        assertThat(whole.damage()).isEmpty();
        assertThat(whole.journal().begin()).isPositive();

        Path state = lane(whole).state().path();
        disk.delete(state);

        assertThat(inspect().damage())
                .singleElement()
                .satisfies(
                        damage -> {
                            assertThat(damage.file()).isEqualTo(state);
                            assertThat(damage.reason()).contains("is missing, and ");
                        });
        disk.delete(whole.directory().resolve("marks/main-1"));
        assertThat(inspect().damage())
                .singleElement()
                .satisfies(
                        damage -> {
                            assertThat(damage.from()).isZero();
                            assertThat(damage.to()).isEqualTo(whole.journal().begin());
                        });
    }

    @Test
    void a_journal_that_is_gone_lacks_what_the_lane_knows() throws IOException {
        Path journal = inspect().directory().resolve("journal");
        for (Path file : disk.list(journal)) {
            disk.delete(file);
        }

        assertThat(inspect().damage())
                .anySatisfy(
                        damage -> {
                            assertThat(damage.from()).isZero();
                            assertThat(damage.to()).isEqualTo(4);
                        });
    }

    @Test
    void whatever_byte_of_whatever_file_is_changed_or_cut_away_inspection_answers()
            throws IOException {
        Path stream = inspect().directory();
        JournalFile segment = inspect().journal().files().get(0);
        disk.cut(segment.path(), segment.usedBytes()); // the rest of it is preallocated zeros
        Map<Path, byte[]> files = new TreeMap<>();
        files.put(stream.resolve("stream.meta"), disk.bytes(stream.resolve("stream.meta")));
        Path state = stream.resolve("lanes/main-1/state");
        files.put(state, disk.bytes(state));
        for (String folder : List.of("definitions", "journal", "lanes/main-1/staging")) {
            for (Path file : disk.list(stream.resolve(folder))) {
                files.put(file, disk.bytes(file));
            }
        }
        assertThat(files).hasSize(5);

        for (Map.Entry<Path, byte[]> file : files.entrySet()) {
            byte[] whole = file.getValue();
            for (int at = 0; at < whole.length; at++) {
                byte[] changed = whole.clone();
                changed[at] ^= 0x11;
                disk.plant(file.getKey(), changed);
                inspect();
                disk.plant(file.getKey(), Arrays.copyOf(whole, at));
                inspect();
            }
            disk.plant(file.getKey(), whole);
        }
        assertThat(inspect().damage()).isEmpty();
    }
}
