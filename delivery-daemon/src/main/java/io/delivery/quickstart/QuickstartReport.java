package io.delivery.quickstart;

import io.delivery.lane.Books;
import io.delivery.lane.LaneStatus;
import io.delivery.quickstart.LandedFiles.Counts;
import io.delivery.quickstart.LandedFiles.ErrorRecord;
import io.delivery.quickstart.LandedFiles.LakeObject;
import io.delivery.stream.StreamStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** What people read. Plain lines; each section begins with a blank one. */
public final class QuickstartReport {
    private static final int SHOWN_ROWS = 5;
    private static final int SHOWN_ERRORS = 5;
    private static final int MAX_LINE = 110;

    private final PrintWriter out;
    private final QuickstartFolder folder;
    private final DataSet data;

    public QuickstartReport(PrintWriter out, QuickstartFolder folder, DataSet data) {
        this.out = out;
        this.folder = folder;
        this.data = data;
    }

    public void started(URI api, URI admin) {
        out.println("A delivery stream on this machine, in a folder of its own.");
        out.println();
        out.println("  folder   " + folder.path() + "  (it is kept)");
        out.println("  config   " + folder.config());
        out.println("  service  " + api + ", admin " + admin);
        out.println(
                "  stream   %s: Parquet, %s, source records backed up"
                        .formatted(
                                data.name(),
                                data.partitioning()
                                        .map(by -> "partitioned by " + String.join(", ", by.keys()))
                                        .orElse("not partitioned")));
        data.partitioning().ifPresent(by -> out.println("           jq: " + by.query()));
        out.println(
                "  buffers  1 MB or 5 s, whichever is first: low latency, so that you need not");
        out.println("           wait; for a real lake 64-128 MB and 60-900 s");
        out.println("  records  " + data.what());
        if (!data.spoiled().isEmpty()) {
            out.println(
                    "           and %d that must fail, to show where such records go:"
                            .formatted(data.spoiled().size()));
            data.spoiled().keySet().forEach(why -> out.println("             - " + why));
        }
        out.println();
        out.println("Sending with signed PutRecordBatch calls …");
        out.flush();
    }

    /** The lake, read from its files. */
    public void lake(List<LakeObject> objects) throws IOException {
        heading("The lake: " + folder.lake());
        LandedFiles.tree(objects).forEach(this::line);

        List<String> rows = LandedFiles.firstRows(objects, SHOWN_ROWS, data.shownColumns());
        if (!rows.isEmpty()) {
            heading("Rows read back from " + rows.get(0));
            rows.subList(1, rows.size()).forEach(this::line);
        }

        List<ErrorRecord> errors = LandedFiles.errors(objects, SHOWN_ERRORS);
        heading(
                errors.isEmpty()
                        ? "The error output is empty."
                        : "The error output: bytes unchanged, with the reason");
        for (ErrorRecord error : errors) {
            line(error.kind() + " " + error.code());
            line("  " + TextTable.cut(error.message(), MAX_LINE));
            line("  " + TextTable.cut(error.rawData(), MAX_LINE));
        }
        long more = LandedFiles.counts(objects).errors() - errors.size();
        if (more > 0) {
            line("and %,d more".formatted(more));
        }
    }

    /** Each lane's books, and whether the files say the same. */
    public void books(StreamStatus status, List<LakeObject> objects) {
        heading("The books, in records");
        for (LaneStatus lane : status.lanes()) {
            Books books = lane.books();
            line(
                    "%-8s accepted %,d + split %,d = landed %,d + dropped %,d + error output %,d + damaged %,d + discarded %,d + buffered %,d  %s"
                            .formatted(
                                    kind(lane),
                                    books.accepted(),
                                    books.split(),
                                    books.landed(),
                                    books.dropped(),
                                    books.errorOutput(),
                                    books.damaged(),
                                    books.discarded(),
                                    books.buffered(),
                                    books.balanced() ? "balanced" : "NOT BALANCED"));
        }
        Counts counts = LandedFiles.counts(objects);
        line(
                "counted in the files: %,d rows, %,d error records, %,d backup lines: %s"
                        .formatted(
                                counts.rows(),
                                counts.errors(),
                                counts.backup(),
                                agree(status, counts) ? "as in the books" : "NOT AS IN THE BOOKS"));
        for (String trouble : status.troubles()) {
            line("trouble: " + trouble);
        }
    }

    /**
     * Whether all that was accepted is settled, balanced, and found in the lake. Files have rows
     * and not records: the two are the same while one record is one JSON object.
     */
    public static boolean good(StreamStatus status, List<LakeObject> objects) {
        boolean settled =
                status.lanes().stream().allMatch(l -> l.books().balanced() && l.books().settled());
        return settled && status.healthy() && agree(status, LandedFiles.counts(objects));
    }

    private static boolean agree(StreamStatus status, Counts counts) {
        for (LaneStatus lane : status.lanes()) {
            Books books = lane.books();
            boolean same =
                    kind(lane).equals("backup")
                            ? books.landed() == counts.backup()
                            : books.landed() == counts.rows()
                                    && books.errorOutput() == counts.errors();
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private static String kind(LaneStatus lane) {
        return lane.lane().replaceFirst("-\\d+$", "");
    }

    /**
     * @param launcher how this program is called
     */
    public void next(URI api, String launcher) {
        heading("Send a record of your own while it runs; 5 s later it is in the lake");
        line("echo " + quoted(data.ownRecord()) + " | \\");
        line("  " + launcher + " put --config " + quoted(folder.config().toString()));
        out.println();
        line("AWS_CONFIG_FILE=" + quoted(folder.awsConfig().toString()) + " \\");
        line(
                "  aws --profile %s --endpoint-url %s firehose put-record \\"
                        .formatted(folder.awsProfile(), api));
        line(
                "  --delivery-stream-name %s --record %s"
                        .formatted(data.name(), quoted(dataMember(data.ownRecord()))));
    }

    private static String dataMember(String record) {
        return LandedFiles.json(Map.of("Data", record));
    }

    /** For a POSIX shell; left as it is where that needs no quotes. */
    private static String quoted(String text) {
        return text.matches("[\\w./:@=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    public void staysUp() {
        out.println();
        out.println("It stays up, and says what lands, until Ctrl-C.");
        out.flush();
    }

    /** Objects that were not there before. */
    public void landed(List<LakeObject> fresh) {
        for (LakeObject object : fresh) {
            out.println(
                    "landed: %s/%s (%,d %s)"
                            .formatted(
                                    object.bucket(),
                                    object.key(),
                                    object.records(),
                                    object.isParquet() ? "rows" : "lines"));
        }
        out.flush();
    }

    public void again(String launcher) {
        out.println();
        out.println("Everything is kept in " + folder.path());
        out.println("Run it again: " + launcher + " run " + quoted(folder.config().toString()));
        out.flush();
    }

    private void heading(String text) {
        out.println();
        out.println(text);
    }

    private void line(String text) {
        out.println("  " + text);
    }
}
