package io.delivery.quickstart;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** A file that somebody names: NDJSON, gzipped or not. */
final class InputLines {
    private static final int GZIP_FIRST = 0x1f; // RFC 1952, section 2.3.1
    private static final int GZIP_SECOND = 0x8b;
    private static final int MAX_NAME = 48;

    private InputLines() {}

    /** Whether it is gzipped is seen from its bytes, not from its name. */
    static InputStream open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file");
        }
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        in.mark(2);
        boolean gzipped = in.read() == GZIP_FIRST && in.read() == GZIP_SECOND;
        in.reset();
        return gzipped ? new GZIPInputStream(in, 1 << 16) : in;
    }

    /** A name for a stream and a table, from the file's. */
    static String name(Path file) {
        String name =
                file.getFileName()
                        .toString()
                        .replaceFirst("\\..*", "")
                        .replaceAll("[^A-Za-z0-9_-]+", "-")
                        .replaceAll("^-+|-+$", "");
        if (name.isEmpty()) {
            return "records";
        }
        return name.substring(0, Math.min(MAX_NAME, name.length()));
    }
}
