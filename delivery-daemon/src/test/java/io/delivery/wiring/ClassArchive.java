package io.delivery.wiring;

import io.delivery.proof.DaemonCommand;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The program as tests start it, with an archive of its classes: a start that reads, checks and
 * links each of them takes nearly twice as long. The archive is made once for the jars of a build,
 * from the list that images have theirs from, and is kept below {@code target}. Where the program
 * is in folders of classes, as before Maven has packaged it, there is none: Java archives jars
 * only.
 */
public final class ClassArchive {
    private static final Path TARGET = Path.of("target");
    private static final Path LIST = Path.of("..", "deploy", "image", "classes.txt");
    private static final String NAME = "program-";
    private static final String ENDING = ".jsa";
    private static final long PATIENCE_MINUTES = 5;

    private final String classPath;
    private final List<String> options;

    private ClassArchive(String classPath, List<String> options) {
        this.classPath = classPath;
        this.options = options;
    }

    /** This program, as another process. */
    public static DaemonCommand program() {
        return command(Main.class);
    }

    /** A main class of this program or of its tests, as another process. */
    public static DaemonCommand command(Class<?> main) {
        ClassArchive archive = ofThisBuild();
        DaemonCommand plain = DaemonCommand.ofThisProcess(main.getName());
        List<String> words = new ArrayList<>(plain.words());
        int classPath = words.indexOf("-cp");
        words.set(classPath + 1, archive.classPath);
        words.addAll(classPath, archive.options);
        return new DaemonCommand(words, plain.environment());
    }

    /** The one that all tests of this process use. */
    static ClassArchive ofThisBuild() {
        return OfThisBuild.IT;
    }

    /** That of the tests; the jars come first, since an archive holds for the first of a path. */
    String classPath() {
        return classPath;
    }

    /** What Java is told of the archive; nothing where there is none. */
    List<String> options() {
        return options;
    }

    private static final class OfThisBuild {
        private static final ClassArchive IT = make();

        private static ClassArchive make() {
            String given = System.getProperty("java.class.path");
            List<Path> path = Arrays.stream(given.split(File.pathSeparator)).map(Path::of).toList();
            List<Path> jars = path.stream().filter(Files::isRegularFile).toList();
            try {
                if (!jars.contains(homeOf(Main.class))) {
                    return new ClassArchive(given, List.of());
                }
                String ofJars = text(jars.stream());
                Path archive = TARGET.resolve(NAME + key(jars) + ENDING).toAbsolutePath();
                if (!madeOnce(archive, ofJars)) {
                    return new ClassArchive(given, List.of());
                }
                return new ClassArchive(
                        text(
                                Stream.concat(
                                        jars.stream(),
                                        path.stream().filter(entry -> !jars.contains(entry)))),
                        List.of("-XX:SharedArchiveFile=" + archive));
            } catch (IOException failed) {
                throw new IllegalStateException("no archive of classes: " + failed, failed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
    }

    private static Path homeOf(Class<?> type) {
        URL home = type.getProtectionDomain().getCodeSource().getLocation();
        return Path.of(URI.create(home.toString()));
    }

    private static String text(Stream<Path> path) {
        return path.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** Another one for other jars and for another Java. */
    private static String key(List<Path> jars) throws IOException {
        List<String> parts = new ArrayList<>(List.of(System.getProperty("java.vm.version")));
        for (Path jar : jars) {
            parts.add(jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar));
        }
        return Integer.toHexString(parts.hashCode());
    }

    /** Makes it unless another process has; false when it cannot be made. */
    private static boolean madeOnce(Path archive, String classPath)
            throws IOException, InterruptedException {
        try (FileChannel channel =
                        FileChannel.open(
                                TARGET.resolve("program.lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!Files.exists(archive)) {
                removeOthers();
                make(archive, classPath);
            }
            return lock.isValid() && Files.size(archive) > 0;
        }
    }

    private static void removeOthers() throws IOException {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(TARGET, NAME + "*" + ENDING)) {
            for (Path other : others) {
                Files.delete(other);
            }
        }
    }

    /** An empty file tells others that it cannot be made. */
    private static void make(Path archive, String classPath)
            throws IOException, InterruptedException {
        Path list =
                Files.write(
                        TARGET.resolve("program-classes.txt"),
                        Files.readAllLines(LIST).stream()
                                .filter(line -> !line.startsWith("#"))
                                .toList());
        Path log = TARGET.resolve("program-classes.log");
        Path made = TARGET.resolve("program-classes.made").toAbsolutePath();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Permissions are part of an archive: Java 25 tells it when those of a start are others.
        DaemonCommand.ofThisProcess(Main.class.getName()).words().stream()
                .filter(word -> word.startsWith("--"))
                .forEach(command::add);
        command.addAll(
                List.of(
                        "-Xshare:dump",
                        "-XX:SharedClassListFile=" + list,
                        "-XX:SharedArchiveFile=" + made,
                        "-XX:+UseG1GC", // no other collector archives objects
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx384m",
                        "-cp",
                        classPath));
        Process dump =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (dump.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) && dump.exitValue() == 0) {
            Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
        } else {
            dump.destroyForcibly();
            System.out.println("no archive of the program's classes: see " + log.toAbsolutePath());
            Files.createFile(archive);
        }
    }
}
