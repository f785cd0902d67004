package io.delivery.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code --output}: where a command writes a file that it makes. */
final class OutputOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description =
                    "Write the YAML to this file, which must not be there (default: the standard"
                            + " output).")
    private Path file;

    /**
     * Writes it.
     *
     * @throws RefusedArgumentException when the file is there already, or its folder is not
     */
    void write(String text) throws IOException, RefusedArgumentException {
        if (file == null) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(text);
            out.flush();
            return;
        }
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException there) {
            throw new RefusedArgumentException(
                    "%s is there already: name another file".formatted(file));
        } catch (NoSuchFileException noFolder) {
            throw new RefusedArgumentException("%s: there is no such folder".formatted(file));
        }
    }
}
