package io.delivery.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.proof.DaemonProcess;
import io.delivery.proof.Notes;
import io.delivery.testkit.JavaSources;
import io.delivery.testkit.servers.Conformance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Firehose sink of Apache Flink in a job of two tasks, on a cluster of Flink's own in another
 * process. The sink is the one of docs/clients.md.
 */
@Timeout(2400)
class FlinkSinkIT {
    /** The newest JDK that Flink 1.19 runs on (its documentation, "Java compatibility"). */
    private static final int NEWEST_JDK = 21;

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @TempDir private Path folder;
    private DaemonProcess daemon;
    private Path libraries;

    @BeforeEach
    void start() throws IOException {
        Conformance.assumeWanted();
        libraries = ClientProgram.tool("flink", "flink/lib");
        int jdk = Runtime.version().feature();
        assumeTrue(jdk <= NEWEST_JDK, () -> "Flink 1.19 does not run on JDK " + jdk);
        daemon = NotesService.start(folder);
    }

    @AfterEach
    void end() {
        if (daemon != null) {
            daemon.close();
        }
    }

    @Test
    void each_record_of_a_job_lands_once() throws Exception {
        run("notes", 5_000);

        daemon.flush("notes");
        assertThat(Notes.landed(folder.resolve("lake/notes"))).isEqualTo(Notes.lines(0, 5_000));
        assertThat(daemon.metric("delivery_throttled_records_total", "notes")).isZero();
    }

    /** A batch of which a part is refused at a time: the sink promises at least once then. */
    @Test
    void records_that_a_quota_refused_are_sent_again_until_all_have_landed() throws Exception {
        int records = 5 * NotesService.RATE;

        run("slow", records);

        daemon.flush("slow");
        List<String> landed = Notes.landed(folder.resolve("lake/slow"));
        assertThat(landed.stream().distinct()).isEqualTo(Notes.lines(0, records));
        assertThat(daemon.metric("delivery_throttled_records_total", "records_quota")).isPositive();
        assertThat(daemon.books("slow", 0).path("landed").asInt()).isEqualTo(landed.size());
    }

    /** The sink promises at least once: its tasks fail, and send again from their checkpoint. */
    @Test
    void every_record_lands_although_the_service_is_killed_while_the_job_runs() throws Exception {
        int records = 10 * NotesService.RATE;
        CompletableFuture<Void> job = runInBackground("slow", records);

        await().atMost(PATIENCE)
                .until(() -> accepted("slow") >= 2 * NotesService.RATE || job.isDone());
        assertThat(job).isNotDone();
        daemon.kill();
        daemon = NotesService.startAgain(folder, daemon);
        job.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        daemon.flush("slow");
        List<String> landed = Notes.landed(folder.resolve("lake/slow"));
        assertThat(landed.stream().distinct()).isEqualTo(Notes.lines(0, records));
        assertThat(daemon.books("slow", 0).path("balanced").asBoolean()).isTrue();
    }

    private double accepted(String stream) throws Exception {
        return daemon.metric("delivery_accepted_records_total", stream);
    }

    private CompletableFuture<Void> runInBackground(String stream, int records) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        run(stream, records);
                    } catch (Exception failed) {
                        throw new CompletionException(failed);
                    }
                });
    }

    /** Runs a job that puts numbered notes into a stream, to its end. */
    private void run(String stream, int records) throws Exception {
        String sink =
                DocumentedClient.of("Apache Flink")
                        .block("java", daemon.api())
                        .replace("\"notes\"", "\"" + stream + "\"");
        JavaSources sources =
                new JavaSources()
                        .source(
                                "NotesJob",
                                new String(ClientProgram.resource("flink/NotesJob.java"), UTF_8)
                                        .replace(
                                                "// The sink of docs/clients.md stands here.",
                                                sink));
        try (Stream<Path> jars = Files.list(libraries)) {
            jars.forEach(sources::against);
        }
        Path classes = sources.folder(folder.resolve("classes"));

        ClientProgram.Outcome outcome =
                ClientProgram.in(folder)
                        .run(
                                List.of(
                                        ClientProgram.java().toString(),
                                        "-Xmx512m",
                                        "-cp",
                                        classes + ":" + libraries + "/*",
                                        "NotesJob",
                                        String.valueOf(records)));

        assertThat(outcome.exitCode()).as(outcome.complaints()).isZero();
    }
}
