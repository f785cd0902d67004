package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.runtime.code.CodeEntry;
import io.delivery.runtime.code.CodeListing;
import io.delivery.testkit.JavaSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is seen of a Java function before it runs, and how its process is started. */
class JavaLauncherTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private static CodeListing code(String... paths) {
        return new CodeListing(
                Arrays.stream(paths)
                        .collect(
                                Collectors.toMap(
                                        Function.identity(), path -> new CodeEntry(1, false))),
                Map.of());
    }

    private static List<String> problems(CodeListing code, String handler) {
        return new JavaLauncher()
                .problems(code, Optional.ofNullable(handler)).stream()
                        .map(FunctionProblem::message)
                        .toList();
    }

    @Test
    void a_class_or_a_method_is_a_handler_when_the_code_may_have_it() {
        assertThat(problems(code("com/example/Enrich.class"), "com.example.Enrich")).isEmpty();
        assertThat(problems(code("com/example/Enrich.class"), "com.example.Enrich::apply"))
                .isEmpty();
        assertThat(problems(code("Enrich$Inner.class"), "Enrich$Inner")).isEmpty();
        assertThat(problems(code("lib/enrich.jar"), "com.example.Enrich")).isEmpty();
    }

    @Test
    void what_cannot_be_the_handler_is_told_with_the_cure() {
        assertThat(problems(code("com/example/Enrich.class"), "com.example.Enrihc"))
                .containsExactly("the code has neither com/example/Enrihc.class nor jars in lib/");
        assertThat(problems(code("enrich.jar"), "com.example.Enrich"))
                .singleElement()
                .asString()
                .contains("its jars are beside lib/");
        assertThat(problems(code("Enrich.class"), "Enrich.handle()"))
                .singleElement()
                .asString()
                .contains("must be package.Class or package.Class::method, was Enrich.handle()");
        assertThat(problems(code("Enrich.class"), null))
                .singleElement()
                .asString()
                .contains("was empty");
    }

    @Test
    void a_jvm_without_a_launcher_is_told() {
        Launcher launcher = new JavaLauncher(Path.of("/no/such/java"), 17);

        assertThat(launcher.problems(code("Enrich.class"), Optional.of("Enrich")))
                .singleElement()
                .asString()
                .contains("/no/such/java is not there");
    }

    @Test
    void slots_share_a_process_up_to_a_few_and_each_has_its_memory(@TempDir Path folder)
            throws IOException {
        Launcher launcher = new JavaLauncher(JAVA, 17);
        Deployment deployment =
                new Deployment(folder, Optional.of("Enrich"), 128L << 20, 3, folder);

        assertThat(launcher.eventsAtATime(3)).isEqualTo(3);
        assertThat(launcher.eventsAtATime(64)).isEqualTo(8);
        assertThat(launcher.launch(deployment).command())
                .startsWith(JAVA.toString())
                .contains("-Xmx" + (384L << 20), "3");
    }

    @Test
    void a_file_that_is_as_it_should_be_is_not_written_again(@TempDir Path folder)
            throws IOException {
        Launcher launcher = new JavaLauncher(JAVA, 17);
        Deployment deployment =
                new Deployment(folder, Optional.of("Enrich"), 128L << 20, 1, folder);
        launcher.launch(deployment);
        Path jar = folder.resolve("java/lib/aws-lambda-java-core.jar");
        Object before = Files.readAttributes(jar, "unix:ino").get("ino");
        byte[] whole = Files.readAllBytes(jar);

        launcher.launch(deployment);
        assertThat(Files.readAttributes(jar, "unix:ino").get("ino")).isEqualTo(before);

        Files.write(jar, new byte[whole.length]);
        launcher.launch(deployment);
        assertThat(jar).hasBinaryContent(whole);
    }

    @Test
    void every_class_of_the_room_is_written_out() throws Exception {
        Path room = JavaSources.placeOf(JavaLauncher.class).resolve("io/delivery/javafunction");

        try (Stream<Path> files = Files.list(room)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(name -> !name.equals("package-info.class"))
                    .containsExactlyInAnyOrderElementsOf(
                            JavaLauncher.CLASS_FILES.stream()
                                    .map(name -> name + ".class")
                                    .toList());
        }
    }
}
