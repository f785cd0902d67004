package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.Origin;
import io.delivery.lane.LaneStatus;
import io.delivery.metrics.Metric;
import io.delivery.record.RecordBatch;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.MemoryStore.Fate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** How streams come and go. */
class StreamRegistryTest {
    private static DefinedStream stream(String name, String document) {
        return RegistryWorld.stream(name, document);
    }

    private static RegistryRefusal.Why why(CompletionStage<?> refused) {
        try {
            refused.toCompletableFuture().join();
            throw new AssertionError("it was not refused");
        } catch (CompletionException failed) {
            return ((RegistryRefusal) failed.getCause()).why();
        }
    }

    // --- whose streams they are ---

    @Test
    void a_stream_that_was_made_through_the_api_is_there_after_a_restart_under_its_definition()
            throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("clicks", "a backup");
        String incarnation = world.status("clicks").incarnation();

        world.kill();
        world.begin(stream("views", "b"));

        assertThat(world.names()).containsExactly("clicks", "views");
        assertThat(world.status("clicks").incarnation()).isEqualTo(incarnation).isNotEmpty();
        assertThat(world.status("clicks").origin()).isEqualTo(Origin.API);
        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.ACTIVE);
        assertThat(world.status("clicks").lanes()).hasSize(2);
        world.await(world.put("clicks", "x"));
    }

    @Test
    void a_stream_that_the_configuration_does_not_name_any_more_is_drained_and_stays_on_the_disk()
            throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin(stream("clicks", "a"));
        world.await(world.put("clicks", "x"));
        world.kill();

        world.begin();
        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.DRAINING);
        world.pass(Duration.ofMinutes(2));

        assertThat(world.names()).isEmpty();
        assertThat(world.landed("clicks")).containsExactly("x");
        assertThat(world.folders()).hasSize(1);
        assertThat(world.measured()).as("an alert on a stream that is gone never ends").isEmpty();
        world.kill();
        world.begin(stream("clicks", "a"));
        assertThat(world.books("clicks").landed()).isEqualTo(1);
    }

    @Test
    void a_name_that_both_define_refuses_the_start_and_names_both() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("Clicks", "a");
        String folder = world.folders().get(0);
        world.kill();

        assertThatThrownBy(() -> world.begin(stream("clicks", "b")))
                .isInstanceOf(DefinitionRefusedException.class)
                .hasMessageContaining("stream clicks is configured")
                .hasMessageContaining("stream Clicks was made through the API")
                .hasMessageContaining(folder);
    }

    @Test
    void a_definition_of_the_api_that_cannot_be_used_any_more_refuses_the_start()
            throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("clicks", "a");
        world.kill();
        world.refuse("a");

        assertThatThrownBy(world::begin)
                .isInstanceOf(DefinitionRefusedException.class)
                .hasMessageContaining("stream clicks was made through the API")
                .hasMessageContaining("names a store that is gone");
    }

    @Test
    void a_defect_with_one_stream_closes_it_and_the_others_run() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.breakComponentsOf("views");
        world.begin(stream("clicks", "a"), stream("views", "a"));

        assertThat(world.status("views").phase()).isEqualTo(StreamPhase.CLOSED);
        assertThat(world.status("views").troubles().get(0))
                .contains("closed: a defect of the program", "what nobody expects");
        world.await(world.put("clicks", "x"));

        world.breakComponentsOf("");
        world.pass(Duration.ofMinutes(1));
        assertThat(world.status("views").phase()).isEqualTo(StreamPhase.ACTIVE);
    }

    @Test
    void what_a_dead_process_left_and_the_disk_keeps_holds_up_no_stream() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        Path left = RegistryWorld.DATA.resolve("streams/views~01234567.new");
        world.sim().disk().createDirectories(left);
        world.sim()
                .disk()
                .failNext(
                        call -> call.isOn(DiskCall.Kind.DELETE, "views~01234567.new"),
                        new IOException("injected"));

        world.begin(stream("clicks", "a"));
        world.await(world.put("clicks", "x"));
        assertThat(world.sim().disk().exists(left)).isTrue();

        world.kill();
        world.begin(stream("clicks", "a"));
        assertThat(world.sim().disk().exists(left)).isFalse();
    }

    // --- create ---

    @Test
    void a_stream_is_durable_before_it_is_answered_and_has_no_record_yet() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("clicks", "a");
        assertThat(world.status("clicks").createdMillis()).isPositive();

        world.sim().disk().powerCutLosingAllUnsynced();
        world.sim().restart();
        world.begin();

        assertThat(world.names()).containsExactly("clicks");
        assertThat(world.status("clicks").version()).isEqualTo(1);
    }

    @Test
    void a_name_is_given_once_whatever_its_case_and_whoever_has_it() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin(stream("views", "b"));
        world.create("clicks", "a");

        CompletionStage<?> again = world.registry().create(stream("clicks", "c"));
        CompletionStage<?> otherCase = world.registry().create(stream("CLICKS", "c"));
        CompletionStage<?> configured = world.registry().create(stream("views", "c"));
        world.pass(Duration.ofSeconds(1));

        assertThat(why(again)).isEqualTo(RegistryRefusal.Why.NAME_TAKEN);
        assertThat(why(otherCase)).isEqualTo(RegistryRefusal.Why.NAME_TAKEN);
        assertThat(why(configured)).isEqualTo(RegistryRefusal.Why.NAME_TAKEN);
        assertThat(world.names()).containsExactly("clicks", "views");
    }

    @Test
    void a_name_whose_drained_directory_is_still_there_is_not_given() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin(stream("clicks", "a"));
        world.await(world.put("clicks", "x"));
        world.kill();
        world.begin();
        world.pass(Duration.ofMinutes(2));

        CompletionStage<?> refused = world.registry().create(stream("clicks", "b"));
        world.pass(Duration.ofSeconds(1));

        assertThat(why(refused)).isEqualTo(RegistryRefusal.Why.NAME_TAKEN);
        assertThat(world.folders()).hasSize(1);
    }

    @Test
    void a_creation_that_the_disk_refuses_leaves_nothing_and_may_be_tried_again()
            throws IOException {
        for (String name : List.of("stream.meta", "streams")) {
            RegistryWorld world = new RegistryWorld(1);
            world.begin();
            int open = world.openComponents();
            world.sim()
                    .disk()
                    .failNext(
                            call ->
                                    call.isOn(DiskCall.Kind.CREATE, name)
                                            || call.isOn(DiskCall.Kind.SYNC_DIRECTORY, name),
                            new IOException("injected"));

            assertThatThrownBy(() -> world.create("clicks", "a")).hasMessageContaining("injected");
            world.pass(Duration.ofMinutes(1));

            assertThat(world.names()).as(name).isEmpty();
            assertThat(world.folders()).as(name).isEmpty();
            assertThat(world.openComponents()).as(name).isEqualTo(open);
            world.create("clicks", "a");
            assertThat(world.folders()).as(name).hasSize(1);
        }
    }

    @Test
    void a_creation_for_which_the_disk_limit_has_no_room_is_refused() throws IOException {
        RegistryWorld world = new RegistryWorld(1, 40L << 20);
        world.begin(stream("views", "b"));

        assertThatThrownBy(() -> world.create("clicks", "a")).hasMessageContaining("disk limit");

        assertThat(world.names()).containsExactly("views");
        assertThat(world.folders()).isEmpty();
    }

    // --- update ---

    @Test
    void an_update_needs_the_version_that_its_caller_has_seen() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin(stream("views", "b"));
        world.create("clicks", "a");

        assertThat(world.await(world.registry().update(stream("clicks", "c"), 1))).isEqualTo(2);
        assertThat(world.await(world.registry().update(stream("clicks", "c"), 2))).isEqualTo(2);
        CompletionStage<?> late = world.registry().update(stream("clicks", "d"), 1);
        CompletionStage<?> configured = world.registry().update(stream("views", "d"), 1);
        CompletionStage<?> unknown = world.registry().update(stream("orders", "d"), 1);
        world.pass(Duration.ofSeconds(1));

        assertThat(why(late)).isEqualTo(RegistryRefusal.Why.VERSION_CHANGED);
        assertThat(why(configured)).isEqualTo(RegistryRefusal.Why.DEFINED_ELSEWHERE);
        assertThat(why(unknown)).isEqualTo(RegistryRefusal.Why.NO_SUCH_STREAM);
        world.kill();
        world.begin(stream("views", "b"));
        assertThat(world.status("clicks").version()).isEqualTo(2);
    }

    @Test
    void the_buffer_interval_among_the_metrics_is_the_one_in_force() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("clicks", "a");
        assertThat(world.gauge(Metric.BUFFER_INTERVAL, "clicks")).isEqualTo(60);

        world.await(world.registry().update(stream("clicks", "slow"), 1));
        world.pass(Duration.ofSeconds(1)); // its lanes go over to it

        assertThat(world.gauge(Metric.BUFFER_INTERVAL, "clicks")).isEqualTo(120);
    }

    @Test
    void an_update_that_the_disk_refuses_gives_its_components_back() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("clicks", "a");
        int open = world.openComponents();
        world.sim()
                .disk()
                .failNext(
                        call -> call.isOn(DiskCall.Kind.CREATE, "2.new"),
                        new IOException("injected"));

        assertThatThrownBy(() -> world.await(world.registry().update(stream("clicks", "b"), 1)))
                .hasMessageContaining("injected");

        assertThat(world.openComponents()).isEqualTo(open);
        assertThat(world.status("clicks").version()).isEqualTo(1);
    }

    // --- delete ---

    @Test
    void what_had_not_landed_is_discarded_and_the_books_balance_to_the_end() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("clicks", "a backup");
        world.await(world.put("clicks", "landed"));
        world.await(world.registry().find("clicks").orElseThrow().flush());
        world.sim().store().weather(Fate.DENIED, 1);
        world.await(world.put("clicks", "sealed"));
        world.registry().find("clicks").orElseThrow().flush();
        world.pass(Duration.ofSeconds(5));
        world.await(world.put("clicks", "open"));

        StreamStatus last = world.await(world.registry().delete("clicks").gone());

        assertThat(last.lanes()).hasSize(2);
        assertThat(last.lanes())
                .allSatisfy(
                        lane -> {
                            assertThat(lane.books().landed()).isEqualTo(1);
                            assertThat(lane.books().discarded()).isEqualTo(2);
                            assertThat(lane.books().buffered()).isZero();
                            assertThat(lane.books().balanced()).isTrue();
                        });
        assertThat(last.phase()).isEqualTo(StreamPhase.DELETING);
        assertThat(world.names()).isEmpty();
        assertThat(world.folders()).isEmpty();
        assertThat(world.landed("clicks")).containsExactly("landed");
        assertThat(world.counter(Metric.DISCARDED_RECORDS, "")).isEqualTo(2);
        assertThat(world.engine().memory().usedBytes()).isZero();
        assertThat(world.openComponents()).isZero();
    }

    @Test
    void every_record_that_was_answered_is_in_the_last_books_however_late_it_came()
            throws IOException {
        int unread = 0;
        for (int seed = 0; seed < 60; seed++) {
            RegistryWorld world = new RegistryWorld(seed);
            world.begin();
            world.create("clicks", "a backup");
            int[] answered = {0};
            for (int i = 0; i < 5; i++) {
                world.put("clicks", "x" + i).thenRun(() -> answered[0]++);
                for (int steps = world.sim().chance().below(6); steps > 0; steps--) {
                    world.sim().scheduler().runOne();
                }
            }
            LaneStatus main = world.status("clicks").lanes().get(0);
            unread += answered[0] > 0 && main.activePartitions() == 0 ? 1 : 0;

            StreamStatus last = world.await(world.registry().delete("clicks").gone());

            assertThat(last.lanes())
                    .as("seed %d", seed)
                    .allSatisfy(
                            lane -> {
                                assertThat(lane.books().accepted()).isEqualTo(answered[0]);
                                assertThat(lane.books().discarded()).isEqualTo(answered[0]);
                                assertThat(lane.books().balanced()).isTrue();
                            });
        }
        assertThat(unread).isPositive();
    }

    @Test
    void its_metrics_go_with_it_and_nothing_that_ends_late_brings_them_back() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin(stream("views", "b"));
        world.create("clicks", "a");
        world.sim().store().weather(Fate.SLOW, 1);
        world.await(world.put("clicks", "x"));
        RegisteredStream clicks = world.registry().find("clicks").orElseThrow();
        clicks.flush();
        world.pass(Duration.ofMillis(10));
        assertThat(world.measured()).containsExactly("clicks", "views");

        world.await(world.registry().delete("clicks").gone());
        clicks.accept(RecordBatch.of(0, new byte[1]));
        world.pass(Duration.ofMinutes(5));

        assertThat(world.measured()).containsExactly("views");
    }

    @Test
    void a_landing_that_is_under_way_may_arrive_and_tells_nobody() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("clicks", "a");
        world.sim().store().next(Fate.LATE);
        world.await(world.put("clicks", "x"));
        world.registry().find("clicks").orElseThrow().flush();
        while (world.sim().store().onTheWire() == 0) {
            world.pass(Duration.ofMillis(1));
        }

        StreamStatus last = world.await(world.registry().delete("clicks").gone());
        world.pass(Duration.ofMinutes(20));

        assertThat(last.lanes().get(0).books().discarded()).isEqualTo(1);
        assertThat(world.landed("clicks")).containsExactly("x");
        assertThat(world.folders()).isEmpty();
        assertThat(world.await(world.registry().storesToLandIn())).isEmpty();
    }

    @Test
    void nothing_is_removed_while_an_encoder_may_still_write_there() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("clicks", "a");
        boolean[] there = {false};
        encode(world, 500, () -> there[0] = !foldersNow(world).isEmpty());

        world.await(world.registry().delete("clicks").gone());

        assertThat(there[0]).isTrue();
        assertThat(world.folders()).isEmpty();
    }

    /** Keeps an encoder busy with so many tasks, one after the other. */
    private static void encode(RegistryWorld world, int tasks, Runnable last) {
        world.engine()
                .encoding()
                .submit(
                        "clicks",
                        1,
                        () -> {
                            if (tasks == 0) {
                                last.run();
                            } else {
                                encode(world, tasks - 1, last);
                            }
                        });
    }

    private static List<String> foldersNow(RegistryWorld world) {
        try {
            return world.folders();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void uploads_that_had_begun_are_ended() throws IOException {
        RegistryWorld world = new RegistryWorld(3);
        world.sim().store().partSize(10);
        world.sim().store().next(Fate.LOST);
        world.begin();
        world.create("clicks", "a");
        world.await(world.put("clicks", "x".repeat(100)));
        world.registry().find("clicks").orElseThrow().flush();
        Path state = world.folder("clicks").resolve("lanes/main-1/state");
        while (!world.sim().disk().exists(state) || !text(world, state).contains("upload-1")) {
            assertThat(world.sim().scheduler().runOne()).isTrue();
        }
        assertThat(world.sim().store().openUploads()).containsExactly("upload-1");

        world.await(world.registry().delete("clicks").gone());
        world.pass(Duration.ofMinutes(20));

        assertThat(world.sim().store().openUploads()).isEmpty();
    }

    private static String text(RegistryWorld world, Path file) throws IOException {
        return new String(world.sim().disk().bytes(file), StandardCharsets.ISO_8859_1);
    }

    @Test
    void the_name_is_free_when_the_stream_is_gone_and_not_before() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("clicks", "a");
        String incarnation = world.status("clicks").incarnation();

        Deletion deletion = world.registry().delete("clicks");
        world.await(deletion.marked());
        Deletion again = world.registry().delete("clicks");
        CompletionStage<?> tooEarly = world.registry().create(stream("clicks", "b"));
        world.await(again.marked());
        world.await(deletion.gone());
        world.await(again.gone());

        assertThat(why(tooEarly)).isEqualTo(RegistryRefusal.Why.NAME_TAKEN);
        world.create("clicks", "b");
        assertThat(world.status("clicks").incarnation()).isNotEqualTo(incarnation);
        assertThat(world.books("clicks").accepted()).isZero();
    }

    @Test
    void only_what_the_api_made_is_deleted_by_it() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin(stream("views", "b"));

        Deletion configured = world.registry().delete("views");
        Deletion unknown = world.registry().delete("orders");
        world.pass(Duration.ofSeconds(1));

        assertThat(why(configured.marked())).isEqualTo(RegistryRefusal.Why.DEFINED_ELSEWHERE);
        assertThat(why(unknown.gone())).isEqualTo(RegistryRefusal.Why.NO_SUCH_STREAM);
    }

    @Test
    void a_mark_that_the_disk_refuses_leaves_the_stream_as_it_was() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("clicks", "a");
        world.sim()
                .disk()
                .failNext(
                        call -> call.isOn(DiskCall.Kind.CREATE, "deleted.new"),
                        new IOException("injected"));

        assertThatThrownBy(() -> world.await(world.registry().delete("clicks").marked()))
                .hasMessageContaining("injected");

        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.ACTIVE);
        world.await(world.put("clicks", "x"));
        world.await(world.registry().delete("clicks").gone());
        assertThat(world.folders()).isEmpty();
    }

    @Test
    void a_mark_in_doubt_is_written_until_it_is_durable_and_nothing_is_accepted_meanwhile()
            throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("clicks", "a");
        String folder = world.folders().get(0);
        world.sim()
                .disk()
                .failNext(
                        call -> call.isOn(DiskCall.Kind.SYNC_DIRECTORY, folder),
                        new IOException("injected"));

        Deletion deletion = world.registry().delete("clicks");
        world.pass(Duration.ofMillis(100));

        assertThat(deletion.marked().toCompletableFuture()).isNotDone();
        assertThatThrownBy(() -> world.await(world.put("clicks", "x")))
                .hasCauseInstanceOf(ThrottledException.class);
        world.await(deletion.gone());
        assertThat(world.folders()).isEmpty();
    }

    @Test
    void a_removal_that_the_disk_refuses_is_tried_until_it_succeeds_and_told_meanwhile()
            throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("clicks", "a");
        world.await(world.put("clicks", "x"));
        world.sim()
                .disk()
                .failNext(
                        call -> call.isOn(DiskCall.Kind.DELETE, "stream.meta"),
                        new IOException("injected"));

        Deletion deletion = world.registry().delete("clicks");
        world.pass(Duration.ofSeconds(1));

        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.DELETING);
        assertThat(world.status("clicks").troubles())
                .singleElement()
                .asString()
                .contains("could not be removed yet");
        world.await(deletion.gone());
        assertThat(world.folders()).isEmpty();
    }

    @Test
    void what_a_deleted_stream_committed_is_kept_in_the_archive_within_the_limit_of_ledgers()
            throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("clicks", "a");
        String folder = world.folders().get(0);
        for (String text : List.of("x", "y")) {
            world.await(world.put("clicks", text));
            world.await(world.registry().find("clicks").orElseThrow().flush());
        }

        world.await(world.registry().delete("clicks").gone());

        Path archive = RegistryWorld.DATA.resolve("archive").resolve(folder).resolve("main-1");
        assertThat(world.sim().disk().list(archive)).hasSize(1);
        long held = world.engine().ledger().heldBytes();
        assertThat(held)
                .isEqualTo(
                        world.sim().disk().bytes(world.sim().disk().list(archive).get(0)).length);
        world.kill();
        world.begin();
        assertThat(world.engine().ledger().heldBytes()).isEqualTo(held);
    }

    // --- damage ---

    @Test
    void one_streams_damage_closes_that_stream_only() throws IOException {
        for (String file : List.of("stream.meta", "definitions/1", "lanes/main-1/state")) {
            RegistryWorld world = new RegistryWorld(1);
            world.begin(stream("views", "b"));
            world.create("clicks", "a");
            for (String name : List.of("clicks", "views")) {
                world.await(world.put(name, "x"));
                world.await(world.registry().find(name).orElseThrow().flush());
                world.await(world.put(name, "y"));
                world.await(world.registry().find(name).orElseThrow().flush());
            }
            world.kill();
            world.sim().disk().flipBit(world.folder("clicks").resolve(file), 700);

            world.begin(stream("views", "b"));

            assertThat(world.status("clicks").phase()).as(file).isEqualTo(StreamPhase.CLOSED);
            assertThat(world.status("clicks").troubles()).as(file).hasSize(1);
            assertThat(world.gauge(Metric.STREAM_HEALTHY, "clicks")).isZero();
            assertThatThrownBy(() -> world.await(world.put("clicks", "z")))
                    .hasCauseInstanceOf(ThrottledException.class)
                    .hasMessageContaining("cannot be opened");
            world.await(world.put("views", "z"));
            assertThat(world.gauge(Metric.STREAM_HEALTHY, "views")).isOne();
        }
    }

    @Test
    void a_stream_without_its_meta_is_closed_and_not_begun_anew() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin(stream("clicks", "a"));
        world.await(world.put("clicks", "x"));
        world.kill();
        Path meta = world.folder("clicks").resolve("stream.meta");
        byte[] saved = world.sim().disk().bytes(meta);
        world.sim().disk().delete(meta);

        world.begin(stream("clicks", "a"));
        assertThat(world.status("clicks").troubles())
                .singleElement()
                .asString()
                .contains("stream.meta is missing");
        assertThat(world.folders()).hasSize(1);

        world.sim().disk().plant(meta, saved);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.ACTIVE);
        assertThat(world.books("clicks").accepted()).isEqualTo(1);
        assertThat(world.gauge(Metric.STREAM_HEALTHY, "clicks")).isOne();
    }

    @Test
    void a_producer_hears_of_a_closed_stream_also_when_nobody_knows_how_its_name_is_written()
            throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("Clicks", "a");
        world.kill();
        world.sim().disk().delete(world.folder("clicks").resolve("stream.meta"));

        world.begin();

        assertThatThrownBy(() -> world.await(world.put("Clicks", "x")))
                .hasMessageContaining("cannot be opened");
    }

    @Test
    void two_directories_of_one_name_close_that_stream_and_name_both() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("clicks", "a");
        world.kill();
        Path other = world.folder("clicks").resolveSibling("clicks~0123abcd");
        world.sim().disk().copy(world.folder("clicks"), other);

        world.begin(stream("views", "b"));

        assertThat(world.status("clicks").troubles())
                .singleElement()
                .asString()
                .contains("2 directories")
                .contains("clicks~0123abcd");
        assertThat(world.status("views").phase()).isEqualTo(StreamPhase.ACTIVE);
    }

    @Test
    void a_closed_stream_can_be_deleted_by_whoever_made_it() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        world.create("clicks", "a");
        world.await(world.put("clicks", "x"));
        world.kill();
        world.sim().disk().flipBit(world.folder("clicks").resolve("definitions/1"), 3);
        world.begin();

        world.await(world.registry().delete("clicks").gone());

        assertThat(world.names()).isEmpty();
        assertThat(world.folders()).isEmpty();
        assertThat(world.measured()).isEmpty();
    }
}
