package io.delivery.home;

import io.delivery.record.Incarnation;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * A stream's directory: {@code streams/<name>~<incarnation>/} with {@code stream.meta}, {@code
 * definitions/}, {@code journal/} and {@code lanes/}. Nothing is on disk before the first record.
 * Thread-safe.
 */
public final class StreamHome {
    private static final String FORMAT = "delivery stream 1";

    private final Path directory;
    private final String name;
    private final Incarnation incarnation;
    private final World world;
    private long createdMillis;
    private int version;
    private String document = "";

    /** Versions from before the first record: lanes may have been opened under them. */
    private final Map<Integer, String> unwritten = new TreeMap<>();

    private List<LaneEntry> lanes = List.of();
    private boolean created;
    private boolean durable;
    private boolean inDoubt;

    private StreamHome(
            Path directory, String name, Incarnation incarnation, World world, long createdMillis) {
        this.directory = directory;
        this.name = name;
        this.incarnation = incarnation;
        this.world = world;
        this.createdMillis = createdMillis;
    }

    /** Finds the stream's directory, or draws an incarnation for a new one. */
    public static StreamHome find(Path dataDirectory, String name, World world) throws IOException {
        Path streams = dataDirectory.resolve("streams");
        String prefix = directoryName(name) + "~";
        List<Path> found = new ArrayList<>();
        for (Path entry : world.disk().list(streams)) {
            String entryName = entry.getFileName().toString();
            if (entryName.startsWith(prefix)
                    && entryName.length() == prefix.length() + 8
                    && world.disk().exists(entry.resolve("stream.meta"))) {
                found.add(entry);
            }
        }
        if (found.size() > 1) {
            throw new IOException(
                    "stream %s has %d directories: %s. Keep the one that is meant"
                            .formatted(name, found.size(), found));
        }
        if (found.isEmpty()) {
            Incarnation drawn =
                    new Incarnation(world.entropy().nextLong(), world.entropy().nextLong());
            Path directory = streams.resolve(prefix + drawn.hex().substring(0, 8));
            return new StreamHome(directory, name, drawn, world, 0);
        }
        return read(found.get(0), name, world);
    }

    /** Every stream that has a directory. */
    public static List<KeptStream> all(Path dataDirectory, World world) throws IOException {
        List<KeptStream> kept = new ArrayList<>();
        for (Path entry : world.disk().list(dataDirectory.resolve("streams"))) {
            if (world.disk().exists(entry.resolve("stream.meta"))) {
                String name = readMeta(entry, world).get(1);
                kept.add(new KeptStream(name, read(entry, name, world).document, entry));
            }
        }
        return kept;
    }

    private static List<String> readMeta(Path directory, World world) throws IOException {
        Path meta = directory.resolve("stream.meta");
        return metaLines(meta, readLines(world.disk(), meta));
    }

    /** Refuses lines that are not those of a {@code stream.meta} of this format. */
    public static List<String> metaLines(Path meta, List<String> lines) throws IOException {
        if (lines.size() < 5 || !lines.get(0).equals(FORMAT)) {
            throw new IOException(
                    meta
                            + " is of a format that this program does not know: "
                            + (lines.isEmpty() ? "" : lines.get(0)));
        }
        return lines;
    }

    private static StreamHome read(Path directory, String name, World world) throws IOException {
        List<String> lines = readMeta(directory, world);
        if (!lines.get(1).equals(name)) {
            throw new IOException(
                    "%s belongs to stream %s, and stream %s differs from it only by case"
                            .formatted(directory, lines.get(1), name));
        }
        StreamHome home;
        try {
            home =
                    new StreamHome(
                            directory,
                            name,
                            Incarnation.parse(lines.get(2)),
                            world,
                            Long.parseLong(lines.get(3)));
            home.lanes = Arrays.stream(lines.get(4).split(" ")).map(LaneEntry::parse).toList();
        } catch (IllegalArgumentException unreadable) {
            throw new IOException(
                    directory.resolve("stream.meta") + ": " + unreadable.getMessage(), unreadable);
        }
        home.created = true;
        home.readDefinition();
        return home;
    }

    private void readDefinition() throws IOException {
        for (Path entry : world.disk().list(directory.resolve("definitions"))) {
            String file = entry.getFileName().toString();
            if (file.matches("\\d+")) {
                int number = Integer.parseInt(file);
                if (number > version) {
                    version = number;
                    document = String.join("\n", readLines(world.disk(), entry));
                }
            }
        }
    }

    /** A stream's name as a directory name: lower case, dots as {@code %2E}. */
    public static String directoryName(String name) {
        return name.toLowerCase(Locale.ROOT).replace(".", "%2E");
    }

    public Incarnation incarnation() {
        return incarnation;
    }

    /** When the stream was created; 0 before its first record. */
    public synchronized long createdMillis() {
        return createdMillis;
    }

    public Path journal() {
        return directory.resolve("journal");
    }

    public Path lane(String lane) {
        return directory.resolve("lanes").resolve(lane);
    }

    /** Every lane that has not ended, the main one first. */
    public synchronized List<LaneEntry> lanes() {
        return lanes;
    }

    /**
     * Changes the set of lanes; durable at return if the stream is on disk yet, otherwise with its
     * first record.
     *
     * @throws IOException when it may not be on disk: nothing has changed here, and {@link
     *     #inDoubt()} tells whether a later process might find the change all the same
     */
    public synchronized void lanes(List<LaneEntry> changed) throws IOException {
        List<LaneEntry> before = lanes;
        lanes = List.copyOf(changed);
        if (created && !lanes.equals(before)) {
            try {
                if (durable) {
                    writeMeta();
                } else {
                    create(); // the version that opened a lane must not be lost after it
                }
            } catch (IOException failed) {
                lanes = before;
                inDoubt = true;
                throw failed;
            }
        }
    }

    /** Whether a later process might find other lanes than {@link #lanes()}. */
    public synchronized boolean inDoubt() {
        return inDoubt;
    }

    /**
     * Writes the lanes again if they are in doubt.
     *
     * @throws IOException when they still are
     */
    public synchronized void settleDoubt() throws IOException {
        if (inDoubt) {
            writeMeta();
        }
    }

    /**
     * Removes what a lane that has ended left in its staging area and spool: a power cut may have
     * brought back what was deleted.
     */
    public synchronized void clearEnded() throws IOException {
        Disk disk = world.disk();
        for (Path lane : disk.list(directory.resolve("lanes"))) {
            String laneName = lane.getFileName().toString();
            if (lanes.stream().noneMatch(entry -> entry.name().equals(laneName))) {
                for (String room : List.of("staging", "spool")) {
                    for (Path file : disk.list(lane.resolve(room))) {
                        disk.delete(file);
                    }
                }
            }
        }
    }

    /** The definition of this version, as it was written. */
    public synchronized String document(int ofVersion) throws IOException {
        if (unwritten.containsKey(ofVersion)) {
            return unwritten.get(ofVersion);
        }
        Path file = directory.resolve("definitions").resolve(Integer.toString(ofVersion));
        return String.join("\n", readLines(world.disk(), file));
    }

    public Path directory() {
        return directory;
    }

    /** The last version; 0 when there is none yet. */
    public synchronized int version() {
        return version;
    }

    /**
     * The version that this definition has: the last one's if it says the same, the next otherwise.
     *
     * @param newDocument the definition as it was written, {@code ${…}} unresolved
     */
    public synchronized int versionOf(String newDocument) {
        if (version == 0) {
            return 1;
        }
        return document.equals(normalized(newDocument)) ? version : version + 1;
    }

    /**
     * Makes the definition durable, if the stream is on disk yet; otherwise with its first record.
     *
     * @return its version, as {@link #versionOf} tells it
     * @throws IOException when it may not be on disk: the one before is still the last
     */
    public synchronized int define(String newDocument) throws IOException {
        int newVersion = versionOf(newDocument);
        String text = normalized(newDocument);
        if (created && newVersion != version) {
            writeDefinition(newVersion, text);
        }
        if (!created) {
            unwritten.put(newVersion, text);
        }
        version = newVersion;
        document = text;
        return newVersion;
    }

    /** Makes the directory and everything in it durable that must be before the next record is. */
    public synchronized void create() throws IOException {
        if (durable) {
            return;
        }
        Disk disk = world.disk();
        disk.createDirectories(directory);
        if (!created) {
            createdMillis = world.clock().millis();
        }
        // Also what was found is written again: that it is there does not say that it was synced.
        for (Map.Entry<Integer, String> earlier : unwritten.entrySet()) {
            writeDefinition(earlier.getKey(), earlier.getValue());
        }
        writeDefinition(version, document);
        writeMeta();
        disk.syncDirectory(directory.getParent());
        disk.syncDirectory(directory.getParent().getParent());
        created = true;
        durable = true;
        unwritten.clear();
    }

    private void writeMeta() throws IOException {
        write(
                directory.resolve("stream.meta"),
                String.join(
                                "\n",
                                FORMAT,
                                name,
                                incarnation.hex(),
                                Long.toString(createdMillis),
                                lanes.stream()
                                        .map(LaneEntry::text)
                                        .collect(Collectors.joining(" ")))
                        + "\n");
        inDoubt = false;
    }

    private void writeDefinition(int number, String text) throws IOException {
        Path definitions = directory.resolve("definitions");
        world.disk().createDirectories(definitions);
        write(definitions.resolve(Integer.toString(number)), text + "\n");
        world.disk().syncDirectory(directory);
    }

    /** Durable at return, whole or not at all. The last line is a checksum of the others. */
    private void write(Path path, String text) throws IOException {
        Disk disk = world.disk();
        Path next = path.resolveSibling(path.getFileName() + ".new");
        disk.delete(next);
        byte[] bytes = (text + checksum(text) + "\n").getBytes(StandardCharsets.UTF_8);
        try (DiskFile file = disk.create(next)) {
            file.write(ByteBuffer.wrap(bytes), 0);
            file.sync();
        }
        disk.rename(next, path);
        disk.syncDirectory(path.getParent());
    }

    public static List<String> readLines(Disk disk, Path path) throws IOException {
        ByteBuffer bytes;
        try (DiskFile file = disk.openReadOnly(path)) {
            bytes = ByteBuffer.allocate(Math.toIntExact(file.length()));
            file.readFully(bytes, 0);
        }
        String text = new String(bytes.array(), StandardCharsets.UTF_8);
        int last = text.lastIndexOf('\n', text.length() - 2) + 1;
        if (!text.substring(last).equals(checksum(text.substring(0, last)) + "\n")) {
            throw new IOException(path + " is damaged: its checksum is wrong");
        }
        return text.substring(0, last).lines().toList();
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return "crc32c %08x".formatted(crc.getValue());
    }

    private static String normalized(String text) {
        return String.join("\n", text.lines().toList());
    }
}
