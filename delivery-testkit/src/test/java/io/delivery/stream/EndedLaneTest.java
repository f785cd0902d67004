package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lane that was switched off, has committed everything, and goes. */
class EndedLaneTest {
    /** A stream whose backup is about to be switched off, with a record in both of its lanes. */
    private static RegistryWorld world(long seed) throws IOException {
        RegistryWorld world = new RegistryWorld(seed);
        world.begin(RegistryWorld.stream("clicks", "a backup"));
        world.await(world.put("clicks", "x"));
        world.registry().reload(List.of(RegistryWorld.stream("clicks", "a")), world::components);
        return world;
    }

    private static CompletableFuture<Void> flush(RegistryWorld world) {
        return world.registry().find("clicks").orElseThrow().flush().toCompletableFuture();
    }

    /** Steps of the world until the lane has gone and nothing is to be done. */
    private static int stepsOfItsEnd(long seed) throws IOException {
        RegistryWorld world = world(seed);
        flush(world);
        int steps = 0;
        while (world.sim().scheduler().runOne() || world.status("clicks").lanes().size() > 1) {
            steps++;
        }
        assertThat(world.status("clicks").lanes()).as("the backup has gone").hasSize(1);
        return steps;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void a_flush_at_any_moment_of_its_end_is_answered_with_success(long seed) throws IOException {
        int all = stepsOfItsEnd(seed);

        for (int steps = 0; steps <= all; steps++) {
            RegistryWorld world = world(seed);
            CompletableFuture<Void> first = flush(world);
            for (int step = 0; step < steps; step++) {
                world.sim().scheduler().runOne();
            }
            CompletableFuture<Void> second = flush(world);
            world.pass(Duration.ofMinutes(3));

            assertThat(first).as("asked for at the beginning").isCompleted();
            assertThat(second).as("asked for after %d steps", steps).isCompleted();
        }
    }

    @Test
    void a_flush_of_a_stream_that_has_stopped_says_so_and_no_empty_reason() throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        world.put("a");
        world.stop(Stopping.KEEP_OPEN);

        CompletableFuture<Void> flushed = world.askToFlush();
        world.pass(Duration.ofSeconds(1));

        assertThat(flushed)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageEndingWith("has stopped");
    }
}
