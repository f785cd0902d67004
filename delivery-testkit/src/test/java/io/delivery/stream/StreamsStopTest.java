package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.testkit.MemoryStore.Fate;
import java.io.IOException;
import java.time.Duration;
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
}
