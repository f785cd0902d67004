package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers who define streams while a store takes connections and never answers. */
class ApiSilentStoreTest extends ApiWorld {
    /** More than the threads that looks once shared. */
    private static final int CALLERS = 6;

    /** Far below the silence that a store's client bears, {@code S3Connection.SILENCE}: 30 s. */
    private static final Duration SOON = Duration.ofSeconds(15);

    private final ServerSocket silent;

    ApiSilentStoreTest() throws IOException {
        silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress()); // nobody accepts
    }

    @AfterEach
    void endTheSilence() throws IOException {
        silent.close();
    }

    @Override
    Path writeConfig() throws IOException {
        Path file = super.writeConfig();
        String text = Files.readString(file);
        Files.createDirectories(folder.resolve("strict/strict-one"));
        return Files.writeString(
                file,
                text.replace(
                                "stores: {",
                                "stores: {silent: {s3: {endpoint: 'http://127.0.0.1:%d', credentials: {accessKeyId: any, secretAccessKey: any}}}, "
                                        .formatted(silent.getLocalPort()))
                        .replace("buckets: [", "buckets: [{match: 'silent-*', store: silent}, "));
    }

    private void createInTheSilentStore(String name) {
        create(
                name,
                d ->
                        d.bucketARN("arn:aws:s3:::silent-main")
                                .s3BackupMode("Enabled")
                                .s3BackupConfiguration(
                                        b ->
                                                b.roleARN(ROLE)
                                                        .bucketARN("arn:aws:s3:::silent-kept")));
    }

    @Test
    void a_store_that_never_answers_holds_up_its_own_streams_shortly_and_others_not_at_all()
            throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS + 1);
        try {
            List<Future<?>> creations = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                String name = "silent" + caller;
                creations.add(callers.submit(() -> createInTheSilentStore(name)));
            }
            Future<?> healthy =
                    callers.submit(
                            () -> {
                                create("healthy", d -> d.bucketARN("arn:aws:s3:::strict-one"));
                                put("healthy", "x");
                            });

            healthy.get(SOON.toSeconds(), TimeUnit.SECONDS);
            for (Future<?> creation : creations) {
                creation.get(SOON.toSeconds(), TimeUnit.SECONDS);
            }
            put("silent0", "x");
            Future<?> update =
                    callers.submit(
                            () -> update("healthy", u -> u.bucketARN("arn:aws:s3:::silent-other")));
            update.get(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(describe("healthy").versionId()).isEqualTo("2");
        } finally {
            callers.shutdownNow();
        }
    }
}
