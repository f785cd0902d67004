package io.delivery.cli;

import io.delivery.loading.ConfigLoader;
import io.delivery.wiring.Programs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;

/** One run of a command: its exit code and what it printed. */
record CommandRun(int exitCode, String out, String err) {
    static CommandRun of(Object command, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode =
                new CommandLine(command)
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }

    /** Nobody is at the terminal. */
    static SkipCommand.Confirmation nobody() {
        return question -> SkipCommand.Confirmation.Answer.NOBODY;
    }

    static ConfigLoader loader() {
        return new ConfigLoader(Map.of(), Programs.OURS);
    }

    /** The id of a process that runs and is not this one. */
    static long anotherProcess() {
        return ProcessHandle.current().parent().orElseThrow().pid();
    }

    static String file(Path folder, String text) throws Exception {
        return Files.writeString(folder.resolve("delivery.yaml"), text, StandardCharsets.UTF_8)
                .toString();
    }
}
