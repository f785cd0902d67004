package io.delivery.directory;

import io.delivery.failure.FailureText;
import io.delivery.landing.ObjectListing.Depth;
import io.delivery.landing.ObjectListing.Listed;
import io.delivery.landing.ObjectListing.Look;
import io.delivery.record.ObjectName;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/** What is in a lake, for whoever compares it with what was recorded. Follows no link. */
final class DirectoryListing {
    private static final int BUFFER = 64 << 10;

    private final Disk disk;
    private final Path lake;
    private final Folders folders;

    DirectoryListing(Disk disk, Path lake, Folders folders) {
        this.disk = disk;
        this.lake = lake;
        this.folders = folders;
    }

    Look look(ObjectName name, Depth depth) {
        if (ObjectFile.unfit(name) != null) {
            return new Look.Absent();
        }
        Path file = ObjectFile.path(lake, name);
        try {
            folders.refuseLinks(file);
            if (!disk.exists(file) || folders.isDirectory(file)) {
                return new Look.Absent();
            }
            try (DiskFile there = disk.openReadOnly(file)) {
                return new Look.Present(
                        there.length(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        depth == Depth.BYTES
                                ? OptionalInt.of(checksum(there))
                                : OptionalInt.empty());
            }
        } catch (NoSuchFileException gone) {
            return new Look.Absent();
        } catch (IOException failed) {
            return new Look.Unseen(FailureText.of(failed));
        }
    }

    private static int checksum(DiskFile file) throws IOException {
        CRC32 crc = new CRC32();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long at = 0;
        for (int count; (count = file.read(buffer.clear(), at)) >= 0; at += count) {
            crc.update(buffer.flip());
        }
        return (int) crc.getValue();
    }

    void list(String bucket, String prefix, Consumer<Listed> visitor) throws IOException {
        if (ObjectFile.unfit(new ObjectName(bucket, "x")) != null) {
            return;
        }
        Path root = lake.resolve(bucket);
        Deque<Path> left = new ArrayDeque<>();
        left.push(root);
        while (!left.isEmpty()) {
            Path directory = left.pop();
            List<Path> entries = disk.list(directory);
            for (int i = entries.size() - 1; i >= 0; i--) {
                Path entry = entries.get(i);
                String key = root.relativize(entry).toString().replace('\\', '/');
                if (Files.isSymbolicLink(entry) || !mayHold(key, prefix)) {
                    continue;
                }
                if (folders.isDirectory(entry)) {
                    left.push(entry);
                } else if (key.startsWith(prefix)) {
                    visitor.accept(new Listed(key, modified(entry)));
                }
            }
        }
    }

    /** Whether it, or what may be below it, can begin with the prefix. */
    private static boolean mayHold(String key, String prefix) {
        return key.startsWith(prefix) || prefix.startsWith(key + "/");
    }

    private static OptionalLong modified(Path file) {
        try {
            return OptionalLong.of(Files.getLastModifiedTime(file).toMillis());
        } catch (IOException noRealFile) {
            return OptionalLong.empty();
        }
    }
}
