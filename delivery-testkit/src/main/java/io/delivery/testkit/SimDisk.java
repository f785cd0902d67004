package io.delivery.testkit;

import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A disk in memory that keeps exactly what the port promises and not a bit more.
 *
 * <p>After {@link #kill()} everything written is there. After {@link #powerCut()} a random part of
 * what was not synced is gone: of each file's writes since its last sync some are lost, some torn,
 * some kept, in no order; of each directory's creations, renames, links and deletions since its
 * last sync some are lost. A rename within one directory is lost or kept as a whole; one between
 * directories is two changes, each lost or kept with its own directory. A file whose name is lost
 * is lost, synced or not. After a failed sync what was written before it is lost in part for good,
 * though it can still be read until the power goes; no later sync brings it back.
 *
 * <p>Both mean the death of the process: from then on every call and every open file throws {@link
 * SimulatedCrash} until {@link #restart()}, and files opened before go on doing so.
 *
 * <p>Thread-safe. All faults are drawn from the given random bits.
 */
public final class SimDisk implements Disk {
    private static final long DEFAULT_CAPACITY = 1L << 40;
    private static final int SECTOR = 512;

    private final SimEntropy chance;
    private final Directory root = new Directory();
    private Runnable onCrash = () -> {};
    private boolean dead;
    private long life;
    private long mutations;
    private long turningPoints;
    private long crashAt = Long.MAX_VALUE;
    private long capacity = DEFAULT_CAPACITY;
    private boolean readOnly;
    private Runnable duringNextSync;
    private ReadListener onRead = offset -> {};
    private final List<Fault> faults = new ArrayList<>();
    private Consumer<DiskCall> onCall = call -> {};
    private Consumer<String> onFault = fault -> {};
    private DiskCall last;

    private static final Predicate<DiskCall> NEXT_WRITE =
            call -> call.kind() == DiskCall.Kind.WRITE || call.kind() == DiskCall.Kind.ALLOCATE;

    private static final Predicate<DiskCall> NEXT_SYNC = call -> call.kind() == DiskCall.Kind.SYNC;

    private static final Predicate<DiskCall> NEXT_DIRECTORY_SYNC =
            call -> call.kind() == DiskCall.Kind.SYNC_DIRECTORY;

    /** A failure that waits for its call. */
    private record Fault(Predicate<DiskCall> where, IOException failure, boolean once) {}

    public SimDisk(SimEntropy chance) {
        this.chance = chance;
    }

    // ---------------------------------------------------------------- life and death

    /** The process dies. What it wrote is there, synced or not. */
    public synchronized void kill() {
        if (!dead) {
            die();
        }
    }

    /**
     * The power goes: the process dies, and what was not synced is lost, torn or kept by chance.
     */
    public synchronized void powerCut() {
        kill();
        forget(root, identitySet(), false);
    }

    /** The power goes and nothing that was not synced survives. */
    public synchronized void powerCutLosingAllUnsynced() {
        kill();
        forget(root, identitySet(), true);
    }

    /** A new process may use the disk. */
    public synchronized void restart() {
        kill();
        dead = false;
        crashAt = Long.MAX_VALUE;
    }

    /** Whether the process that used the disk is dead. */
    public synchronized boolean crashed() {
        return dead;
    }

    /** Whether it died in a call that it was told to die in, not from outside. */
    public synchronized boolean crashedInCall() {
        return dead && mutations >= crashAt;
    }

    /** What else happens at the moment of a crash. */
    public synchronized void onCrash(Runnable listener) {
        onCrash = listener;
    }

    /**
     * Lets the process die in the n-th mutating call from now, before that call has its effect; a
     * write may have had a part of its effect. 1 is the next call. What follows the crash is the
     * caller's choice: {@link #powerCut()} or just {@link #restart()}.
     */
    public synchronized void crashAfter(long mutatingCalls) {
        if (mutatingCalls < 1) {
            throw new IllegalArgumentException("at least 1, was " + mutatingCalls);
        }
        crashAt = mutations + mutatingCalls;
    }

    /** Mutating calls so far: creations, writes, syncs and so on, failed ones included. */
    public synchronized long mutations() {
        return mutations;
    }

    /**
     * Syncs, deletions and renames so far: the calls that change what is durable or take something
     * away.
     */
    public synchronized long turningPoints() {
        return turningPoints;
    }

    private void die() {
        dead = true;
        life++;
        onCrash.run();
    }

    private void alive() {
        if (dead) {
            throw new SimulatedCrash("the process is dead");
        }
    }

    /** Counts a mutating call. True when the process dies in it. */
    private boolean lastMutation(DiskCall.Kind kind, Path path) throws IOException {
        alive();
        if (readOnly) {
            throw new IOException("Read-only file system");
        }
        mutations++;
        last = new DiskCall(kind, absolute(path));
        turningPoints +=
                switch (kind) {
                    case SYNC, SYNC_DIRECTORY, DELETE, RENAME -> 1;
                    default -> 0;
                };
        onCall.accept(last);
        alive();
        return mutations >= crashAt;
    }

    /** A call that has its effect as a whole or not at all. */
    private void mutation(DiskCall.Kind kind, Path path) throws IOException {
        if (lastMutation(kind, path)) {
            throw crash();
        }
        IOException failure = kind == DiskCall.Kind.SYNC ? null : planned();
        if (failure != null) {
            throw failure;
        }
    }

    private SimulatedCrash crash() {
        die();
        return new SimulatedCrash("crash at mutating call " + mutations + ", " + last);
    }

    /** The failure that waits for the present call; null when none does. */
    private IOException planned() {
        for (Fault fault : faults) {
            if (fault.where.test(last)) {
                if (fault.once) {
                    faults.remove(fault);
                }
                onFault.accept(
                        last.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " failed");
                return fault.failure;
            }
        }
        return null;
    }

    // ---------------------------------------------------------------- faults

    /** Nothing fails any more, and no crash is ahead. */
    public synchronized void noMoreFaults() {
        faults.clear();
        readOnly = false;
        duringNextSync = null;
        onRead = offset -> {};
        roomAgain();
        crashAt = Long.MAX_VALUE;
    }

    /**
     * Lets the next call fail that fits. A write may have had a part of its effect; after a sync,
     * what was not synced before it may never be.
     */
    public synchronized void failNext(Predicate<DiskCall> where, IOException failure) {
        faults.add(new Fault(where, failure, true));
    }

    /** Lets every call fail that fits, until {@link #noMoreFaults()}. */
    public synchronized void failEvery(Predicate<DiskCall> where, IOException failure) {
        faults.add(new Fault(where, failure, false));
    }

    /** Lets the next write or allocation fail, after a random part of it. */
    public void failNextWrite(IOException failure) {
        failNextOnly(NEXT_WRITE, failure);
    }

    /** Lets the next sync of a file fail. What was not synced before it may never be. */
    public void failNextSync(IOException failure) {
        failNextOnly(NEXT_SYNC, failure);
    }

    /** Lets the next sync of a directory fail. */
    public void failNextDirectorySync(IOException failure) {
        failNextOnly(NEXT_DIRECTORY_SYNC, failure);
    }

    /** One failure of a kind waits at a time. */
    private synchronized void failNextOnly(Predicate<DiskCall> where, IOException failure) {
        faults.removeIf(fault -> fault.where == where);
        failNext(where, failure);
    }

    /** Told of each mutating call before it has any effect; may let time pass. */
    public synchronized void onCall(Consumer<DiskCall> listener) {
        onCall = listener;
    }

    /** Told of each fault that hits a call, e.g. {@code sync failed}. */
    public synchronized void onFault(Consumer<String> listener) {
        onFault = listener;
    }

    /** Every mutating call fails from now on, as after the kernel has remounted a sick disk. */
    public synchronized void remountReadOnly() {
        readOnly = true;
    }

    /** Mutating calls work again. */
    public synchronized void remountWritable() {
        readOnly = false;
    }

    /** What happens in the world while the next sync of a file takes its time. */
    public synchronized void duringNextSync(Runnable meanwhile) {
        duringNextSync = meanwhile;
    }

    /** What happens in the world before a read of a file has its bytes; may let it fail. */
    @FunctionalInterface
    public interface ReadListener {
        /** A read begins here. */
        void read(long offset) throws IOException;
    }

    /** Told of each read. */
    public synchronized void onRead(ReadListener listener) {
        onRead = listener;
    }

    /** The disk is full once files have grown by this many bytes. */
    public synchronized void fullAfter(long bytes) {
        capacity = usedBytes() + bytes;
    }

    /** There is room again. */
    public synchronized void roomAgain() {
        capacity = DEFAULT_CAPACITY;
    }

    /** The sum of the lengths of all files that have a name. */
    public synchronized long usedBytes() {
        Set<Node> seen = identitySet();
        return usedBytes(root, seen);
    }

    private static long usedBytes(Directory directory, Set<Node> seen) {
        long sum = 0;
        for (Node node : directory.entries.values()) {
            if (seen.add(node)) {
                sum +=
                        node instanceof Directory d
                                ? usedBytes(d, seen)
                                : ((File) node).seen.length();
            }
        }
        return sum;
    }

    // ---------------------------------------------------------------- a look behind the port

    /** The bytes of a file as they would be read now. */
    public synchronized byte[] bytes(Path path) throws IOException {
        return file(path).seen.toArray();
    }

    /** Puts a file there, or other bytes into it, durably and without being counted. */
    public synchronized void plant(Path path, byte[] bytes) throws IOException {
        Path at = absolute(path);
        Directory above = root;
        for (Path name : at.getParent() == null ? List.<Path>of() : at.getParent()) {
            Node next = above.entries.get(name);
            if (next == null) {
                next = new Directory();
                above.plant(name, next);
            }
            above = (Directory) next;
        }
        File file = above.entries.get(at.getFileName()) instanceof File f ? f : new File();
        file.seen.truncate(0);
        file.seen.write(0, bytes, 0, bytes.length);
        file.settle();
        above.plant(at.getFileName(), file);
    }

    /** Takes a file away, durably, with whatever else was done to its directory. */
    public synchronized void lose(Path path) throws IOException {
        Path at = absolute(path);
        file(path); // it must be there
        parent(at).lose(at.getFileName());
    }

    /** Turns one bit over, durably. Bit 0 is the lowest of the first byte. */
    public synchronized void flipBit(Path path, long bit) throws IOException {
        File file = file(path);
        byte[] one = new byte[1];
        file.seen.read(bit / 8, one, 0, 1);
        one[0] ^= (byte) (1 << (bit % 8));
        file.seen.write(bit / 8, one, 0, 1);
        file.settle();
    }

    /** Cuts a file to this length, durably and without being counted. */
    public synchronized void cut(Path path, long length) throws IOException {
        File file = file(path);
        file.seen.truncate(length);
        file.settle();
    }

    /** Copies a directory with everything in it, durably and without being counted. */
    public synchronized void copy(Path from, Path to) throws IOException {
        for (Map.Entry<Path, Node> entry :
                new TreeMap<>(((Directory) node(absolute(from))).entries).entrySet()) {
            Path target = to.resolve(entry.getKey());
            if (entry.getValue() instanceof File file) {
                plant(target, file.seen.toArray());
            } else {
                copy(from.resolve(entry.getKey()), target);
            }
        }
    }

    /**
     * The disk as it would be read if the power went now and nothing survived that was not synced.
     * Only for reading; asked to delete, it does nothing. Usable also after the process has died.
     */
    public Disk durable() {
        return new DurableDisk(this);
    }

    /** Changes whenever the durable bytes of this name do; null when no such file is durable. */
    public synchronized Object durableStamp(Path path) {
        return durableNode(path) instanceof File file ? new Stamp(file, file.version) : null;
    }

    private record Stamp(File file, long version) {}

    /** The durable bytes of a file; null when there is none. */
    synchronized byte[] durableBytes(Path path) {
        return durableNode(path) instanceof File file ? file.durable.toArray() : null;
    }

    /** The durable names in a directory; null when it is none. */
    synchronized List<Path> durableNames(Path path) {
        return durableNode(path) instanceof Directory directory
                ? List.copyOf(directory.durable.keySet())
                : null;
    }

    private Node durableNode(Path path) {
        Node node = root;
        for (Path name : absolute(path)) {
            if (!(node instanceof Directory directory)) {
                return null;
            }
            node = directory.durable.get(name);
        }
        return node;
    }

    // ---------------------------------------------------------------- the port

    @Override
    public synchronized DiskFile create(Path path) throws IOException {
        mutation(DiskCall.Kind.CREATE, path);
        Path at = absolute(path);
        Directory directory = parent(at);
        if (directory.entries.containsKey(at.getFileName())) {
            throw new FileAlreadyExistsException(path.toString());
        }
        if (usedBytes() >= capacity) {
            throw full(path);
        }
        File file = new File();
        directory.change(at.getFileName(), file);
        return new Handle(path, file, true);
    }

    @Override
    public synchronized DiskFile open(Path path) throws IOException {
        alive();
        return new Handle(path, file(path), true);
    }

    @Override
    public synchronized DiskFile openReadOnly(Path path) throws IOException {
        alive();
        return new Handle(path, file(path), false);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        mutation(DiskCall.Kind.RENAME, to);
        Path source = absolute(from);
        Path target = absolute(to);
        Directory old = parent(source);
        Directory next = parent(target);
        Node node = old.entries.get(source.getFileName());
        if (node == null) {
            throw new NoSuchFileException(from.toString());
        }
        Node replaced = next.entries.get(target.getFileName());
        if (replaced == node) {
            return; // two names of one file: rename(2) leaves both
        }
        if (replaced instanceof Directory d && !d.entries.isEmpty()) {
            throw new DirectoryNotEmptyException(to.toString());
        }
        if (replaced != null && replaced instanceof Directory != node instanceof Directory) {
            throw new FileSystemException(
                    to.toString(), null, "file and directory do not replace each other");
        }
        if (old == next) {
            old.moved(source.getFileName(), target.getFileName(), node);
        } else {
            next.change(target.getFileName(), node);
            old.change(source.getFileName(), null);
        }
    }

    @Override
    public synchronized void link(Path existing, Path name) throws IOException {
        mutation(DiskCall.Kind.LINK, name);
        File file = file(existing);
        Path at = absolute(name);
        Directory directory = parent(at);
        if (directory.entries.containsKey(at.getFileName())) {
            throw new FileAlreadyExistsException(name.toString());
        }
        directory.change(at.getFileName(), file);
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        mutation(DiskCall.Kind.DELETE, path);
        Path at = absolute(path);
        if (!(node(at.getParent()) instanceof Directory directory)) {
            return;
        }
        Node node = directory.entries.get(at.getFileName());
        if (node instanceof Directory d && !d.entries.isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        if (node != null) {
            directory.change(at.getFileName(), null);
        }
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        mutation(DiskCall.Kind.CREATE_DIRECTORIES, directory);
        Directory above = root;
        for (Path name : absolute(directory)) {
            Node next = above.entries.get(name);
            if (next instanceof File) {
                throw new FileAlreadyExistsException(directory.toString());
            }
            if (next == null) {
                next = new Directory();
                above.change(name, next);
            }
            above = (Directory) next;
        }
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        mutation(DiskCall.Kind.SYNC_DIRECTORY, directory);
        Node node = node(absolute(directory));
        if (node == null) {
            throw new NoSuchFileException(directory.toString());
        }
        if (!(node instanceof Directory d)) {
            throw new NotDirectoryException(directory.toString());
        }
        d.settle();
    }

    @Override
    public synchronized boolean exists(Path path) {
        alive();
        return node(absolute(path)) != null;
    }

    @Override
    public synchronized List<Path> list(Path directory) throws IOException {
        alive();
        Node node = node(absolute(directory));
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof Directory d)) {
            throw new NotDirectoryException(directory.toString());
        }
        return d.entries.keySet().stream().map(directory::resolve).toList();
    }

    @Override
    public synchronized OptionalLong usableBytes(Path directory) {
        alive();
        return OptionalLong.of(Math.max(0, capacity - usedBytes()));
    }

    // ---------------------------------------------------------------- names

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private Node node(Path absolute) {
        Node node = root;
        for (Path name : absolute == null ? List.<Path>of() : absolute) {
            if (!(node instanceof Directory directory)) {
                return null;
            }
            node = directory.entries.get(name);
        }
        return node;
    }

    private Directory parent(Path absolute) throws IOException {
        Node node = absolute.getParent() == null ? null : node(absolute.getParent());
        if (node instanceof Directory directory) {
            return directory;
        }
        throw node == null
                ? new NoSuchFileException(absolute.toString())
                : new FileSystemException(absolute.toString(), null, "Not a directory");
    }

    private File file(Path path) throws IOException {
        Node node = node(absolute(path));
        if (node == null) {
            throw new NoSuchFileException(path.toString());
        }
        if (node instanceof File file) {
            return file;
        }
        throw new FileSystemException(path.toString(), null, "Is a directory");
    }

    private static <T> Set<T> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private DiskFullException full(Path path) {
        onFault.accept("disk full");
        return new DiskFullException("no space left for " + path, null);
    }

    // ---------------------------------------------------------------- what survives

    private void forget(Directory directory, Set<Node> done, boolean everything) {
        if (!done.add(directory)) {
            return;
        }
        directory.forget(everything);
        for (Node node : directory.entries.values()) {
            if (node instanceof Directory d) {
                forget(d, done, everything);
            } else if (done.add(node)) {
                ((File) node).forget(everything);
            }
        }
    }

    private sealed interface Node permits File, Directory {}

    private static void apply(Map<Path, Node> entries, Map<Path, Node> change) {
        change.forEach(
                (name, node) -> {
                    if (node == null) {
                        entries.remove(name);
                    } else {
                        entries.put(name, node);
                    }
                });
    }

    private final class Directory implements Node {
        private TreeMap<Path, Node> entries = new TreeMap<>();
        private TreeMap<Path, Node> durable = new TreeMap<>();

        /** Changes since the last sync; each is kept or lost as a whole. Null removes a name. */
        private final List<Map<Path, Node>> unsynced = new ArrayList<>();

        void change(Path name, Node node) {
            Map<Path, Node> change = new TreeMap<>();
            change.put(name, node);
            remember(change);
        }

        void moved(Path from, Path to, Node node) {
            Map<Path, Node> change = new TreeMap<>();
            change.put(from, null);
            change.put(to, node);
            remember(change);
        }

        private void remember(Map<Path, Node> change) {
            apply(entries, change);
            unsynced.add(change);
        }

        void settle() {
            durable = new TreeMap<>(entries);
            unsynced.clear();
        }

        void lose(Path name) {
            settle();
            entries.remove(name);
            durable.remove(name);
        }

        void plant(Path name, Node node) {
            entries.put(name, node);
            durable.put(name, node);
        }

        void forget(boolean everything) {
            if (unsynced.isEmpty()) {
                return;
            }
            double kept = everything ? 0 : chance.nextDouble();
            TreeMap<Path, Node> survivors = new TreeMap<>(durable);
            for (Map<Path, Node> change : unsynced) {
                if (chance.chance(kept)) {
                    apply(survivors, change);
                }
            }
            entries = survivors;
            settle();
        }
    }

    /** A change of a file's bytes: a write, a cut (bytes null) or an extension by zeros. */
    private record Change(long position, byte[] bytes, boolean cut) {
        void applyTo(SimBytes target) {
            if (bytes != null) {
                target.write(position, bytes, 0, bytes.length);
            } else if (cut) {
                target.truncate(position);
            } else {
                target.extend(position);
            }
        }
    }

    private final class File implements Node {
        private SimBytes seen = new SimBytes();
        private SimBytes durable = new SimBytes();
        private final List<Change> unsynced = new ArrayList<>();
        private long version;

        void change(Change change) {
            change.applyTo(seen);
            unsynced.add(change);
        }

        void sync() {
            version++;
            unsynced.forEach(change -> change.applyTo(durable));
            unsynced.clear();
        }

        void settle() {
            version++;
            durable = seen.copy();
            unsynced.clear();
        }

        /** Writes a random part of what is not synced to the medium and gives the rest up. */
        void syncInPart(double kept) {
            version++;
            for (Change change : unsynced) {
                if (chance.chance(kept)) {
                    change.applyTo(durable);
                } else if (change.bytes != null && kept > 0 && chance.chance(0.5)) {
                    tear(change);
                }
            }
            unsynced.clear();
        }

        /** Some of the write's bytes: its beginning, or some of its sectors. */
        private void tear(Change write) {
            int length = write.bytes.length;
            if (chance.chance(0.5)) {
                durable.write(write.position, write.bytes, 0, chance.below(length + 1));
                return;
            }
            for (int at = 0; at < length; ) {
                int end = (int) Math.min(length, at + SECTOR - (write.position + at) % SECTOR);
                if (chance.chance(0.5)) {
                    durable.write(write.position + at, write.bytes, at, end - at);
                }
                at = end;
            }
        }

        void forget(boolean everything) {
            if (everything) {
                unsynced.clear();
            } else {
                syncInPart(chance.chance(0.2) ? 1 : chance.nextDouble());
            }
            seen = durable.copy();
        }
    }

    private final class Handle implements DiskFile {
        private final Path path;
        private final File file;
        private final boolean writable;
        private final long bornIn = life;
        private boolean closed;

        Handle(Path path, File file, boolean writable) {
            this.path = path;
            this.file = file;
            this.writable = writable;
        }

        private void usable() throws IOException {
            if (dead || bornIn != life) {
                throw new SimulatedCrash("a file of a dead process: " + path);
            }
            if (closed) {
                throw new ClosedChannelException();
            }
        }

        private void writable() throws IOException {
            usable();
            if (!writable) {
                throw new NonWritableChannelException();
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (SimDisk.this) {
                usable();
                if (position < 0) {
                    throw new IllegalArgumentException("negative position " + position);
                }
                if (!target.hasRemaining()) {
                    return 0;
                }
                onRead.read(position);
                long left = file.seen.length() - position;
                if (left <= 0) {
                    return -1;
                }
                byte[] bytes = new byte[(int) Math.min(left, target.remaining())];
                file.seen.read(position, bytes, 0, bytes.length);
                target.put(bytes);
                return bytes.length;
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (SimDisk.this) {
                writable();
                if (position < 0) {
                    throw new IllegalArgumentException("negative position " + position);
                }
                boolean dies = lastMutation(DiskCall.Kind.WRITE, path);
                IOException failure = dies ? null : planned();
                int wanted = source.remaining();
                boolean fails = dies || failure != null;
                int written = fails ? chance.below(wanted + 1) : wanted;
                long grown = position + written - file.seen.length();
                long room =
                        grown <= 0 || capacity == DEFAULT_CAPACITY ? grown : capacity - usedBytes();
                boolean full = grown > Math.max(0, room);
                if (full) {
                    written = (int) Math.max(0, written - (grown - Math.max(0, room)));
                }
                byte[] bytes = new byte[written];
                source.get(bytes);
                if (written > 0) {
                    file.change(new Change(position, bytes, false));
                }
                failAsPlanned(dies, full, failure);
            }
        }

        private void failAsPlanned(boolean dies, boolean full, IOException failure)
                throws IOException {
            if (dies) {
                throw crash();
            }
            if (failure != null) {
                throw failure;
            }
            if (full) {
                throw full(path);
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (SimDisk.this) {
                usable();
                mutation(DiskCall.Kind.SYNC, path);
                if (duringNextSync != null) {
                    Runnable meanwhile = duringNextSync;
                    duringNextSync = null;
                    meanwhile.run();
                    alive();
                }
                IOException failure = planned();
                if (failure != null) {
                    // The kernel marks pages clean that it failed to write:
                    // https://wiki.postgresql.org/wiki/Fsync_Errors
                    file.syncInPart(chance.nextDouble());
                    throw failure;
                }
                file.sync();
            }
        }

        @Override
        public long length() throws IOException {
            synchronized (SimDisk.this) {
                usable();
                return file.seen.length();
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            synchronized (SimDisk.this) {
                writable();
                mutation(DiskCall.Kind.TRUNCATE, path);
                if (length < file.seen.length()) {
                    file.change(new Change(length, null, true));
                }
            }
        }

        @Override
        public void allocate(long length) throws IOException {
            synchronized (SimDisk.this) {
                writable();
                boolean dies = lastMutation(DiskCall.Kind.ALLOCATE, path);
                IOException failure = dies ? null : planned();
                long grown = length - file.seen.length();
                boolean full =
                        grown > 0 && capacity != DEFAULT_CAPACITY && grown > capacity - usedBytes();
                if (grown > 0 && !dies && !full && failure == null) {
                    file.change(new Change(length, null, false));
                }
                failAsPlanned(dies, full, failure);
            }
        }

        @Override
        public void close() throws IOException {
            synchronized (SimDisk.this) {
                closed = true;
            }
        }
    }
}
