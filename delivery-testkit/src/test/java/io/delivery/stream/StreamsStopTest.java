package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.landing.ObjectAttributes;
import io.delivery.record.ObjectName;
import io.delivery.testkit.MemoryStore;
import io.delivery.testkit.MemoryStore.Fate;
import io.delivery.testkit.MemoryStore.Request;
import io.delivery.testkit.MemoryStore.Request.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The end of all streams of a process. */
class StreamsStopTest {
    @Test
    void a_stream_that_comes_while_the_others_stop_has_what_is_left_of_their_grace()
            throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin(RegistryWorld.stream("clicks", "a"));
        world.sim().store().weather(Fate.DENIED, 1);
        world.await(world.put("clicks", "x"));
        KnownStreams known = new KnownStreams();
        StreamsStop stop =
                new StreamsStop(
                        known,
                        Stopping.LAND_OPEN,
                        Duration.ofSeconds(10),
                        world.engine().world().clock());
        assertThat(stop.begin()).isCompleted();
        world.pass(Duration.ofSeconds(8));

        known.put(world.registry().find("clicks").orElseThrow());
        CompletionStage<Void> stopped = stop.begin();

        world.pass(Duration.ofSeconds(1));
        assertThat(stopped).isNotDone();
        world.pass(Duration.ofSeconds(2));
        assertThat(stopped).isCompleted();
    }

    private static void stop(RegistryWorld world) {
        world.registry().stop(Stopping.KEEP_OPEN, Duration.ZERO);
        world.pass(Duration.ofMinutes(1));
    }

    /** Which of the two comes first in the lane is chance. */
    @Test
    void what_a_look_shows_behind_the_stop_of_its_lane_changes_nothing_any_more()
            throws IOException {
        for (int seed = 1; seed <= 40; seed++) {
            RegistryWorld world = new RegistryWorld(seed);
            world.begin(RegistryWorld.stream("clicks", "a"));
            MemoryStore store = world.sim().store();
            List<Request> requests = new ArrayList<>();
            store.onRequest(requests::add);
            store.weather(Fate.DENIED, 1);
            world.await(world.put("clicks", "x"));
            world.pass(Duration.ofMinutes(2));
            assertThat(world.engine().memory().heldBytes()).isPositive();
            ObjectName name = requests.get(0).name();
            store.plant(name, new byte[1], new ObjectAttributes("theirs", 1, ""));
            store.heal();
            while (requests.stream().filter(one -> one.kind() == Kind.FIND).count() < 2) {
                if (!world.sim().scheduler().runOne()) {
                    world.sim().scheduler().letTimePass();
                }
            }

            stop(world);

            assertThat(world.engine().memory().heldBytes()).as("seed %d", seed).isZero();
        }
    }

    @Test
    void a_lane_whose_components_do_not_close_gives_everything_else_back() throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin(RegistryWorld.stream("clicks", "a"));
        world.sim().store().weather(Fate.DENIED, 1);
        world.await(world.put("clicks", "x"));
        world.pass(Duration.ofMinutes(2));
        assertThat(world.engine().memory().heldBytes()).isPositive();
        world.failNextClosing(new StackOverflowError());

        CompletionStage<Void> stopped = world.registry().stop(Stopping.KEEP_OPEN, Duration.ZERO);
        world.pass(Duration.ofMinutes(1));

        assertThat(world.engine().memory().heldBytes()).isZero();
        assertThat(stopped).isCompleted();
        assertThat(world.openComponents()).isZero();
        assertThat(world.sim().disk().openFiles())
                .as("the journal is closed")
                .noneMatch(file -> file.startsWith(RegistryWorld.DATA.resolve("streams")));
        List<Request> requests = new ArrayList<>();
        world.sim().store().onRequest(requests::add);
        world.pass(Duration.ofMinutes(10));
        assertThat(requests).isEmpty();
    }
}
