package io.delivery.home;

import io.delivery.config.Origin;
import io.delivery.record.Incarnation;
import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@code stream.meta} says: whose directory this is. {@code docs/formats/stream-meta.md} draws
 * the file; whoever reads it reads it here.
 *
 * @param createdMillis when the stream came to be, milliseconds since the epoch
 * @param lanes every lane that has not ended, the main one first
 * @param version of the definition that is in force; 0 when the file does not say: then it is the
 *     last one that was written
 */
public record StreamMeta(
        String name,
        Incarnation incarnation,
        long createdMillis,
        List<LaneEntry> lanes,
        Origin origin,
        int version) {
    static final String FILE = "stream.meta";

    private static final String FIRST_FORMAT = "delivery stream 1";
    private static final String FORMAT = "delivery stream 2";

    public StreamMeta {
        lanes = List.copyOf(lanes);
    }

    /** Where it is in a stream's directory. */
    public static Path in(Path directory) {
        return directory.resolve(FILE);
    }

    /**
     * Reads the file of a stream's directory.
     *
     * @throws IOException when it is missing, damaged, of a format that this program does not know,
     *     or tells of another directory
     */
    public static StreamMeta read(Disk disk, Path directory) throws IOException {
        Path path = in(directory);
        List<String> lines = ChecksummedText.read(disk, path);
        StreamMeta meta;
        try {
            meta = parse(path, lines);
        } catch (IllegalArgumentException senseless) {
            throw new IOException(path + " is damaged: " + senseless.getMessage(), senseless);
        }
        if (!directory.getFileName().equals(meta.folder())) {
            throw new IOException(
                    "%s is that of %s: the directory was renamed or copied"
                            .formatted(path, meta.folder()));
        }
        return meta;
    }

    private static StreamMeta parse(Path path, List<String> lines) throws IOException {
        String format = lines.isEmpty() ? "" : lines.get(0);
        if (!format.equals(FIRST_FORMAT) && !format.equals(FORMAT)) {
            throw new IOException(
                    path + " is of a format that this program does not know: " + format);
        }
        boolean first = format.equals(FIRST_FORMAT);
        if (lines.size() != (first ? 5 : 7)) {
            throw new IllegalArgumentException("it has " + lines.size() + " lines");
        }
        return new StreamMeta(
                lines.get(1),
                Incarnation.parse(lines.get(2)),
                Long.parseLong(lines.get(3)),
                Arrays.stream(lines.get(4).split(" "))
                        .filter(word -> !word.isEmpty())
                        .map(LaneEntry::parse)
                        .toList(),
                first ? Origin.YAML : Origin.parse(lines.get(5)),
                first ? 0 : Integer.parseInt(lines.get(6)));
    }

    /** The directory that such a stream has. */
    Path folder() {
        return Path.of(StreamFolders.folderOf(name, incarnation));
    }

    /** The lines of the file, in the present format. */
    String text() {
        return String.join(
                        "\n",
                        FORMAT,
                        name,
                        incarnation.hex(),
                        Long.toString(createdMillis),
                        lanes.stream().map(LaneEntry::text).collect(Collectors.joining(" ")),
                        origin.word(),
                        Integer.toString(version))
                + "\n";
    }
}
