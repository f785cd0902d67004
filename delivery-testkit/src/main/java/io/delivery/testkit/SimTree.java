package io.delivery.testkit;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The directories and files of a {@link SimDisk}: each as it is seen now, as it is durable, and
 * what lies between the two. Not thread-safe.
 */
final class SimTree {
    private static final int SECTOR = 512;

    private final SimEntropy chance;
    private final Directory root;

    /**
     * @param chance what survives a power cut is drawn from it
     */
    SimTree(SimEntropy chance) {
        this.chance = chance;
        this.root = new Directory(chance);
    }

    Directory root() {
        return root;
    }

    Directory newDirectory() {
        return new Directory(chance);
    }

    File newFile() {
        return new File(chance);
    }

    // --- names ---

    static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    Node node(Path absolute) {
        Node node = root;
        for (Path name : absolute == null ? List.<Path>of() : absolute) {
            if (!(node instanceof Directory directory)) {
                return null;
            }
            node = directory.entries.get(name);
        }
        return node;
    }

    Directory parent(Path absolute) throws IOException {
        Node node = absolute.getParent() == null ? null : node(absolute.getParent());
        if (node instanceof Directory directory) {
            return directory;
        }
        throw node == null
                ? new NoSuchFileException(absolute.toString())
                : new FileSystemException(absolute.toString(), null, "Not a directory");
    }

    File file(Path path) throws IOException {
        Node node = node(absolute(path));
        if (node == null) {
            throw new NoSuchFileException(path.toString());
        }
        if (node instanceof File file) {
            return file;
        }
        throw new FileSystemException(path.toString(), null, "Is a directory");
    }

    // --- changes ---

    void plant(Path path, byte[] bytes) throws IOException {
        Path at = absolute(path);
        Directory above = root;
        for (Path name : at.getParent() == null ? List.<Path>of() : at.getParent()) {
            Node next = above.entries().get(name);
            if (next == null) {
                next = newDirectory();
                above.plant(name, next);
            }
            above = (Directory) next;
        }
        File file = above.entries().get(at.getFileName()) instanceof File f ? f : newFile();
        file.seen().truncate(0);
        file.seen().write(0, bytes, 0, bytes.length);
        file.settle();
        above.plant(at.getFileName(), file);
    }

    void lose(Path path) throws IOException {
        Path at = absolute(path);
        file(path); // it must be there
        parent(at).lose(at.getFileName());
    }

    void flipBit(Path path, long bit) throws IOException {
        File file = file(path);
        byte[] one = new byte[1];
        file.seen().read(bit / 8, one, 0, 1);
        one[0] ^= (byte) (1 << (bit % 8));
        file.seen().write(bit / 8, one, 0, 1);
        file.settle();
    }

    void cut(Path path, long length) throws IOException {
        File file = file(path);
        file.seen().truncate(length);
        file.settle();
    }

    void copy(Path from, Path to) throws IOException {
        for (Map.Entry<Path, Node> entry :
                new TreeMap<>(((Directory) node(absolute(from))).entries()).entrySet()) {
            Path target = to.resolve(entry.getKey());
            if (entry.getValue() instanceof File file) {
                plant(target, file.seen().toArray());
            } else {
                copy(from.resolve(entry.getKey()), target);
            }
        }
    }

    void rename(Path from, Path to) throws IOException {
        Path source = absolute(from);
        Path target = absolute(to);
        Directory old = parent(source);
        Directory next = parent(target);
        Node node = old.entries().get(source.getFileName());
        if (node == null) {
            throw new NoSuchFileException(from.toString());
        }
        Node replaced = next.entries().get(target.getFileName());
        if (replaced == node) {
            return; // two names of one file: rename(2) leaves both
        }
        if (replaced instanceof Directory d && !d.entries().isEmpty()) {
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

    // --- what is there ---

    /** The sum of the lengths of all files that have a name. */
    long usedBytes() {
        return usedBytes(root, identitySet());
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

    // --- what is durable ---

    Node durableNode(Path path) {
        Node node = root;
        for (Path name : absolute(path)) {
            if (!(node instanceof Directory directory)) {
                return null;
            }
            node = directory.durable.get(name);
        }
        return node;
    }

    private static <T> Set<T> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    // --- what survives ---

    /**
     * What was not synced is lost, torn or kept by chance.
     *
     * @param everything whether nothing of it survives
     */
    void forget(boolean everything) {
        forget(root, identitySet(), everything);
    }

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

    sealed interface Node permits File, Directory {}

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

    static final class Directory implements Node {
        private final SimEntropy chance;
        private TreeMap<Path, Node> entries = new TreeMap<>();
        private TreeMap<Path, Node> durable = new TreeMap<>();

        /** Changes since the last sync; each is kept or lost as a whole. Null removes a name. */
        private final List<Map<Path, Node>> unsynced = new ArrayList<>();

        private Directory(SimEntropy chance) {
            this.chance = chance;
        }

        /** What is in it now, by its name. */
        Map<Path, Node> entries() {
            return Collections.unmodifiableMap(entries);
        }

        /** The names that are durable. */
        List<Path> durableNames() {
            return List.copyOf(durable.keySet());
        }

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
    record Change(long position, byte[] bytes, boolean cut) {
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

    static final class File implements Node {
        private final SimEntropy chance;
        private SimBytes seen = new SimBytes();
        private SimBytes durable = new SimBytes();
        private final List<Change> unsynced = new ArrayList<>();
        private long version;

        private File(SimEntropy chance) {
            this.chance = chance;
        }

        /** As it would be read now. */
        SimBytes seen() {
            return seen;
        }

        /** As it would be read if the power went now. */
        SimBytes durable() {
            return durable;
        }

        /** Changes whenever the durable bytes do. */
        long version() {
            return version;
        }

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
}
