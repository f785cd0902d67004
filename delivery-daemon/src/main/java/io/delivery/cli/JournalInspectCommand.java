package io.delivery.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.inspection.StreamInspection;
import io.delivery.loading.ConfigLoader;
import io.delivery.record.RecordId;
import io.delivery.world.Disk;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what is in a data directory and where it is damaged, or what became of one record. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = {
            "Show what is in a data directory and where it is damaged. With --record, show what"
                    + " became of one record.",
            "Exit code 0: all is well; 1: damage was found, or the record was not; 4: the data"
                    + " directory cannot be read."
        })
public final class JournalInspectCommand implements Callable<Integer> {
    private final ConfigLoader loader;
    private final Disk disk;
    private final DataDirectoryCheck check;

    @Spec private CommandSpec spec;
    @Mixin private DataDirectoryOptions data;

    @Parameters(arity = "0..*", paramLabel = "STREAM", description = "Streams (default: all).")
    private List<String> names = List.of();

    @Option(
            names = "--record",
            paramLabel = "RECORD_ID",
            description =
                    "The RecordId that the producer got: show which objects the record is in.")
    private String record;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    public JournalInspectCommand(ConfigLoader loader, Disk disk, DataDirectoryCheck check) {
        this.loader = loader;
        this.disk = disk;
        this.check = check;
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        PrintWriter out = spec.commandLine().getOut();
        int exitCode =
                data.look(
                        loader,
                        check,
                        directory ->
                                record == null
                                        ? inspect(directory, out)
                                        : find(directory, out, err));
        out.flush();
        return exitCode;
    }

    private int inspect(Path directory, PrintWriter out)
            throws IOException, RefusedArgumentException {
        List<StreamInspection> streams = new ArrayList<>();
        for (StreamInspection known : wanted(directory)) {
            StreamInspection stream =
                    StreamInspection.of(known.directory(), disk, data.masterKeys(loader));
            stream.lookAtLedgers();
            streams.add(stream);
        }
        DirectoryOwner owner = DirectoryOwner.of(directory);
        if (json) {
            out.println(InspectionJson.of(directory, owner, streams).toPrettyString());
        } else {
            out.print(InspectionText.of(directory, owner, streams));
        }
        boolean damaged = streams.stream().anyMatch(stream -> !stream.damage().isEmpty());
        return damaged ? ExitCodes.FOUND : ExitCodes.DONE;
    }

    private List<StreamInspection> wanted(Path directory)
            throws IOException, RefusedArgumentException {
        if (names.isEmpty()) {
            return GivenNames.all(directory, disk);
        }
        List<StreamInspection> wanted = new ArrayList<>();
        for (String name : names) {
            wanted.addAll(GivenNames.find(directory, name, disk));
        }
        return wanted;
    }

    // --- one record ---

    private int find(Path directory, PrintWriter out, PrintWriter err)
            throws IOException, RefusedArgumentException {
        RecordId id = GivenNames.recordId(record);
        for (StreamInspection stream : wanted(directory)) {
            if (stream.incarnation().equals(Optional.of(id.incarnation()))) {
                RecordTrace trace =
                        RecordTrace.of(stream.with(data.masterKeys(loader)), id.sequence());
                if (json) {
                    ObjectNode document = InspectionJson.of(record, stream, trace);
                    out.println(document.toPrettyString());
                } else {
                    out.print(InspectionText.of(record, stream, trace));
                }
                return trace.known() && trace.damage().isEmpty() ? ExitCodes.DONE : ExitCodes.FOUND;
            }
        }
        err.println(
                ("the record has sequence %d of a stream with incarnation %s, and none in %s is it:"
                                + " the stream was deleted, or its data is elsewhere")
                        .formatted(id.sequence(), id.incarnation().hex(), directory));
        return ExitCodes.FOUND;
    }
}
