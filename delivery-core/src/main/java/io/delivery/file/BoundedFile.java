package io.delivery.file;

import io.delivery.config.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that somebody else has written: regular ones of a sensible length. */
public final class BoundedFile {
    /** For a certificate, a key or a profile file: a bundle of all authorities has 200 kB. */
    public static final int OF_SECRETS = 4 << 20;

    private BoundedFile() {}

    /**
     * All of a file. A pipe or a device, which may never end, is not even opened; a link leads to
     * what it names.
     *
     * @throws RefusedException when it is no such file
     */
    public static byte[] read(Path file, int maxBytes) throws IOException {
        if (Files.isDirectory(file)) {
            throw new RefusedException(file, false, "is a folder, not a file");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new RefusedException(file, false, "is a pipe or a device, not a file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            // It may be longer than it says, as files of /proc are, or grow meanwhile.
            byte[] content = in.readNBytes(maxBytes + 1);
            if (content.length > maxBytes) {
                throw new RefusedException(
                        file, true, "is longer than " + ByteSize.setting(maxBytes));
            }
            return content;
        }
    }

    /**
     * The same for somebody who shows the message as it is.
     *
     * @throws IOException when it is no such file, or cannot be read; the message names it
     */
    public static byte[] readNamed(Path file, int maxBytes) throws IOException {
        try {
            return read(file, maxBytes);
        } catch (RefusedException refused) {
            throw new IOException(refused.file + " " + refused.getMessage(), refused);
        }
    }

    /** Another kind of file was meant; the message says what it is, without its name. */
    public static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient Path file;
        private final boolean tooLong;

        private RefusedException(Path file, boolean tooLong, String message) {
            super(message);
            this.file = file;
            this.tooLong = tooLong;
        }

        /** Whether its length alone is wrong. */
        public boolean tooLong() {
            return tooLong;
        }
    }
}
