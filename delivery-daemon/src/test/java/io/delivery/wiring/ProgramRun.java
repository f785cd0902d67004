package io.delivery.wiring;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One run of the whole program in this process: its exit code and what it printed. */
public record ProgramRun(int exitCode, String out, String err) {
    /**
     * Waits for its end: not for a {@code run} that starts.
     *
     * @param environment the variables there are
     */
    public static ProgramRun of(Map<String, String> environment, String... arguments) {
        return given(environment, "", arguments);
    }

    /**
     * The same with something on the standard input.
     *
     * @param input lines
     */
    public static ProgramRun given(
            Map<String, String> environment, String input, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode =
                Main.commandLine(
                                environment,
                                Intervention.NONE,
                                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)))
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new ProgramRun(exitCode, out.toString(), err.toString());
    }
}
