package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.stream.StreamChange.Kind;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.MemoryStore.Fate;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Another set of configured streams, while the process runs. */
class ReloadTest {
    private static List<DefinedStream> file(String... streams) {
        return Stream.of(streams)
                .map(text -> text.split("=", 2))
                .map(words -> RegistryWorld.stream(words[0], words[1]))
                .toList();
    }

    private static RegistryWorld begun(String... streams) throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin(file(streams).toArray(DefinedStream[]::new));
        return world;
    }

    private static List<StreamChange> reload(RegistryWorld world, List<DefinedStream> file) {
        return world.await(world.registry().reload(file, world::components));
    }

    @Test
    void each_stream_is_what_it_was_goes_on_comes_or_goes() throws IOException {
        RegistryWorld world = begun("same=a", "next=a", "lane=a", "less=a backup", "gone=a");
        List<DefinedStream> file = file("same=a", "next=b", "lane=a backup", "less=a", "fresh=a");
        List<StreamChange> expected =
                List.of(
                        new StreamChange("same", Kind.NOTHING),
                        new StreamChange("next", Kind.NEW_VERSION),
                        new StreamChange("lane", Kind.NEW_LANE),
                        new StreamChange("less", Kind.NEW_LANE),
                        new StreamChange("fresh", Kind.OPENED),
                        new StreamChange("gone", Kind.DRAINED));

        assertThat(world.registry().preview(file)).containsExactlyElementsOf(expected);
        assertThat(reload(world, file)).containsExactlyElementsOf(expected);
        world.pass(Duration.ofMinutes(2));

        assertThat(world.names()).containsExactly("fresh", "lane", "less", "next", "same");
        assertThat(world.status("next").version()).isEqualTo(2);
        assertThat(world.status("same").version()).isEqualTo(1);
        assertThat(world.status("lane").lanes()).hasSize(2);
        assertThat(world.status("less").lanes()).hasSize(1);
        assertThat(reload(world, file)).extracting(StreamChange::kind).containsOnly(Kind.NOTHING);
    }

    @Test
    void a_set_that_is_refused_changes_nothing_and_leaves_no_components() throws IOException {
        RegistryWorld world = begun("clicks=a", "views=a");
        int open = world.openComponents();
        ComponentFactory refusing =
                definition -> {
                    if (definition.name().equals("orders")) {
                        throw new IllegalArgumentException("catalog main is not configured");
                    }
                    return world.components(definition);
                };

        assertThatThrownBy(
                        () ->
                                world.await(
                                        world.registry()
                                                .reload(file("clicks=b", "orders=a"), refusing)))
                .hasMessageContaining("catalog main is not configured");

        assertThat(world.openComponents()).isEqualTo(open);
        assertThat(world.names()).containsExactly("clicks", "views");
        assertThat(world.status("clicks").version()).isEqualTo(1);
        assertThat(world.status("views").phase()).isEqualTo(StreamPhase.ACTIVE);
    }

    @Test
    void a_set_for_which_the_disk_limit_has_no_room_is_refused() throws IOException {
        RegistryWorld world = new RegistryWorld(1, 60L << 20);
        world.begin(RegistryWorld.stream("clicks", "a"));

        assertThatThrownBy(() -> reload(world, file("clicks=a", "views=a", "orders=a")))
                .hasMessageContaining("disk limit");
        assertThatThrownBy(() -> reload(world, file("clicks=b backup", "views=a backup")))
                .hasMessageContaining("disk limit");

        assertThat(world.names()).containsExactly("clicks");
        assertThat(world.status("clicks").version()).isEqualTo(1);
        assertThat(reload(world, file("clicks=a", "views=a"))).hasSize(2);
    }

    @Test
    void a_name_of_a_stream_that_was_made_through_the_api_is_refused() throws IOException {
        RegistryWorld world = begun("views=a");
        world.create("clicks", "a");

        assertThatThrownBy(() -> reload(world, file("views=b", "clicks=b")))
                .hasMessageContaining("stream clicks is configured")
                .hasMessageContaining("made through the API");
        assertThatThrownBy(() -> reload(world, file("VIEWS=b")))
                .hasMessageContaining("only by case");

        assertThat(world.status("views").version()).isEqualTo(1);
        assertThat(reload(world, List.of()))
                .containsExactly(new StreamChange("views", Kind.DRAINED));
        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.ACTIVE);
    }

    @Test
    void a_stream_that_drains_goes_on_when_it_is_configured_again() throws IOException {
        RegistryWorld world = begun("clicks=a");
        world.sim().store().weather(Fate.DENIED, 1);
        world.await(world.put("clicks", "x"));
        reload(world, List.of());
        world.pass(Duration.ofSeconds(30));
        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.DRAINING);

        reload(world, file("clicks=b"));
        world.sim().store().heal();
        world.await(world.put("clicks", "y"));
        world.pass(Duration.ofMinutes(5));

        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.ACTIVE);
        assertThat(world.status("clicks").version()).isEqualTo(2);
        assertThat(world.landed("clicks")).containsExactly("x", "y");
    }

    @Test
    void a_stream_that_has_been_drained_begins_where_it_ended() throws IOException {
        RegistryWorld world = begun("clicks=a");
        world.await(world.put("clicks", "x"));
        String incarnation = world.status("clicks").incarnation();
        reload(world, List.of());
        world.pass(Duration.ofMinutes(1));
        assertThat(world.names()).isEmpty();

        reload(world, file("clicks=a"));

        assertThat(world.status("clicks").incarnation()).isEqualTo(incarnation);
        assertThat(world.books("clicks").landed()).isEqualTo(1);
        assertThat(world.folders()).hasSize(1);
    }

    @Test
    void whenever_it_is_configured_again_while_it_ends_it_is_there_afterwards() throws IOException {
        for (int steps = 0; steps < 120; steps++) {
            RegistryWorld world = begun("clicks=a");
            world.await(world.put("clicks", "x"));
            reload(world, List.of());
            for (int i = 0; i < steps; i++) {
                world.sim().scheduler().runOne();
            }

            reload(world, file("clicks=a"));
            world.pass(Duration.ofSeconds(1));

            assertThat(world.status("clicks").phase())
                    .as("after %d steps", steps)
                    .isEqualTo(StreamPhase.ACTIVE);
            world.await(world.put("clicks", "y"));
            world.await(world.registry().find("clicks").orElseThrow().flush());
            assertThat(world.books("clicks").landed()).as("after %d steps", steps).isEqualTo(2);
        }
    }

    @Test
    void what_the_disk_refuses_is_told_with_its_stream_and_the_others_change() throws IOException {
        RegistryWorld world = begun("clicks=a", "views=a");
        world.await(world.put("clicks", "x"));
        world.await(world.put("views", "x"));
        String folder = world.folder("clicks").getFileName().toString();
        world.sim()
                .disk()
                .failNext(
                        call ->
                                call.kind() == DiskCall.Kind.CREATE
                                        && call.touches(folder)
                                        && call.touches("definitions"),
                        new IOException("injected"));

        List<StreamChange> changes = reload(world, file("clicks=b", "views=b"));
        world.pass(Duration.ofSeconds(1));

        assertThat(changes.get(0).problem()).contains("injected");
        assertThat(changes.get(1).problem()).isEmpty();
        assertThat(world.status("clicks").version()).isEqualTo(1);
        assertThat(world.status("views").version()).isEqualTo(2);
        assertThat(reload(world, file("clicks=b", "views=b")).get(0).kind())
                .isEqualTo(Kind.NEW_VERSION);
    }

    @Test
    void a_closed_stream_is_tried_again_at_once() throws IOException {
        RegistryWorld world = begun("clicks=a");
        world.await(world.put("clicks", "x"));
        world.kill();
        world.sim().disk().flipBit(world.folder("clicks").resolve("definitions/1"), 3);
        world.begin(RegistryWorld.stream("clicks", "a"));
        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.CLOSED);

        assertThat(reload(world, file("clicks=a")).get(0).problem()).contains("damaged");
        world.sim().disk().flipBit(world.folder("clicks").resolve("definitions/1"), 3);
        assertThat(reload(world, file("clicks=a")))
                .containsExactly(new StreamChange("clicks", Kind.OPENED));

        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.ACTIVE);
    }
}
