package io.delivery.landing;

import io.delivery.config.Limits;
import io.delivery.record.ObjectName;
import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.StagedContent;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/**
 * The folder {@code <dataDir>/skipped/} for objects that no store takes and that cannot go to the
 * error output either: an object is the file {@code <bucket>/<key>}, whose bytes are those that
 * were staged. A file has its name when it is durable as a whole; {@code .new} behind it means that
 * it is not. Nobody but an operator removes it.
 */
public final class SkippedFolder implements ObjectStore {
    /** Below the data directory. */
    public static final String NAME = "skipped";

    private static final int BUFFER = 64 << 10;

    private final Disk disk;
    private final Path folder;
    private final Executor pool;

    public SkippedFolder(Path dataDirectory, World world) {
        this.disk = world.disk();
        this.folder = dataDirectory.resolve(NAME);
        this.pool = world.scheduler().pool(NAME, 1);
    }

    @Override
    public CompletionStage<Landing> land(
            StagedContent content,
            ObjectName name,
            ObjectAttributes attributes,
            UploadListener uploads) {
        CompletableFuture<Landing> answer = new CompletableFuture<>();
        pool.execute(
                () -> {
                    try {
                        answer.complete(landNow(content, file(name)));
                    } catch (DamagedStagingException damaged) {
                        answer.completeExceptionally(damaged);
                    } catch (IOException failed) {
                        answer.complete(new Landing.Unknown(failed.toString()));
                    } catch (RuntimeException | Error defect) {
                        answer.completeExceptionally(defect);
                    }
                });
        return answer;
    }

    private Landing landNow(StagedContent content, Path file) throws IOException {
        if (disk.exists(file)) {
            return new Landing.Occupied();
        }
        makeDurable(file.getParent());
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        disk.delete(unfinished);
        long needed = content.length() + Limits.VOLUME_RESERVE_BYTES;
        OptionalLong free = disk.usableBytes(folder);
        if (free.isPresent() && free.getAsLong() < needed) {
            return new Landing.Unknown(
                    "no room in %s/: %d bytes must be free on its volume, %d are"
                            .formatted(NAME, needed, free.getAsLong()));
        }
        write(content, unfinished);
        disk.rename(unfinished, file);
        disk.syncDirectory(file.getParent());
        return new Landing.Landed("kept in " + NAME + "/");
    }

    /** Leaves nothing behind when it fails: what is half there would take room from what lands. */
    private void write(StagedContent content, Path unfinished) throws IOException {
        try (DiskFile target = disk.create(unfinished)) {
            copy(content, target);
            target.sync();
        } catch (IOException failed) {
            try {
                disk.delete(unfinished);
            } catch (IOException stays) {
                failed.addSuppressed(stays); // the next attempt removes it
            }
            throw failed;
        }
    }

    private void makeDurable(Path directory) throws IOException {
        disk.createDirectories(directory);
        disk.syncDirectory(directory);
        disk.syncDirectory(folder);
        disk.syncDirectory(folder.getParent());
    }

    private static void copy(StagedContent content, DiskFile target) throws IOException {
        byte[] buffer = new byte[BUFFER];
        CRC32 crc = new CRC32();
        long length = 0;
        try (InputStream in = content.open()) {
            for (int count; (count = in.read(buffer)) >= 0; length += count) {
                crc.update(buffer, 0, count);
                target.write(ByteBuffer.wrap(buffer, 0, count), length);
            }
        }
        if (length != content.length() || (int) crc.getValue() != content.crc32()) {
            throw new DamagedStagingException(
                    "staged bytes are not those that were recorded: %d of them, %d were recorded"
                            .formatted(length, content.length()));
        }
    }

    @Override
    public CompletionStage<Found> find(
            ObjectName name, ObjectAttributes attributes, StagedContent content) {
        return found(
                () -> {
                    try {
                        return look(file(name), content);
                    } catch (IOException failed) {
                        return Found.unknown("the look failed: " + failed);
                    }
                });
    }

    private CompletionStage<Found> found(Supplier<Found> look) {
        return CompletableFuture.supplyAsync(look, pool);
    }

    private Found look(Path file, StagedContent content) throws IOException {
        if (!disk.exists(file)) {
            return Found.ABSENT;
        }
        makeDurable(file.getParent());
        try (DiskFile there = disk.openReadOnly(file)) {
            CRC32 crc = new CRC32();
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            long at = 0;
            for (int count; (count = there.read(buffer.clear(), at)) >= 0; at += count) {
                crc.update(buffer.flip());
            }
            return at == content.length() && (int) crc.getValue() == content.crc32()
                    ? Found.OURS
                    : Found.stranger("a file of %d bytes".formatted(at));
        }
    }

    private Path file(ObjectName name) {
        return folder.resolve(name.bucket()).resolve(name.key());
    }

    /** What a process asks of its own disk is done, or has failed, when the process is gone. */
    @Override
    public Duration requestLife(long bytes) {
        return Duration.ZERO;
    }

    /** There are no uploads. */
    @Override
    public CompletionStage<Void> abort(ObjectName name, String uploadId) {
        return CompletableFuture.completedFuture(null);
    }

    /** Nothing is held open. */
    @Override
    public void close() {}
}
