package io.delivery.home;

import io.delivery.config.Origin;
import io.delivery.record.Incarnation;
import io.delivery.world.Disk;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A stream's directory: {@code streams/<name>~<incarnation>/} with {@code stream.meta}, {@code
 * definitions/}, {@code journal/} and {@code lanes/}. It comes to be as a whole, with {@link
 * #create()}, and is gone for good once {@link StreamRemoval} has marked it. Thread-safe.
 */
public final class StreamHome {
    private final Path directory;
    private final String name;
    private final Incarnation incarnation;
    private final Origin origin;
    private final World world;
    private long createdMillis;

    /** In force: the last one whose lanes were written with it. */
    private int version;

    private String document = "";

    /** The highest number a version has; a later one may have been written and refused. */
    private int highestVersion;

    /** Versions from before the directory is there: lanes may have been opened under them. */
    private final Map<Integer, String> unwritten = new TreeMap<>();

    /** Keys from before the directory is there. */
    private Optional<StreamKeyFile> unwrittenKeys = Optional.empty();

    private List<LaneEntry> lanes = List.of();
    private boolean created;
    private boolean durable;
    private boolean inDoubt;
    private volatile boolean deleted;

    private StreamHome(
            Path directory, String name, Incarnation incarnation, Origin origin, World world) {
        this.directory = directory;
        this.name = name;
        this.incarnation = incarnation;
        this.origin = origin;
        this.world = world;
    }

    /** A stream that is on no disk yet; draws an incarnation for it. */
    public static StreamHome fresh(Path dataDirectory, String name, Origin origin, World world) {
        Incarnation drawn = new Incarnation(world.entropy().nextLong(), world.entropy().nextLong());
        Path directory =
                StreamFolders.streams(dataDirectory).resolve(StreamFolders.folderOf(name, drawn));
        return new StreamHome(directory, name, drawn, origin, world);
    }

    /**
     * Reads a stream's directory.
     *
     * @throws IOException when it is damaged; nothing has been changed
     */
    public static StreamHome open(Path directory, World world) throws IOException {
        StreamMeta meta = StreamMeta.read(world.disk(), directory);
        StreamHome home =
                new StreamHome(directory, meta.name(), meta.incarnation(), meta.origin(), world);
        home.createdMillis = meta.createdMillis();
        home.created = true;
        home.lanes = meta.lanes();
        home.readDefinition(meta.version());
        return home;
    }

    /**
     * The home of the stream of this name: its directory if there is one, otherwise a fresh one of
     * a stream that the configuration defines.
     *
     * @throws IOException when there are two directories, or the one there is is damaged, belongs
     *     to a name that differs by case, or is to be removed
     */
    public static StreamHome find(Path dataDirectory, String name, World world) throws IOException {
        List<StreamFolder> found =
                StreamFolders.all(dataDirectory, world).stream()
                        .filter(folder -> StreamFolders.sameName(folder.name(), name))
                        .toList();
        return found.isEmpty()
                ? fresh(dataDirectory, name, Origin.YAML, world)
                : among(found, name, world);
    }

    /**
     * The home of a stream that has a directory.
     *
     * @param found the directories of that name; there should be one
     * @throws IOException as {@link #find} does
     */
    public static StreamHome among(List<StreamFolder> found, String name, World world)
            throws IOException {
        if (found.size() > 1) {
            throw new IOException(
                    "stream %s has %d directories: %s. Keep the one that is meant"
                            .formatted(
                                    name,
                                    found.size(),
                                    found.stream().map(StreamFolder::directory).toList()));
        }
        StreamFolder folder = found.get(0);
        if (folder instanceof StreamFolder.Damaged damaged) {
            throw new IOException(damaged.reason());
        }
        if (folder instanceof StreamFolder.Deleted) {
            throw new IOException(folder.directory() + " is being removed");
        }
        if (!folder.name().equals(name)) {
            throw new IOException(
                    "%s belongs to stream %s, and stream %s differs from it only by case"
                            .formatted(folder.directory(), folder.name(), name));
        }
        return open(folder.directory(), world);
    }

    /**
     * @param inForce by {@code stream.meta}; 0: the last one there is
     */
    private void readDefinition(int inForce) throws IOException {
        for (Path entry : world.disk().list(directory.resolve("definitions"))) {
            String file = entry.getFileName().toString();
            if (file.matches("[0-9]{1,9}")) {
                highestVersion = Math.max(highestVersion, Integer.parseInt(file));
            }
        }
        version = inForce == 0 ? highestVersion : inForce;
        if (version == 0 || version > highestVersion) {
            throw new IOException(
                    "%s is missing"
                            .formatted(
                                    version == 0
                                            ? definition(1).getParent()
                                            : definition(version)));
        }
        document = document(version);
    }

    public String name() {
        return name;
    }

    public Incarnation incarnation() {
        return incarnation;
    }

    public Origin origin() {
        return origin;
    }

    public Path directory() {
        return directory;
    }

    /** When the stream was created; 0 before its directory is there. */
    public synchronized long createdMillis() {
        return created ? createdMillis : 0;
    }

    public Path journal() {
        return directory.resolve("journal");
    }

    public Path lane(String lane) {
        return directory.resolve("lanes").resolve(lane);
    }

    private Path definition(int number) {
        return directory.resolve("definitions").resolve(Integer.toString(number));
    }

    /** The stream as its directory knows it. */
    public synchronized KeptStream kept() {
        return new KeptStream(name, origin, version, document, directory);
    }

    // --- lanes and definitions ---

    /** Every lane that has not ended, the main one first. */
    public synchronized List<LaneEntry> lanes() {
        return lanes;
    }

    /**
     * Changes the set of lanes; durable at return if the stream is on disk yet, otherwise with its
     * directory.
     *
     * @throws IOException when it may not be on disk: nothing has changed here, and {@link
     *     #inDoubt()} tells whether a later process might find the change all the same
     */
    public synchronized void lanes(List<LaneEntry> changed) throws IOException {
        change(version, document, List.copyOf(changed));
    }

    /** The last version that is in force; 0 when there is none yet. */
    public synchronized int version() {
        return version;
    }

    /**
     * The version that this definition has: that of the one in force if it says the same, the next
     * otherwise.
     *
     * @param newDocument the definition as it was written, {@code ${…}} unresolved
     */
    public synchronized int versionOf(String newDocument) {
        return version > 0 && document.equals(normalized(newDocument))
                ? version
                : highestVersion + 1;
    }

    /**
     * Puts a definition in force, with the lanes that it asks for; durable at return if the stream
     * is on disk yet, otherwise with its directory.
     *
     * @return its version, as {@link #versionOf} tells it
     * @throws IOException when it may not be on disk: the one before is still in force here, and
     *     {@link #inDoubt()} tells whether a later process might find the change all the same
     */
    public synchronized int define(String newDocument, List<LaneEntry> changed) throws IOException {
        int number = versionOf(newDocument);
        String text = normalized(newDocument);
        if (number != version) {
            if (created) {
                writeDefinition(number, text);
            } else {
                unwritten.put(number, text);
            }
            highestVersion = number;
        }
        change(number, text, List.copyOf(changed));
        return number;
    }

    private void change(int newVersion, String newDocument, List<LaneEntry> newLanes)
            throws IOException {
        int versionBefore = version;
        String documentBefore = document;
        List<LaneEntry> lanesBefore = lanes;
        version = newVersion;
        document = newDocument;
        lanes = newLanes;
        if (!created || versionBefore == newVersion && lanesBefore.equals(newLanes)) {
            return;
        }
        try {
            requireNotDeleted();
            if (durable) {
                writeMeta();
            } else {
                create(); // the version that opened a lane must not be lost after it
            }
        } catch (Throwable failed) { // also errors
            version = versionBefore;
            document = documentBefore;
            lanes = lanesBefore;
            inDoubt = true;
            throw failed;
        }
    }

    /** Whether a later process might find something else than {@link #lanes()}. */
    public synchronized boolean inDoubt() {
        return inDoubt;
    }

    /**
     * Writes what is in force again if it is in doubt.
     *
     * @throws IOException when it still is
     */
    public synchronized void settleDoubt() throws IOException {
        requireNotDeleted();
        if (inDoubt) {
            writeMeta();
        }
    }

    /**
     * Removes what a lane that has ended left in its staging area and spool: a power cut may have
     * brought back what was deleted.
     */
    public synchronized void clearEnded() throws IOException {
        StreamFolders.clearOthers(
                world.disk(), directory, lanes.stream().map(LaneEntry::name).toList());
    }

    /** The definition of this version, as it was written. */
    public synchronized String document(int ofVersion) throws IOException {
        if (unwritten.containsKey(ofVersion)) {
            return unwritten.get(ofVersion);
        }
        return String.join("\n", ChecksummedText.read(world.disk(), definition(ofVersion)));
    }

    // --- tags ---

    /**
     * The tags that callers of the API have given the stream since it was made, as they were
     * written; empty when they never did.
     *
     * @throws IOException when they are damaged
     */
    public synchronized Optional<String> tags() throws IOException {
        return world.disk().exists(tagsFile())
                ? Optional.of(String.join("\n", ChecksummedText.read(world.disk(), tagsFile())))
                : Optional.empty();
    }

    /**
     * Replaces the tags; durable at return.
     *
     * @param text without a line feed
     * @throws IOException when the disk does not take them, or the stream is deleted: the tags
     *     before are in force
     */
    public synchronized void tags(String text) throws IOException {
        requireNotDeleted();
        ChecksummedText.replace(world.disk(), tagsFile(), text + "\n");
    }

    private Path tagsFile() {
        return directory.resolve("tags");
    }

    // --- keys ---

    /** Its data keys, none when it has no file of them; an IOException tells of damage. */
    public synchronized StreamKeyFile keys() throws IOException {
        return StreamKeyFile.read(world.disk(), directory).orElse(StreamKeyFile.NONE);
    }

    /**
     * Replaces them; durable at return if the stream is on disk yet, otherwise with its directory.
     *
     * @throws IOException when nobody knows which of the two a later process finds
     */
    public synchronized void keys(StreamKeyFile next) throws IOException {
        requireNotDeleted();
        if (created) {
            ChecksummedText.replace(world.disk(), StreamKeyFile.in(directory), next.text());
        } else {
            unwrittenKeys = Optional.of(next);
        }
    }

    // --- it comes to be ---

    /** Makes the directory and everything in it durable that must be before the next record is. */
    public synchronized void create() throws IOException {
        if (durable) {
            return;
        }
        requireNotDeleted();
        if (!created && world.disk().exists(directory)) {
            created = true; // an attempt before this one failed behind the rename
        }
        if (created) {
            writeAgain();
        } else {
            make();
        }
        syncAbove();
        durable = true;
        unwritten.clear();
        unwrittenKeys = Optional.empty();
        inDoubt = false;
    }

    /** All of it under another name first: a process that dies leaves the whole or nothing. */
    private void make() throws IOException {
        Disk disk = world.disk();
        Path made = beingMade();
        StreamFolders.removeTree(disk, made);
        Path definitions = made.resolve("definitions");
        disk.createDirectories(definitions);
        createdMillis = world.clock().millis();
        unwritten.put(version, document);
        for (Map.Entry<Integer, String> one : unwritten.entrySet()) {
            ChecksummedText.create(
                    disk, definitions.resolve(one.getKey().toString()), one.getValue() + "\n");
        }
        if (unwrittenKeys.isPresent()) {
            ChecksummedText.create(disk, StreamKeyFile.in(made), unwrittenKeys.get().text());
        }
        ChecksummedText.create(disk, StreamMeta.in(made), meta().text());
        disk.syncDirectory(definitions);
        disk.syncDirectory(made);
        disk.rename(made, directory);
        created = true;
    }

    /** That something was found does not say that it was synced. */
    private void writeAgain() throws IOException {
        for (Map.Entry<Integer, String> earlier : unwritten.entrySet()) {
            writeDefinition(earlier.getKey(), earlier.getValue());
        }
        writeDefinition(version, document);
        if (unwrittenKeys.isPresent()) {
            keys(unwrittenKeys.get());
        }
        writeMeta();
    }

    private void syncAbove() throws IOException {
        world.disk().syncDirectory(directory.getParent());
        world.disk().syncDirectory(directory.getParent().getParent());
    }

    /**
     * Makes durable what was read, which an earlier process may not have synced: a power cut takes
     * nothing back that was seen. {@link StreamFolders#confirm} sees to the directory itself.
     */
    public synchronized void confirm() throws IOException {
        if (created) {
            world.disk().syncDirectory(directory);
        }
    }

    private StreamMeta meta() {
        return new StreamMeta(name, incarnation, createdMillis, lanes, origin, version);
    }

    private void writeMeta() throws IOException {
        ChecksummedText.replace(world.disk(), StreamMeta.in(directory), meta().text());
        inDoubt = false;
    }

    private void writeDefinition(int number, String text) throws IOException {
        Path file = definition(number);
        world.disk().createDirectories(file.getParent());
        ChecksummedText.replace(world.disk(), file, text + "\n");
        world.disk().syncDirectory(directory);
    }

    /**
     * After a {@link #create()} that failed: removes what it has left beside the directory.
     *
     * @return whether the directory itself may be there: then it must be removed as a stream is
     */
    public synchronized boolean takeBack() {
        try {
            StreamFolders.removeTree(world.disk(), beingMade());
            return world.disk().exists(directory);
        } catch (IOException unknown) {
            return true;
        }
    }

    private Path beingMade() {
        return directory.resolveSibling(directory.getFileName() + StreamFolders.BEING_MADE);
    }

    // --- it goes ---

    /**
     * Marks the directory as one that is to be removed. From here on nothing is written into it.
     *
     * @throws IOException when that is not durable: {@link #isDeleted()} tells whether a later
     *     process might find the mark all the same
     */
    public synchronized void markDeleted() throws IOException {
        try {
            StreamRemoval.mark(directory, world);
            deleted = true;
        } catch (IOException failed) {
            deleted = StreamRemoval.mayBeMarked(directory, world.disk());
            throw failed;
        }
    }

    /** Whether it is to be removed, or a later process might think so. */
    public boolean isDeleted() {
        return deleted;
    }

    private void requireNotDeleted() throws IOException {
        if (deleted) {
            throw new IOException("stream %s is being deleted".formatted(name));
        }
    }

    private static String normalized(String text) {
        String normalized = String.join("\n", text.lines().toList());
        return normalized.equals(text) ? text : normalized; // it is kept beside the definition
    }
}
