package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.cli.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/delivery} of the distribution, before a Java that only tells how it was called. */
class LauncherTest {
    private static final String RELEASE = "IMPLEMENTOR=\"Any\"\nJAVA_VERSION=\"%s\"\n";
    private static final String SHARED = "-XX:SharedArchiveFile=";

    /** Java 25 tells on standard output that it does without an archive. */
    private static final String QUIET = "-Xlog:cds=off";

    private static final String LOOKED_FOR = "-Ddelivery.classArchive=";

    @TempDir Path folder;
    private Path home;
    private Path jdk;
    private int exitCode;

    @BeforeEach
    void install() throws IOException {
        folder = folder.toRealPath();
        home = folder.resolve("a place/delivery");
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib"));
        Path launcher = home.resolve("bin/delivery");
        Files.copy(Path.of("src/dist/bin/delivery"), launcher);
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        for (String jar : List.of("zz.jar", "delivery-daemon-1.jar", "B.jar", "a.jar")) {
            Files.writeString(home.resolve("lib").resolve(jar), jar);
        }
        jdk = folder.resolve("jdk");
        Path java = jdk.resolve("bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(
                java,
                """
                #!/bin/sh
                if [ "$1" = -version ]; then
                    echo "Picked up ${JAVA_TOOL_OPTIONS:-nothing} ${JDK_JAVA_OPTIONS:-}" >&2
                    echo 'openjdk version "21.0.4" 2024-07-16' >&2
                else
                    printf '%s\\n' "$@"
                fi
                """);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        release("17.0.15");
    }

    @Test
    void the_class_path_has_every_jar_in_the_order_of_the_names_whatever_the_language()
            throws Exception {
        List<String> words = words(Map.of("LC_ALL", "en_US.UTF-8"), "status", "--json");

        assertThat(words).containsSubsequence("-cp", classPath(home), "status", "--json");
        assertThat(words(Map.of("LC_ALL", "C"))).contains(classPath(home));
    }

    @Test
    void a_free_ratio_of_the_user_is_not_compared_with_one_of_ours() throws Exception {
        assertThat(words()).contains("-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=30");

        assertThat(words(Map.of("DELIVERY_JAVA_OPTS", "-XX:MinHeapFreeRatio=40")))
                .filteredOn(word -> word.contains("HeapFreeRatio"))
                .containsExactly("-XX:MinHeapFreeRatio=40");
    }

    @Test
    void an_archive_is_used_where_there_is_one_and_options_of_the_user_come_behind()
            throws Exception {
        assertThat(words()).noneMatch(word -> word.startsWith(SHARED) || word.equals(QUIET));

        Path archive = madeArchive();

        assertThat(words(Map.of("DELIVERY_JAVA_OPTS", "-XX:SharedArchiveFile=/other.jsa")))
                .containsSubsequence(SHARED + archive, QUIET, SHARED + "/other.jsa");
    }

    @Test
    void an_archive_of_other_jars_under_the_same_names_is_not_used() throws Exception {
        madeArchive();

        Files.writeString(home.resolve("lib/delivery-daemon-1.jar"), "delivery-DAEMON-1.jar");

        assertThat(words()).noneMatch(word -> word.startsWith(SHARED));
    }

    @Test
    void an_archive_is_not_used_from_another_folder() throws Exception {
        madeArchive();
        Path moved = folder.resolve("elsewhere");
        Files.move(home, moved);
        home = moved;

        assertThat(words()).noneMatch(word -> word.startsWith(SHARED)).contains(classPath(moved));
    }

    @Test
    void an_archive_of_another_java_is_not_used() throws Exception {
        madeArchive();

        release("17.0.16");
        assertThat(words()).noneMatch(word -> word.startsWith(SHARED));

        release("17.0.15");
        assertThat(words()).anyMatch(word -> word.startsWith(SHARED));
    }

    @Test
    void a_java_without_a_file_of_its_version_is_asked() throws Exception {
        Files.delete(jdk.resolve("release"));
        Path archive = madeArchive();

        assertThat(words()).contains(SHARED + archive).noneMatch(word -> word.startsWith("--"));

        release("25.0.3");
        assertThat(words()).contains("--enable-native-access=ALL-UNNAMED");
    }

    @Test
    void a_java_that_is_too_old_is_refused() throws Exception {
        release("11.0.20");

        assertThat(run(Map.of())).contains("needs Java 17 or newer", "is version 11");
        assertThat(exitCode).isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void a_java_that_does_not_run_is_refused() throws Exception {
        Files.delete(jdk.resolve("release"));
        Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\necho broken >&2\nexit 1\n");

        assertThat(run(Map.of())).contains("needs Java 17 or newer", "is version unknown");
        assertThat(exitCode).isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void the_first_of_two_versions_in_the_file_of_a_java_counts() throws Exception {
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25\"\nJAVA_VERSION=\"25.0.3\"\n");

        assertThat(words()).contains("--enable-native-access=ALL-UNNAMED");
    }

    @Test
    void an_archive_counts_whatever_the_folder_and_the_java_are_called() throws Exception {
        Path archive = madeArchive();
        Path home = this.home;
        this.home = Files.createSymbolicLink(folder.resolve("current"), home);
        jdk = Files.createSymbolicLink(folder.resolve("default-jdk"), jdk);

        assertThat(words()).contains(SHARED + archive, classPath(home));
    }

    @Test
    void an_archive_of_jars_with_another_time_or_size_is_not_used() throws Exception {
        madeArchive();
        Path jar = home.resolve("lib/a.jar");
        FileTime time = Files.getLastModifiedTime(jar);

        Files.setLastModifiedTime(jar, FileTime.fromMillis(time.toMillis() - 2_000));
        assertThat(words()).noneMatch(word -> word.startsWith(SHARED));

        Files.setLastModifiedTime(jar, time);
        assertThat(words()).anyMatch(word -> word.startsWith(SHARED));

        Files.writeString(jar, "longer than before");
        Files.setLastModifiedTime(jar, time);
        assertThat(words()).noneMatch(word -> word.startsWith(SHARED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:+UseZGC",
                "-Da=b -XX:+UseShenandoahGC",
                "-XX:-UseCompressedOops",
                "-XX:+UseCompactObjectHeaders",
                "-XX:AOTCache=/an.aot"
            })
    void an_archive_that_java_does_not_take_with_its_options_is_not_used(String options)
            throws Exception {
        Path archive = madeArchive();

        for (String variable :
                List.of("DELIVERY_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")) {
            assertThat(words(Map.of(variable, options)))
                    .noneMatch(word -> word.startsWith(SHARED) || word.startsWith("-Xshare"))
                    .contains(LOOKED_FOR + archive);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cksum", "stat"})
    void there_is_no_archive_where_it_cannot_be_told_what_it_holds_for(String program)
            throws Exception {
        Path programs = Files.createDirectories(folder.resolve("programs"));
        Path missing = programs.resolve(program);
        Files.writeString(missing, "#!/bin/sh\nexit 127\n");
        assertThat(missing.toFile().setExecutable(true)).isTrue();
        Files.createFile(home.resolve("lib/classes-.jsa"));

        assertThat(words(Map.of("PATH", programs + ":" + System.getenv("PATH"))))
                .contains(classPath(home))
                .noneMatch(word -> word.startsWith(SHARED) || word.startsWith(LOOKED_FOR));
    }

    @Test
    void options_of_any_java_are_not_for_the_one_that_is_asked() throws Exception {
        Files.delete(jdk.resolve("release"));
        Path archive = madeArchive();

        assertThat(words(Map.of("JAVA_TOOL_OPTIONS", "-Da=b", "JDK_JAVA_OPTIONS", "-Dc=d")))
                .contains(SHARED + archive);
    }

    private void release(String version) throws IOException {
        Files.writeString(jdk.resolve("release"), RELEASE.formatted(version));
    }

    /** Where the launcher looks for it; {@code archive-classes} is told so. */
    private Path madeArchive() throws Exception {
        String told =
                words().stream()
                        .filter(word -> word.startsWith(LOOKED_FOR))
                        .findAny()
                        .orElseThrow();
        return Files.createFile(Path.of(told.substring(LOOKED_FOR.length())));
    }

    private static String classPath(Path home) {
        return "%1$s/lib/B.jar:%1$s/lib/a.jar:%1$s/lib/delivery-daemon-1.jar:%1$s/lib/zz.jar"
                .formatted(home);
    }

    private List<String> words(String... arguments) throws Exception {
        return words(Map.of(), arguments);
    }

    private List<String> words(Map<String, String> environment, String... arguments)
            throws Exception {
        return run(environment, arguments).lines().toList();
    }

    private String run(Map<String, String> environment, String... arguments) throws Exception {
        Path output = folder.resolve("output");
        List<String> command = new java.util.ArrayList<>();
        command.add(home.resolve("bin/delivery").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder launcher =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        launcher.environment()
                .keySet()
                .removeAll(List.of("DELIVERY_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        launcher.environment().put("JAVA_HOME", jdk.toString());
        launcher.environment().putAll(environment);
        Process process = launcher.start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        exitCode = process.exitValue();
        return Files.readString(output);
    }
}
