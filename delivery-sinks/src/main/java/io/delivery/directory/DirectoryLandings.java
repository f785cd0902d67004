package io.delivery.directory;

import io.delivery.failure.FailureText;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.Landing.Denied;
import io.delivery.landing.ObjectStore.Landing.Landed;
import io.delivery.landing.ObjectStore.Landing.Occupied;
import io.delivery.landing.ObjectStore.Landing.Unknown;
import io.delivery.record.ObjectName;
import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.StagedContent;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.zip.CRC32;

/**
 * Lands objects, a few of those that wait at a time: they share the syncs of directories that they
 * have in common. What happens to one of them happens to no other.
 *
 * <pre>
 *  each:  make its folders          all:  sync the directories that folders were made in
 *  each:  copy, sync, link          all:  sync the folders of what was linked
 *  each:  delete the copy           each: answer
 * </pre>
 *
 * <p>No folder's name is needed before its object is linked, and no object is told as landed before
 * all names on the way to it are durable. Thread-safe.
 */
final class DirectoryLandings {
    /**
     * More of them share more syncs, and have the first one wait longer for its answer. As many
     * groups as there are threads leave no thread without work when all slots of the landings are
     * taken.
     */
    private static final int GROUP = 4;

    /**
     * Small objects wait for no large one: a group of more than one has no more bytes than this.
     */
    private static final long GROUP_BYTES = 1 << 20;

    /** Other files of this disk, such as a journal, never wait behind more of a copy than this. */
    private static final long SYNC_BYTES = 4 << 20;

    private final Disk disk;
    private final Path lake;
    private final boolean createBuckets;
    private final Folders folders;
    private final Copies copies;
    private final Executor pool;

    /** Guarded by itself. */
    private final Deque<One> waiting = new ArrayDeque<>();

    DirectoryLandings(
            Disk disk, DirectorySettings settings, Folders folders, Copies copies, Executor pool) {
        this.disk = disk;
        this.lake = settings.lake().toAbsolutePath().normalize();
        this.createBuckets = settings.createBuckets();
        this.folders = folders;
        this.copies = copies;
        this.pool = pool;
    }

    /** Lands it on the pool, with others that wait. */
    CompletionStage<Landing> land(
            StagedContent content, ObjectName name, ObjectAttributes attributes) {
        One one = new One(content, name, attributes);
        synchronized (waiting) {
            waiting.add(one);
        }
        try {
            pool.execute(this::landWaiting);
        } catch (RuntimeException | Error e) {
            if (takeBack(one)) {
                throw e;
            }
            // Another thread has it already, and will tell.
        }
        return one.result;
    }

    private boolean takeBack(One one) {
        synchronized (waiting) {
            return waiting.remove(one);
        }
    }

    /** Lands it on this thread, alone. */
    Landing landNow(StagedContent content, ObjectName name, ObjectAttributes attributes)
            throws IOException {
        One one = new One(content, name, attributes);
        land(List.of(one));
        if (one.failure instanceof IOException damaged) {
            throw damaged;
        }
        return one.result.join();
    }

    /** There may be none left: each object asks for a thread, and a thread takes several. */
    private void landWaiting() {
        List<One> group = new ArrayList<>(GROUP);
        synchronized (waiting) {
            long bytes = 0;
            while (group.size() < GROUP
                    && !waiting.isEmpty()
                    && (group.isEmpty() || bytes + waiting.peek().length <= GROUP_BYTES)) {
                One next = waiting.poll();
                group.add(next);
                bytes += next.length;
            }
        }
        land(group);
    }

    /** Whatever is thrown, each of them has its answer in the end: it holds a slot until then. */
    private void land(List<One> group) {
        try {
            takeSteps(group);
        } catch (Throwable e) {
            for (One one : group) {
                one.result.completeExceptionally(e);
            }
        }
    }

    private void takeSteps(List<One> group) {
        SharedSyncs names = new SharedSyncs();
        SharedSyncs links = new SharedSyncs();
        group.forEach(one -> one.go(one::makeFolders));
        long made = folders.now();
        group.forEach(one -> one.go(() -> one.syncNames(names, made)));
        group.forEach(One::copyAndLinkOrDelete);
        group.forEach(one -> one.go(() -> one.syncLink(links)));
        group.forEach(One::deleteCopy);
        group.forEach(One::tell);
    }

    /** Syncs each directory once, behind all that the group has done in it. */
    private final class SharedSyncs {
        private final Map<Path, Optional<IOException>> done = new HashMap<>();

        /** A second sync would prove nothing after one that has failed. */
        void sync(Path directory) throws IOException {
            Optional<IOException> failure = done.get(directory);
            if (failure == null) {
                failure = Optional.of(new IOException("the sync of " + directory + " broke off"));
                done.put(directory, failure);
                try {
                    disk.syncDirectory(directory);
                    failure = Optional.empty();
                } catch (IOException e) {
                    failure = Optional.of(e);
                }
                done.put(directory, failure);
            }
            if (failure.isPresent()) {
                throw failure.get();
            }
        }
    }

    @FunctionalInterface
    private interface Step {
        /** Null unless it has decided what becomes of the object. */
        Landing run() throws IOException;
    }

    /** One object on its way. Belongs to the thread that lands it. */
    private final class One {
        private final StagedContent content;
        private final ObjectName name;
        private final ObjectAttributes attributes;
        private final long length;
        private final CompletableFuture<Landing> result = new CompletableFuture<>();

        /** Its folders whose names are not known to be durable yet. */
        private List<Path> made = List.of();

        private Path file;

        /** Null before there can be one. */
        private Path copy;

        /** Whether something has its name: what fails from then on is no refusal. */
        private boolean mayBeVisible;

        /** Null until something has decided it, as is the failure. */
        private Landing answer;

        private Throwable failure;

        One(StagedContent content, ObjectName name, ObjectAttributes attributes) {
            this.content = content;
            this.name = name;
            this.attributes = attributes;
            this.length = content.length();
        }

        /** Takes a step, unless an earlier one has decided what becomes of it. */
        void go(Step step) {
            if (isDecided()) {
                return;
            }
            try {
                answer = answerOf(step);
            } catch (Throwable e) {
                failure = e;
            }
        }

        /** Null when the step has decided nothing. */
        private Landing answerOf(Step step) throws DamagedStagingException {
            try {
                return step.run();
            } catch (DamagedStagingException e) {
                throw e;
            } catch (IOException e) {
                return meaning(e);
            }
        }

        private boolean isDecided() {
            return answer != null || failure != null;
        }

        /** Whoever hears a refusal may give the key up at once. */
        private Landing meaning(IOException e) {
            return mayBeVisible
                    ? new Unknown("linked, and then failed: " + FailureText.of(e))
                    : Refusals.meaning(e, lake.resolve(name.bucket()));
        }

        Landing makeFolders() throws IOException {
            Denied unfit = ObjectFile.unfit(name);
            if (unfit != null) {
                return unfit;
            }
            Path bucket = lake.resolve(name.bucket());
            if (!createBuckets && !disk.exists(bucket)) {
                return new Denied(
                        "NoSuchBucket",
                        "there is no directory " + bucket,
                        "Create the directory, or set createBuckets: true." + DirectoryStore.KEPT);
            }
            file = ObjectFile.path(lake, name);
            made = folders.make(file.getParent());
            return null;
        }

        /**
         * @param before when all folders of the group were made, and none of the syncs
         */
        Landing syncNames(SharedSyncs syncs, long before) throws IOException {
            for (Path folder : made) {
                syncs.sync(folder.getParent());
                folders.nameIsDurable(folder, before);
            }
            return null;
        }

        /** A copy that was not linked is of no use, and the next ones may need its room. */
        void copyAndLinkOrDelete() {
            go(this::copyAndLink);
            if (isDecided()) {
                deleteCopy();
            }
        }

        private Landing copyAndLink() throws IOException {
            // A folder that was new a moment ago is empty, or the link says so.
            if (made.isEmpty()) {
                folders.refuseLinks(file);
                if (disk.exists(file)) {
                    return occupied(file);
                }
            }
            copy = copies.fresh(attributes);
            try (DiskFile target = copies.create(copy)) {
                copy(content, target);
                target.sync();
            }
            try {
                // Another name for the same synced bytes: visible whole or not at all.
                link(copy, file);
                mayBeVisible = true;
                return null;
            } catch (FileAlreadyExistsException e) {
                folders.refuseLinks(file);
                mayBeVisible = true;
                return occupied(file);
            }
        }

        /** The folder may be another one than that whose name was durable at the beginning. */
        Landing syncLink(SharedSyncs syncs) throws IOException {
            Path folder = file.getParent();
            syncs.sync(folder);
            if (!folders.areDurable(folder)) {
                folders.makeDurable(folder);
            }
            return null;
        }

        /** One of two names by now, or of no use. */
        void deleteCopy() {
            if (copy == null) {
                return;
            }
            Path useless = copy;
            copy = null;
            try {
                delete(useless);
            } catch (Throwable e) {
                failure = failure == null ? e : failure;
            }
        }

        private void delete(Path useless) {
            try {
                disk.delete(useless);
            } catch (IOException e) {
                if (mayBeVisible || !isDecided()) {
                    answer = meaning(e);
                }
            }
        }

        void tell() {
            go(() -> new Landed(length + " bytes"));
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                result.complete(answer);
            }
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
                        "CrossDevice",
                        file + " is not on the file system of " + copy.getParent().getParent(),
                        e);
            }
            // EPERM, link(2): "the filesystem does not support the creation of hard links"
            if (reason.contains("Operation not permitted") || reason.contains("not supported")) {
                throw new NoLinkException("NoHardLinks", file + " cannot be a hard link", e);
            }
            throw e;
        }
    }

    private static void copy(StagedContent content, DiskFile target) throws IOException {
        Copying copying = new Copying(target);
        try (InputStream in = content.open()) {
            in.transferTo(copying);
        }
        int crc32 = (int) copying.crc.getValue();
        if (copying.length != content.length() || crc32 != content.crc32()) {
            throw new DamagedStagingException(
                    "staged bytes are %d with checksum %08x, recorded were %d with %08x"
                            .formatted(copying.length, crc32, content.length(), content.crc32()));
        }
    }

    /** Writes a copy and takes its checksum. */
    private static final class Copying extends OutputStream {
        private final DiskFile target;
        private final CRC32 crc = new CRC32();
        private long length;
        private long synced;

        Copying(DiskFile target) {
            this.target = target;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            crc.update(bytes, from, count);
            target.write(ByteBuffer.wrap(bytes, from, count), length);
            length += count;
            if (length - synced >= SYNC_BYTES) {
                target.sync();
                synced = length;
            }
        }
    }

    /** A file is for the caller to look at; a directory will be in the way for ever. */
    private Landing occupied(Path file) throws IOException {
        if (folders.isDirectory(file)) {
            return Denied.ofTheKey(
                    "KeyIsDirectory",
                    "there are objects below " + file + "/, so it cannot be an object itself",
                    Refusals.IN_THE_WAY);
        }
        return new Occupied();
    }
}
