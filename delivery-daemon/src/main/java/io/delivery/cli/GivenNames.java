package io.delivery.cli;

import io.delivery.inspection.StreamInspection;
import io.delivery.record.RecordId;
import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What people call streams and records. */
final class GivenNames {
    private GivenNames() {}

    static List<StreamInspection> all(Path dataDirectory, Disk disk) throws IOException {
        List<StreamInspection> streams = new ArrayList<>();
        for (Path directory : StreamInspection.directories(dataDirectory, disk)) {
            streams.add(StreamInspection.identify(directory, disk));
        }
        return streams;
    }

    /**
     * Every stream that is called so: several, when one was deleted and created again.
     *
     * @throws UnknownStreamException when there is none; the message names those there are
     */
    static List<StreamInspection> find(Path dataDirectory, String name, Disk disk)
            throws IOException, UnknownStreamException {
        List<StreamInspection> all = all(dataDirectory, disk);
        List<StreamInspection> found =
                all.stream()
                        .filter(
                                stream ->
                                        stream.name().equals(name)
                                                || directoryName(stream).equals(name))
                        .toList();
        if (found.isEmpty()) {
            String known =
                    all.stream().map(StreamInspection::name).collect(Collectors.joining(", "));
            throw new UnknownStreamException(
                    "there is no stream %s in %s, which has %s"
                            .formatted(name, dataDirectory, known.isEmpty() ? "none" : known));
        }
        return found;
    }

    /**
     * Reads a RecordId that a person gave.
     *
     * @throws RefusedArgumentException when it is none of ours, or was cut or changed
     */
    static RecordId recordId(String text) throws RefusedArgumentException {
        return RecordId.decode(text.strip())
                .orElseThrow(
                        () ->
                                new RefusedArgumentException(
                                        "not a RecordId of this program, or not whole: " + text));
    }

    static String directoryName(StreamInspection stream) {
        return stream.directory().getFileName().toString();
    }
}
