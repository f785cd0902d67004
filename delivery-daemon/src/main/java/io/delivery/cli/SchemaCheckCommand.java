package io.delivery.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.format.CatalogException;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import io.delivery.suggest.Sample;
import io.delivery.suggest.SampleCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Converts samples by a table, and says what would become of them. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Convert sample records by a table, as a stream would, and show how many become rows,"
                    + " why others fail, and which fields the table does not have. Nothing is"
                    + " written.",
            "Exit code 0: all convert; 1: some do not; 3: the table or the configuration is wrong."
        })
public final class SchemaCheckCommand implements Callable<Integer> {
    private final ConfigLoader loader;
    private final SchemaTools tools;

    @Spec private CommandSpec spec;
    @Mixin private SampleOptions samples;

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description =
                    "database.table of the configuration's catalog, database.table@VERSION, or a file"
                            + " .yaml or .avsc. Default with --stream and --settings-of: the table"
                            + " of that stream.")
    private String table;

    @Option(
            names = "--settings-of",
            paramLabel = "STREAM",
            description =
                    "Read the records as this stream of the configuration does: its format.serde and"
                            + " its format.unknownFields. Default with --stream: that stream, where"
                            + " the configuration has it.")
    private String settingsOf;

    @Option(
            names = "--catalog",
            paramLabel = "NAME",
            description = "The catalog of the table, when the configuration has several.")
    private String catalog;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    public SchemaCheckCommand(ConfigLoader loader, SchemaTools tools) {
        this.loader = loader;
        this.tools = tools;
    }

    @Override
    public Integer call() {
        if (table == null && (meant() == null || catalog != null)) {
            throw new ParameterException(spec.commandLine(), "Say --table");
        }
        return samples.use(loader, tools, this::check);
    }

    private int check(SampleSource source)
            throws IOException, InvalidConfigException, RefusedArgumentException {
        TableChoice chosen = chosen();
        SampleCheck check = new SampleCheck(tools.decoders(), chosen.schema(), chosen.options());
        source.each(
                new Sample.Taker() {
                    @Override
                    public void sample(Sample sample) {
                        check.add(sample);
                    }

                    @Override
                    public void unreadable(String place, String reason) {
                        check.unreadable(place, reason);
                    }
                });
        if (check.samples() == 0) {
            throw new RefusedArgumentException("there are no samples");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(chosen, check));
        } else {
            print(chosen, check, out);
        }
        out.flush();
        return check.failed() == 0 ? ExitCodes.DONE : ExitCodes.FOUND;
    }

    private TableChoice chosen()
            throws CatalogException, InvalidConfigException, RefusedArgumentException {
        Path config = samples.configFile();
        if (table == null) {
            return TableChoice.ofStream(meant(), config, loader, tools);
        }
        TableChoice named = TableChoice.named(table, catalog, config, loader, tools);
        if (settingsOf != null) {
            return named.withSettingsOf(settingsOf, config, loader, tools);
        }
        return samples.streamConverts(loader)
                ? named.withSettingsOf(samples.stream(), config, loader, tools)
                : named;
    }

    /** The stream whose settings count; null when none was named. */
    private String meant() {
        return settingsOf == null ? samples.stream() : settingsOf;
    }

    private static void print(TableChoice chosen, SampleCheck check, PrintWriter out) {
        out.println(
                "%,d samples: %,d convert to %,d rows of %s, %,d fail"
                        .formatted(
                                check.samples(),
                                check.samples() - check.failed(),
                                check.rows(),
                                chosen.schema().qualifiedName(),
                                check.failed()));
        chosen.settings().forEach(out::println);
        SampleTellings.print(check.reasons(), out);
        SampleTellings.printUnknown(check.unknownFields(), out);
    }

    private static String json(TableChoice chosen, SampleCheck check) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("table", chosen.schema().qualifiedName())
                .put("version", chosen.schema().version())
                .put("ok", check.failed() == 0)
                .put("samples", check.samples())
                .put("rows", check.rows())
                .put("failed", check.failed());
        ArrayNode settings = root.putArray("settings");
        chosen.settings().forEach(setting -> settings.add(setting.json()));
        ArrayNode reasons = root.putArray("reasons");
        for (SampleCheck.Reason reason : check.reasons()) {
            ObjectNode one = reasons.addObject();
            one.put("code", reason.code()).put("message", reason.message());
            reason.column().ifPresent(column -> one.put("column", column));
            one.put("count", reason.count());
            reason.examples().forEach(one.putArray("examples")::add);
        }
        ObjectNode fields = root.putObject("unknownFields");
        SampleTellings.mostFirst(check.unknownFields())
                .forEach(field -> fields.put(field.getKey(), field.getValue()));
        return root.toPrettyString();
    }
}
