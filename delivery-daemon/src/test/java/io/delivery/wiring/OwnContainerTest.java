package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.cli.ExitCodes;
import io.delivery.cli.HostResources;
import io.delivery.cli.ServiceMemory;
import io.delivery.cli.UsageErrors;
import io.delivery.loading.ConfigLoader;
import io.delivery.machine.FileDisk;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** In the container of a service nobody starts a second one with the heap of a command. */
class OwnContainerTest {
    private static final HostResources BESIDE_A_SERVICE =
            HostResources.local(
                    new FileDisk(),
                    new ServiceMemory(
                            OptionalLong.of(1L << 30), OptionalLong.of((1L << 30) * 60 / 100)));

    @TempDir private Path folder;

    static Stream<Arguments> commandsThatRunAService() {
        ConfigLoader loader =
                new ConfigLoader(Map.of(), Programs.OURS, BESIDE_A_SERVICE.heapBytes());
        return Stream.of(
                Arguments.of("run", new RunCommand(loader, BESIDE_A_SERVICE, Intervention.NONE)),
                Arguments.of(
                        "quickstart",
                        new QuickstartCommand(
                                loader,
                                BESIDE_A_SERVICE,
                                program -> Optional.empty(),
                                lines -> Main.put(loader, lines, Map.of()),
                                false)),
                Arguments.of("prove", new ProveCommand(loader, BESIDE_A_SERVICE, false)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("commandsThatRunAService")
    void a_command_that_runs_a_service_is_refused_beside_one(String name, Object command) {
        StringWriter err = new StringWriter();
        CommandLine line = new CommandLine(command).setErr(new PrintWriter(err));
        line.setParameterExceptionHandler(UsageErrors::tell);

        String[] arguments =
                name.equals("run")
                        ? new String[] {folder.resolve("delivery.yaml").toString()}
                        : new String[] {"--dir", folder.resolve("new").toString()};
        assertThat(line.execute(arguments)).isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString())
                .startsWith(name + " runs a service, and java @delivery is for commands beside")
                .contains("java @service " + name)
                .contains("(%s --help tells more)".formatted(name));
        assertThat(folder).isEmptyDirectory();
    }
}
