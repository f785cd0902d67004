package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.cli.ExitCodes;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What every command says of arguments that are wrong. */
class UsageErrorsTest {
    private record Run(int exitCode, String out, String err) {}

    private static Run run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode =
                Main.commandLine(Map.of())
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new Run(exitCode, out.toString(), err.toString());
    }

    /** The words of each command, at every depth. */
    static Stream<List<String>> commands() {
        return below(Main.commandLine(Map.of()), List.of());
    }

    private static Stream<List<String>> below(CommandLine command, List<String> words) {
        return Stream.concat(
                Stream.of(words),
                command.getSubcommands().entrySet().stream()
                        .flatMap(
                                below ->
                                        below(
                                                below.getValue(),
                                                Stream.concat(
                                                                words.stream(),
                                                                Stream.of(below.getKey()))
                                                        .toList())));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void an_unknown_option_is_told_in_one_line_with_a_pointer_to_the_help(List<String> words) {
        Run run =
                run(
                        Stream.concat(words.stream(), Stream.of("--no-such-option=1"))
                                .toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.out()).isEmpty();
        List<String> lines = run.err().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1))
                .isEqualTo(
                        "(%s --help tells more)"
                                .formatted(String.join(" ", prepended("delivery", words))));
    }

    private static List<String> prepended(String first, List<String> words) {
        return Stream.concat(Stream.of(first), words.stream()).toList();
    }

    @Test
    void an_option_that_is_nearly_right_is_asked_back() {
        assertThat(run("schema", "suggest", "--decimal").err())
                .startsWith("Unknown option: '--decimal'; did you mean --decimals");
    }

    @Test
    void what_a_command_itself_refuses_is_told_in_the_same_way() {
        assertThat(run("schema", "check").err())
                .isEqualTo("Say --table%n(delivery schema check --help tells more)%n".formatted());
        assertThat(run("schema").err())
                .isEqualTo(
                        "Say what: suggest or check%n(delivery schema --help tells more)%n"
                                .formatted());
    }

    @Test
    void the_help_itself_is_still_there() {
        Run help = run("schema", "check", "--help");

        assertThat(help.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(help.out()).contains("Usage: delivery schema check", "--settings-of");
    }
}
