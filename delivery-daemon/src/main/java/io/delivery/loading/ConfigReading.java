package io.delivery.loading;

import io.delivery.config.ConfigProblems;
import io.delivery.config.Limits;
import io.delivery.config.TestingSettings;
import io.delivery.file.BoundedFile;
import io.delivery.file.FileDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** One file being read: where its settings stand, what is wrong with them, what is substituted. */
final class ConfigReading {
    /** An index, or a name with or without a dot before it. */
    private static final Pattern STEP = Pattern.compile("\\[\\d+]|\\.?([^.\\[]+)");

    private final String file;
    private final Path directory;
    private final Map<String, String> environment;
    private final List<LocatedProblem> problems = new ArrayList<>();
    private final Set<String> unknown = new HashSet<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<String, String> unresolved = new HashMap<>();
    private final Substituted substituted = new Substituted();
    private final Map<Path, String> contents = new LinkedHashMap<>();
    private final Map<Path, byte[]> named = new HashMap<>();
    private final ProgramCompiler programs;
    private final long heapBytes;
    private final Optional<Set<String>> namesInSecrets;
    private final Set<Path> watched;
    private Optional<String> defaultStore = Optional.empty();
    private Optional<String> defaultCatalog = Optional.empty();
    private Optional<TestingSettings> testing = Optional.empty();

    /**
     * @param file what to call it in messages
     * @param directory what relative paths are relative to, absolute
     * @param heapBytes the most that the JVM which the file is for will use for its heap
     */
    ConfigReading(
            String file,
            Path directory,
            Map<String, String> environment,
            ProgramCompiler programs,
            long heapBytes) {
        this(file, directory, environment, programs, heapBytes, Optional.empty(), Set.of());
    }

    private ConfigReading(
            String file,
            Path directory,
            Map<String, String> environment,
            ProgramCompiler programs,
            long heapBytes,
            Optional<Set<String>> namesInSecrets,
            Set<Path> watched) {
        this.file = file;
        this.directory = directory;
        this.environment = environment;
        this.programs = programs;
        this.heapBytes = heapBytes;
        this.namesInSecrets = namesInSecrets.map(Set::copyOf);
        this.watched = Set.copyOf(watched);
    }

    /**
     * Reads a file whose whole point is secrets: problems tell where they are and of which kind,
     * and quote nothing but the names of settings that there are.
     *
     * @param names of settings that problems may show
     */
    static ConfigReading ofSecrets(Path file, Map<String, String> environment, Set<String> names) {
        return new ConfigReading(
                file.toString(),
                file.toAbsolutePath().getParent(),
                environment,
                ProgramCompiler.NONE,
                Limits.DEFAULT_HEAP_BYTES,
                Optional.of(names),
                Set.of());
    }

    /**
     * The same, for a service that watches files: whoever watches one of them tells what is wrong
     * with its contents, and the former ones count.
     */
    ConfigReading watching(Set<Path> files) {
        return new ConfigReading(
                file, directory, environment, programs, heapBytes, namesInSecrets, files);
    }

    /** The most that the JVM which the file is for will use for its heap. */
    long heapBytes() {
        return heapBytes;
    }

    /**
     * What is in a file that a setting names: the same for all settings that name it, whatever
     * becomes of it meanwhile.
     *
     * @throws IOException when it is not there, cannot be read, or is longer
     */
    byte[] content(Path path, int maxBytes) throws IOException {
        byte[] known = named.get(path);
        if (known != null) {
            return known;
        }
        byte[] content = BoundedFile.read(path, maxBytes);
        named.put(path, content);
        wasRead(path, content);
        return content;
    }

    /** What was in a file that was read. */
    void wasRead(Path path, byte[] content) {
        contents.put(path, FileDigest.of(content));
    }

    /** The files that were read, in that order, each with the SHA-256 of what was in it. */
    Map<Path, String> contents() {
        return contents;
    }

    /** Whether this file is looked after by somebody else. */
    boolean isWatched(Path path) {
        return watched.contains(path);
    }

    /** Whether nothing of the text may be quoted. */
    boolean holdsSecrets() {
        return namesInSecrets.isPresent();
    }

    Path directory() {
        return directory;
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name));
    }

    ProgramCompiler programs() {
        return programs;
    }

    /** What streams that name no store or catalog mean. */
    void defaults(Optional<String> store, Optional<String> catalog) {
        defaultStore = store;
        defaultCatalog = catalog;
    }

    /** How the server behaves, which decides what stores do that say nothing. */
    void testing(Optional<TestingSettings> settings) {
        testing = settings;
    }

    Optional<TestingSettings> testing() {
        return testing;
    }

    Optional<String> defaultStore() {
        return defaultStore;
    }

    Optional<String> defaultCatalog() {
        return defaultCatalog;
    }

    void locate(String path, Optional<Mark> mark) {
        mark.ifPresent(m -> lines.put(path, m.getLine() + 1));
    }

    /** Where a setting stands; where its nearest section stands when it does not stand anywhere. */
    int line(String path) {
        for (String at = path; !at.isEmpty(); at = parent(at)) {
            Integer line = lines.get(at);
            if (line != null) {
                return line;
            }
        }
        return 0;
    }

    /** The section that a setting is in; empty for one of the file itself. */
    static String parent(String path) {
        int cut = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
        return cut < 0 ? "" : path.substring(0, cut);
    }

    void problem(String path, String message) {
        problemAt(line(path), path, message);
    }

    /** A setting that there is not, which may be another one, misspelt. */
    void unknown(String path, String message) {
        unknown.add(path);
        problem(path, message);
    }

    boolean isUnknown(String path) {
        return unknown.contains(path);
    }

    void problemAt(int line, String path, String message) {
        problems.add(
                new LocatedProblem(
                        file, line, namesInSecrets.map(n -> known(path, n)).orElse(path), message));
    }

    /**
     * As much of a path as consists of names of settings: {@code secretAccessKey:value}, where a
     * blank is missing, is a name as well.
     */
    private static String known(String path, Set<String> names) {
        Matcher step = STEP.matcher(path);
        int end = 0;
        while (step.find(end)
                && step.start() == end
                && (step.group(1) == null || names.contains(step.group(1)))) {
            end = step.end();
            if (end == path.length()) {
                break;
            }
        }
        return path.substring(0, end);
    }

    /**
     * Adds what the model says. A setting that could not even be read is not complained about
     * twice, nor is what would be in it.
     */
    void problems(ConfigProblems ofTheModel) {
        Set<String> known = problems.stream().map(LocatedProblem::path).collect(Collectors.toSet());
        for (ConfigProblems.Problem problem : ofTheModel.all()) {
            if (!anyAbove(problem.path(), known)) {
                problem(problem.path(), problem.message() + wayOut(problem));
            }
        }
    }

    /** In the words of the file. */
    private static String wayOut(ConfigProblems.Problem problem) {
        if (problem.wayOut().isEmpty()) {
            return "";
        }
        return switch (problem.wayOut().get()) {
            case LOW_LATENCY -> "; lowLatency: true lifts the lower bound";
        };
    }

    private static boolean anyAbove(String path, Set<String> known) {
        for (String at = path; !at.isEmpty(); at = parent(at)) {
            if (known.contains(at)) {
                return true;
            }
        }
        return false;
    }

    boolean ok() {
        return problems.isEmpty();
    }

    /** In the order of the lines, without what was substituted. */
    List<LocatedProblem> problems() {
        return problems.stream()
                .sorted(Comparator.comparingInt(LocatedProblem::line))
                .map(p -> p.saying(substituted.hide(p.path(), p.message())))
                .toList();
    }

    Substituted substituted() {
        return substituted;
    }

    void keepUnresolved(String path, String text) {
        unresolved.put(path, text);
    }

    /** The texts with {@code ${…}} of everything below a path, by the path from there. */
    Map<String, String> unresolvedBelow(String path) {
        Map<String, String> below = new HashMap<>();
        unresolved.forEach(
                (at, text) -> {
                    if (at.startsWith(path + ".")) {
                        below.put(at.substring(path.length() + 1), text);
                    }
                });
        return below;
    }
}
