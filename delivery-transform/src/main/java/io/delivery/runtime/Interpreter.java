package io.delivery.runtime;

import io.delivery.runtime.code.MachineRefusesException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LOOK_MILLIS = 10;

    /** A variable of its environment, by which all that it starts is known. */
    private static final String MARK = "DELIVERY_QUESTION";

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
                Optional<Interpreter> asked = ask(program, question, PATIENCE);
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

    /**
     * Asks one.
     *
     * @param patience how long it is waited for; then it is killed with all that it has started
     * @return empty when it does not answer, or answers something else
     */
    static Optional<Interpreter> ask(Path program, List<String> question, Duration patience)
            throws MachineRefusesException {
        List<String> command =
                Stream.concat(Stream.of(program.toString()), question.stream()).toList();
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        String mark = UUID.randomUUID().toString();
        builder.environment().put(MARK, mark);
        try {
            Process process = Children.start(builder::start, mark, Thread::new);
            try (InputStream answer = process.getInputStream()) {
                return parsed(read(process, answer, patience));
            } finally {
                if (process.isAlive()) {
                    ProcessTree.kill(process.toHandle(), mark);
                }
            }
        } catch (IOException e) {
            if (MachineRefusesException.isBehind(e)) {
                throw MachineRefusesException.of(e);
            }
            return Optional.empty(); // as good as not there
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MachineRefusesException(program + " could not be waited for", e);
        }
    }

    /** What it answers until it ends; never waits for whatever else holds its output open. */
    private static String read(Process process, InputStream answer, Duration patience)
            throws IOException, InterruptedException {
        byte[] bytes = new byte[MAX_ANSWER_BYTES];
        int length = 0;
        long begun = System.nanoTime();
        boolean ended = false;
        while (!ended && length < bytes.length && System.nanoTime() - begun < patience.toNanos()) {
            ended = process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            int ready = Math.min(answer.available(), bytes.length - length);
            length += Math.max(0, answer.read(bytes, length, ready));
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static Optional<Interpreter> parsed(String answer) {
        String[] lines = answer.split("\\R");
        if (lines.length < 2 || lines[0].isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Interpreter(Path.of(lines[0]), lines[1].strip()));
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
