package io.delivery.home;

import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A small text file whose last line is the checksum of the lines before it. {@code
 * docs/formats/stream-meta.md} draws it.
 */
public final class ChecksummedText {
    private static final long MOST_BYTES = 16 << 20;

    private ChecksummedText() {}

    /**
     * The lines of the file without the last one.
     *
     * @throws IOException when it is missing, unreadable, too long to be one of ours, or damaged
     */
    public static List<String> read(Disk disk, Path path) throws IOException {
        ByteBuffer bytes;
        try (DiskFile file = disk.openReadOnly(path)) {
            if (file.length() > MOST_BYTES) {
                throw new IOException(path + " is too long: " + file.length() + " bytes");
            }
            bytes = ByteBuffer.allocate((int) file.length());
            file.readFully(bytes, 0);
        }
        String text = new String(bytes.array(), StandardCharsets.UTF_8);
        int last = text.lastIndexOf('\n', text.length() - 2) + 1;
        if (!text.substring(last).equals(checksum(text.substring(0, last)) + "\n")) {
            throw new IOException(path + " is damaged: its checksum is wrong");
        }
        return text.substring(0, last).lines().toList();
    }

    /** Writes a file that is not there yet; its name is not durable at return. */
    static void create(Disk disk, Path path, String lines) throws IOException {
        byte[] bytes = (lines + checksum(lines) + "\n").getBytes(StandardCharsets.UTF_8);
        try (DiskFile file = disk.create(path)) {
            file.write(ByteBuffer.wrap(bytes), 0);
            file.sync();
        }
    }

    /**
     * Writes the file or replaces it; durable at return, whole or not at all.
     *
     * @param lines each with its line feed
     */
    static void replace(Disk disk, Path path, String lines) throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".new");
        disk.delete(next);
        create(disk, next, lines);
        disk.rename(next, path);
        disk.syncDirectory(path.getParent());
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return "crc32c %08x".formatted(crc.getValue());
    }
}
