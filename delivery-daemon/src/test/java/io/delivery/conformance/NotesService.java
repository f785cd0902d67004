package io.delivery.conformance;

import static org.awaitility.Awaitility.await;

import io.delivery.proof.DaemonException;
import io.delivery.proof.DaemonProcess;
import io.delivery.wiring.ClassArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A service with the callers of docs/clients.md and two streams that put lines into a folder:
 * {@code notes}, and {@code slow}, which takes {@link #RATE} records in a second.
 */
final class NotesService {
    /** Fewer than clients put in a call, which is 500: of the first one a part is refused. */
    static final int RATE = 300;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private NotesService() {}

    /**
     * @param folder for its files; what lands in a bucket is below {@code lake} and the bucket's
     *     name, which is that of the stream
     */
    static DaemonProcess start(Path folder) throws IOException {
        return start(folder, 0);
    }

    /**
     * Starts it where clients have known it before. Somebody else may have been given the port
     * meanwhile, which ends a start: it is tried again.
     */
    static DaemonProcess startAgain(Path folder, DaemonProcess before) {
        AtomicReference<DaemonProcess> started = new AtomicReference<>();
        await().atMost(PATIENCE)
                .ignoreExceptionsMatching(NotesService::isPortInUse)
                .until(
                        () -> {
                            started.set(start(folder, before.api().getPort()));
                            return true;
                        });
        return started.get();
    }

    private static boolean isPortInUse(Throwable failed) {
        return failed instanceof DaemonException
                && failed.getMessage().contains("cannot be bound: Address already in use");
    }

    private static DaemonProcess start(Path folder, int port) throws IOException {
        Path config =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        dataDir: data
                        server:
                          api: 127.0.0.1:%d
                          admin: 127.0.0.1:0
                          credentials: [{accessKeyId: %s, secretAccessKey: %s}]
                        limits: {memory: 128MB}
                        stores: {lake: {directory: lake}}
                        quotas: [{match: slow, records: %d/s}]
                        streams:
                          notes:
                            format: {raw: {delimiter: lines}}
                            destination: {bucket: notes}
                          slow:
                            format: {raw: {delimiter: lines}}
                            destination: {bucket: slow}
                        """
                                .formatted(
                                        port,
                                        DocumentedClient.ACCESS_KEY_ID,
                                        DocumentedClient.SECRET,
                                        RATE));
        return DaemonProcess.start(ClassArchive.program(), config);
    }
}
