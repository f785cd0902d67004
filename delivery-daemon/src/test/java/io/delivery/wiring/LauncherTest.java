package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @BeforeEach
    void install() throws IOException {
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
        launcher.environment().remove("DELIVERY_JAVA_OPTS");
        launcher.environment().put("JAVA_HOME", jdk.toString());
        launcher.environment().putAll(environment);
        Process process = launcher.start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return Files.readString(output);
    }
}
