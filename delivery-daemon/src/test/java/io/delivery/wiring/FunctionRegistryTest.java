package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.delivery.config.ConfigChange;
import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionSettings;
import io.delivery.config.ProcessorSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.function.FunctionStatus;
import io.delivery.processing.Processor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionRegistryTest {
    @TempDir Path folder;

    private final List<String> made = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final FunctionRegistry registry = new FunctionRegistry(this::make);

    private MadeFunction make(FunctionSource source) {
        String name = source.settings().name() + "/" + source.settings().concurrency();
        made.add(name);
        return new MadeFunction() {
            @Override
            public Processor processor(ProcessorSettings.Lambda settings, StreamDefinition stream) {
                throw new IllegalStateException("no processor of " + name);
            }

            @Override
            public Optional<FunctionStatus> status() {
                return Optional.of(
                        new FunctionStatus(
                                source.settings().concurrency(),
                                0,
                                0,
                                Optional.empty(),
                                Optional.empty()));
            }

            @Override
            public void close() {
                closed.add(name);
            }
        };
    }

    private FunctionSettings function(String name, int concurrency) {
        return new FunctionSettings(
                name,
                new FunctionRunner.Process(
                        FunctionRunner.Runtime.PROVIDED,
                        folder.resolve(name),
                        Optional.empty(),
                        FunctionRunner.Process.DEFAULT_MEMORY_BYTES,
                        Map.of()),
                Duration.ofSeconds(60),
                concurrency);
    }

    private FunctionRegistry.Change prepare(FunctionSettings... functions) throws IOException {
        return registry.prepare(List.of(functions), folder.resolve("plugins"));
    }

    private FunctionRegistry.Change takeEffect(FunctionSettings... functions) throws IOException {
        FunctionRegistry.Change change = prepare(functions);
        change.takeEffect();
        return change;
    }

    private void write(String function, String code) throws IOException {
        Path file = folder.resolve(function).resolve("bootstrap");
        Files.createDirectories(file.getParent());
        Files.writeString(file, code);
    }

    @BeforeEach
    void write() throws IOException {
        write("f", "one");
        write("g", "one");
    }

    @Test
    void a_function_whose_settings_and_code_stay_is_not_made_again() throws IOException {
        takeEffect(function("f", 2));
        write("f", "one");

        FunctionRegistry.Change next = prepare(function("f", 2));

        assertThat(next.replaces("f")).isFalse();
        assertThat(made).containsExactly("f/2");
    }

    @Test
    void a_function_whose_code_has_changed_is_the_next_generation_of_its_name() throws IOException {
        FunctionRegistry.Change first = takeEffect(function("f", 2));
        Generation.Lease<MadeFunction> lane = first.lease("f");

        write("f", "two");
        FunctionRegistry.Change next = prepare(function("f", 2));
        assertThat(next.replaces("f")).isTrue();
        next.takeEffect();

        assertThat(closed).as("a lane works with it").isEmpty();
        lane.close();
        assertThat(closed).containsExactly("f/2");
    }

    @Test
    void a_change_says_which_functions_come_have_other_code_stay_and_go() throws IOException {
        for (String name : List.of("changed", "gone", "same", "new")) {
            write(name, "one");
        }
        takeEffect(function("changed", 2), function("gone", 2), function("same", 2));
        write("changed", "two");

        assertThat(
                        prepare(function("changed", 2), function("same", 2), function("new", 2))
                                .changes())
                .extracting(ConfigChange::name, ConfigChange::kind)
                .containsExactly(
                        tuple("changed", ConfigChange.Kind.NEW_CODE_OR_SETTINGS),
                        tuple("same", ConfigChange.Kind.NOTHING),
                        tuple("new", ConfigChange.Kind.ADDED),
                        tuple("gone", ConfigChange.Kind.REMOVED));
    }

    @Test
    void the_status_is_that_of_the_generation_in_force() throws IOException {
        takeEffect(function("f", 2));
        FunctionRegistry.Change next = prepare(function("f", 3));

        assertThat(registry.status("f").orElseThrow().slots()).isEqualTo(2);
        next.takeEffect();
        assertThat(registry.status("f").orElseThrow().slots()).isEqualTo(3);
        takeEffect();
        assertThat(registry.status("f")).isEmpty();
    }

    @Test
    void a_change_that_is_refused_closes_what_was_made_for_it() throws IOException {
        takeEffect(function("f", 2));
        prepare(function("f", 3), function("g", 1)).close();

        assertThat(closed).containsExactlyInAnyOrder("f/3", "g/1");
        assertThat(prepare(function("f", 2)).replaces("f")).isFalse();
    }

    @Test
    void a_name_that_is_not_configured_is_refused() throws IOException {
        FunctionRegistry.Change change = takeEffect();

        assertThatThrownBy(() -> change.lease("f"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("function f is not configured");
    }

    @Test
    void at_the_end_all_are_closed_whoever_works_with_them() throws IOException {
        takeEffect(function("f", 2)).lease("f");
        takeEffect(function("f", 3));

        registry.close();

        assertThat(closed).containsExactlyInAnyOrder("f/2", "f/3");
    }
}
