package io.delivery.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.config.ListenAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where a running daemon really listens: {@code addresses.json} in its data directory, there while
 * it runs. A daemon that was killed leaves one that the next start removes; until then nobody goes
 * by it, for another program may listen there by now, and would be sent the admin token.
 *
 * @param api where the Firehose API answers
 * @param admin where the admin server answers
 */
public record BoundAddresses(URI api, URI admin) {
    private static final String FILE = "addresses.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Leaves them for the commands; whoever reads sees all of them or nothing. */
    public void write(Path dataDir) throws IOException {
        Path next = dataDir.resolve(FILE + ".new");
        Files.deleteIfExists(next);
        // What is in there belongs to the daemon's user, as all of the data directory.
        Files.createFile(
                next,
                next.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0]);
        JSON.writeValue(
                next.toFile(),
                JSON.createObjectNode().put("api", api.toString()).put("admin", admin.toString()));
        Files.move(next, dataDir.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Nobody listens any more. */
    public static void remove(Path dataDir) throws IOException {
        Files.deleteIfExists(dataDir.resolve(FILE));
    }

    /**
     * The address to reach a daemon at: the configured one, or for port 0 the one that a running
     * daemon was given; empty when none has left it.
     *
     * @param which the one of the two that is meant
     */
    static Optional<ListenAddress> find(
            ListenAddress configured, Path dataDir, Function<BoundAddresses, URI> which) {
        if (configured.port() != 0) {
            return Optional.of(configured);
        }
        return read(dataDir)
                .map(bound -> new ListenAddress(configured.host(), which.apply(bound).getPort()));
    }

    private static Optional<BoundAddresses> read(Path dataDir) {
        if (!DirectoryOwner.of(dataDir).runs()) {
            return Optional.empty();
        }
        try {
            JsonNode file = JSON.readTree(Files.readString(dataDir.resolve(FILE)));
            return Optional.of(
                    new BoundAddresses(
                            URI.create(file.path("api").asText()),
                            URI.create(file.path("admin").asText())));
        } catch (JsonProcessingException | IllegalArgumentException | NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty(); // as if none ran: there is --endpoint and --admin
        }
    }
}
