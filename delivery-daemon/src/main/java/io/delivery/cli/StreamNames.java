package io.delivery.cli;

import io.delivery.stream.StreamInspection;
import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The streams of a data directory by what people call them: by name, or by directory. */
final class StreamNames {
    private StreamNames() {}

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
     * @throws ParameterException when there is none; the message names those there are
     */
    static List<StreamInspection> find(Path dataDirectory, String name, Disk disk, CommandSpec spec)
            throws IOException {
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
            throw new ParameterException(
                    spec.commandLine(),
                    "there is no stream %s in %s, which has %s"
                            .formatted(name, dataDirectory, known.isEmpty() ? "none" : known));
        }
        return found;
    }

    static String directoryName(StreamInspection stream) {
        return stream.directory().getFileName().toString();
    }
}
