package io.delivery.runtime;

import io.delivery.runtime.code.MachineRefusesException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An interpreter of this machine.
 *
 * @param executable the program itself, not a script that chooses among several
 * @param version as it tells it, {@code 3.11.7}
 */
record Interpreter(Path executable, String version) {
    private static final long PATIENCE_SECONDS = 20;
    private static final int MAX_ANSWER_BYTES = 4096;
    private static final Map<String, Interpreter> FOUND = new ConcurrentHashMap<>();

    /**
     * The first that is on the PATH and answers.
     *
     * @param names of its program, the best first
     * @param question arguments that make it print the path of its executable and, on the next
     *     line, its version
     * @throws MachineRefusesException when the machine cannot ask one: nobody knows whether it is
     *     there
     */
    static Optional<Interpreter> find(List<String> names, List<String> question)
            throws MachineRefusesException {
        for (String name : names) {
            for (Path program : onPath(name)) {
                Interpreter known = FOUND.get(program.toString());
                if (known != null && Files.isExecutable(known.executable)) {
                    return Optional.of(known);
                }
                Optional<Interpreter> asked = ask(program, question);
                if (asked.isPresent()) {
                    FOUND.put(program.toString(), asked.get());
                    return asked;
                }
            }
        }
        return Optional.empty();
    }

    private static List<Path> onPath(String name) {
        List<Path> programs = new ArrayList<>();
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            try {
                Path program = Path.of(folder, name).toAbsolutePath();
                if (Files.isRegularFile(program) && Files.isExecutable(program)) {
                    programs.add(program);
                }
            } catch (InvalidPathException ignored) {
                continue; // no folder of this machine
            }
        }
        return programs;
    }

    private static Optional<Interpreter> ask(Path program, List<String> question)
            throws MachineRefusesException {
        List<String> command =
                Stream.concat(Stream.of(program.toString()), question.stream()).toList();
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            // Ends a program that hangs, and with it the wait for its answer.
            process.onExit()
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .whenComplete((exited, late) -> process.destroyForcibly());
            try (InputStream answer = process.getInputStream()) {
                String[] lines =
                        new String(answer.readNBytes(MAX_ANSWER_BYTES), StandardCharsets.UTF_8)
                                .split("\\R");
                return lines.length < 2 || lines[0].isBlank()
                        ? Optional.empty()
                        : Optional.of(new Interpreter(Path.of(lines[0]), lines[1].strip()));
            }
        } catch (IOException e) {
            if (MachineRefusesException.isBehind(e)) {
                throw MachineRefusesException.of(e);
            }
            return Optional.empty(); // as good as not there
        } catch (InvalidPathException e) {
            return Optional.empty(); // as good as not there
        }
    }

    /** Whether its version is this one or a later one. */
    boolean isAtLeast(int major, int minor) {
        String[] numbers = version.split("\\.");
        try {
            int ownMajor = Integer.parseInt(numbers[0]);
            int ownMinor = numbers.length > 1 ? Integer.parseInt(numbers[1]) : 0;
            return ownMajor > major || ownMajor == major && ownMinor >= minor;
        } catch (NumberFormatException unheardOf) {
            return false;
        }
    }
}
