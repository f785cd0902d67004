package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.Limits;
import io.delivery.config.StreamDefinition;
import io.delivery.log.Log;
import io.delivery.stream.StreamChange.Kind;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.MemoryLog;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * An error of the program, as opposed to an exception, while something is opened or goes over to
 * something else: nothing that was opened by then stays.
 */
class ErrorsWhileOpeningTest {
    private static DefinedStream stream(String name, String document) {
        return RegistryWorld.stream(name, document);
    }

    /** Lets the call of this number that changes the disk fail with an error. */
    private static Predicate<DiskCall> errorAt(int number, AtomicInteger calls) {
        return call -> {
            if (calls.incrementAndGet() == number) {
                throw new StackOverflowError();
            }
            return false;
        };
    }

    private static ComponentFactory errorAtSet(RegistryWorld world, int number) {
        AtomicInteger made = new AtomicInteger();
        return definition -> {
            if (made.incrementAndGet() == number) {
                throw new NoClassDefFoundError("of/a/Plugin");
            }
            return world.components(definition);
        };
    }

    @Test
    void a_stream_of_the_api_that_an_error_keeps_from_opening_leaves_no_share_and_no_components()
            throws IOException {
        long roomForOne = Limits.JOURNAL_FLOOR_BYTES + 2 * Limits.LANE_FLOOR_BYTES;
        RegistryWorld world = new RegistryWorld(1, roomForOne);
        world.begin();

        int failed = 0;
        for (AtomicInteger calls = new AtomicInteger(); calls.get() >= failed; failed++) {
            calls.set(0);
            world.sim().disk().failNext(errorAt(failed + 1, calls), new IOException("never"));
            try {
                world.create("clicks", "a backup");
            } catch (CompletionException refused) {
                assertThat(refused).hasCauseInstanceOf(StackOverflowError.class);
                assertThat(world.openComponents()).as("after call %d", calls.get()).isZero();
            }
            world.sim().disk().noMoreFaults();
            world.pass(Duration.ofMinutes(2)); // what is left of it is removed
        }

        assertThat(failed).as("calls that failed").isGreaterThan(5);
        assertThat(world.openComponents()).isEqualTo(2);
        world.await(world.put("clicks", "x"));
    }

    @Test
    void an_error_while_components_are_made_closes_those_that_were_made_before()
            throws IOException {
        for (int set = 1; set <= 4; set++) {
            RegistryWorld world = new RegistryWorld(1);
            world.logs(Map.of("orders", new MemoryLog()));
            world.begin(stream("clicks", "a"), stream("views", "a"));
            ComponentFactory factory = errorAtSet(world, set);
            List<DefinedStream> next = List.of(stream("clicks", "b"), stream("views", "b"));

            assertThatThrownBy(() -> world.await(world.registry().reload(next, factory)))
                    .hasCauseInstanceOf(NoClassDefFoundError.class);

            assertThat(world.openComponents()).as("at set %d", set).isEqualTo(4);
            assertThat(world.await(world.registry().reload(next, world::components)))
                    .extracting(StreamChange::kind)
                    .containsOnly(Kind.NEW_VERSION);
        }
    }

    @Test
    void a_stream_that_an_error_keeps_from_opening_in_a_reload_opens_later_and_once()
            throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin();
        // The first set is made to see whether that can be; those of the two logs come after it.
        ComponentFactory sets = errorAtSet(world, 3);
        ComponentFactory factory =
                new ComponentFactory() {
                    @Override
                    public StreamComponents components(StreamDefinition definition) {
                        return sets.components(definition);
                    }

                    @Override
                    public Map<String, Log> logs(StreamDefinition definition) {
                        return Map.of("orders", new MemoryLog());
                    }
                };

        world.await(world.registry().reload(List.of(stream("clicks", "a")), factory));
        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.CLOSED);
        assertThat(world.openComponents()).isZero();

        world.pass(Duration.ofSeconds(31));
        assertThat(world.status("clicks").phase()).isEqualTo(StreamPhase.ACTIVE);
        assertThat(world.openComponents()).isEqualTo(2);
    }

    @Test
    void an_error_while_a_change_is_written_closes_what_the_stream_was_to_go_on_with()
            throws IOException {
        for (String file : List.of("definitions", "stream.meta.new")) {
            changeMeetsAnErrorAt(file);
        }
    }

    private static void changeMeetsAnErrorAt(String file) throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin(stream("clicks", "a"));
        world.await(world.put("clicks", "x"));
        AtomicInteger calls = new AtomicInteger();
        world.sim()
                .disk()
                .failNext(
                        call -> call.touches(file) && errorAt(1, calls).test(call),
                        new IOException("never"));

        List<StreamChange> changes =
                world.await(
                        world.registry()
                                .reload(List.of(stream("clicks", "b backup")), world::components));

        assertThat(changes.get(0).problem()).as("at %s", file).contains("StackOverflowError");
        assertThat(world.openComponents()).as("after %s", file).isEqualTo(1);
        world.sim().disk().noMoreFaults();
        world.await(
                world.registry().reload(List.of(stream("clicks", "b backup")), world::components));
        world.pass(Duration.ofMinutes(2));
        assertThat(world.status("clicks").lanes()).hasSize(2);
        assertThat(world.openComponents()).isEqualTo(2);
    }

    @Test
    void a_stream_whose_components_do_not_close_is_drained_once_and_may_come_back()
            throws IOException {
        RegistryWorld world = new RegistryWorld(1);
        world.begin(stream("clicks", "a"));
        world.await(world.put("clicks", "x"));
        world.failNextClosing(new StackOverflowError());
        world.await(world.registry().reload(List.of(), world::components));

        world.pass(Duration.ofSeconds(20));
        assertThat(world.landed("clicks")).containsExactly("x");
        assertThat(world.names()).isEmpty();
        assertThat(world.openComponents()).isZero();

        world.await(world.registry().reload(List.of(stream("clicks", "a")), world::components));
        world.await(world.put("clicks", "y"));
    }
}
