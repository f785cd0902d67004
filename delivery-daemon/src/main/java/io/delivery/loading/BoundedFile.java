package io.delivery.loading;

import io.delivery.config.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that a person has written: regular ones of a sensible length. */
public final class BoundedFile {
    private BoundedFile() {}

    /**
     * All of a file. A pipe or a device, which may never end, is not even opened; a link leads to
     * what it names.
     *
     * @throws RefusedException when it is no such file; the message begins with what it is
     */
    public static byte[] read(Path file, int maxBytes) throws IOException {
        if (Files.isDirectory(file)) {
            throw new RefusedException("is a folder, not a file");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new RefusedException("is a pipe or a device, not a file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            // It may be longer than it says, as files of /proc are, or grow meanwhile.
            byte[] content = in.readNBytes(maxBytes + 1);
            if (content.length > maxBytes) {
                throw new RefusedException("is longer than " + ByteSize.setting(maxBytes));
            }
            return content;
        }
    }

    /** Another kind of file was meant. */
    public static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }
}
