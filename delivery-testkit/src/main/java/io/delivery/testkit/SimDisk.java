package io.delivery.testkit;

import io.delivery.testkit.SimTree.Directory;
import io.delivery.testkit.SimTree.File;
import io.delivery.testkit.SimTree.Node;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
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

    private final SimEntropy chance;
    private final SimTree tree;

    /** What the present process has open; the handles add and remove themselves. */
    final Set<SimHandle> handles = new LinkedHashSet<>();

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
    private final SimFaults faults = new SimFaults();
    private Consumer<DiskCall> onCall = call -> {};
    private DiskCall last;

    public SimDisk(SimEntropy chance) {
        this.chance = chance;
        this.tree = new SimTree(chance);
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
        tree.forget(false);
    }

    /** The power goes and nothing that was not synced survives. */
    public synchronized void powerCutLosingAllUnsynced() {
        kill();
        tree.forget(true);
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
        handles.clear();
        onCrash.run();
    }

    private void alive() {
        if (dead) {
            throw new SimulatedCrash("the process is dead");
        }
    }

    /** Counts a mutating call. True when the process dies in it. */
    boolean lastMutation(DiskCall.Kind kind, Path path) throws IOException {
        alive();
        if (readOnly) {
            throw new IOException("Read-only file system");
        }
        mutations++;
        last = new DiskCall(kind, SimTree.absolute(path));
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
    void mutation(DiskCall.Kind kind, Path path) throws IOException {
        if (lastMutation(kind, path)) {
            throw crash();
        }
        IOException failure = kind == DiskCall.Kind.SYNC ? null : planned();
        if (failure != null) {
            throw failure;
        }
    }

    SimulatedCrash crash() {
        die();
        return new SimulatedCrash("crash at mutating call " + mutations + ", " + last);
    }

    /** The failure that waits for the present call; null when none does. */
    IOException planned() {
        return faults.of(last);
    }

    // ---------------------------------------------------------------- for its open files

    /** Which process uses it: a number. */
    long life() {
        return life;
    }

    SimEntropy chance() {
        return chance;
    }

    /** A read of a file begins here. */
    void reads(long position) throws IOException {
        onRead.read(position);
    }

    /** How much of so many more bytes there is room for; at least 0. */
    long roomFor(long grown) {
        return grown <= 0 || capacity == DEFAULT_CAPACITY
                ? Math.max(0, grown)
                : Math.max(0, capacity - usedBytes());
    }

    /** What was to happen while a sync takes its time happens. */
    void takesTimeToSync() {
        if (duringNextSync != null) {
            Runnable meanwhile = duringNextSync;
            duringNextSync = null;
            meanwhile.run();
            alive();
        }
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
        faults.add(where, failure);
    }

    /** Lets every call fail that fits, until {@link #noMoreFaults()}. */
    public synchronized void failEvery(Predicate<DiskCall> where, IOException failure) {
        faults.addForEvery(where, failure);
    }

    /** Lets the next write or allocation fail, after a random part of it. */
    public synchronized void failNextWrite(IOException failure) {
        faults.replace(SimFaults.WRITE, failure);
    }

    /** Lets the next sync of a file fail. What was not synced before it may never be. */
    public synchronized void failNextSync(IOException failure) {
        faults.replace(SimFaults.SYNC, failure);
    }

    /** Lets the next sync of a directory fail. */
    public synchronized void failNextDirectorySync(IOException failure) {
        faults.replace(SimFaults.DIRECTORY_SYNC, failure);
    }

    /** Told of each mutating call before it has any effect; may let time pass. */
    public synchronized void onCall(Consumer<DiskCall> listener) {
        onCall = listener;
    }

    /** Told of each fault that hits a call, e.g. {@code sync failed}. */
    public synchronized void onFault(Consumer<String> listener) {
        faults.onFault(listener);
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
        return tree.usedBytes();
    }

    // ---------------------------------------------------------------- a look behind the port

    /** The files that the present process has open, as often as it has opened them. */
    public synchronized List<Path> openFiles() {
        return handles.stream().map(SimHandle::path).toList();
    }

    /** The bytes of a file as they would be read now. */
    public synchronized byte[] bytes(Path path) throws IOException {
        return tree.file(path).seen().toArray();
    }

    /** Puts a file there, or other bytes into it, durably and without being counted. */
    public synchronized void plant(Path path, byte[] bytes) throws IOException {
        tree.plant(path, bytes);
    }

    /** Takes a file away, durably, with whatever else was done to its directory. */
    public synchronized void lose(Path path) throws IOException {
        tree.lose(path);
    }

    /** Turns one bit over, durably. Bit 0 is the lowest of the first byte. */
    public synchronized void flipBit(Path path, long bit) throws IOException {
        tree.flipBit(path, bit);
    }

    /** Cuts a file to this length, durably and without being counted. */
    public synchronized void cut(Path path, long length) throws IOException {
        tree.cut(path, length);
    }

    /** Copies a directory with everything in it, durably and without being counted. */
    public synchronized void copy(Path from, Path to) throws IOException {
        tree.copy(from, to);
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
        return tree.durableNode(path) instanceof File file ? new Stamp(file, file.version()) : null;
    }

    private record Stamp(File file, long version) {}

    /** The durable bytes of a file; null when there is none. */
    synchronized byte[] durableBytes(Path path) {
        return tree.durableNode(path) instanceof File file ? file.durable().toArray() : null;
    }

    /** The durable names in a directory; null when it is none. */
    synchronized List<Path> durableNames(Path path) {
        return tree.durableNode(path) instanceof Directory directory
                ? directory.durableNames()
                : null;
    }

    // ---------------------------------------------------------------- the port

    @Override
    public synchronized DiskFile create(Path path) throws IOException {
        mutation(DiskCall.Kind.CREATE, path);
        Path at = SimTree.absolute(path);
        Directory directory = tree.parent(at);
        if (directory.entries().containsKey(at.getFileName())) {
            throw new FileAlreadyExistsException(path.toString());
        }
        if (usedBytes() >= capacity) {
            throw full(path);
        }
        File file = tree.newFile();
        directory.change(at.getFileName(), file);
        return new SimHandle(this, path, file, true);
    }

    @Override
    public synchronized DiskFile open(Path path) throws IOException {
        alive();
        return new SimHandle(this, path, tree.file(path), true);
    }

    @Override
    public synchronized DiskFile openReadOnly(Path path) throws IOException {
        alive();
        return new SimHandle(this, path, tree.file(path), false);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        mutation(DiskCall.Kind.RENAME, to);
        tree.rename(from, to);
    }

    @Override
    public synchronized void link(Path existing, Path name) throws IOException {
        mutation(DiskCall.Kind.LINK, name);
        File file = tree.file(existing);
        Path at = SimTree.absolute(name);
        Directory directory = tree.parent(at);
        if (directory.entries().containsKey(at.getFileName())) {
            throw new FileAlreadyExistsException(name.toString());
        }
        directory.change(at.getFileName(), file);
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        mutation(DiskCall.Kind.DELETE, path);
        Path at = SimTree.absolute(path);
        if (!(tree.node(at.getParent()) instanceof Directory directory)) {
            return;
        }
        Node node = directory.entries().get(at.getFileName());
        if (node instanceof Directory d && !d.entries().isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        if (node != null) {
            directory.change(at.getFileName(), null);
        }
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        mutation(DiskCall.Kind.CREATE_DIRECTORIES, directory);
        Directory above = tree.root();
        for (Path name : SimTree.absolute(directory)) {
            Node next = above.entries().get(name);
            if (next instanceof File) {
                throw new FileAlreadyExistsException(directory.toString());
            }
            if (next == null) {
                next = tree.newDirectory();
                above.change(name, next);
            }
            above = (Directory) next;
        }
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        mutation(DiskCall.Kind.SYNC_DIRECTORY, directory);
        Node node = tree.node(SimTree.absolute(directory));
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
        return tree.node(SimTree.absolute(path)) != null;
    }

    @Override
    public synchronized List<Path> list(Path directory) throws IOException {
        alive();
        Node node = tree.node(SimTree.absolute(directory));
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof Directory d)) {
            throw new NotDirectoryException(directory.toString());
        }
        return d.entries().keySet().stream().map(directory::resolve).toList();
    }

    @Override
    public synchronized OptionalLong usableBytes(Path directory) {
        alive();
        return OptionalLong.of(Math.max(0, capacity - usedBytes()));
    }

    DiskFullException full(Path path) {
        faults.hit("disk full");
        return new DiskFullException("no space left for " + path, null);
    }
}
