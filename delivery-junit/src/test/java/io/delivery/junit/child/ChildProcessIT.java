package io.delivery.junit.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process beside the tests. */
class ChildProcessIT {
    private static final String PROGRAM = "io.delivery.junit.program.ProgramAnswers";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static ChildProcess start() throws Exception {
        return ChildProcess.start("test", PROGRAM, Answers.class, "256m");
    }

    /** A JVM of tests that is killed. */
    public static final class Killed {
        private Killed() {}

        public static void main(String[] none) throws Exception {
            ChildProcess child = start();
            System.out.println(child.pid() + " " + child.directory());
            Thread.sleep(LIMIT.toMillis());
        }
    }

    @Test
    void it_ends_with_whoever_started_it_and_leaves_nothing() throws Exception {
        Process starter =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Killed.class.getName())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String[] told;
        try (BufferedReader out = starter.inputReader()) {
            told = out.readLine().split(" ", 2);
        } finally {
            starter.destroyForcibly();
        }
        ProcessHandle child = ProcessHandle.of(Long.parseLong(told[0])).orElse(null);

        if (child != null) { // otherwise it has ended already
            child.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }

        assertThat(Path.of(told[1])).doesNotExist();
    }

    /** A JVM of tests that asks one question. */
    public static final class Asking {
        private Asking() {}

        public static void main(String[] none) throws Exception {
            try (ChildProcess child = start()) {
                child.ask("sing", Map.of(), LIMIT);
            } catch (ChildFailedException refused) {
                System.out.println(refused.answered() + " " + refused.getMessage());
            }
        }
    }

    /** The child has none of these options, and must be found all the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Djava.net.preferIPv6Addresses=true",
                "-Djava.net.preferIPv4Stack=true",
                "-DsocksProxyHost=127.0.0.1 -DsocksProxyPort=1 -DsocksNonProxyHosts=none",
                "-Xmx24m"
            })
    void it_is_found_whatever_options_the_JVM_of_the_tests_has(String options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options.split(" ")));
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), Asking.class.getName()));
        Process asking =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();

        try (BufferedReader out = asking.inputReader()) {
            assertThat(out.readLine())
                    .isEqualTo("true the service of this test class has been stopped");
        } finally {
            asking.destroy();
        }
    }

    /** What it does prints before it listens, as libraries do when they are loaded. */
    public static final class Printing implements Answers {
        public Printing() {
            System.out.println("loaded");
        }

        @Override
        public Object answer(String command, Map<String, Object> arguments) {
            System.out.println(command);
            return command;
        }
    }

    @Test
    void what_libraries_print_is_not_taken_for_its_port(@TempDir Path folder) throws Exception {
        Path jar = folder.resolve("printing.jar");
        String printing = Printing.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                InputStream in = Printing.class.getClassLoader().getResourceAsStream(printing)) {
            out.putNextEntry(new JarEntry(printing));
            in.transferTo(out);
            out.putNextEntry(new JarEntry(PackedClassPath.FOLDER + "any.jar"));
        }
        URL program = Answers.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader classes =
                new URLClassLoader(
                        new URL[] {jar.toUri().toURL(), program},
                        ClassLoader.getPlatformClassLoader())) {
            Class<?> beside = classes.loadClass(Printing.class.getName());

            try (ChildProcess child =
                    ChildProcess.start("test", Printing.class.getName(), beside, "32m")) {
                assertThat(child.ask("sing", Map.of(), LIMIT)).isEqualTo("sing");
            }
        }
    }

    @Test
    void one_that_has_run_out_of_memory_says_so() throws Exception {
        try (ChildProcess child = ChildProcess.start("test", PROGRAM, Answers.class, "32m")) {
            assertThatThrownBy(() -> child.ask("sing", Map.of("text", new byte[64 << 20]), LIMIT))
                    .isInstanceOf(ChildFailedException.class)
                    .hasMessageStartingWith("the process test ")
                    .hasMessageContaining("OutOfMemoryError");
        }
    }

    @Test
    void it_is_closed_with_its_folder() throws Exception {
        ChildProcess child = start();
        assertThat(child.isAlive()).isTrue();
        assertThat(child.directory()).exists();

        child.close();

        assertThat(child.isAlive()).isFalse();
        assertThat(child.directory()).doesNotExist();
        assertThatThrownBy(() -> child.ask("start", Map.of(), LIMIT))
                .isInstanceOf(ChildFailedException.class)
                .hasMessageStartingWith(
                        "the process test has ended with 0, when it was asked to start");
    }

    @Test
    void a_class_that_it_does_not_have_is_told_by_its_log() {
        assertThatThrownBy(() -> ChildProcess.start("test", "no.such.Class", Answers.class, "256m"))
                .isInstanceOf(ChildFailedException.class)
                .hasMessageContaining("ClassNotFoundException: no.such.Class");
    }

    @Test
    void a_class_path_that_was_not_packed_is_told() {
        assertThatThrownBy(() -> ChildProcess.start("test", PROGRAM, ChildProcessIT.class, "256m"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds no jars below META-INF/delivery-junit/");
    }

    @Test
    void a_stranger_is_not_answered() throws Exception {
        try (ChildProcess child = start();
                Socket stranger = new Socket(InetAddress.getLoopbackAddress(), child.port())) {
            stranger.setSoTimeout(Math.toIntExact(LIMIT.toMillis()));
            stranger.getOutputStream().write(new byte[2 * Child.SECRET_LENGTH]);

            assertThat(readUntilClosed(stranger)).isZero();

            assertThatThrownBy(() -> child.ask("sing", Map.of(), LIMIT))
                    .hasMessageContaining("the service of this test class has been stopped");
        }
    }

    /** Bytes that came before the other side closed the connection, however it did. */
    private static int readUntilClosed(Socket connection) {
        try {
            return connection.getInputStream().readAllBytes().length;
        } catch (java.net.SocketTimeoutException open) {
            throw new AssertionError("it is still open", open);
        } catch (IOException reset) {
            return 0;
        }
    }

    @Test
    void nothing_of_the_program_is_on_the_class_path_of_the_tests() {
        List<String> classPath =
                List.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator));

        assertThat(classPath)
                .anyMatch(entry -> entry.contains("delivery-junit-program"))
                .noneMatch(entry -> entry.contains("delivery-daemon"))
                .noneMatch(entry -> entry.contains("jetty"));
        assertThatThrownBy(() -> Class.forName("io.delivery.wiring.Service"))
                .isInstanceOf(ClassNotFoundException.class);
    }
}
