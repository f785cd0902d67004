package io.delivery.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.Origin;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.SimulatedCrash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams come to be and go as a whole, and one that is damaged is told by its name. */
class StreamFoldersTest {
    private static final Path DATA = Path.of("/data");

    private static SimWorld world() throws IOException {
        SimWorld sim = SimWorld.seeded(5);
        sim.disk().createDirectories(DATA);
        sim.disk().syncDirectory(DATA.getParent());
        return sim;
    }

    private static StreamHome created(SimWorld sim, String name) throws IOException {
        StreamHome home = StreamHome.fresh(DATA, name, Origin.API, sim.world());
        home.define("a", List.of(LaneEntry.parse("main-1")));
        home.create();
        return home;
    }

    private static List<StreamFolder> all(SimWorld sim) throws IOException {
        return StreamFolders.all(DATA, sim.world());
    }

    @Test
    void every_stream_is_found_with_its_origin_and_its_definition() throws IOException {
        SimWorld sim = world();
        Path directory = created(sim, "Clicks").directory();

        assertThat(all(sim))
                .containsExactly(
                        new StreamFolder.Kept(
                                new KeptStream("Clicks", Origin.API, 1, "a", directory)));
    }

    @Test
    void a_crash_at_any_disk_call_of_a_creation_leaves_the_whole_stream_or_nothing()
            throws IOException {
        int crashes = 0;
        boolean whole = false;
        for (long call = 1; !whole; call++) {
            for (boolean power : new boolean[] {false, true}) {
                SimWorld sim = world();
                sim.disk().crashAfter(call);
                try {
                    created(sim, "clicks");
                    whole = true;
                } catch (SimulatedCrash | IOException crashed) {
                    crashes++;
                }
                if (power) {
                    sim.disk().powerCutLosingAllUnsynced();
                }
                sim.restart();

                StreamFolders.tidy(DATA, sim.disk());
                List<StreamFolder> found = all(sim);

                if (whole) {
                    assertThat(found).hasSize(1);
                }
                assertThat(found)
                        .as("crash in call %d", call)
                        .allMatch(folder -> folder instanceof StreamFolder.Kept);
                assertThat(sim.disk().list(DATA.resolve("streams"))).hasSameSizeAs(found);
            }
        }
        assertThat(crashes).isGreaterThan(15);
    }

    @Test
    void a_stream_that_was_marked_is_removed_whenever_the_removal_crashed() throws IOException {
        int crashes = 0;
        boolean whole = false;
        for (long call = 1; !whole; call++) {
            for (boolean power : new boolean[] {false, true}) {
                SimWorld sim = world();
                Path directory = created(sim, "clicks").directory();
                sim.disk().plant(directory.resolve("journal/1"), new byte[100]);
                sim.disk().plant(directory.resolve("lanes/main-1/staging/x"), new byte[100]);
                sim.disk().plant(directory.resolve("lanes/main-1/state"), new byte[100]);
                StreamRemoval.mark(directory, sim.world());
                sim.disk().crashAfter(call);
                try {
                    StreamRemoval.removeBytes(directory, sim.disk());
                    StreamRemoval.removeRest(directory, sim.disk());
                    whole = true;
                } catch (SimulatedCrash | IOException crashed) {
                    crashes++;
                }
                if (power) {
                    sim.powerCut();
                }
                sim.restart();

                finish(sim);
                // That an entry is gone does not say that it stays gone: the next start looks
                // again.
                sim.disk().powerCutLosingAllUnsynced();
                sim.restart();
                finish(sim);

                assertThat(sim.disk().list(DATA.resolve("streams")))
                        .as("crash in call %d", call)
                        .isEmpty();
            }
        }
        assertThat(crashes).isGreaterThan(15);
    }

    /** As a start does; nothing may be taken for a stream that is there. */
    private static void finish(SimWorld sim) throws IOException {
        for (StreamFolder left : all(sim)) {
            assertThat(left).isInstanceOf(StreamFolder.Deleted.class);
            StreamRemoval.removeBytes(left.directory(), sim.disk());
            StreamRemoval.removeRest(left.directory(), sim.disk());
        }
        StreamFolders.tidy(DATA, sim.disk());
    }

    @Test
    void a_crash_at_any_disk_call_of_the_mark_leaves_the_whole_stream_or_a_marked_one()
            throws IOException {
        boolean whole = false;
        for (long call = 1; !whole; call++) {
            SimWorld sim = world();
            Path directory = created(sim, "clicks").directory();
            sim.disk().crashAfter(call);
            try {
                StreamRemoval.mark(directory, sim.world());
                whole = true;
            } catch (SimulatedCrash | IOException crashed) {
                sim.powerCut();
            }
            sim.restart();

            assertThat(all(sim))
                    .singleElement()
                    .isInstanceOfAny(StreamFolder.Kept.class, StreamFolder.Deleted.class);
        }
    }

    @Test
    void a_creation_that_failed_behind_its_rename_goes_on_where_it_was() throws IOException {
        SimWorld sim = world();
        StreamHome home = StreamHome.fresh(DATA, "clicks", Origin.YAML, sim.world());
        home.define("a", List.of(LaneEntry.parse("main-1")));
        sim.disk()
                .failNext(
                        call -> call.isOn(DiskCall.Kind.SYNC_DIRECTORY, "streams"),
                        new IOException("injected"));
        assertThatThrownBy(home::create).hasMessage("injected");

        home.create();
        sim.disk().powerCutLosingAllUnsynced();
        sim.restart();

        assertThat(all(sim)).singleElement().isInstanceOf(StreamFolder.Kept.class);
    }

    @Test
    void a_directory_without_its_meta_is_damage_and_no_new_beginning() throws IOException {
        SimWorld sim = world();
        Path directory = created(sim, "Clicks").directory();
        sim.disk().delete(StreamMeta.in(directory));

        assertThat(all(sim))
                .containsExactly(
                        new StreamFolder.Damaged(
                                "clicks",
                                directory,
                                Origin.YAML,
                                directory + "/stream.meta is missing"));
        assertThatThrownBy(() -> StreamHome.find(DATA, "Clicks", sim.world()))
                .hasMessageContaining("stream.meta is missing");
    }

    @Test
    void a_definition_that_is_missing_is_damage() throws IOException {
        SimWorld sim = world();
        StreamHome home = created(sim, "clicks");
        home.define("b", home.lanes());
        sim.disk().delete(home.directory().resolve("definitions/2"));

        assertThat(all(sim))
                .singleElement()
                .isInstanceOfSatisfying(
                        StreamFolder.Damaged.class,
                        bad -> assertThat(bad.reason()).endsWith("definitions/2 is missing"));
    }

    @Test
    void a_definition_that_was_refused_is_not_the_one_in_force() throws IOException {
        SimWorld sim = world();
        StreamHome home = created(sim, "clicks");
        sim.disk()
                .failNext(
                        call -> call.isOn(DiskCall.Kind.CREATE, "stream.meta.new"),
                        new IOException("injected"));
        assertThatThrownBy(() -> home.define("b", home.lanes())).hasMessage("injected");

        assertThat(home.versionOf("a")).isEqualTo(1);
        StreamHome found = StreamHome.find(DATA, "clicks", sim.world());
        assertThat(found.kept().document()).isEqualTo("a");
        assertThat(found.define("c", found.lanes())).isEqualTo(3);
    }

    @Test
    void what_else_lies_there_is_left_alone() throws IOException {
        SimWorld sim = world();
        created(sim, "clicks");
        Path other = DATA.resolve("streams/clicks~01234567.saved/stream.meta");
        sim.disk().plant(other, new byte[10]);

        StreamFolders.tidy(DATA, sim.disk());

        assertThat(all(sim)).hasSize(1);
        assertThat(sim.disk().exists(other)).isTrue();
    }
}
