package io.delivery.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.StreamDefinition;
import io.delivery.lane.components.LaneComponents;
import io.delivery.metrics.Metric;
import io.delivery.record.ObjectName;
import io.delivery.stream.StreamChange.Kind;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.MemoryLog;
import io.delivery.testkit.MemoryStore.Fate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
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

        assertThat(
                        world.await(
                                world.registry()
                                        .tryOut(file, () -> ComponentChange.to(world::components))))
                .containsExactlyElementsOf(expected);
        assertThat(world.names()).containsExactly("gone", "lane", "less", "next", "same");
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
    void a_name_of_a_stream_that_is_still_being_deleted_is_refused_until_it_is_gone()
            throws IOException {
        RegistryWorld world = begun("views=a");
        world.create("clicks", "a");
        world.await(world.registry().delete("clicks").marked());
        String folder = world.folder("clicks").getFileName().toString();
        world.sim()
                .disk()
                .failNext(
                        call -> call.kind() == DiskCall.Kind.DELETE && call.touches(folder),
                        new IOException("injected"));

        assertThatThrownBy(() -> reload(world, file("views=a", "clicks=b")))
                .hasMessageContaining(
                        "stream clicks, which was made through the API, is still being deleted");

        world.pass(Duration.ofMinutes(2));
        assertThat(reload(world, file("views=a", "clicks=b")).get(1).kind()).isEqualTo(Kind.OPENED);
    }

    /** Stream clicks with document {@code a} drains, because its store takes nothing. */
    private static RegistryWorld draining(RegistryWorld world, DefinedStream... others)
            throws IOException {
        List<DefinedStream> all = new ArrayList<>(List.of(others));
        all.add(RegistryWorld.stream("clicks", "a"));
        world.begin(all.toArray(DefinedStream[]::new));
        world.sim().store().weather(Fate.DENIED, 1);
        world.await(world.put("clicks", "x"));
        reload(world, List.of(others));
        world.pass(Duration.ofSeconds(30));
        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.DRAINING);
        return world;
    }

    @Test
    void a_stream_that_drains_goes_on_when_it_is_configured_again() throws IOException {
        for (Map.Entry<String, Integer> next : Map.of("a", 1, "b", 2).entrySet()) {
            RegistryWorld world = draining(new RegistryWorld(1));

            assertThat(reload(world, file("clicks=" + next.getKey())))
                    .containsExactly(new StreamChange("clicks", Kind.OPENED));
            world.sim().store().heal();
            world.await(world.put("clicks", "y"));
            world.pass(Duration.ofMinutes(5));

            assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.ACTIVE);
            assertThat(world.status("clicks").version()).isEqualTo(next.getValue());
            assertThat(world.landed("clicks")).containsExactly("x", "y");
            assertThat(reload(world, file("clicks=" + next.getKey())))
                    .containsExactly(new StreamChange("clicks", Kind.NOTHING));
        }
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

        assertThat(world.gauge(Metric.STREAM_HEALTHY, "clicks")).isOne();
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
    void configured_twice_while_it_ends_it_is_opened_once_as_it_was_configured_last()
            throws IOException {
        int ended = 0;
        for (int steps = 0; steps < 120; steps++) {
            RegistryWorld world = begun("clicks=a");
            world.await(world.put("clicks", "x"));
            reload(world, List.of());
            for (int i = 0; i < steps; i++) {
                world.sim().scheduler().runOne();
            }
            boolean ends = world.registry().find("clicks").filter(s -> s.ends()).isPresent();
            ended += ends ? 1 : 0;

            var first = world.registry().reload(file("clicks=b"), world::components);
            var second = world.registry().reload(file("clicks=c"), world::components);
            world.await(first);
            world.await(second);
            world.pass(Duration.ofSeconds(1));

            String when = "after %d steps".formatted(steps);
            assertThat(world.status("clicks").phase()).as(when).isEqualTo(StreamPhase.ACTIVE);
            assertThat(world.openComponents()).as(when).isEqualTo(1);
            world.await(world.put("clicks", "y"));
            world.await(world.registry().find("clicks").orElseThrow().flush());
            assertThat(world.landed("clicks")).as(when).containsExactly("x", "y");
            assertThat(reload(world, file("clicks=c")))
                    .as(when)
                    .containsExactly(new StreamChange("clicks", Kind.NOTHING));
        }
        assertThat(ended).isPositive();
    }

    @Test
    void a_stream_that_the_disk_does_not_let_open_after_its_drain_is_tried_again()
            throws IOException {
        int ended = 0;
        for (int steps = 0; steps < 120 && ended < 3; steps++) {
            RegistryWorld world = begun("clicks=a");
            world.await(world.put("clicks", "x"));
            reload(world, List.of());
            for (int i = 0; i < steps; i++) {
                world.sim().scheduler().runOne();
            }
            if (world.registry().find("clicks").filter(s -> s.ends()).isEmpty()) {
                continue;
            }
            ended++;
            var changes = world.registry().reload(file("clicks=b"), world::components);
            world.sim()
                    .disk()
                    .failEvery(
                            call ->
                                    call.kind() == DiskCall.Kind.CREATE
                                            && call.touches("definitions"),
                            new IOException("injected"));
            world.await(changes);
            world.pass(Duration.ofSeconds(1));
            assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.CLOSED);
            world.sim().disk().noMoreFaults();

            world.pass(Duration.ofMinutes(1));

            assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.ACTIVE);
            world.await(world.put("clicks", "y"));
        }
        assertThat(ended).isPositive();
    }

    @Test
    void configured_and_taken_out_again_while_it_ends_it_stays_away() throws IOException {
        int ended = 0;
        for (int steps = 0; steps < 120; steps++) {
            RegistryWorld world = begun("clicks=a");
            world.await(world.put("clicks", "x"));
            reload(world, List.of());
            for (int i = 0; i < steps; i++) {
                world.sim().scheduler().runOne();
            }
            boolean ends = world.registry().find("clicks").filter(s -> s.ends()).isPresent();
            ended += ends ? 1 : 0;

            var first = world.registry().reload(file("clicks=b"), world::components);
            var second = world.registry().reload(List.of(), world::components);
            world.await(first);
            world.await(second);
            world.pass(Duration.ofMinutes(2));

            assertThat(world.names()).as("after %d steps", steps).isEmpty();
            assertThat(world.openComponents()).as("after %d steps", steps).isZero();
        }
        assertThat(ended).isPositive();
    }

    @Test
    void what_was_accepted_between_two_times_of_draining_lands_before_it_ends() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        Set<ObjectName> first = new HashSet<>();
        world.sim().store().onRequest(request -> first.add(request.name()));
        draining(world);
        world.sim().store().onRequest(request -> {});
        reload(world, file("clicks=a"));
        world.await(world.put("clicks", "y"));
        reload(world, List.of());
        world.pass(Duration.ofSeconds(30));

        world.sim().store().heal();
        world.sim().store().refuse(name -> !first.contains(name));
        world.pass(Duration.ofMinutes(5));
        assertThat(world.landed("clicks")).containsExactly("x");
        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.DRAINING);
        world.sim().store().refuse(name -> false);
        world.pass(Duration.ofMinutes(5));

        assertThat(world.names()).isEmpty();
        assertThat(world.landed("clicks")).containsExactly("x", "y");
    }

    @Test
    void a_stream_that_drains_needs_room_for_the_backup_with_which_it_comes_back()
            throws IOException {
        RegistryWorld world = new RegistryWorld(1, 60L << 20);
        draining(world, RegistryWorld.stream("views", "a"));

        assertThatThrownBy(() -> reload(world, file("clicks=a backup", "views=a backup")))
                .hasMessageContaining("disk limit");

        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.DRAINING);
        assertThat(world.status("views").version()).isEqualTo(1);
        assertThat(reload(world, file("clicks=a backup", "views=a"))).hasSize(2);
        assertThat(world.status("clicks").lanes()).hasSize(2);
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

    // --- what components are made with ---

    /** A change that tells what becomes of it. */
    private static final class Told implements ComponentChange {
        private final ComponentFactory factory;
        private final Set<String> replaced;
        private final List<String> events = new ArrayList<>();
        private Runnable whileItTakesEffect = () -> {};

        Told(ComponentFactory factory, String... replaced) {
            this.factory = factory;
            this.replaced = Set.of(replaced);
        }

        @Override
        public ComponentFactory factory() {
            return factory;
        }

        @Override
        public boolean replaces(StreamDefinition definition) {
            return replaced.contains(definition.name());
        }

        @Override
        public void takeEffect() {
            whileItTakesEffect.run();
            events.add("in force");
        }

        @Override
        public void close() {
            events.add("closed");
        }
    }

    @Test
    void a_stream_that_names_what_is_another_one_now_gets_new_components_and_stays_what_it_is()
            throws IOException {
        RegistryWorld world = begun("views=a", "notes=a");
        world.create("clicks", "a");
        world.create("orders", "a");
        world.await(world.put("views", "x"));
        Told change = new Told(world::components, "views", "clicks");

        List<StreamChange> changes =
                world.await(world.registry().reload(file("views=a", "notes=a"), () -> change));
        world.await(world.put("views", "y"));
        world.await(world.put("clicks", "z"));
        world.pass(Duration.ofMinutes(2));

        assertThat(changes)
                .containsExactly(
                        new StreamChange("views", Kind.NEW_COMPONENTS),
                        new StreamChange("notes", Kind.NOTHING),
                        new StreamChange("clicks", Kind.NEW_COMPONENTS));
        assertThat(change.events).containsExactly("in force", "closed");
        assertThat(world.status("views").version()).isEqualTo(1);
        assertThat(world.landed("views")).containsExactly("x", "y");
        assertThat(world.landed("clicks")).containsExactly("z");
        assertThat(world.openComponents()).as("one set for each stream").isEqualTo(4);
    }

    @Test
    void a_stream_of_the_api_refuses_a_set_in_which_what_it_names_is_gone() throws IOException {
        RegistryWorld world = begun("views=a");
        world.create("clicks", "a");
        int open = world.openComponents();
        Told change =
                new Told(
                        definition -> {
                            if (definition.name().equals("clicks")) {
                                throw new IllegalArgumentException("store lake is not configured");
                            }
                            return world.components(definition);
                        },
                        "views");

        assertThatThrownBy(
                        () -> world.await(world.registry().reload(file("views=b"), () -> change)))
                .hasMessageContaining("store lake is not configured");

        assertThat(change.events).containsExactly("closed");
        assertThat(world.openComponents()).isEqualTo(open);
        assertThat(world.status("views").version()).isEqualTo(1);
        assertThat(reload(world, file("views=b")).get(0).kind()).isEqualTo(Kind.NEW_VERSION);
    }

    @Test
    void what_cannot_even_be_begun_changes_nothing() throws IOException {
        RegistryWorld world = begun("views=a");

        assertThatThrownBy(
                        () ->
                                world.await(
                                        world.registry()
                                                .reload(
                                                        file("views=b"),
                                                        () -> {
                                                            throw new IOException("no CA file");
                                                        })))
                .hasMessageContaining("no CA file");

        assertThat(world.status("views").version()).isEqualTo(1);
        assertThat(reload(world, file("views=b")).get(0).kind()).isEqualTo(Kind.NEW_VERSION);
    }

    @Test
    void a_stream_that_drains_and_is_configured_again_goes_on_with_new_components_only()
            throws IOException {
        for (String document : List.of("a", "b")) {
            // What it names changed in this reload, or in an earlier one.
            for (String replaced : List.of("clicks", "nothing")) {
                RegistryWorld world = new RegistryWorld(1);
                world.logs(Map.of("orders", new MemoryLog()));
                draining(world);
                List<StreamComponents> made = new ArrayList<>();
                ComponentFactory factory =
                        definition -> {
                            made.add(world.components(definition));
                            return made.get(made.size() - 1);
                        };

                world.await(
                        world.registry()
                                .reload(
                                        file("clicks=" + document),
                                        () -> new Told(factory, replaced)));
                world.sim().store().heal();
                world.await(world.put("clicks", "y"));
                world.pass(Duration.ofMinutes(5));

                assertThat(made).as("one set for each log, of %s", document).hasSize(2);
                assertThat(made).noneMatch(StreamComponents::isClosed);
                assertThat(world.openComponents()).as("the former ones are closed").isEqualTo(2);
                assertThat(world.landed("clicks")).containsExactly("x", "y");
            }
        }
    }

    @Test
    void a_stream_that_drains_refuses_a_set_for_which_not_all_its_components_can_be_made()
            throws IOException {
        for (String document : List.of("a", "b")) {
            RegistryWorld world = new RegistryWorld(1);
            world.logs(Map.of("orders", new MemoryLog()));
            draining(world, RegistryWorld.stream("views", "a"));
            int open = world.openComponents();
            AtomicInteger made = new AtomicInteger();
            Told change =
                    new Told(
                            definition -> {
                                if (definition.name().equals("clicks")
                                        && made.incrementAndGet() == 2) {
                                    throw new IllegalArgumentException("no function is left");
                                }
                                return world.components(definition);
                            });

            assertThatThrownBy(
                            () ->
                                    world.await(
                                            world.registry()
                                                    .reload(
                                                            file("views=b", "clicks=" + document),
                                                            () -> change)))
                    .hasMessageContaining("no function is left");

            assertThat(change.events).containsExactly("closed");
            assertThat(world.openComponents()).isEqualTo(open);
            assertThat(world.status("views").version()).isEqualTo(1);
            assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.DRAINING);
        }
    }

    @Test
    void streams_that_go_on_need_no_more_components_once_the_change_is_in_force()
            throws IOException {
        for (String document : List.of("a", "b")) {
            RegistryWorld world =
                    draining(new RegistryWorld(1), RegistryWorld.stream("views", "a"));
            Told[] change = new Told[1];
            change[0] =
                    new Told(
                            definition -> {
                                if (change[0].events.contains("in force")) {
                                    throw new IllegalArgumentException("no function is left");
                                }
                                return world.components(definition);
                            });

            List<StreamChange> changes =
                    world.await(
                            world.registry()
                                    .reload(
                                            file("clicks=" + document, "views=b"),
                                            () -> change[0]));

            assertThat(changes)
                    .containsExactly(
                            new StreamChange("clicks", Kind.OPENED),
                            new StreamChange("views", Kind.NEW_VERSION));
            assertThat(change[0].events).containsExactly("in force", "closed");
            assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.ACTIVE);
        }
    }

    @Test
    void a_defect_that_one_stream_meets_in_force_is_told_with_it_and_the_others_change()
            throws IOException {
        RegistryWorld world = begun("clicks=a", "views=a");
        ComponentFactory forgetful =
                definition -> {
                    StreamComponents whole = world.components(definition);
                    whole.backup().ifPresent(LaneComponents::close);
                    return new StreamComponents(whole.main(), Optional.empty());
                };
        Told change = new Told(forgetful);

        List<StreamChange> changes =
                world.await(
                        world.registry().reload(file("clicks=b backup", "views=b"), () -> change));
        world.pass(Duration.ofSeconds(1));

        assertThat(changes).extracting(StreamChange::name).containsExactly("clicks", "views");
        assertThat(changes.get(0).problem()).contains("a defect of the program");
        assertThat(changes.get(1).problem()).isEmpty();
        assertThat(change.events).containsExactly("in force", "closed");
        assertThat(world.status("clicks").version()).isEqualTo(1);
        assertThat(world.status("views").version()).isEqualTo(2);
        world.await(world.put("clicks", "x"));
    }

    // --- each log has lanes, and each lane components, of its own ---

    @Test
    void each_log_of_a_stream_has_a_set_of_its_own_which_is_closed_once() throws IOException {
        MemoryLog orders = new MemoryLog();
        RegistryWorld world = new RegistryWorld(1);
        world.logs(Map.of("orders", orders));
        world.begin(RegistryWorld.stream("clicks", "a"));
        assertThat(world.openComponents()).isEqualTo(2);

        for (String document : List.of("b", "c backup", "d")) {
            reload(world, file("clicks=" + document));
            orders.append(world.sim().clock().millis(), document.getBytes(UTF_8));
            world.await(world.put("clicks", document));
            world.pass(Duration.ofMinutes(3));
            int sets = document.endsWith("backup") ? 4 : 2;
            assertThat(world.openComponents()).as("under %s", document).isEqualTo(sets);
        }
        world.await(
                world.registry()
                        .reload(file("clicks=d"), () -> new Told(world::components, "clicks")));
        world.pass(Duration.ofMinutes(3));
        assertThat(world.openComponents()).as("under new components").isEqualTo(2);

        world.await(world.registry().stop(Stopping.KEEP_OPEN, Duration.ZERO));
        world.pass(Duration.ofSeconds(1));

        assertThat(world.openComponents()).isZero();
        assertThat(world.landed("clicks"))
                .containsExactly("b", "b", "c backup", "c backup", "d", "d");
    }

    @Test
    void when_the_set_of_one_log_cannot_be_made_those_of_the_others_are_closed()
            throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.logs(Map.of("orders", new MemoryLog()));
        world.begin(RegistryWorld.stream("clicks", "a"));
        AtomicInteger made = new AtomicInteger();
        ComponentFactory once =
                definition -> {
                    if (made.incrementAndGet() == 2) {
                        throw new IllegalArgumentException("no function is left");
                    }
                    return world.components(definition);
                };

        assertThatThrownBy(() -> world.await(world.registry().reload(file("clicks=b"), once)))
                .hasMessageContaining("no function is left");

        assertThat(world.openComponents()).isEqualTo(2);
        assertThat(world.status("clicks").version()).isEqualTo(1);
    }

    @Test
    void a_lane_that_drains_after_a_restart_leaves_no_components_of_the_main_lane_open()
            throws IOException {
        RegistryWorld world = begun("clicks=a backup");
        world.sim().store().weather(Fate.DENIED, 1);
        world.await(world.put("clicks", "x"));
        reload(world, file("clicks=b"));
        world.pass(Duration.ofMinutes(2));
        world.kill();
        world.begin(RegistryWorld.stream("clicks", "b"));

        assertThat(world.openComponents()).as("the main lane's and the old backup's").isEqualTo(2);

        world.sim().store().heal();
        world.pass(Duration.ofMinutes(10));
        assertThat(world.openComponents()).isOne();
    }

    // --- stores ---

    @Test
    void a_stream_needs_its_store_until_what_was_recorded_has_been_committed() throws IOException {
        RegistryWorld world = begun("clicks=a", "views=a");
        world.sim().store().weather(Fate.DENIED, 1);
        world.await(world.put("clicks", "x"));
        world.pass(Duration.ofMinutes(2));

        assertThat(world.await(world.registry().storesToLandIn())).containsExactly("lake");

        world.kill();
        world.begin(RegistryWorld.stream("clicks", "a"));
        assertThat(world.await(world.registry().storesToLandIn())).containsExactly("lake");

        world.sim().store().heal();
        world.pass(Duration.ofMinutes(10));
        assertThat(world.await(world.registry().storesToLandIn())).isEmpty();
        assertThat(world.landed("clicks")).containsExactly("x");
    }

    @Test
    void a_stream_that_is_mended_does_not_open_for_a_store_that_may_go_at_any_moment()
            throws IOException {
        RegistryWorld world = begun("clicks=a");
        world.sim().store().weather(Fate.DENIED, 1);
        world.await(world.put("clicks", "x"));
        world.pass(Duration.ofMinutes(2));
        world.kill();
        world.sim().disk().flipBit(world.folder("clicks").resolve("definitions/1"), 3);
        world.begin(RegistryWorld.stream("clicks", "a"));
        world.lakeIsGone();

        world.sim().disk().flipBit(world.folder("clicks").resolve("definitions/1"), 3);
        world.pass(Duration.ofMinutes(1));

        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.CLOSED);
        assertThat(world.status("clicks").troubles().get(0))
                .contains("still has objects to land in store lake");
    }

    // --- other values of what a definition names ---

    /** Written as {@code a}, with a reference that stands for the interval of 120 s by now. */
    private static List<DefinedStream> slower(String... names) {
        return Stream.of(names)
                .map(
                        name ->
                                new DefinedStream(
                                        RegistryWorld.stream(name, "slow").definition(), "a"))
                .toList();
    }

    private static int interval(RegistryWorld world, String name) {
        return world.registry()
                .find(name)
                .orElseThrow()
                .definition()
                .orElseThrow()
                .buffer()
                .intervalInSeconds();
    }

    @Test
    void a_stream_goes_on_with_other_values_of_the_references_that_it_is_written_with()
            throws IOException {
        RegistryWorld world = begun("clicks=a", "views=a");
        world.await(world.put("clicks", "x"));
        List<DefinedStream> next =
                Stream.concat(slower("clicks").stream(), file("views=a").stream()).toList();
        List<StreamChange> expected =
                List.of(
                        new StreamChange("clicks", Kind.NEW_COMPONENTS),
                        new StreamChange("views", Kind.NOTHING));

        assertThat(
                        world.await(
                                world.registry()
                                        .tryOut(next, () -> ComponentChange.to(world::components))))
                .containsExactlyElementsOf(expected);
        assertThat(interval(world, "clicks")).isEqualTo(60);
        assertThat(reload(world, next)).containsExactlyElementsOf(expected);
        world.pass(Duration.ofSeconds(1));

        assertThat(interval(world, "clicks")).isEqualTo(120);
        assertThat(world.status("clicks").version()).isEqualTo(1);
        assertThat(reload(world, next)).extracting(StreamChange::kind).containsOnly(Kind.NOTHING);
        world.await(world.put("clicks", "y"));
        world.pass(Duration.ofSeconds(100));
        assertThat(world.landed("clicks")).as("by the interval of now").containsExactly("x");
        world.pass(Duration.ofSeconds(100));
        assertThat(world.landed("clicks")).containsExactly("x", "y");
    }

    @Test
    void a_stream_that_drained_goes_on_with_other_values_as_well() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        draining(world);

        assertThat(reload(world, slower("clicks")))
                .containsExactly(new StreamChange("clicks", Kind.OPENED));
        world.pass(Duration.ofSeconds(1));

        assertThat(interval(world, "clicks")).isEqualTo(120);
    }

    @Test
    void two_configurations_are_compared_by_the_values_of_their_references_too() {
        assertThat(StreamChange.between(file("clicks=a"), slower("clicks"), any -> false))
                .containsExactly(new StreamChange("clicks", Kind.NEW_COMPONENTS));
    }

    // --- closed streams that are taken away, and the end ---

    @Test
    void a_closed_stream_that_is_taken_out_with_its_directory_is_gone() throws IOException {
        RegistryWorld world = begun("clicks=a", "views=a");
        world.await(world.put("clicks", "x"));
        world.create("orders", "a");
        world.kill();
        for (String name : List.of("clicks", "orders")) {
            world.sim().disk().flipBit(world.folder(name).resolve("definitions/1"), 3);
        }
        world.begin(file("clicks=a", "views=a").toArray(DefinedStream[]::new));
        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.CLOSED);
        assertThat(world.status("orders").phase()).isEqualTo(StreamPhase.CLOSED);

        for (String name : List.of("clicks", "orders")) {
            world.sim()
                    .disk()
                    .rename(world.folder(name), RegistryWorld.DATA.resolve("aside-" + name));
        }
        reload(world, file("views=a"));
        world.pass(Duration.ofSeconds(31));

        assertThat(world.names()).containsExactly("views");
        assertThat(world.measured()).doesNotContain("clicks", "orders");
    }

    @Test
    void a_closed_stream_is_kept_while_no_directory_of_any_stream_can_be_seen() throws IOException {
        RegistryWorld world = begun("clicks=a");
        world.create("orders", "a");
        world.kill();
        world.sim().disk().flipBit(world.folder("orders").resolve("definitions/1"), 3);
        world.begin(file("clicks=a").toArray(DefinedStream[]::new));
        assertThat(world.status("orders").phase()).isEqualTo(StreamPhase.CLOSED);

        world.sim()
                .disk()
                .rename(
                        RegistryWorld.DATA.resolve("streams"),
                        RegistryWorld.DATA.resolve("elsewhere"));
        world.pass(Duration.ofSeconds(31));

        assertThat(world.names()).containsExactly("clicks", "orders");
    }

    @Test
    void a_stream_that_a_reload_opens_while_the_process_stops_is_stopped_as_well()
            throws IOException {
        RegistryWorld world = begun("clicks=a");
        List<CompletableFuture<Void>> stopped = new ArrayList<>();
        ComponentFactory stopping =
                definition -> {
                    if (definition.name().equals("views") && stopped.isEmpty()) {
                        stopped.add(
                                world.registry()
                                        .stop(Stopping.KEEP_OPEN, Duration.ZERO)
                                        .toCompletableFuture());
                    }
                    return world.components(definition);
                };
        // It is stopped when the components of views are made for it, in force already.
        Told change = new Told(world::components);
        CompletionStage<List<StreamChange>> reloaded =
                world.registry()
                        .reload(
                                file("clicks=a", "views=a"),
                                () ->
                                        new ComponentChange() {
                                            private boolean inForce;

                                            @Override
                                            public ComponentFactory factory() {
                                                return definition ->
                                                        inForce
                                                                ? stopping.components(definition)
                                                                : world.components(definition);
                                            }

                                            @Override
                                            public boolean replaces(StreamDefinition definition) {
                                                return false;
                                            }

                                            @Override
                                            public void takeEffect() {
                                                change.takeEffect();
                                                inForce = true;
                                            }

                                            @Override
                                            public void close() {
                                                change.close();
                                            }
                                        });

        world.await(reloaded);
        world.await(stopped.get(0));

        assertThat(world.openComponents()).isZero();
    }

    @Test
    void a_reload_that_is_prepared_while_the_process_begins_to_stop_changes_nothing()
            throws IOException {
        RegistryWorld world = begun("clicks=a");
        ComponentFactory stopping =
                definition -> {
                    if (definition.name().equals("views")) {
                        world.registry().stop(Stopping.KEEP_OPEN, Duration.ZERO);
                    }
                    return world.components(definition);
                };

        assertThatThrownBy(
                        () ->
                                world.await(
                                        world.registry()
                                                .reload(file("clicks=a", "views=a"), stopping)))
                .hasMessageContaining("the process is stopping");

        assertThat(world.names()).containsExactly("clicks");
    }

    @Test
    void a_stream_whose_definition_cannot_be_written_is_told_from_one_that_is_closed()
            throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        draining(world);
        String folder = world.folder("clicks").getFileName().toString();
        world.sim()
                .disk()
                .failNext(
                        call ->
                                call.kind() == DiskCall.Kind.CREATE
                                        && call.touches(folder)
                                        && call.touches("definitions"),
                        new IOException("injected"));

        StreamChange change = reload(world, file("clicks=b")).get(0);

        assertThat(change.kind()).isEqualTo(Kind.NEW_VERSION);
        assertThat(change.problem()).isEqualTo("its definition could not be written: injected");
        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.ACTIVE);
    }

    // --- what a reload could not change ---

    private static void refuseDefinitionsOf(RegistryWorld world, String name, Runnable meanwhile)
            throws IOException {
        world.await(world.put(name, "x")); // its directory is there then
        String folder = world.folder(name).getFileName().toString();
        world.sim()
                .disk()
                .failNext(
                        call -> {
                            boolean refused =
                                    call.kind() == DiskCall.Kind.CREATE
                                            && call.touches(folder)
                                            && call.touches("definitions");
                            if (refused) {
                                meanwhile.run();
                            }
                            return refused;
                        },
                        new IOException("injected"));
    }

    @Test
    void a_stream_that_missed_what_it_names_gets_it_when_its_own_change_is_taken_back()
            throws IOException {
        RegistryWorld world = begun("clicks=a");
        refuseDefinitionsOf(world, "clicks", () -> {});
        Told change = new Told(world::components, "clicks");
        assertThat(world.await(world.registry().reload(file("clicks=b"), () -> change)))
                .extracting(StreamChange::problem)
                .containsExactly("its definition could not be written: injected");

        List<StreamChange> expected = List.of(new StreamChange("clicks", Kind.NEW_COMPONENTS));
        assertThat(
                        world.await(
                                world.registry()
                                        .tryOut(
                                                file("clicks=a"),
                                                () -> ComponentChange.to(world::components))))
                .isEqualTo(expected);
        assertThat(reload(world, file("clicks=a"))).isEqualTo(expected);

        assertThat(reload(world, file("clicks=a")))
                .containsExactly(new StreamChange("clicks", Kind.NOTHING));
        world.pass(Duration.ofSeconds(1));
        assertThat(world.openComponents()).isOne();
    }

    @Test
    void components_that_a_stream_could_not_go_over_to_are_made_again_by_the_next_reload()
            throws IOException {
        RegistryWorld world = begun("clicks=a backup");
        world.create("orders", "a backup");
        ComponentFactory forgetful =
                definition -> {
                    StreamComponents whole = world.components(definition);
                    whole.backup().ifPresent(LaneComponents::close);
                    return new StreamComponents(whole.main(), Optional.empty());
                };
        List<DefinedStream> same = file("clicks=a backup");
        Told change = new Told(forgetful, "clicks", "orders");
        List<StreamChange> failed = world.await(world.registry().reload(same, () -> change));
        assertThat(failed).hasSize(2);
        assertThat(failed).allMatch(stream -> stream.problem().contains("a defect of the program"));

        assertThat(reload(world, same))
                .containsExactly(
                        new StreamChange("clicks", Kind.NEW_COMPONENTS),
                        new StreamChange("orders", Kind.NEW_COMPONENTS));
        assertThat(reload(world, same)).containsExactly(new StreamChange("clicks", Kind.NOTHING));
    }

    @Test
    void an_error_that_one_stream_meets_is_told_with_it_and_the_others_change() throws IOException {
        RegistryWorld world = begun("clicks=a", "views=a");
        refuseDefinitionsOf(
                world,
                "clicks",
                () -> {
                    throw new StackOverflowError();
                });
        Told[] change = new Told[1];
        change[0] =
                new Told(
                        definition -> {
                            if (definition.name().equals("orders")
                                    && change[0].events.contains("in force")) {
                                throw new StackOverflowError();
                            }
                            return world.components(definition);
                        });

        List<StreamChange> changes =
                world.await(
                        world.registry()
                                .reload(file("clicks=b", "orders=a", "views=b"), () -> change[0]));

        assertThat(changes)
                .extracting(StreamChange::name)
                .containsExactly("clicks", "orders", "views");
        assertThat(changes.get(0).problem()).contains("StackOverflowError");
        assertThat(changes.get(1).problem()).contains("StackOverflowError");
        assertThat(changes.get(2)).isEqualTo(new StreamChange("views", Kind.NEW_VERSION));
        assertThat(world.status("orders").phase()).isEqualTo(StreamPhase.CLOSED);
        change[0].events.clear();
        world.pass(Duration.ofSeconds(31));
        assertThat(world.status("orders").phase()).isEqualTo(StreamPhase.ACTIVE);
    }

    @Test
    void a_reload_that_fails_while_it_takes_effect_is_told_and_the_next_one_changes_every_stream()
            throws IOException {
        RegistryWorld world = begun("clicks=a", "views=a");
        world.create("orders", "a");
        Told change = new Told(world::components, "clicks", "orders");
        change.whileItTakesEffect =
                () -> {
                    throw new StackOverflowError();
                };
        assertThatThrownBy(
                        () ->
                                world.await(
                                        world.registry()
                                                .reload(file("clicks=a", "views=a"), () -> change)))
                .hasCauseInstanceOf(BrokenReloadException.class)
                .hasMessageContaining("StackOverflowError");

        assertThat(reload(world, file("clicks=a", "views=a")))
                .extracting(StreamChange::kind)
                .containsExactly(Kind.NEW_COMPONENTS, Kind.NEW_COMPONENTS, Kind.NEW_COMPONENTS);
        assertThat(reload(world, file("clicks=a", "views=a")))
                .extracting(StreamChange::kind)
                .containsOnly(Kind.NOTHING);
    }
}
