package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.cli.ExitCodes;
import io.delivery.loading.ConfigLoader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That each command answers the same number for the same thing, beside a running service. */
class ExitCodesTest {
    private static final Path PAGE = Path.of("../docs/reference/exit-codes.md");

    /** Of a service with a token and credentials; the stores' secret is not set. */
    private static final String CONFIG =
            """
            server:
              api: 127.0.0.1:%1$d
              admin: 127.0.0.1:%2$d
              adminToken: t0ken
              credentials:
                - {accessKeyId: reader, secretAccessKey: 'r', allow: {actions: [List*]}}
                - {accessKeyId: writer, secretAccessKey: 'w'}
            limits: {memory: 64MB, requestBody: 6MB}
            dataDir: data
            stores:
              lake: {directory: lake, default: true}
              far: {s3: {credentials: {accessKeyId: a, secretAccessKey: '%3$s'}}}
            streams: {notes: {destination: {bucket: b}}}
            """;

    @TempDir static Path folder;
    private static Service service;

    @BeforeAll
    static void start() throws Exception {
        write("first", 0, 0, "known");
        service =
                Service.start(
                        new ConfigLoader(Map.of(), Programs.OURS).load(folder.resolve("first")));
        int api = service.apiUri().getPort();
        int admin = service.adminUri().getPort();
        write("right", api, admin, "${FAR_SECRET}");
        write("down", closedPort(), closedPort(), "${FAR_SECRET}");
        write("others", api, admin, "known");
        replace("others", "t0ken", "another");
        replace("others", "secretAccessKey: 'w'", "secretAccessKey: 'wrong'");
        write("refused", api, admin, "known");
        replace("refused", "api: 127", "apy: 127");
        replace("refused", "admin: 127.0.0.1", "admin: 127.0.0.1:");
        replace("refused", "dataDir: data", "dataDir: ''");
        write("elsewhere", api, admin, "${FAR_SECRET}");
        replace("elsewhere", "dataDir: data", "dataDir: nowhere");
        write("taken", api, 0, "known");
        replace("taken", "dataDir: data", "dataDir: another");
        write("second", 0, 0, "known");
        write("own-secret", api, admin, "known");
        replace("own-secret", "secretAccessKey: 'w'", "secretAccessKey: '${WRITERS_SECRET}'");
        write("other-secret", api, admin, "known");
        replace("other-secret", "secretAccessKey: 'r'", "secretAccessKey: '${READERS_SECRET}'");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private record Row(int code, List<String> arguments) {
        @Override
        public String toString() {
            return code + " " + String.join(" ", arguments);
        }
    }

    static Stream<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (String of :
                List.of("status", "flush notes", "put notes", "verify", "journal inspect")) {
            rows.add(row(ExitCodes.DONE, of + " --config right"));
            rows.add(row(ExitCodes.USAGE, of + " --no-such-option"));
            rows.add(row(ExitCodes.CONFIG_REFUSED, of + " --config refused"));
            rows.add(row(ExitCodes.CONFIG_REFUSED, of + " --config not-there"));
        }
        for (String of : List.of("status", "flush notes")) {
            rows.add(row(ExitCodes.NOT_REACHABLE, of + " --config down"));
        }
        for (String of : List.of("status", "flush notes", "put notes")) {
            rows.add(row(ExitCodes.NOT_REACHABLE, of + " --config second"));
        }
        for (String of :
                List.of("status", "flush", "put", "verify", "journal inspect", "journal export")) {
            rows.add(row(ExitCodes.UNKNOWN_STREAM, of + " nobody --config right"));
        }
        for (String of : List.of("flush notes", "put notes")) {
            rows.add(row(ExitCodes.NOT_ALLOWED, of + " --config others"));
        }
        for (String of : List.of("verify", "journal inspect", "journal export notes")) {
            rows.add(row(ExitCodes.DATA_DIRECTORY, of + " --config elsewhere"));
        }
        rows.add(row(ExitCodes.DONE, "journal export notes --config right"));
        rows.add(row(ExitCodes.DONE, "put notes --config other-secret"));
        rows.add(row(ExitCodes.CONFIG_REFUSED, "put notes --config own-secret"));
        rows.add(row(ExitCodes.CONFIG_REFUSED, "verify --store --config right"));
        rows.add(row(ExitCodes.DONE, "check others"));
        rows.add(row(ExitCodes.FOUND, "check right"));
        rows.add(row(ExitCodes.FOUND, "check refused"));
        rows.add(row(ExitCodes.USAGE, "check --no-such-option"));
        rows.add(row(ExitCodes.USAGE, "run --no-such-option"));
        rows.add(row(ExitCodes.CONFIG_REFUSED, "run right"));
        rows.add(row(ExitCodes.CONFIG_REFUSED, "run refused"));
        rows.add(row(ExitCodes.DATA_DIRECTORY, "run second"));
        rows.add(row(ExitCodes.CANNOT_BIND, "run taken"));
        return rows.stream();
    }

    private static Row row(int code, String arguments) {
        return new Row(code, List.of(arguments.split(" ")));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_command_answers_the_number_of_the_table(Row row) {
        List<String> configurations =
                List.of(
                        "right",
                        "down",
                        "others",
                        "refused",
                        "not-there",
                        "elsewhere",
                        "taken",
                        "second",
                        "own-secret",
                        "other-secret");
        String[] arguments =
                row.arguments().stream()
                        .map(word -> configurations.contains(word) ? path(word) : word)
                        .toArray(String[]::new);

        ProgramRun run = ProgramRun.given(Map.of(), "one line\n", arguments);

        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(row.code());
        assertThat(run.exitCode() == ExitCodes.DONE || !(run.out() + run.err()).isBlank()).isTrue();
    }

    @Test
    void the_page_in_docs_is_what_the_program_declares() throws Exception {
        String generated = ExitCodes.markdown();

        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(PAGE, generated);
        }

        assertThat(PAGE).as("run with -Dupdate.docs=true to write it anew").hasContent(generated);
    }

    private static String path(String name) {
        return folder.resolve(name).toString();
    }

    private static void write(String name, int api, int admin, String secret) throws Exception {
        Files.writeString(folder.resolve(name), CONFIG.formatted(api, admin, secret));
    }

    private static void replace(String name, String old, String with) throws Exception {
        String text = Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
        assertThat(text).contains(old);
        Files.writeString(folder.resolve(name), text.replace(old, with));
    }

    private static int closedPort() throws Exception {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return any.getLocalPort();
        }
    }
}
