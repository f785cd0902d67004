package io.delivery.directory;

import io.delivery.failure.FailureText;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectListing;
import io.delivery.landing.ObjectStore;
import io.delivery.landing.ObjectStore.Landing.Denied;
import io.delivery.landing.ObjectStore.Landing.Landed;
import io.delivery.landing.ObjectStore.Landing.Occupied;
import io.delivery.landing.ObjectStore.Landing.Unknown;
import io.delivery.landing.StoreProbe;
import io.delivery.record.ObjectName;
import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.StagedContent;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.DiskFullException;
import io.delivery.world.Entropy;
import io.delivery.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
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

    private static final String IN_THE_WAY =
            "Choose prefixes so that no key is the beginning of another key's path." + KEPT;

    /** What both a landing and a trial of the folder advise. */
    static final String NEEDS_LINKS =
            "The lake must be on one POSIX file system with hard links, buckets included.";

    /** More do not make one disk faster. */
    private static final int WIDTH = 4;

    private static final int BUFFER = 64 << 10;

    /** Other files of this disk, such as a journal, never wait behind more of a copy than this. */
    private static final long SYNC_BYTES = 4 << 20;

    private final Disk disk;
    private final Entropy entropy;
    private final Executor pool;
    private final Path lake;
    private final Path work;
    private final boolean createBuckets;
    private final Folders folders;
    private final DirectoryListing listing;

    private DirectoryStore(DirectorySettings settings, World world) {
        this.disk = world.disk();
        this.entropy = world.entropy();
        this.pool = world.scheduler().pool("directory", WIDTH);
        this.lake = settings.lake().toAbsolutePath().normalize();
        this.work = lake.resolve(WORK);
        this.createBuckets = settings.createBuckets();
        this.folders = new Folders(disk, lake);
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
        return on(() -> landNow(content, name, attributes));
    }

    private Landing landNow(StagedContent content, ObjectName name, ObjectAttributes attributes)
            throws DamagedStagingException {
        Denied unfit = ObjectFile.unfit(name);
        if (unfit != null) {
            return unfit;
        }
        try {
            Path bucket = lake.resolve(name.bucket());
            if (!createBuckets && !disk.exists(bucket)) {
                return new Denied(
                        "NoSuchBucket",
                        "there is no directory " + bucket,
                        "Create the directory, or set createBuckets: true." + KEPT);
            }
            Path file = ObjectFile.path(lake, name);
            folders.refuseLinks(file);
            folders.makeDurable(file.getParent());
            if (disk.exists(file)) {
                return occupied(file);
            }
            return copyAndLink(content, file, attributes);
        } catch (DamagedStagingException e) {
            throw e;
        } catch (IOException e) {
            return meaning(e, lake.resolve(name.bucket()));
        }
    }

    private Landing copyAndLink(StagedContent content, Path file, ObjectAttributes attributes)
            throws IOException {
        Path folder = work.resolve(incarnation(attributes));
        folders.refuseLinks(folder.resolve("x"));
        disk.createDirectories(folder);
        Path copy =
                folder.resolve(
                        copyPrefix(attributes) + HexFormat.of().toHexDigits(entropy.nextLong()));
        boolean mayBeVisible = false;
        try {
            try {
                try (DiskFile target = disk.create(copy)) {
                    copy(content, target);
                    target.sync();
                }
                // Another name for the same synced bytes: visible whole or not at all.
                link(copy, file);
                mayBeVisible = true;
                disk.syncDirectory(file.getParent());
                return new Landed(content.length() + " bytes");
            } catch (FileAlreadyExistsException e) {
                mayBeVisible = true;
                return occupied(file);
            } finally {
                disk.delete(copy); // one of two names by now, or of no use
            }
        } catch (IOException e) {
            if (mayBeVisible) {
                // No refusal: whoever hears one may give the key up at once.
                return new Unknown("linked, and then failed: " + FailureText.of(e));
            }
            throw e;
        }
    }

    /** Tells a folder in which links do not work from one in which this one has failed. */
    private void link(Path copy, Path file) throws IOException {
        try {
            disk.link(copy, file);
        } catch (UnsupportedOperationException e) {
            throw new NoLinkException("NoHardLinks", file + " cannot be a hard link", e);
        } catch (FileSystemException e) {
            String reason = String.valueOf(e.getReason());
            if (reason.contains("cross-device")) { // EXDEV, link(2)
                throw new NoLinkException(
                        "CrossDevice", file + " is not on the file system of " + work, e);
            }
            // EPERM, link(2): "the filesystem does not support the creation of hard links"
            if (reason.contains("Operation not permitted") || reason.contains("not supported")) {
                throw new NoLinkException("NoHardLinks", file + " cannot be a hard link", e);
            }
            throw e;
        }
    }

    private static void copy(StagedContent content, DiskFile target) throws IOException {
        byte[] buffer = new byte[BUFFER];
        CRC32 crc = new CRC32();
        long length = 0;
        long synced = 0;
        try (InputStream in = content.open()) {
            for (int count; (count = in.read(buffer)) >= 0; length += count) {
                crc.update(buffer, 0, count);
                target.write(ByteBuffer.wrap(buffer, 0, count), length);
                if (length - synced >= SYNC_BYTES) {
                    target.sync();
                    synced = length;
                }
            }
        }
        if (length != content.length() || (int) crc.getValue() != content.crc32()) {
            throw new DamagedStagingException(
                    "staged bytes are %d with checksum %08x, recorded were %d with %08x"
                            .formatted(
                                    length,
                                    (int) crc.getValue(),
                                    content.length(),
                                    content.crc32()));
        }
    }

    /** A file is for the caller to look at; a directory will be in the way for ever. */
    private Landing occupied(Path file) throws IOException {
        if (folders.isDirectory(file)) {
            return Denied.ofTheKey(
                    "KeyIsDirectory",
                    "there are objects below " + file + "/, so it cannot be an object itself",
                    IN_THE_WAY);
        }
        return new Occupied();
    }

    /**
     * @param bucket what is wrong above it is not of the key
     */
    private static Landing meaning(IOException e, Path bucket) {
        if (e instanceof NotOursException) {
            return new Denied(
                    "SymbolicLink",
                    e.getMessage(),
                    "Replace the link by a directory: the store never leaves its folder.");
        }
        if (e instanceof FileInTheWayException inTheWay) {
            return inTheWay.object().startsWith(bucket) && !inTheWay.object().equals(bucket)
                    ? Denied.ofTheKey("KeyBelowObject", e.getMessage(), IN_THE_WAY)
                    : new Denied(
                            "NotADirectory",
                            e.getMessage(),
                            "Move the file away that stands where the lake or the bucket has to be.");
        }
        if (e instanceof NoLinkException noLink) {
            return new Denied(noLink.code(), e.getMessage(), NEEDS_LINKS);
        }
        if (e instanceof AccessDeniedException
                || String.valueOf(e.getMessage()).contains("Read-only file system")) {
            return new Denied(
                    "AccessDenied",
                    "not permitted: " + FailureText.of(e),
                    "Give the user of this process the right to write below the lake.");
        }
        if (isTooLong(e)) {
            return Denied.ofTheKey(
                    "KeyTooLongError",
                    FailureText.of(e),
                    "Shorten the prefix or the lake's path." + KEPT);
        }
        if (isNoName(e, bucket)) {
            return Denied.ofTheKey(
                    "InvalidKey",
                    "the file system takes no such name: " + FailureText.of(e),
                    "Change the prefix." + KEPT);
        }
        if (e instanceof DiskFullException) {
            return new Unknown("disk full: " + FailureText.of(e));
        }
        return new Unknown(FailureText.of(e));
    }

    /** ENAMETOOLONG: a name, or the whole path with the lake's (PATH_MAX). */
    private static boolean isTooLong(IOException e) {
        return String.valueOf(e.getMessage()).contains("File name too long");
    }

    /**
     * EINVAL of a name below the bucket: "it contains characters not permitted by the underlying
     * filesystem", mkdir(2), open(2). Our own names have letters, digits and hyphens only.
     */
    private static boolean isNoName(IOException e, Path bucket) {
        return e instanceof FileSystemException refused
                && "Invalid argument".equals(refused.getReason())
                && refused.getFile() != null
                && Path.of(refused.getFile()).startsWith(bucket);
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
                        return isTooLong(e) || isNoName(e, lake.resolve(name.bucket()))
                                ? Found.ABSENT // no file can have that name
                                : Found.unknown("the look failed: " + FailureText.of(e));
                    }
                });
    }

    private Found look(Path file, ObjectAttributes attributes, StagedContent content)
            throws IOException {
        folders.refuseLinks(file);
        removeCopies(attributes);
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

    /** Copies that a dead process left. Unlinked, never opened: they may be a visible object. */
    private void removeCopies(ObjectAttributes attributes) throws IOException {
        for (Path left : disk.list(work.resolve(incarnation(attributes)))) {
            if (left.getFileName().toString().startsWith(copyPrefix(attributes))) {
                disk.delete(left);
            }
        }
    }

    /** The first part of the mark, as a directory's name. */
    private static String incarnation(ObjectAttributes attributes) {
        String mark = attributes.mark();
        int slash = mark.indexOf('/');
        return fit(slash < 0 ? mark : mark.substring(0, slash));
    }

    private static String copyPrefix(ObjectAttributes attributes) {
        return fit(attributes.mark()) + ".";
    }

    /** Whatever a mark may hold, a short file name; marks that differ keep apart by checksum. */
    private static String fit(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        String plain = text.replaceAll("[^A-Za-z0-9_-]", "-");
        return plain.substring(0, Math.min(plain.length(), 150))
                + "-"
                + HexFormat.of().toHexDigits((int) crc.getValue());
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
        return new DirectoryTrials(disk, entropy, lake, this::landNow, this::lookNow)
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
