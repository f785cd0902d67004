package io.delivery.directory;

import io.delivery.failure.FailureText;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectListing;
import io.delivery.landing.ObjectStore;
import io.delivery.landing.ObjectStore.Landing.Denied;
import io.delivery.landing.StoreProbe;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.Entropy;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * A folder of files: an object is {@code <lake>/<bucket>/<key>}. Never writes outside the folder.
 *
 * <p>To land, the bytes are copied into {@code <lake>/.delivery/<incarnation>/} under a fresh name,
 * synced, and linked to the object's name, which fails if something is there. Before {@code land}
 * or {@code find} answers, every directory from the object's up to the lake has been synced by this
 * process, whoever created it: another process may have died between creating and syncing it.
 *
 * <p>Readers may delete objects and remove folders that are empty then, also while objects land in
 * them. What is told as landed rests on synced names whichever landing of this store made the
 * folder again. Two things it does not see: that another process has removed a folder which this
 * one knows and made it again under the same name, without syncing that; and that a reader has
 * removed a folder in the moment between the look at it and the creation of a folder in it, which
 * makes both. After a power cut an object may then be missing that was told as landed.
 *
 * <p>A file has no user metadata, so an object is ours when length and CRC-32 of its bytes agree.
 * No sidecar keeps the mark: the key carries the salt of the process that made it, so nobody else
 * gives that name, and a stranger that is equal byte for byte does no harm. Content-Encoding and
 * number of records are not kept.
 *
 * <p>Blocking work runs on a pool of the scheduler, and stages complete from there, also when an
 * {@link Error} ends it.
 */
public final class DirectoryStore implements ObjectStore, StoreProbe, ObjectListing {
    /** Work of ours below the lake: never a bucket. */
    static final String WORK = ".delivery";

    /** What is to be added where a new definition is the cure. */
    static final String KEPT =
            " What is recorded already keeps its bucket and key: delivery redirect leads it"
                    + " elsewhere, delivery skip gives it up.";

    /** What both a landing and a trial of the folder advise. */
    static final String NEEDS_LINKS =
            "The lake must be on one POSIX file system with hard links, buckets included.";

    /** More do not make one disk faster. */
    private static final int WIDTH = 4;

    private static final int BUFFER = 64 << 10;

    private final Disk disk;
    private final Entropy entropy;
    private final Executor pool;
    private final Path lake;
    private final boolean createBuckets;
    private final Folders folders;
    private final Copies copies;
    private final DirectoryLandings landings;
    private final DirectoryListing listing;

    private DirectoryStore(DirectorySettings settings, World world) {
        this.disk = world.disk();
        this.entropy = world.entropy();
        this.pool = world.scheduler().pool("directory", WIDTH);
        this.lake = settings.lake().toAbsolutePath().normalize();
        this.createBuckets = settings.createBuckets();
        this.folders = new Folders(disk, lake);
        this.copies = new Copies(disk, entropy, folders, lake.resolve(WORK));
        this.landings = new DirectoryLandings(disk, settings, folders, copies, pool);
        this.listing = new DirectoryListing(disk, lake, folders);
    }

    /** Touches nothing yet: the folder is made by the first landing. */
    public static DirectoryStore open(DirectorySettings settings, World world) {
        return new DirectoryStore(settings, world);
    }

    @Override
    public CompletionStage<Landing> land(
            StagedContent content,
            ObjectName name,
            ObjectAttributes attributes,
            UploadListener uploads) {
        return landings.land(content, name, attributes);
    }

    /** What the rules for names refuse; what is in the way, only a landing can say. */
    @Override
    public Optional<Denied> refusal(ObjectName name) {
        return Optional.ofNullable(ObjectFile.unfit(name));
    }

    @Override
    public CompletionStage<Found> find(
            ObjectName name, ObjectAttributes attributes, StagedContent content) {
        return on(
                () -> {
                    if (ObjectFile.unfit(name) != null) {
                        return Found.ABSENT;
                    }
                    try {
                        return look(ObjectFile.path(lake, name), attributes, content);
                    } catch (NotOursException | FileInTheWayException e) {
                        return Found.ABSENT; // what is in the way, landing will say
                    } catch (AccessDeniedException e) {
                        return Found.FORBIDDEN;
                    } catch (IOException e) {
                        return Refusals.isTooLong(e)
                                        || Refusals.isNoName(e, lake.resolve(name.bucket()))
                                ? Found.ABSENT // no file can have that name
                                : Found.unknown("the look failed: " + FailureText.of(e));
                    }
                });
    }

    private Found look(Path file, ObjectAttributes attributes, StagedContent content)
            throws IOException {
        folders.refuseLinks(file);
        copies.remove(attributes);
        if (!disk.exists(file)) {
            return Found.ABSENT;
        }
        if (folders.isDirectory(file)) {
            return Found.ABSENT; // of objects below it: there is no object of this name
        }
        try (DiskFile there = disk.open(file)) {
            if (there.length() != content.length()) {
                return Found.stranger("a file of %d bytes".formatted(there.length()));
            }
            int crc32 = crc32(there);
            if (crc32 != content.crc32()) {
                return Found.stranger(
                        "a file of %d bytes with the checksum %08x"
                                .formatted(there.length(), crc32));
            }
            there.sync(); // whoever linked it: what counts is what we have seen synced
        } catch (NoSuchFileException e) {
            return Found.ABSENT; // moved away at this moment
        }
        folders.makeDurable(file.getParent());
        disk.syncDirectory(file.getParent());
        return Found.OURS;
    }

    private static int crc32(DiskFile there) throws IOException {
        CRC32 crc = new CRC32();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long at = 0;
        for (int count; (count = there.read(buffer.clear(), at)) >= 0; at += count) {
            crc.update(buffer.flip());
        }
        return (int) crc.getValue();
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

    @Override
    public List<Finding> probe(String bucket, String prefix) {
        return new DirectoryTrials(disk, entropy, lake, landings::landNow, this::lookNow)
                .run(bucket, prefix);
    }

    private Found lookNow(ObjectName name, ObjectAttributes attributes, StagedContent content)
            throws IOException {
        return look(ObjectFile.path(lake, name), attributes, content);
    }

    @Override
    public BucketState bucket(String bucket) {
        try {
            if (ObjectFile.unfit(new ObjectName(bucket, "x")) != null) {
                return BucketState.MISSING;
            }
            return createBuckets || disk.exists(lake.resolve(bucket))
                    ? BucketState.PRESENT
                    : BucketState.MISSING;
        } catch (AccessDeniedException e) {
            return BucketState.FORBIDDEN;
        } catch (IOException e) {
            return BucketState.UNKNOWN;
        }
    }

    @Override
    public List<Look> look(List<ObjectName> names, Depth depth) {
        return names.stream().map(name -> listing.look(name, depth)).toList();
    }

    /** A file has no metadata. */
    @Override
    public boolean keepsMarks() {
        return false;
    }

    @Override
    public void list(String bucket, String prefix, Consumer<Listed> visitor) throws IOException {
        listing.list(bucket, prefix, visitor);
    }

    /** There are none. */
    @Override
    public Uploads uploads(String bucket, String prefix) {
        return new Uploads(List.of(), Optional.empty());
    }

    /** There are none. */
    @Override
    public void endUpload(ObjectName name, String uploadId) {}

    /** Nothing is held open. The pool belongs to the world. */
    @Override
    public void close() {}

    private <T> CompletionStage<T> on(Callable<T> step) {
        CompletableFuture<T> result = new CompletableFuture<>();
        pool.execute(
                () -> {
                    T answer;
                    try {
                        answer = step.call();
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                        return;
                    }
                    result.complete(answer);
                });
        return result;
    }
}
