package io.delivery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.delivery.cli.SkipCommand.Confirmation.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminCommandsTest {
    private static final String BOOKS =
            "{\"accepted\":5,\"split\":1,\"landed\":4,\"dropped\":0,\"errorOutput\":1,"
                    + "\"damaged\":0,\"discarded\":0,\"buffered\":1,\"balanced\":%s}";
    private static final String STREAMS =
            "{\"streams\":[{\"name\":\"notes\",\"version\":2,\"healthy\":%s,\"troubles\":[%s],"
                    + "\"journalBytes\":1048576,\"journalLimitBytes\":10737418240,"
                    + "\"lanes\":[{\"lane\":\"main-1\",\"books\":"
                    + BOOKS
                    + "}]}]}";

    @TempDir Path folder;
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private volatile int status = 200;
    private boolean terminal;
    private final Deque<String> looks = new ArrayDeque<>();
    private volatile String body = "";

    private volatile CountDownLatch answers = new CountDownLatch(0);

    @BeforeEach
    void startServer() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    requests.add(
                            "%s %s %s"
                                    .formatted(
                                            exchange.getRequestMethod(),
                                            exchange.getRequestURI(),
                                            exchange.getRequestHeaders()
                                                    .getFirst("Authorization")));
                    String sent =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    if (!sent.isEmpty()) {
                        bodies.add(sent);
                    }
                    boolean asks = exchange.getRequestMethod().equals("GET");
                    byte[] bytes = (asks ? nextBody() : "").getBytes(StandardCharsets.UTF_8);
                    if (!asks) {
                        awaitQuietly(answers);
                        bytes = body.getBytes(StandardCharsets.UTF_8);
                    }
                    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.setExecutor(threads);
        server.start();
    }

    /** What is shown one look after the other, if that was said; then the flush may answer. */
    private String nextBody() {
        synchronized (looks) {
            if (looks.isEmpty()) {
                return body;
            }
            String next = looks.remove();
            if (looks.isEmpty()) {
                body = next;
                answers.countDown();
            }
            return next;
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stopServer() {
        answers.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void status_tells_of_a_stream_that_is_encrypted_or_becomes_so() throws Exception {
        String stream =
                "{\"name\":\"%s\",\"version\":1,\"healthy\":true,\"troubles\":[],"
                        + "\"encryption\":%s,\"lanes\":[]}";
        body =
                "{\"streams\":[%s,%s,%s,%s]}"
                        .formatted(
                                stream.formatted("on", "\"enabled\""),
                                stream.formatted("off", "\"disabled\""),
                                stream.formatted("soon", "\"enabling\""),
                                stream.formatted("unknown", "null"));

        assertThat(status("--config", config()).out())
                .contains(
                        "on  healthy  version 1  encrypted\n",
                        "off  healthy  version 1\n",
                        "soon  healthy  version 1  encryption enabling\n",
                        "unknown  healthy  version 1\n");
    }

    @Test
    void status_shows_the_books_of_every_lane() throws Exception {
        body = STREAMS.formatted(true, "", true);

        CommandRun run = status("--config", config());

        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(run.out())
                .isEqualTo(
                        """
                        notes  healthy  version 2  journal 1 MB of 10 GB
                          main-1: accepted 5 + split 1 = landed 4 + dropped 0 + error output 1 + damaged 0 + discarded 0 + buffered 1
                        """);
        assertThat(requests).containsExactly("GET /streams Bearer t0ken");
    }

    @Test
    void trouble_and_books_that_do_not_balance_are_findings() throws Exception {
        body = STREAMS.formatted(false, "\"the bucket b is not there\"", true);
        CommandRun sick = status("--config", config());
        body = STREAMS.formatted(true, "", false);
        CommandRun unbalanced = status("--config", config());

        assertThat(sick.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(sick.out()).contains("UNHEALTHY", "trouble: the bucket b is not there");
        assertThat(unbalanced.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(unbalanced.out()).contains("THE BOOKS DO NOT BALANCE");
    }

    @Test
    void a_closed_stream_says_why_and_what_producers_hear() throws Exception {
        body =
                "{\"streams\":[{\"name\":\"orders\",\"version\":0,\"phase\":\"closed\",\"healthy\":false,"
                        + "\"refusal\":\"producers get 503: the stream cannot be opened.\","
                        + "\"troubles\":[\"closed: stream.meta is damaged\"],\"journalBytes\":0,"
                        + "\"journalLimitBytes\":0,\"oldestSeconds\":null,\"lanes\":[]}]}";

        CommandRun run = status("--config", config());

        assertThat(run.exitCode()).isNotEqualTo(ExitCodes.DONE);
        assertThat(run.out())
                .isEqualTo(
                        """
                        orders  CLOSED
                          trouble: producers get 503: the stream cannot be opened.
                          trouble: closed: stream.meta is damaged
                        """);
    }

    @Test
    void the_function_of_a_stream_is_shown_with_its_slots_and_what_waits() throws Exception {
        String function =
                "{\"name\":\"enrich\",\"slots\":2,\"busySlots\":2,\"waiting\":5,\"trouble\":null,"
                        + "\"lastErrorLine\":null}";
        body =
                "{\"streams\":[{\"name\":\"s\",\"version\":1,\"healthy\":true,\"refusal\":null,"
                        + "\"troubles\":[],\"function\":"
                        + function
                        + ",\"lanes\":[]}]}";

        CommandRun run = status("--config", config());

        assertThat(run.out())
                .isEqualTo(
                        """
                        s  healthy  version 1
                          function enrich: 2 of 2 slots busy, 5 events waiting
                        """);
    }

    @Test
    void fields_without_a_column_are_shown_with_how_often_they_came() throws Exception {
        String stream =
                "{\"streams\":[{\"name\":\"s\",\"version\":1,\"healthy\":true,\"refusal\":null,"
                        + "\"troubles\":[],\"unknownFields\":%s,\"lanes\":[]}]}";
        body =
                stream.formatted(
                        "{\"mostFrequent\":[{\"field\":\"items[].sku\",\"times\":12000},"
                                + "{\"field\":\"x\\u001b\",\"times\":3}],\"others\":5}");
        CommandRun some = status("--config", config());
        body = stream.formatted("{\"mostFrequent\":[],\"others\":0}");
        CommandRun none = status("--config", config());

        assertThat(some.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(some.out())
                .contains("  fields without a column: items[].sku 12,000, x")
                .contains(" 3, others 5\n")
                .doesNotContain("\u001b");
        assertThat(none.out()).isEqualTo("s  healthy  version 1\n");
    }

    @Test
    void large_numbers_long_names_and_ages_are_readable() throws Exception {
        String lane =
                "{\"lane\":\"%s\",\"waitingObjects\":1,\"stagingBytes\":1024,\"activePartitions\":1200,"
                        + "\"memoryBytes\":2048,\"spoolBytes\":0,\"books\":{\"accepted\":1234567,\"split\":0,"
                        + "\"landed\":1000000,\"dropped\":0,\"errorOutput\":0,\"damaged\":0,\"discarded\":0,"
                        + "\"buffered\":234567,\"balanced\":true}}";
        body =
                "{\"streams\":[{\"name\":\"%s\",\"version\":1,\"phase\":\"draining\",\"healthy\":true,"
                                .formatted("n".repeat(64))
                        + "\"refusal\":null,\"troubles\":[],\"journalBytes\":1,\"journalLimitBytes\":1024,"
                        + "\"oldestSeconds\":423,\"lanes\":["
                        + lane.formatted("main-1")
                        + ","
                        + lane.formatted("backup-12")
                        + "]}]}";

        CommandRun run = status("--config", config());

        String books =
                "accepted 1,234,567 + split 0 = landed 1,000,000 + dropped 0 + error output 0"
                        + " + damaged 0 + discarded 0 + buffered 234,567\n";
        String waiting =
                "waiting: 1 object recorded and not yet in the store (1 KB), 1,200 partition"
                        + " buffers open (2 KB)\n";
        assertThat(run.out())
                .isEqualTo(
                        "n".repeat(64)
                                + "  healthy, draining  version 1  journal 1 byte of 1 KB  oldest"
                                + " record that has not landed: 7 min 3 s\n"
                                + "  main-1:    "
                                + books
                                + "             "
                                + waiting
                                + "  backup-12: "
                                + books
                                + "             "
                                + waiting);
    }

    @Test
    void a_service_that_is_down_and_a_stream_that_is_unknown_are_told_apart_in_json()
            throws Exception {
        body = STREAMS.formatted(true, "", true);
        String config = config();

        CommandRun unknown = status("note", "--json", "--config", config);
        server.stop(0);
        CommandRun down = status("notes", "--json", "--config", config);

        JsonNode ofUnknown = new ObjectMapper().readTree(unknown.out());
        assertThat(ofUnknown.path("error").asText()).isEqualTo("unknownStream");
        assertThat(ofUnknown.path("message").asText())
                .isEqualTo("there is no stream note: this service has notes; did you mean notes?");
        assertThat(unknown.exitCode()).isNotEqualTo(ExitCodes.DONE);
        JsonNode ofDown = new ObjectMapper().readTree(down.out());
        assertThat(ofDown.path("error").asText()).isEqualTo("down");
        assertThat(ofDown.path("message").asText()).contains("is delivery running?");
        assertThat(down.exitCode()).isNotEqualTo(ExitCodes.DONE);
    }

    @Test
    void a_flush_without_a_name_flushes_all_streams() throws Exception {
        CommandRun run = flush("--config", config());

        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(run.out()).isEqualTo("all streams are flushed\n");
        assertThat(posts()).containsExactly("POST /flush Bearer t0ken");
    }

    @Test
    void a_flush_shows_what_it_waits_for_when_that_changes() throws Exception {
        answers = new CountDownLatch(1);
        String two = waiting(2, 1_500, "\"PUT lake/a: 503 SlowDown\"");
        looks.addAll(List.of(two, two, waiting(1, 1, "")));

        CommandRun run = flush("--config", config());

        assertThat(run.err())
                .startsWith(
                        """
                        waiting for orders: 1,500 records, 2 objects recorded (PUT lake/a: 503 SlowDown)
                        waiting for orders: 1 record, 1 object recorded
                        """);
        assertThat(run.out()).isEqualTo("all streams are flushed\n");
    }

    @Test
    void on_a_terminal_one_line_is_written_again_and_again() throws Exception {
        terminal = true;
        answers = new CountDownLatch(1);
        looks.addAll(List.of(waiting(12, 1_500, ""), waiting(1, 1, "")));

        CommandRun run = flush("orders", "--config", config());

        assertThat(run.err())
                .startsWith(
                        "\rwaiting for orders: 1,500 records, 12 objects recorded"
                                + "\rwaiting for orders: 1 record, 1 object recorded      ");
        assertThat(run.err()).endsWith("\n");
    }

    @Test
    void a_record_that_its_stream_has_in_its_backup_too_counts_once() throws Exception {
        answers = new CountDownLatch(1);
        String lane = "{\"lane\":\"%s\",\"waitingObjects\":1,\"books\":{\"buffered\":%d}}";
        looks.add(
                "{\"streams\":[{\"name\":\"orders\",\"lanes\":[%s,%s,%s,%s]}]}"
                        .formatted(
                                lane.formatted("main-1", 1_000),
                                lane.formatted("main-2", 500),
                                lane.formatted("backup-1", 1_000),
                                lane.formatted("backup-2", 400)));
        looks.add(
                "{\"streams\":[{\"name\":\"orders\",\"lanes\":[%s,%s]}]}"
                        .formatted(lane.formatted("main-1", 0), lane.formatted("backup-1", 1_400)));

        CommandRun run = flush("--config", config());

        assertThat(run.err())
                .startsWith(
                        """
                        waiting for orders: 1,500 records, 4 objects recorded
                        waiting for orders: 1,400 records, 2 objects recorded
                        """);
    }

    private static String waiting(int objects, int records, String trouble) {
        return "{\"streams\":[{\"name\":\"orders\",\"troubles\":[%s],\"lanes\":[{\"waitingObjects\":%d,\"books\":{\"buffered\":%d}}]}]}"
                .formatted(trouble, objects, records);
    }

    @Test
    void status_of_one_stream_as_json() throws Exception {
        body = STREAMS.formatted(true, "", true);

        assertThat(status("notes", "--json", "--config", config()).out())
                .contains("\"accepted\" : 5");
        assertThat(status("other", "--config", config()).err())
                .isEqualTo("there is no stream other: this service has notes\n");
    }

    @Test
    void flush_asks_for_the_stream_by_name() throws Exception {
        CommandRun run = flush("a.b", "--config", config());

        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(run.out()).isEqualTo("a.b is flushed\n");
        assertThat(posts()).containsExactly("POST /streams/a.b/flush Bearer t0ken");
    }

    @Test
    void a_flush_that_takes_longer_than_one_would_wait_says_what_to_do() throws Exception {
        answers = new CountDownLatch(1);

        CommandRun run = flush("a.b", "--timeout", "1", "--config", config());

        assertThat(run.exitCode()).isEqualTo(ExitCodes.NOT_IN_TIME);
        assertThat(run.err())
                .endsWith(
                        "a.b is not flushed after 1 s; the service goes on: delivery status shows"
                                + " what it waits for\n");
    }

    @Test
    void a_refusal_is_told_with_the_daemons_words() throws Exception {
        status = 404;
        body = "{\"error\": \"There is no stream x\"}";

        CommandRun run = flush("x/../y", "--config", config());

        assertThat(run.exitCode()).isEqualTo(ExitCodes.UNKNOWN_STREAM);
        assertThat(run.err()).endsWith("answered 404: There is no stream x\n");
        assertThat(posts()).containsExactly("POST /streams/x%2F..%2Fy/flush Bearer t0ken");
    }

    @Test
    void a_daemon_that_does_not_run_is_named() throws Exception {
        String config = config();
        server.stop(0);

        CommandRun run = flush("notes", "--config", config);

        assertThat(run.exitCode()).isEqualTo(ExitCodes.NOT_REACHABLE);
        assertThat(run.err())
                .contains("nobody answers at http://127.0.0.1:", "is delivery running?");
    }

    @Test
    void a_machine_that_does_not_take_the_connection_is_not_told_to_be_busy_flushing()
            throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Connections taken = Connections.filling(full)) {
            CommandRun run =
                    flush("a", "--timeout", "1", "--admin", "http://127.0.0.1:" + taken.port());

            assertThat(run.exitCode()).isEqualTo(ExitCodes.NOT_REACHABLE);
            assertThat(run.err()).contains("nobody answers at http://127.0.0.1:" + taken.port());
        }
    }

    /** So many to a server that accepts none that the next one waits. */
    private record Connections(int port, List<Socket> open) implements AutoCloseable {
        static Connections filling(ServerSocket server) throws IOException {
            Connections connections = new Connections(server.getLocalPort(), new ArrayList<>());
            try {
                while (connections.open.size() < 100) {
                    Socket socket = new Socket();
                    connections.open.add(socket);
                    socket.connect(server.getLocalSocketAddress(), 100);
                }
            } catch (SocketTimeoutException full) {
                return connections;
            }
            throw new IllegalStateException("takes any number of connections");
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void with_port_0_the_admin_server_is_found_by_what_it_left_in_the_data_directory()
            throws Exception {
        body = STREAMS.formatted(true, "", true);
        String config =
                CommandRun.file(
                        folder, "server: {admin: '127.0.0.1:0'}\ndataDir: %s\n".formatted(folder));
        CommandRun before = status("--config", config);
        URI admin = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        new BoundAddresses(URI.create("http://127.0.0.1:1"), admin).write(folder);
        Files.writeString(folder.resolve("lock"), "pid 999999999999");
        CommandRun killed = status("--config", config);
        Files.writeString(folder.resolve("lock"), "pid " + ProcessHandle.current().pid());
        CommandRun killedInAContainer = status("--config", config);
        Files.writeString(folder.resolve("lock"), "pid " + CommandRun.anotherProcess());

        CommandRun run = status("--config", config);

        assertThat(killed.exitCode()).isEqualTo(ExitCodes.NOT_REACHABLE);
        assertThat(killed.err()).contains("no daemon runs on " + folder);
        assertThat(killedInAContainer.exitCode()).isEqualTo(ExitCodes.NOT_REACHABLE);
        assertThat(killedInAContainer.err()).contains("no daemon runs on " + folder);
        assertThat(before.exitCode()).isEqualTo(ExitCodes.NOT_REACHABLE);
        assertThat(before.err()).contains("server.admin has port 0", "--admin URL");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(requests).containsExactly("GET /streams null");
    }

    @Test
    void the_admin_server_can_be_named() {
        body = STREAMS.formatted(true, "", true);

        CommandRun run = status("--admin", "http://127.0.0.1:" + server.getAddress().getPort());

        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(requests).containsExactly("GET /streams null");
    }

    @Test
    void an_address_without_a_scheme_is_refused_with_what_is_missing() {
        for (String address : List.of("localhost:4574", "admin", "http:///x", "ftp://a:1")) {
            CommandRun run = status("--admin", address);

            assertThat(run.exitCode()).as(address).isEqualTo(ExitCodes.USAGE);
            assertThat(run.err())
                    .startsWith(
                            "--admin must begin with http:// or https:// and name a host, was "
                                    + address);
        }
    }

    private static final String ONE =
            "{\"objects\":[{\"lane\":\"main-1\",\"object\":\"lake/b//x\",\"records\":3,"
                    + "\"bytes\":9,\"outcome\":\"%s\",\"to\":\"%s\",\"reason\":\"%s\"}]}";

    @Test
    void a_redirect_says_what_it_did_with_each_object_and_with_how_many() throws Exception {
        body = ONE.formatted("redirected", "lake/c/x", "");

        CommandRun run =
                CommandRun.of(
                        new RedirectCommand(CommandRun.loader()),
                        "notes",
                        "--bucket",
                        "b",
                        "--to",
                        "c",
                        "--config",
                        config());

        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(run.out())
                .isEqualTo(
                        """
                        lake/b//x (3 records): lands as lake/c/x
                        1 object with 3 records redirected
                        """);
        assertThat(requests).containsExactly("POST /streams/notes/redirect Bearer t0ken");
        assertThat(bodies).containsExactly("{\"bucket\":\"b\",\"to\":\"c\"}");
    }

    @Test
    void what_is_not_changed_is_a_finding_with_its_reason() throws Exception {
        body = ONE.formatted("unchanged", "", "it has landed");

        CommandRun run = skip(CommandRun.nobody(), "notes", "--object", "x", "--config", config());

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(run.out())
                .contains("lake/b//x (3 records): NOT CHANGED, it has landed")
                .contains("1 object with 3 records not changed");
        assertThat(bodies).containsExactly("{\"object\":\"x\"}");
    }

    @Test
    void nothing_goes_to_the_local_folder_unless_somebody_confirms_it() throws Exception {
        body = ONE.formatted("asksFirst", "", "");

        CommandRun refused =
                skip(question -> Answer.NO, "notes", "--object", "x", "--config", config());
        CommandRun alone =
                skip(CommandRun.nobody(), "notes", "--object", "x", "--config", config());
        assertThat(bodies).containsOnly("{\"object\":\"x\"}");

        CommandRun agreed =
                skip(
                        question -> {
                            body = ONE.formatted("localFolder", "skipped/n/f", "");
                            return Answer.YES;
                        },
                        "notes",
                        "--object",
                        "x",
                        "--not-there",
                        "--config",
                        config());

        assertThat(refused.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(alone.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(alone.err()).contains("say --yes");
        assertThat(agreed.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(agreed.out())
                .contains("goes to skipped/n/f in the data directory")
                .contains("1 object with 3 records skipped into the local folder");
        assertThat(bodies).endsWith("{\"object\":\"x\",\"notThere\":true,\"localFolder\":true}");
    }

    @Test
    void a_lane_that_has_stopped_is_a_finding_beside_what_the_others_did() throws Exception {
        body =
                ONE.formatted("redirected", "lake/c/x", "")
                        .replaceFirst(
                                "}$",
                                ",\"failures\":[{\"lane\":\"backup-1\","
                                        + "\"reason\":\"the lane has stopped\"}]}");

        CommandRun run =
                CommandRun.of(
                        new RedirectCommand(CommandRun.loader()),
                        "notes",
                        "--bucket",
                        "b",
                        "--to",
                        "c",
                        "--config",
                        config());

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(run.out())
                .isEqualTo(
                        """
                        lake/b//x (3 records): lands as lake/c/x
                        main-1: 1 object with 3 records redirected; backup-1: the lane has stopped
                        """);
    }

    @Test
    void with_yes_nobody_is_asked() throws Exception {
        body = ONE.formatted("errorOutput", "", "");

        CommandRun run =
                skip(
                        question -> {
                            throw new AssertionError("asked");
                        },
                        "notes",
                        "--bucket",
                        "b",
                        "--yes",
                        "--config",
                        config());

        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(run.out()).contains("its records go to the error output");
        assertThat(bodies).containsExactly("{\"bucket\":\"b\",\"localFolder\":true}");
    }

    @Test
    void a_refusal_of_the_daemon_is_printed_and_wrong_arguments_are_told_apart() throws Exception {
        status = 404;
        body = "{\"error\":\"There is no stream notes\"}";

        CommandRun refused =
                skip(CommandRun.nobody(), "notes", "--object", "x", "--config", config());
        CommandRun both =
                skip(
                        CommandRun.nobody(),
                        "notes",
                        "--object",
                        "x",
                        "--bucket",
                        "b",
                        "--config",
                        config());
        CommandRun neither = skip(CommandRun.nobody(), "notes", "--config", config());

        assertThat(refused.exitCode()).isEqualTo(ExitCodes.UNKNOWN_STREAM);
        assertThat(refused.err()).contains("There is no stream notes");
        assertThat(both.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(neither.exitCode()).isEqualTo(ExitCodes.USAGE);
    }

    private static CommandRun skip(SkipCommand.Confirmation confirmation, String... arguments) {
        return CommandRun.of(new SkipCommand(CommandRun.loader(), confirmation), arguments);
    }

    /** Without the looks of a flush at what it waits for, which a slow machine makes time for. */
    private List<String> posts() {
        return requests.stream().filter(request -> request.startsWith("POST ")).toList();
    }

    private String config() throws Exception {
        return CommandRun.file(
                folder,
                "server: {admin: '127.0.0.1:%d', adminToken: t0ken}\n"
                        .formatted(server.getAddress().getPort()));
    }

    private static CommandRun status(String... arguments) {
        return CommandRun.of(new StatusCommand(CommandRun.loader()), arguments);
    }

    private CommandRun flush(String... arguments) {
        return CommandRun.of(
                new FlushCommand(
                        CommandRun.loader(),
                        new FlushCommand.Watcher(terminal, Duration.ofMillis(20))),
                arguments);
    }
}
