package io.delivery.runtime;

import io.delivery.runtime.code.Folders;
import io.delivery.runtime.code.MachineRefusesException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/** Files of this program that processes of functions read: resources, written out for them. */
final class OwnFiles {
    private OwnFiles() {}

    /**
     * Writes one, and the folders above it, for the user of this process only. A file that is there
     * as it should be is left alone: processes may be reading it.
     *
     * @param resource as {@link Class#getResourceAsStream} takes it
     * @throws MachineRefusesException when it cannot be written
     * @throws IOException when it is not part of this build
     */
    static void write(String resource, Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = OwnFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("this build of delivery has no " + resource);
            }
            bytes = in.readAllBytes();
        }
        try {
            write(bytes, file);
        } catch (IOException failed) {
            throw MachineRefusesException.of(failed);
        }
    }

    private static void write(byte[] bytes, Path file) throws IOException {
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
            return;
        }
        Folders.create(file.getParent());
        Path written = Files.createTempFile(file.getParent(), "new", ".tmp"); // 0600
        try {
            Files.write(written, bytes);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(written);
        }
    }
}
