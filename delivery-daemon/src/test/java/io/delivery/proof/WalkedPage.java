package io.delivery.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.wiring.ClassArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A page of docs/ whose commands are run in a folder, as a reader would. */
final class WalkedPage {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");

    private final List<Block> blocks = new ArrayList<>();
    private final Path folder;

    /** What stands between two rows of backquotes. */
    private record Block(String kind, String text) {}

    /**
     * @param name of the page
     * @param folder that the commands are run in; it gets the program
     */
    WalkedPage(String name, Path folder) throws IOException {
        Matcher found = BLOCK.matcher(Files.readString(Path.of("../docs").resolve(name)));
        while (found.find()) {
            blocks.add(new Block(found.group(1), found.group(2)));
        }
        this.folder = folder;
        program();
    }

    /** In place of the script of a checkout, which builds first. */
    private void program() throws IOException {
        Path program = folder.resolve("delivery");
        Files.writeString(
                program, "#!/bin/sh\nexec %s \"$@\"%n".formatted(quoted(ClassArchive.program())));
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    /** With a heap that the default limits fit into: a check compares them. */
    private static String quoted(DaemonCommand program) {
        return program.process(List.of()).command().stream()
                .map(word -> word.startsWith("-Xmx") ? "-Xmx512m" : word)
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
    }

    /** The texts of a kind, in their order: {@code sh} commands, {@code text} what they print. */
    List<String> of(String kind) {
        return blocks.stream().filter(b -> b.kind().equals(kind)).map(Block::text).toList();
    }

    /** What the commands print. */
    String shell(String commands, int exitCode) throws Exception {
        Path output = folder.resolve("said");
        Process process =
                new ProcessBuilder("sh", "-c", commands)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("%s ends", commands).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(output, UTF_8);
        assertThat(process.exitValue()).as(commands + said).isEqualTo(exitCode);
        return said;
    }
}
