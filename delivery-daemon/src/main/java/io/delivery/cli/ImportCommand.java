package io.delivery.cli;

import io.delivery.config.DeliveryConfig;
import io.delivery.failure.FailureText;
import io.delivery.file.BoundedFile;
import io.delivery.imports.ImportFile;
import io.delivery.imports.Imported;
import io.delivery.imports.Importer;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes YAML of streams that AWS, CloudFormation or Terraform describe. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Make a configuration of delivery streams as AWS, CloudFormation or Terraform describe"
                    + " them. It goes to the standard output; standard error has, one line each,"
                    + " what is not in it and what somebody must give or confirm.",
            "Exit code 0: nothing needs a look; 1: something does, a stream was not imported, or the"
                    + " YAML cannot be written; 2: an argument is wrong, or a file cannot be read;"
                    + " 3: the configuration of --config was refused."
        })
public final class ImportCommand implements Callable<Integer> {
    private static final int MOST_BYTES = 16 << 20;
    private static final String STANDARD_INPUT = "-";

    private final ConfigLoader loader;
    private final Importer importer;
    private final InputStream in;

    @Spec private CommandSpec spec;
    @Mixin private OutputOption output;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = {
                "What aws firehose describe-delivery-stream prints, a template of CloudFormation (JSON"
                        + " or YAML), what terraform show -json prints of a state or a plan, or"
                        + " code of Terraform (.tf, .tf.json); - is the standard input."
            })
    private List<String> files;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "A configuration whose stores, functions and catalogs the streams are to name; then"
                            + " the YAML has streams only (default: none; the YAML is a whole"
                            + " configuration with S3, Lambda and Glue of AWS).")
    private Path config;

    /**
     * @param in what {@code -} stands for
     */
    public ImportCommand(ConfigLoader loader, Importer importer, InputStream in) {
        this.loader = loader;
        this.importer = importer;
        this.in = in;
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try {
            List<ImportFile> read = new ArrayList<>();
            for (String file : files) {
                read.add(new ImportFile(file, content(file)));
            }
            Imported imported = imported(read);
            if (imported.streams() > 0) {
                output.write(imported.yaml());
            }
            imported.findings().forEach(err::println);
            return imported.needsALook() ? ExitCodes.FOUND : ExitCodes.DONE;
        } catch (RefusedArgumentException | InvalidConfigException refused) {
            err.println(refused.getMessage());
            return ExitCodes.of(refused);
        } catch (IOException failed) {
            err.println("cannot be written: " + FailureText.of(failed));
            return ExitCodes.FOUND;
        }
    }

    private Imported imported(List<ImportFile> read) throws InvalidConfigException {
        if (config == null) {
            return importer.read(read);
        }
        DeliveryConfig named =
                loader.loadParts(config)
                        .require("stores", "buckets", "functions", "plugins", "catalogs", "limits");
        return importer.read(read, named);
    }

    private byte[] content(String file) throws RefusedArgumentException {
        try {
            if (!file.equals(STANDARD_INPUT)) {
                return BoundedFile.read(Path.of(file), MOST_BYTES);
            }
            byte[] content = in.readNBytes(MOST_BYTES + 1);
            if (content.length > MOST_BYTES) {
                throw new RefusedArgumentException(
                        "the standard input is longer than %d bytes".formatted(MOST_BYTES));
            }
            return content;
        } catch (BoundedFile.RefusedException refused) {
            throw new RefusedArgumentException(file + " " + refused.getMessage());
        } catch (NoSuchFileException missing) {
            throw new RefusedArgumentException(file + ": there is no such file");
        } catch (IOException failed) {
            throw new RefusedArgumentException(
                    "%s cannot be read: %s".formatted(file, FailureText.of(failed)));
        }
    }
}
