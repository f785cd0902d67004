package io.delivery.wiring;

import io.delivery.api.control.Resolver;
import io.delivery.catalog.TableFile;
import io.delivery.cli.ArchiveClassesCommand;
import io.delivery.cli.CheckCommand;
import io.delivery.cli.DiffCommand;
import io.delivery.cli.ExitCodes;
import io.delivery.cli.ExportCommand;
import io.delivery.cli.FirehoseEndpoint;
import io.delivery.cli.FlushCommand;
import io.delivery.cli.FunctionCommand;
import io.delivery.cli.FunctionInvokeCommand;
import io.delivery.cli.HostResources;
import io.delivery.cli.ImportCommand;
import io.delivery.cli.JournalCommand;
import io.delivery.cli.JournalExportCommand;
import io.delivery.cli.JournalInspectCommand;
import io.delivery.cli.PutCommand;
import io.delivery.cli.RedirectCommand;
import io.delivery.cli.SchemaCheckCommand;
import io.delivery.cli.SchemaCommand;
import io.delivery.cli.SchemaSuggestCommand;
import io.delivery.cli.SchemaTools;
import io.delivery.cli.SkipCommand;
import io.delivery.cli.StatusCommand;
import io.delivery.cli.UsageErrors;
import io.delivery.cli.VerifyCommand;
import io.delivery.config.ApiCredentials;
import io.delivery.config.DeliveryConfig;
import io.delivery.failure.FailureText;
import io.delivery.imports.Exporter;
import io.delivery.imports.Importer;
import io.delivery.json.JsonRecordDecoder;
import io.delivery.landing.ObjectListing;
import io.delivery.landing.StoreProbe;
import io.delivery.listening.TrustedServers;
import io.delivery.loading.ConfigLoader;
import io.delivery.machine.FileDisk;
import io.delivery.machine.Machine;
import io.delivery.machine.SystemClock;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code delivery}. */
@Command(
        name = "delivery",
        mixinStandardHelpOptions = true,
        versionProvider = Main.ProgramVersion.class,
        description = "A self-hosted delivery service that speaks the Amazon Data Firehose API.",
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Logging.quiet();
        System.exit(printable(program(arguments), standardText()).execute(arguments));
    }

    /** The commands, or the end of this process when its environment cannot be used. */
    private static CommandLine program(String[] arguments) {
        Map<String, String> environment = System.getenv();
        try {
            return withThoseNeeded(commands(environment, Intervention.NONE, System.in), arguments);
        } catch (IllegalArgumentException refused) {
            PrintableWriter.over(text(FileDescriptor.err, "stderr.encoding"))
                    .println("delivery: " + refused.getMessage());
            System.exit(ExitCodes.USAGE);
            throw refused;
        }
    }

    /**
     * Whatever a command prints cannot steer the terminal; its help has no colours therefore. A
     * command whose answer could not be written has not done what it was asked.
     *
     * @param out where answers go
     */
    static CommandLine printable(CommandLine program, Writer out) {
        PrintableWriter shown = new PrintableWriter(out);
        return program.setOut(new PrintWriter(shown, true))
                .setErr(PrintableWriter.over(program.getErr()))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setExecutionStrategy(arguments -> answered(arguments, shown));
    }

    private static int answered(CommandLine.ParseResult arguments, PrintableWriter shown) {
        int exitCode = new CommandLine.RunLast().execute(arguments);
        CommandLine program = arguments.commandSpec().commandLine();
        program.getOut().flush();
        Optional<IOException> failure = shown.failure();
        // Whoever reads may have seen enough: | head is no reason for a message.
        failure.filter(failed -> !"Broken pipe".equals(failed.getMessage()))
                .ifPresent(
                        failed ->
                                program.getErr()
                                        .println(
                                                "the standard output cannot be written: "
                                                        + FailureText.of(failed)));
        return failure.isPresent() && exitCode == ExitCodes.DONE ? ExitCodes.FOUND : exitCode;
    }

    /**
     * All commands, wired: also what tests run.
     *
     * @throws IllegalArgumentException when a variable of the environment cannot be used
     */
    static CommandLine commandLine(Map<String, String> environment) {
        return commandLine(environment, Intervention.NONE);
    }

    static CommandLine commandLine(Map<String, String> environment, Intervention intervention) {
        return commandLine(environment, intervention, System.in);
    }

    /**
     * @param in what {@code put} reads
     */
    static CommandLine commandLine(
            Map<String, String> environment, Intervention intervention, InputStream in) {
        return withThoseNeeded(commands(environment, intervention, in), new String[0]);
    }

    /**
     * Makes only the command that is called, where one is: to make the others takes a third of a
     * start. All of them are there for help, and for what is wrong.
     */
    static CommandLine withThoseNeeded(Map<String, Supplier<Object>> commands, String[] arguments) {
        CommandLine program = new CommandLine(new Main());
        if (arguments.length > 0 && commands.containsKey(arguments[0])) {
            program.addSubcommand(arguments[0], commands.get(arguments[0]).get());
        } else {
            commands.forEach((name, command) -> program.addSubcommand(name, command.get()));
        }
        program.setExecutionExceptionHandler(Main::failed);
        return program.setParameterExceptionHandler(UsageErrors::tell);
    }

    /** How each is made, by its name, in the order of the help. */
    static Map<String, Supplier<Object>> commands(
            Map<String, String> environment, Intervention intervention, InputStream in) {
        HostResources host = HostResources.local(new FileDisk(), environment);
        ConfigLoader loader = new ConfigLoader(environment, Programs.OURS, host.heapBytes());
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("run", () -> new RunCommand(loader, host, intervention));
        commands.put(
                "check",
                () ->
                        new CheckCommand(
                                loader,
                                StartParts::foreseen,
                                Main::probe,
                                FunctionAddress::probe,
                                OnlineTables::probe,
                                host));
        commands.put("diff", () -> new DiffCommand(loader, ConfigDifference::between));
        commands.put("put", () -> put(loader, in, environment));
        commands.put("status", () -> new StatusCommand(loader));
        commands.put(
                "flush",
                () ->
                        new FlushCommand(
                                loader,
                                new FlushCommand.Watcher(
                                        Terminal.isWatched(), Duration.ofSeconds(1))));
        commands.put("redirect", () -> new RedirectCommand(loader));
        commands.put("skip", () -> new SkipCommand(loader, Terminal::ask));
        commands.put(
                "journal",
                () -> {
                    OutputStream out = standardOutput();
                    return journal(
                            loader, out, Terminal.showsOutput() ? new PrintableOutput(out) : out);
                });
        commands.put(
                "verify",
                () ->
                        new VerifyCommand(
                                loader,
                                Main::listing,
                                new Machine().world(),
                                DataDirectory::refusal,
                                Terminal.isWatched()));
        commands.put(
                "quickstart",
                () ->
                        new QuickstartCommand(
                                loader,
                                host,
                                Programs.OURS::queryKeys,
                                lines -> put(loader, lines, environment),
                                Terminal.isWatched()));
        commands.put("function", () -> function(loader, in));
        commands.put("schema", () -> schema(loader, in));
        commands.put("import", () -> new ImportCommand(loader, new Importer(Main::resolver), in));
        commands.put(
                "export",
                () ->
                        new ExportCommand(
                                loader,
                                new Exporter(Main::resolver),
                                new FileDisk(),
                                DataDirectory::refusal));
        commands.put("prove", () -> new ProveCommand(loader, host, Terminal.isWatched()));
        commands.put("archive-classes", () -> new ArchiveClassesCommand(Installed.ofThisProcess()));
        return commands;
    }

    /**
     * Runs functions on samples, without a service.
     *
     * @param in where samples come from when no file is named
     */
    static CommandLine function(ConfigLoader loader, InputStream in) {
        CommandLine function = new CommandLine(new FunctionCommand());
        function.addSubcommand(new FunctionInvokeCommand(loader, SampleStages::open, in));
        return function;
    }

    /**
     * Suggests and checks tables, without a service.
     *
     * @param in where samples come from when no file is named
     */
    static CommandLine schema(ConfigLoader loader, InputStream in) {
        SchemaTools tools =
                new SchemaTools(
                        JsonRecordDecoder::new,
                        catalog -> CatalogRegistry.openToLook(catalog, new Machine().world()),
                        file -> TableFile.read(file, JsonRecordDecoder::checkTimestampFormat),
                        TableFit::problems,
                        SampleStages::open,
                        new FileDisk(),
                        DataDirectory::refusal,
                        new SystemClock(),
                        in);
        CommandLine schema = new CommandLine(new SchemaCommand());
        schema.addSubcommand(new SchemaSuggestCommand(loader, tools));
        schema.addSubcommand(new SchemaCheckCommand(loader, tools));
        return schema.setCaseInsensitiveEnumValuesAllowed(true);
    }

    /**
     * Works on files, without a service and beside one.
     *
     * @param out where records go, bytes as they are
     * @param shown where they go unless bytes as they are were asked for
     */
    static CommandLine journal(ConfigLoader loader, OutputStream out, OutputStream shown) {
        FileDisk disk = new FileDisk();
        CommandLine journal = new CommandLine(new JournalCommand());
        journal.addSubcommand(new JournalInspectCommand(loader, disk, DataDirectory::refusal));
        journal.addSubcommand(
                new JournalExportCommand(loader, disk, DataDirectory::refusal, out, shown));
        return journal.setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Not System.out, which would swallow that nobody reads any more. */
    private static OutputStream standardOutput() {
        return new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16);
    }

    /** The same for texts, in the encoding that System.out would have. */
    private static Writer standardText() {
        return text(FileDescriptor.out, "stdout.encoding");
    }

    /**
     * @param property that tells the encoding of the terminal, on a JDK 17 with {@code sun.} before
     */
    private static Writer text(FileDescriptor stream, String property) {
        String encoding = System.getProperty(property, System.getProperty("sun." + property));
        return new OutputStreamWriter(
                new FileOutputStream(stream),
                encoding == null ? Charset.defaultCharset() : Charset.forName(encoding));
    }

    private static Resolver resolver(DeliveryConfig config) {
        return ApiControl.resolver(() -> config);
    }

    private static StoreProbe probe(io.delivery.config.StoreSettings store) throws IOException {
        return (StoreProbe) StoreRegistry.open(store, new Machine().world());
    }

    private static ObjectListing listing(io.delivery.config.StoreSettings store)
            throws IOException {
        return (ObjectListing) StoreRegistry.open(store, new Machine().world());
    }

    private static FirehoseSender sender(
            URI endpoint,
            String region,
            Optional<ApiCredentials> credentials,
            FirehoseEndpoint.Trust trust)
            throws IOException {
        return new FirehoseSender(
                endpoint,
                region,
                credentials,
                new SystemClock(),
                new TrustedServers(trust.own(), trust.authorities()).client());
    }

    /** {@code put} of these lines. */
    static CommandLine put(
            ConfigLoader loader, InputStream lines, Map<String, String> environment) {
        return new CommandLine(
                new PutCommand(loader, Main::sender, surroundings(lines, environment)));
    }

    private static PutCommand.Surroundings surroundings(
            InputStream in, Map<String, String> environment) {
        return new PutCommand.Surroundings(
                in,
                environment,
                duration -> Thread.sleep(duration.toMillis()),
                Terminal.isWatched());
    }

    private static int failed(
            Exception failure, CommandLine command, CommandLine.ParseResult arguments) {
        command.getErr().println("delivery: " + FailureText.of(failure));
        return failure instanceof StartRefusedException refused
                ? refused.exitCode()
                : ExitCodes.FOUND;
    }

    /** What {@code --version} prints. */
    static final class ProgramVersion implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"delivery " + Version.text()};
        }
    }
}
