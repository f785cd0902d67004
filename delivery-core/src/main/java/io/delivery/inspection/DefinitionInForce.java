package io.delivery.inspection;

import io.delivery.config.EncryptionStatus;
import io.delivery.config.Origin;
import io.delivery.home.ChecksummedText;
import io.delivery.home.StreamKeyFile;
import io.delivery.home.StreamMeta;
import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The definition of a stream that is in force, as its directory keeps it.
 *
 * @param origin who defines the stream
 * @param document as it is kept
 * @param tags as callers of the API have written them since the stream was made; empty when they
 *     never did
 * @param encryption on the disk, as the process that owns the directory has decided it last; empty
 *     while the definition alone decides
 */
public record DefinitionInForce(
        Origin origin,
        String document,
        Optional<String> tags,
        Optional<EncryptionStatus> encryption) {
    /**
     * Reads it, without the process that owns the directory and beside it.
     *
     * @param directory of the stream
     * @throws IOException when it, or what says which one it is, is damaged or being removed
     */
    public static DefinitionInForce read(Path directory, Disk disk) throws IOException {
        StreamMeta meta = StreamMeta.read(disk, directory);
        Path definitions = directory.resolve("definitions");
        int version = meta.version();
        for (Path entry : disk.list(definitions)) {
            String file = entry.getFileName().toString();
            if (meta.version() == 0 && file.matches("[0-9]{1,9}")) {
                version = Math.max(version, Integer.parseInt(file));
            }
        }
        Path tags = directory.resolve("tags");
        return new DefinitionInForce(
                meta.origin(),
                text(definitions.resolve(Integer.toString(version)), disk),
                disk.exists(tags) ? Optional.of(text(tags, disk)) : Optional.empty(),
                encryption(directory, disk));
    }

    /** A stream that never had a key was never encrypted, whatever its file says. */
    private static Optional<EncryptionStatus> encryption(Path directory, Disk disk)
            throws IOException {
        return StreamKeyFile.read(disk, directory)
                .filter(file -> !file.keys().isEmpty())
                .map(file -> new EncryptionStatus(file.state(), file.settings()));
    }

    private static String text(Path file, Disk disk) throws IOException {
        return String.join("\n", ChecksummedText.read(disk, file));
    }
}
