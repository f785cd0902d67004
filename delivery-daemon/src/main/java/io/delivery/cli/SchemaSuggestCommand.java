package io.delivery.cli;

import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import io.delivery.suggest.Sample;
import io.delivery.suggest.SampleCheck;
import io.delivery.suggest.SampleObserver;
import io.delivery.suggest.SuggestOptions;
import io.delivery.suggest.SuggestedTable;
import io.delivery.suggest.TableDifference;
import io.delivery.suggest.TableText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a table for samples, or says what they need that a table does not have. */
@Command(
        name = "suggest",
        mixinStandardHelpOptions = true,
        description = {
            "Suggest a table for sample records of JSON. The table goes to the standard output;"
                    + " standard error has what was found in the samples.",
            "Then all samples are converted by the suggestion, and those that fail are told with the"
                    + " reason.",
            "Exit code 0: all samples convert, and with --against the table needs no change; 1:"
                    + " otherwise."
        })
public final class SchemaSuggestCommand implements Callable<Integer> {
    private static final int MAX_FILE_BYTES = 1 << 20; // docs/reference/schema.md: a file has 1 MiB

    private final ConfigLoader loader;
    private final SchemaTools tools;

    /** What to write. */
    enum Form {
        /** The file of a catalog of this program. */
        YAML,
        /** TableInput of AWS Glue. */
        GLUE,
        /** CREATE EXTERNAL TABLE of Hive and Athena. */
        DDL
    }

    /** Which deserializer reads the records. */
    enum Reader {
        OPENX,
        HIVE
    }

    @Spec private CommandSpec spec;
    @Mixin private SampleOptions samples;

    @Option(
            names = "--as",
            paramLabel = "FORM",
            description =
                    "yaml (default): a table file of this program; glue: the file for aws glue"
                            + " create-table --table-input; ddl: CREATE EXTERNAL TABLE for Athena and"
                            + " Hive.")
    private Form form;

    @Option(
            names = "--database",
            paramLabel = "NAME",
            description = "With --as ddl: the database (default: default).")
    private String database;

    @Option(
            names = "--table",
            paramLabel = "NAME",
            description = "With --as glue and --as ddl: the name of the table.")
    private String table;

    @Option(
            names = "--location",
            paramLabel = "s3://…",
            description = "With --as glue and --as ddl: where the objects are.")
    private String location;

    @Option(
            names = "--stored-as",
            paramLabel = "FORMAT",
            description = "With --as glue and --as ddl: parquet (default) or orc.")
    private TableText.StoredAs storedAs;

    @Option(
            names = "--serde",
            paramLabel = "SERDE",
            description = "What reads the records: openx (default) or hive.")
    private Reader reader;

    @Option(
            names = "--case-sensitive",
            description = "With openx: keys that differ in case are different columns.")
    private boolean caseSensitive;

    @Option(
            names = "--dots",
            description =
                    "With openx: let the deserializer turn dots in keys into underscores, instead of"
                            + " a mapping for each key.")
    private boolean dots;

    @Option(
            names = "--timestamp-format",
            paramLabel = "PATTERN",
            description = "With hive: a format of timestamps; may be given more than once.")
    private List<String> timestampFormats = List.of();

    @Option(
            names = "--decimals",
            description =
                    "Numbers with a fraction become decimal(38,s) where their digits fit, instead of"
                            + " double; s is what the samples have behind the point, and a comment"
                            + " says how many digits that leaves before it.")
    private boolean decimals;

    @Option(
            names = "--struct-keys",
            paramLabel = "NUMBER",
            description =
                    "An object becomes a map when it has had more different keys than this, and a key"
                            + " is on average in less than a tenth of the objects (default: 50).")
    private Integer structKeys;

    @Option(
            names = "--max-columns",
            paramLabel = "NUMBER",
            description =
                    "The table has at most so many columns: the keys of most records (default: 1000).")
    private Integer maxColumns;

    @Option(
            names = {"--against", "--diff"},
            paramLabel = "TABLE",
            description =
                    "Instead of a table, print what would change in this one: database.table of the"
                            + " configuration's catalog, database.table@VERSION, or a file"
                            + " .yaml or .avsc. Its deserializer reads the samples.")
    private String against;

    @Option(
            names = "--catalog",
            paramLabel = "NAME",
            description = "With --against: the catalog, when the configuration has several.")
    private String catalog;

    public SchemaSuggestCommand(ConfigLoader loader, SchemaTools tools) {
        this.loader = loader;
        this.tools = tools;
    }

    @Override
    public Integer call() {
        refuseWhatDoesNothing();
        SuggestOptions options = options();
        return samples.use(loader, tools, source -> suggest(source, options));
    }

    private void refuseWhatDoesNothing() {
        boolean hive = reader == Reader.HIVE;
        refuse(hive && (caseSensitive || dots), "--case-sensitive and --dots need --serde openx");
        refuse(!hive && !timestampFormats.isEmpty(), "--timestamp-format needs --serde hive");
        boolean named = form == Form.GLUE || form == Form.DDL;
        refuse(
                !named && (table != null || location != null || storedAs != null),
                "--table, --location and --stored-as need --as glue or --as ddl: a YAML file has its"
                        + " name from its place");
        refuse(form != Form.DDL && database != null, "--database needs --as ddl");
        refuse(named && table == null, "--as glue and --as ddl need --table");
        refuse(form == Form.DDL && location == null, "--as ddl needs --location");
        refuse(against == null && catalog != null, "--catalog needs --against");
        refuse(
                against != null && (form != null || reader != null || caseSensitive || dots),
                "--against prints differences from a table with a deserializer of its own: --as,"
                        + " --serde, --case-sensitive and --dots have no meaning with it");
    }

    private void refuse(boolean wrong, String message) {
        if (wrong) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private SuggestOptions options() {
        int keys = structKeys == null ? SuggestOptions.DEFAULT_STRUCT_KEYS : structKeys;
        int columns = maxColumns == null ? SuggestOptions.DEFAULT_MAX_COLUMNS : maxColumns;
        try {
            return new SuggestOptions(decimals, keys, columns);
        } catch (IllegalArgumentException outOfRange) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--struct-keys and --max-columns: " + outOfRange.getMessage(),
                    outOfRange);
        }
    }

    private int suggest(SampleSource source, SuggestOptions options)
            throws IOException, InvalidConfigException, RefusedArgumentException {
        PrintWriter err = spec.commandLine().getErr();
        Optional<TableChoice> present =
                against == null
                        ? Optional.empty()
                        : Optional.of(
                                TableChoice.named(
                                        against, catalog, samples.configFile(), loader, tools));
        JsonSerDe serde = present.isPresent() ? present.get().serde() : serde();
        Observation seen = new Observation(observer(serde), err);
        source.each(seen);
        seen.refused.end();
        if (seen.count == 0) {
            throw new RefusedArgumentException("there are no samples");
        }
        Optional<SuggestedTable> suggested =
                SuggestedTable.of(
                        seen.observer,
                        options,
                        database == null ? "default" : database,
                        table == null ? "suggested" : table,
                        present.map(choice -> choice.schema().partitionColumns())
                                .orElse(List.of()));
        if (suggested.isEmpty()) {
            err.println("no sample is a JSON object with a field that can be a column");
            return ExitCodes.FOUND;
        }
        tellNotes(suggested.get().problems(), err);
        tellNotes(suggested.get().notes(), err);
        boolean same =
                present.isPresent()
                        ? difference(source, seen, suggested.get(), present.get())
                        : converts(source, seen, suggested.get());
        return same && seen.refused.count() == 0 ? ExitCodes.DONE : ExitCodes.FOUND;
    }

    private static void tellNotes(List<String> notes, PrintWriter err) {
        notes.stream()
                .limit(SampleTellings.MOST_SHOWN)
                .forEach(note -> err.println("note: " + note));
        if (notes.size() > SampleTellings.MOST_SHOWN) {
            err.println("%d more notes".formatted(notes.size() - SampleTellings.MOST_SHOWN));
        }
    }

    private SampleObserver observer(JsonSerDe serde) {
        try {
            return new SampleObserver(tools.decoders(), serde, tools.clock().millis());
        } catch (IllegalArgumentException wrongFormat) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--timestamp-format: " + wrongFormat.getMessage(),
                    wrongFormat);
        }
    }

    private JsonSerDe serde() {
        return reader == Reader.HIVE
                ? new JsonSerDe.Hive(timestampFormats)
                : new JsonSerDe.OpenX(!caseSensitive, dots, Map.of());
    }

    /** The first reading: what there is, and what is no record. */
    private static final class Observation implements Sample.Taker {
        private final SampleObserver observer;
        private final SampleTellings refused;
        private final BitSet isRefused = new BitSet();
        private int count;

        Observation(SampleObserver observer, PrintWriter err) {
            this.observer = observer;
            this.refused = new SampleTellings(err, "no record");
        }

        @Override
        public void sample(Sample sample) {
            observer.add(sample)
                    .ifPresent(
                            failure -> {
                                isRefused.set(count);
                                refused.add(
                                        sample.place(), failure.code() + ": " + failure.message());
                            });
            count++;
        }

        @Override
        public void unreadable(String place, String reason) {
            isRefused.set(count++);
            refused.add(place, reason);
        }
    }

    /** A later reading, of those samples that are records. */
    private static void again(SampleSource source, Observation seen, Sample.Taker taker)
            throws IOException {
        source.each(
                new Sample.Taker() {
                    private int at;

                    @Override
                    public void sample(Sample sample) {
                        if (!seen.isRefused.get(at++)) {
                            taker.sample(sample);
                        }
                    }

                    @Override
                    public void unreadable(String place, String reason) {
                        at++;
                    }
                });
    }

    private boolean converts(SampleSource source, Observation seen, SuggestedTable suggested)
            throws IOException, RefusedArgumentException {
        PrintWriter err = spec.commandLine().getErr();
        TableSchema schema = suggested.schema();
        SampleCheck check = new SampleCheck(tools.decoders(), schema, DecoderOptions.DEFAULTS);
        again(source, seen, new Records(check::add));
        String summary =
                "%,d samples: %,d are no records; of the others %,d convert by this table to %,d rows, %,d fail"
                        .formatted(
                                seen.count,
                                seen.refused.count(),
                                check.samples() - check.failed(),
                                check.rows(),
                                check.failed());
        PrintWriter out = spec.commandLine().getOut();
        out.print(text(schema, summary));
        out.flush();
        err.println(summary);
        SampleTellings.print(check.reasons(), err);
        SampleTellings.printUnknown(check.unknownFields(), err);
        if (form == Form.GLUE || form == Form.DDL) {
            err.println(
                    "a stream with this table needs the Deserializer "
                            + TableText.deserializer(schema.serde()));
        }
        return check.failed() == 0;
    }

    private String text(TableSchema schema, String summary) throws RefusedArgumentException {
        TableText.StoredAs files = storedAs == null ? TableText.StoredAs.PARQUET : storedAs;
        if (form == Form.GLUE) {
            try {
                return TableText.glue(schema, files, Optional.ofNullable(location));
            } catch (IllegalArgumentException name) {
                throw new RefusedArgumentException(
                        "--as glue: "
                                + name.getMessage()
                                + "; --serde openx gives such fields plain names and maps their"
                                + " keys, --as ddl and --as yaml quote them");
            }
        }
        if (form == Form.DDL) {
            return TableText.ddl(schema, files, location);
        }
        String yaml = TableText.yaml(schema, List.of("Suggested by delivery. " + summary + "."));
        if (yaml.getBytes(StandardCharsets.UTF_8).length > MAX_FILE_BYTES) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "note: the file has more than the 1 MiB that a catalog reads: use"
                                    + " --max-columns or --struct-keys");
        }
        return yaml;
    }

    private boolean difference(
            SampleSource source, Observation seen, SuggestedTable suggested, TableChoice present)
            throws IOException {
        TableDifference difference =
                new TableDifference(tools.decoders(), present.schema(), present.serde());
        again(source, seen, new Records(difference::add));
        List<TableDifference.Change> changes = difference.changes(suggested);
        PrintWriter out = spec.commandLine().getOut();
        for (TableDifference.Change change : changes) {
            String word =
                    switch (change.kind()) {
                        case ADDED -> "added     ";
                        case WIDENED -> "widened   ";
                        case CONFLICT -> "conflict  ";
                        case NEVER_SEEN -> "never seen";
                    };
            out.println("%s  %s  %s".formatted(word, change.path(), change.text()));
        }
        SampleCheck check = difference.check();
        out.println(
                "%,d samples are records; %,d of them convert by %s as it is, %,d fail; %d differences"
                        .formatted(
                                check.samples(),
                                check.samples() - check.failed(),
                                present.schema().qualifiedName(),
                                check.failed(),
                                changes.size()));
        out.flush();
        return check.failed() == 0
                && changes.stream()
                        .allMatch(change -> change.kind() == TableDifference.Kind.NEVER_SEEN);
    }

    /** Takes what is a record. */
    private record Records(Consumer<Sample> taker) implements Sample.Taker {
        @Override
        public void sample(Sample sample) {
            taker.accept(sample);
        }

        @Override
        public void unreadable(String place, String reason) {
            throw new IllegalStateException("what is no record was told before: " + place);
        }
    }
}
