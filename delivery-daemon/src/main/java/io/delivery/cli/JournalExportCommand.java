package io.delivery.cli;

import io.delivery.failure.FailureText;
import io.delivery.inspection.StreamInspection;
import io.delivery.journal.JournalDamage;
import io.delivery.journal.JournalInspection;
import io.delivery.journal.JournalVisitor;
import io.delivery.loading.ConfigLoader;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import io.delivery.record.RecordId;
import io.delivery.world.Disk;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Gets records out of a journal as they were accepted. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Write the records of a stream's journal to the standard output, as they were accepted.",
            "Every record that has not landed is there. Records that have landed may be gone from the"
                    + " journal. The last records may be ones whose producer got no answer.",
            "Exit code 0: done; 1: a stretch is damaged and was left out, or the record is not there;"
                    + " 4: the data directory cannot be read."
        })
public final class JournalExportCommand implements Callable<Integer> {
    private final ConfigLoader loader;
    private final Disk disk;
    private final DataDirectoryCheck check;
    private final OutputStream raw;
    private final OutputStream shown;

    @Spec private CommandSpec spec;
    @Mixin private DataDirectoryOptions data;

    @Parameters(index = "0", paramLabel = "STREAM", description = "The stream.")
    private String name;

    @Option(
            names = "--from",
            paramLabel = "SEQUENCE",
            description = "Begin at this sequence (default: the oldest there is).")
    private Long from;

    @Option(
            names = "--to",
            paramLabel = "SEQUENCE",
            description = "End with this sequence (default: the newest).")
    private Long to;

    @Option(
            names = "--record",
            paramLabel = "RECORD_ID",
            description = "Write only the record with this RecordId, which its producer got.")
    private String record;

    @Option(
            names = "--format",
            defaultValue = "ndjson",
            paramLabel = "FORMAT",
            description =
                    "ndjson (default): each record in its own line; line breaks in a record become"
                            + " spaces. raw: the bytes of the records, unchanged, with --delimiter"
                            + " behind each. json: a line of JSON for each record, with sequence,"
                            + " recordId, arrival and the data in base64.")
    private ExportFormat format;

    @Option(
            names = "--delimiter",
            paramLabel = "TEXT",
            description =
                    "With --format raw: written behind each record; \\n, \\r, \\t and \\0 mean what"
                            + " they mean in C. Default: nothing.")
    private String delimiter;

    @Option(
            names = "--raw",
            description =
                    "Write bytes as they are to a terminal, too. Without it a terminal gets control"
                            + " characters as \\uXXXX; files and pipes always get every byte.")
    private boolean unescaped;

    /**
     * @param raw where the records go, bytes as they are
     * @param shown where they go unless {@code --raw} is given; the same, except for a terminal
     */
    public JournalExportCommand(
            ConfigLoader loader,
            Disk disk,
            DataDirectoryCheck check,
            OutputStream raw,
            OutputStream shown) {
        this.loader = loader;
        this.disk = disk;
        this.check = check;
        this.raw = raw;
        this.shown = shown;
    }

    private OutputStream out() {
        return unescaped ? raw : shown;
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        if (delimiter != null && format != ExportFormat.RAW) {
            throw new ParameterException(
                    spec.commandLine(), "--delimiter goes with --format raw only");
        }
        return data.look(loader, check, directory -> export(stream(directory), err));
    }

    private StreamInspection stream(Path directory) throws IOException, RefusedArgumentException {
        List<StreamInspection> found = GivenNames.find(directory, name, disk);
        if (found.size() > 1) {
            throw new RefusedArgumentException(
                    "there are several streams %s, say which: %s"
                            .formatted(
                                    name, found.stream().map(GivenNames::directoryName).toList()));
        }
        return found.get(0).with(data.masterKeys(loader));
    }

    private int export(StreamInspection stream, PrintWriter err)
            throws IOException, RefusedArgumentException {
        long first = from == null ? 0 : from;
        long last = to == null ? Long.MAX_VALUE - 1 : Math.min(to, Long.MAX_VALUE - 1);
        if (record != null) {
            if (from != null || to != null) {
                throw new ParameterException(
                        spec.commandLine(), "Say --record, or --from and --to, not both");
            }
            first = sequenceOf(stream);
            last = first;
        }
        if (first < 0 || last < first) {
            throw new RefusedArgumentException(
                    "there is nothing from sequence %d to sequence %d".formatted(first, last));
        }
        Writing writing = new Writing(stream, first, last, err);
        JournalInspection journal;
        try {
            journal = stream.read(first, last + 1, writing);
            out().flush();
        } catch (UncheckedIOException notWritten) {
            return cannotWrite(notWritten.getCause(), err);
        }
        if (first < journal.begin() && (from != null || record != null)) {
            err.println(
                    "sequences below %d are not in the journal any more: every lane has settled them"
                            .formatted(journal.begin()));
        }
        if (writing.exported == 0 && !writing.damaged && last >= journal.end()) {
            err.println("the next sequence of the journal is %d".formatted(journal.end()));
        }
        err.println(writing.summary());
        boolean missed = record != null && writing.exported == 0;
        return writing.damaged || writing.encrypted > 0 || missed
                ? ExitCodes.FOUND
                : ExitCodes.DONE;
    }

    private long sequenceOf(StreamInspection stream) throws RefusedArgumentException {
        RecordId id = GivenNames.recordId(record);
        if (!stream.incarnation().equals(Optional.of(id.incarnation()))) {
            throw new RefusedArgumentException(
                    "the record is of incarnation %s, and stream %s is another one"
                            .formatted(id.incarnation().hex(), stream.name()));
        }
        return id.sequence();
    }

    /** Whoever reads may have seen enough: {@code | head} is no reason for a message. */
    private static int cannotWrite(IOException failed, PrintWriter err) {
        if (!"Broken pipe".equals(failed.getMessage())) {
            err.println("the standard output cannot be written: " + FailureText.of(failed));
        }
        return ExitCodes.FOUND;
    }

    /** Writes what is shown, each sequence at most once. */
    private final class Writing implements JournalVisitor {
        private final ExportFormat.Writer writer;
        private final long last;
        private final PrintWriter err;
        private long next;
        private long exported;
        private boolean damaged;

        /** Records that were left out because nobody gave their key. */
        private long encrypted;

        Writing(StreamInspection stream, long first, long last, PrintWriter err) {
            this.writer =
                    format.writer(
                            out(),
                            stream.incarnation().orElse(null),
                            ExportFormat.unescaped(delimiter));
            this.next = first;
            this.last = last;
            this.err = err;
        }

        @Override
        public void records(Path file, long offset, long firstSequence, RecordBatch batch) {
            RecordBatch.Cursor cursor = batch.cursor();
            long sequence = firstSequence;
            try {
                for (DeliveryRecord one = cursor.next(); one != null; one = cursor.next()) {
                    if (sequence >= next && sequence <= last) {
                        writer.write(sequence, one);
                        next = sequence + 1;
                        exported++;
                    }
                    sequence++;
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        @Override
        public void encrypted(
                Path file, long offset, long firstSequence, int count, long arrivalMillis) {
            long from = Math.max(next, firstSequence);
            long to = Math.min(last, firstSequence + count - 1);
            if (to >= from) {
                encrypted += to - from + 1;
                next = to + 1;
            }
        }

        @Override
        public void damaged(JournalDamage found) {
            if (found.to() <= found.from()) {
                damaged = true;
                err.println(
                        "damaged: %s at byte %d: %s; no record is lost by it"
                                .formatted(found.file(), found.offset(), found.reason()));
            } else if (found.from() <= last && found.to() > next) {
                damaged = true;
                err.println(
                        "damaged: sequences %d to %d are left out: %s at byte %d: %s"
                                .formatted(
                                        Math.max(next, found.from()),
                                        Math.min(last, found.to() - 1),
                                        found.file(),
                                        found.offset(),
                                        found.reason()));
            }
        }

        String summary() {
            String done = exported == 1 ? "1 record exported" : exported + " records exported";
            return encrypted == 0
                    ? done
                    : "%s, %d left out: they are encrypted, and no master key was given that opens them (--config names a configuration that has it under encryption.keys)"
                            .formatted(done, encrypted);
        }
    }
}
