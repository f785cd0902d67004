package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Which commands a start makes. */
class CommandsTest {
    private final Map<String, Supplier<Object>> commands =
            Main.commands(Map.of(), Intervention.NONE, InputStream.nullInputStream());

    @Test
    void each_is_called_what_it_says_of_itself() {
        commands.forEach(
                (name, command) -> {
                    Object made = command.get();
                    CommandLine line =
                            made instanceof CommandLine already ? already : new CommandLine(made);
                    assertThat(line.getCommandName()).isEqualTo(name);
                });
    }

    @Test
    void the_help_has_them_in_the_order_in_which_they_are_needed() {
        assertThat(Main.withThoseNeeded(commands, new String[0]).getSubcommands().keySet())
                .containsExactly(
                        "run",
                        "check",
                        "diff",
                        "put",
                        "status",
                        "flush",
                        "redirect",
                        "skip",
                        "journal",
                        "verify",
                        "quickstart",
                        "function",
                        "schema",
                        "import",
                        "export",
                        "prove",
                        "archive-classes");
    }

    @Test
    void a_call_of_one_makes_no_other() {
        List<String> made = new ArrayList<>();

        CommandLine program = Main.withThoseNeeded(noted(made), new String[] {"run", "a.yaml"});

        assertThat(made).containsExactly("run");
        assertThat(program.getSubcommands()).containsOnlyKeys("run");
    }

    @Test
    void all_are_there_for_help_and_for_a_name_that_is_none() {
        for (String[] arguments : new String[][] {{}, {"--help"}, {"rnu"}, {"-V"}}) {
            assertThat(Main.withThoseNeeded(commands, arguments).getSubcommands())
                    .containsOnlyKeys(commands.keySet());
        }
    }

    private Map<String, Supplier<Object>> noted(List<String> made) {
        return commands.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                entry ->
                                        () -> {
                                            made.add(entry.getKey());
                                            return entry.getValue().get();
                                        }));
    }
}
