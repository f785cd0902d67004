package io.delivery.junit.child;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A JVM with a class path and a heap of its own. It ends with this one, also when this one is
 * killed. Thread-safe.
 */
public final class ChildProcess implements AutoCloseable {
    /** A machine that is busy with other things may take as long. */
    private static final Duration START = Duration.ofSeconds(120);

    private static final Duration END = Duration.ofSeconds(10);
    private static final int SHOWN_LOG_BYTES = 4000;

    /** They are meant for the JVM of the tests: agents, ports of debuggers, heaps. */
    private static final List<String> OPTIONS_OF_JAVA =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** Names a file that logs are written to, and that stays. */
    private static final String LOG = "delivery.junit.log";

    /** The launcher names it: from here on the JVM warns of native libraries and of Unsafe. */
    private static final int WARNING_JAVA = 24;

    private final String name;
    private final Path directory;
    private final Process process;
    private final String secret;
    private final int port;
    private final Thread ender = new Thread(this::end, "delivery-junit-end");

    private ChildProcess(String name, Path directory, Process process, String secret, int port) {
        this.name = name;
        this.directory = directory;
        this.process = process;
        this.secret = secret;
        this.port = port;
    }

    /**
     * Starts one and waits until it listens.
     *
     * @param name for people
     * @param answers what it does when it is asked; the jar of this class holds its class path
     * @param heap the most that it may take, as {@code -Xmx} has it
     * @throws ChildFailedException with what it said, when it does not come up
     * @throws IOException when it cannot be started at all
     */
    public static ChildProcess start(String name, Class<? extends Answers> answers, String heap)
            throws IOException, ChildFailedException {
        return start(name, answers.getName(), answers, heap);
    }

    /**
     * The same with a class that cannot be loaded here, since its libraries are not on this class
     * path.
     *
     * @param answers name of a class
     * @param beside a class of the same jar
     */
    public static ChildProcess start(String name, String answers, Class<?> beside, String heap)
            throws IOException, ChildFailedException {
        Path directory = Files.createTempDirectory("delivery-junit-" + name + "-").toRealPath();
        try {
            Set<Path> classPath = new LinkedHashSet<>();
            classPath.add(PackedClassPath.placeOf(Child.class));
            classPath.add(PackedClassPath.placeOf(beside));
            Path lib = Files.createDirectory(directory.resolve("lib"));
            classPath.addAll(PackedClassPath.unpack(beside, lib));
            return start(name, answers, heap, directory, classPath);
        } catch (Throwable failed) { // also errors
            Folders.remove(directory);
            throw failed;
        }
    }

    private static ChildProcess start(
            String name, String answers, String heap, Path directory, Set<Path> classPath)
            throws IOException, ChildFailedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx" + heap,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1", // it lives for seconds
                        "-Xshare:auto",
                        "-XX:+ExitOnOutOfMemoryError",
                        // What the JVM itself says goes into the log, and not before the port.
                        "-XX:+DisplayVMOutputToStderr",
                        "-Xlog:disable",
                        "-Xlog:all=warning:stderr",
                        "-Djava.io.tmpdir=" + Files.createDirectory(directory.resolve("tmp"))));
        if (Runtime.version().feature() >= WARNING_JAVA) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(
                List.of(
                        "-cp",
                        classPath.stream()
                                .map(Path::toString)
                                .collect(Collectors.joining(File.pathSeparator)),
                        Child.class.getName(),
                        answers,
                        directory.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(Path.of("").toAbsolutePath().toFile())
                        .redirectError(ProcessBuilder.Redirect.appendTo(newLog(directory)));
        OPTIONS_OF_JAVA.forEach(builder.environment()::remove);
        nameFilesWithAnySign(builder.environment());
        Process process = builder.start();
        String secret = secret();
        int port;
        try {
            OutputStream in = process.getOutputStream();
            in.write((secret + "\n").getBytes(US_ASCII));
            in.flush();
            port = port(name, process, directory);
        } catch (Throwable failed) { // also errors
            process.destroyForcibly();
            throw failed;
        }
        ChildProcess child = new ChildProcess(name, directory, process, secret, port);
        Runtime.getRuntime().addShutdownHook(child.ender);
        return child;
    }

    /** In the C locale Java cannot name a file Zürich, and partition values may. */
    private static void nameFilesWithAnySign(Map<String, String> environment) {
        String locale =
                List.of("LC_ALL", "LC_CTYPE", "LANG").stream()
                        .map(variable -> environment.getOrDefault(variable, ""))
                        .filter(value -> !value.isEmpty())
                        .findFirst()
                        .orElse("");
        if (!locale.toLowerCase(java.util.Locale.ROOT).matches(".*utf-?8")) {
            environment.put("LC_ALL", "C.UTF-8");
        }
    }

    private static String secret() {
        byte[] bytes = new byte[Child.SECRET_LENGTH / 2];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The first line that it prints; one that hangs is ended, so that this returns. */
    private static int port(String name, Process process, Path directory)
            throws ChildFailedException {
        Thread impatient =
                new Thread(
                        () -> {
                            try {
                                Thread.sleep(START.toMillis());
                                process.destroyForcibly();
                            } catch (InterruptedException listening) {
                                // It has come up, or has ended.
                            }
                        },
                        "delivery-junit-start");
        impatient.setDaemon(true);
        impatient.start();
        try {
            String line =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII))
                            .readLine();
            if (line != null) {
                return Integer.parseInt(line);
            }
        } catch (IOException | NumberFormatException unreadable) {
            throw new ChildFailedException(
                    "the process %s does not tell its port\n%s".formatted(name, tail(directory)),
                    unreadable);
        } finally {
            impatient.interrupt();
        }
        throw new ChildFailedException(
                "the process %s has ended at its start, or has not come up within %d s\n%s"
                        .formatted(name, START.toSeconds(), tail(directory)));
    }

    /** A folder of its own, which is removed with it. */
    public Path directory() {
        return directory;
    }

    /** One sentence for people: where the log is, or how it is kept. */
    public String whereItsLogIs() {
        return System.getProperty(LOG) == null
                ? "-D%s=FILE keeps the log of the service.".formatted(LOG)
                : "The log of the service is in %s.".formatted(log(directory));
    }

    private static Path log(Path directory) {
        String kept = System.getProperty(LOG);
        return kept == null ? directory.resolve("log") : Path.of(kept).toAbsolutePath();
    }

    /** In a folder that is made for it, such as the {@code target} of a fresh checkout. */
    private static File newLog(Path directory) throws IOException {
        Path log = log(directory);
        Files.createDirectories(log.getParent());
        return log.toFile();
    }

    private static String tail(Path directory) {
        try (RandomAccessFile log = new RandomAccessFile(log(directory).toFile(), "r")) {
            long length = log.length();
            byte[] tail = new byte[(int) Math.min(length, SHOWN_LOG_BYTES)];
            log.seek(length - tail.length);
            log.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8);
        } catch (IOException none) {
            return "(it has no log: " + none.getMessage() + ")";
        }
    }

    int port() {
        return port;
    }

    /** As the operating system knows it. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Has it do something, and waits for its answer.
     *
     * @param arguments values that are null, Boolean, Integer, Long, Double, BigInteger,
     *     BigDecimal, String, byte[], LocalDate, Instant, List or Map
     * @param limit how long to wait for the answer
     * @return a value of these; an Integer is a Long
     * @throws ChildFailedException with its reason, or because no answer came
     */
    public Object ask(String command, Map<String, ?> arguments, Duration limit)
            throws ChildFailedException {
        List<?> answer;
        try (Socket connection = new Socket(Proxy.NO_PROXY)) {
            connection.connect(new InetSocketAddress(Child.here(), port));
            connection.setSoTimeout(Math.toIntExact(limit.toMillis()));
            DataOutputStream out =
                    new DataOutputStream(new BufferedOutputStream(connection.getOutputStream()));
            out.write(secret.getBytes(US_ASCII));
            Wire.write(out, List.of(command, arguments));
            out.flush();
            answer =
                    (List<?>)
                            Wire.read(
                                    new DataInputStream(
                                            new BufferedInputStream(connection.getInputStream())));
        } catch (SocketTimeoutException late) {
            throw new ChildFailedException(
                    "the process %s has not answered to %s within %d s\n%s"
                            .formatted(name, command, limit.toSeconds(), tail(directory)),
                    late);
        } catch (IOException broken) {
            throw new ChildFailedException(
                    "the process %s %s, when it was asked to %s: %s\n%s"
                            .formatted(
                                    name,
                                    process.isAlive()
                                            ? "does not answer"
                                            : "has ended with " + process.exitValue(),
                                    command,
                                    broken.getMessage(),
                                    tail(directory)),
                    broken);
        }
        if (Child.DONE.equals(answer.get(0))) {
            return answer.get(1);
        }
        throw ChildFailedException.answer((String) answer.get(1));
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(ender);
        } catch (IllegalStateException ending) {
            // This JVM ends, and the hook runs or has run.
        }
    }

    /** The end of its input is what ends it. */
    private void end() {
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            // It has ended.
        }
        try {
            if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException hurry) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Folders.remove(directory);
    }
}
