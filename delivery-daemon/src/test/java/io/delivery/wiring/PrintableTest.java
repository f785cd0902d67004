package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.encoder.Encoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.config.LogSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names, keys and messages of others cannot steer the terminal of whoever reads them. */
class PrintableTest {
    private static final String HOSTILE =
            "503 \u001b[2J\u009b31m\u202egnp.\r\n2026-01-01T00:00:00.000Z INFO  all is well";

    @Test
    void an_event_is_one_line_in_which_nothing_steers() {
        String line = logged(LogSettings.Format.TEXT, "landing failed: reason={}", HOSTILE, null);

        assertThat(line.lines()).hasSize(1);
        assertThat(line)
                .endsWith(
                        " WARN  landing failed: reason=503 \\u001b[2J\\u009b31m\\u202egnp.\\r\\n2026-01-01T00:00:00.000Z INFO  all is well\n");
    }

    @Test
    void no_line_of_an_exception_looks_like_an_event() {
        String lines = logged(LogSettings.Format.TEXT, "failed", null, new IOException(HOSTILE));

        assertThat(lines).doesNotContain("\u001b", "\u009b", "\u202e", "\r");
        assertThat(lines).contains(" WARN  failed\njava.io.IOException: 503 ");
        assertThat(lines.lines().skip(1))
                .anyMatch(line -> line.contains("all is well"))
                .noneMatch(line -> line.startsWith("2026-01-01"));
    }

    @Test
    void the_same_in_json_says_the_same() throws Exception {
        String line = logged(LogSettings.Format.JSON, "reason={}", HOSTILE, null);

        assertThat(line.lines()).hasSize(1);
        assertThat(line).doesNotContain("\u001b", "\u009b", "\u202e");
        JsonNode event = new ObjectMapper().readTree(line);
        assertThat(event.toString()).contains("\u009b31m").contains("\u202egnp");
    }

    @Test
    void what_a_command_prints_is_printable_and_its_json_says_the_same() throws Exception {
        StringWriter out = new StringWriter();
        PrintWriter printable = PrintableWriter.over(out);
        String json = new ObjectMapper().createObjectNode().put("key", HOSTILE).toPrettyString();

        printable.println(json);
        printable.printf("\rdone %d of %d", 1, 2);
        printable.print("a\rb");

        assertThat(out.toString()).doesNotContain("\u001b", "\u009b", "\u202e");
        assertThat(new ObjectMapper().readTree(out.toString()).path("key").asText())
                .isEqualTo(HOSTILE);
        assertThat(out.toString()).endsWith("\rdone 1 of 2a\\rb");
    }

    @Test
    void the_program_prints_so() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();

        int exitCode =
                Main.printable(Main.commandLine(Map.of()).setErr(new PrintWriter(err, true)), out)
                        .execute("check", "no\u001b[31mfile.yaml");

        assertThat(exitCode).isNotZero();
        assertThat(out + "" + err).contains("no\\u001b[31mfile.yaml").doesNotContain("\u001b");
    }

    /** A place that takes some characters and then fails. */
    private static Writer full(int room, String why) {
        return new Writer() {
            private int taken;

            @Override
            public void write(char[] characters, int offset, int length) throws IOException {
                taken += length;
                if (taken > room) {
                    throw new IOException(why);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    @Test
    void an_answer_that_cannot_be_written_is_told_by_every_command() {
        List<List<String>> commands =
                List.of(
                        List.of("--version"),
                        List.of("import", "--help"),
                        List.of("check", "none"));
        for (List<String> command : commands) {
            StringWriter err = new StringWriter();
            int exitCode =
                    Main.printable(
                                    Main.commandLine(Map.of()).setErr(new PrintWriter(err, true)),
                                    full(10, "No space left on device"))
                            .execute(command.toArray(String[]::new));

            assertThat(exitCode).as("%s", command).isEqualTo(1);
            assertThat(err.toString())
                    .as("%s", command)
                    .endsWith(
                            "the standard output cannot be written: No space left on device"
                                    + System.lineSeparator());
        }
    }

    @Test
    void who_has_read_enough_hears_nothing_of_it() {
        StringWriter err = new StringWriter();

        int exitCode =
                Main.printable(
                                Main.commandLine(Map.of()).setErr(new PrintWriter(err, true)),
                                full(10, "Broken pipe"))
                        .execute("--version");

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void records_on_a_screen_are_shown_and_not_done() throws IOException {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();

        PrintableOutput out = new PrintableOutput(screen);
        out.write("{\"a\":\"\u001b[2J\u009bZürich\"}\n".getBytes(StandardCharsets.UTF_8));
        out.write(new byte[] {(byte) 0x9b, 'x', '\n'});

        assertThat(screen.toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"a\":\"\\u001b[2J\\u009bZürich\"}\n\ufffdx\n");
    }

    private static String logged(
            LogSettings.Format format, String message, String argument, Throwable failure) {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        Encoder<ILoggingEvent> encoder = Logging.encoder(format, context);
        LoggingEvent event =
                new LoggingEvent(
                        PrintableTest.class.getName(),
                        context.getLogger("io.delivery.test"),
                        ch.qos.logback.classic.Level.WARN,
                        message,
                        failure,
                        argument == null ? null : new Object[] {argument});
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }
}
