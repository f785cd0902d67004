package io.delivery.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.LaneRecord.Kind;
import io.delivery.record.Incarnation;
import io.delivery.testkit.SimWorld;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamHomeTest {
    private static final Path DATA = Path.of("/data");

    private final SimWorld sim = SimWorld.seeded(5);

    private StreamHome find(String name) throws IOException {
        return StreamHome.find(DATA, name, sim.world());
    }

    private StreamHome created(String name, String document, String... lanes) throws IOException {
        StreamHome home = find(name);
        home.define(document, Stream.of(lanes).map(LaneEntry::parse).toList());
        home.create();
        return home;
    }

    @Test
    void nothing_is_on_disk_before_the_first_record() throws IOException {
        StreamHome home = find("clicks");
        assertThat(home.define("a", List.of(LaneEntry.parse("main-1")))).isEqualTo(1);

        assertThat(sim.disk().list(DATA)).isEmpty();
        assertThat(home.createdMillis()).isZero();
    }

    @Test
    void a_stream_is_found_again_with_its_incarnation() throws IOException {
        Incarnation drawn = created("Clicks.v2", "a", "main-1").incarnation();

        assertThat(find("Clicks.v2").incarnation()).isEqualTo(drawn);
        assertThat(sim.disk().list(DATA.resolve("streams")))
                .singleElement()
                .asString()
                .contains("clicks%2Ev2~" + drawn.hex().substring(0, 8));
        assertThat(find("other").incarnation()).isNotEqualTo(drawn);
    }

    @Test
    void a_version_rises_with_each_effective_change_and_only_then() throws IOException {
        StreamHome home = created("clicks", "first", "main-1");

        assertThat(home.versionOf("first")).isEqualTo(1);
        assertThat(home.versionOf("first\n")).isEqualTo(1);
        assertThat(home.versionOf("second")).isEqualTo(2);
        assertThat(home.define("second", home.lanes())).isEqualTo(2);
        assertThat(find("clicks").versionOf("second")).isEqualTo(2);
        assertThat(find("clicks").versionOf("first")).isEqualTo(3);
    }

    @Test
    void lanes_that_come_and_go_are_found_again() throws IOException {
        StreamHome home = created("clicks", "a", "main-1", "backup-1");
        LaneEntry gone = home.lanes().get(1).switchedOff(120, 4);
        LaneEntry come = LaneEntry.opened(Kind.BACKUP, 6, 130);

        home.lanes(List.of(home.lanes().get(0), gone, come));

        assertThat(find("clicks").lanes())
                .containsExactly(LaneEntry.opened(Kind.MAIN, 1, 0), gone, come);
        assertThat(gone.isOn()).isFalse();
        assertThat(come.name()).isEqualTo("backup-6");
    }

    @Test
    void a_lane_is_found_again_with_the_log_that_it_reads() throws IOException {
        StreamHome home = created("clicks", "a", "main-1");
        LaneEntry orders = LaneEntry.opened(Kind.MAIN, 1, "orders.0", 17);

        home.lanes(List.of(home.lanes().get(0), orders, orders.switchedOff(20, 1)));

        assertThat(orders.name()).isEqualTo("main-1~orders.0");
        assertThat(find("clicks").lanes())
                .extracting(LaneEntry::log)
                .containsExactly("journal", "orders.0", "orders.0");
        assertThat(find("clicks").lanes().get(1)).isEqualTo(orders);
        assertThat(orders.kind()).isEqualTo(Kind.MAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Orders", "a b", "a,b", "a/b", "a~b", "../a", ".a"})
    void a_log_has_a_name_that_can_be_one_of_a_directory(String log) {
        assertThatThrownBy(() -> LaneEntry.opened(Kind.MAIN, 1, log, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"%s\" is no name of a log", log);
    }

    @Test
    void a_change_of_lanes_that_could_not_be_written_has_not_happened() throws IOException {
        StreamHome home = created("clicks", "a", "main-1");
        List<LaneEntry> before = home.lanes();
        sim.disk().failNextSync(new IOException("injected"));

        assertThatThrownBy(
                        () ->
                                home.lanes(
                                        List.of(
                                                before.get(0),
                                                LaneEntry.opened(Kind.BACKUP, 2, 7))))
                .hasMessage("injected");

        assertThat(home.lanes()).isEqualTo(before);
        assertThat(find("clicks").lanes()).isEqualTo(before);
    }

    @Test
    void a_name_that_differs_only_by_case_is_refused() throws IOException {
        created("clicks", "a", "main-1");

        assertThatThrownBy(() -> find("CLICKS")).hasMessageContaining("only by case");
    }

    @Test
    void damaged_files_are_refused_and_not_guessed() throws IOException {
        created("clicks", "a", "main-1");
        Path home = sim.disk().list(DATA.resolve("streams")).get(0);
        sim.disk().flipBit(home.resolve("stream.meta"), 100);

        assertThatThrownBy(() -> find("clicks")).hasMessageContaining("damaged");
    }

    @Test
    void a_lane_of_a_kind_that_only_a_newer_program_knows_is_refused_and_not_taken_for_another()
            throws IOException {
        StreamHome home = created("clicks", "a", "main-1");
        home.lanes(List.of(home.lanes().get(0), new LaneEntry("replay-2", 7, 9, 1)));

        assertThatThrownBy(() -> find("clicks"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("stream.meta")
                .hasMessageContaining("lane replay-2 is of a kind that this program does not know");
    }

    @Test
    void what_was_created_survives_a_power_cut() throws IOException {
        sim.disk().createDirectories(DATA);
        sim.disk().syncDirectory(DATA.getParent());
        Incarnation drawn = created("clicks", "a", "main-1").incarnation();

        sim.disk().powerCutLosingAllUnsynced();
        sim.restart();

        assertThat(find("clicks").incarnation()).isEqualTo(drawn);
        assertThat(find("clicks").versionOf("a")).isEqualTo(1);
    }

    @Test
    void a_definition_that_could_not_be_written_is_not_taken_for_the_last_one() throws IOException {
        StreamHome home = created("clicks", "first", "main-1");
        sim.disk().failNextWrite(new IOException("injected"));

        assertThatThrownBy(() -> home.define("second", home.lanes())).hasMessage("injected");

        assertThat(home.versionOf("first")).isEqualTo(1);
        assertThat(home.define("second", home.lanes())).isEqualTo(2);
        assertThat(find("clicks").versionOf("second")).isEqualTo(2);
    }
}
