package io.delivery.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.FunctionRunner;
import io.delivery.machine.ThreadScheduler;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.processing.ProcessorProvider;
import io.delivery.record.Incarnation;
import io.delivery.record.SequencedRecord;
import io.delivery.testkit.JavaSources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found in a folder of plugins, what its classes see, and what is said of wrong ones. */
class PluginFolderTest {
    private static final String SERVICES = "META-INF/services/" + ProcessorProvider.class.getName();

    @TempDir private Path folder;

    private final ThreadScheduler scheduler = new ThreadScheduler();

    @AfterEach
    void stop() {
        scheduler.close();
    }

    /** A provider whose processor answers, for each record, the text that the expression gives. */
    private static JavaSources answering(String className, String expression) {
        return provider(
                className,
                "",
                "SPI_VERSION",
                """
                return records -> java.util.concurrent.CompletableFuture.completedFuture(
                    records.stream().map(record -> (io.delivery.processing.Outcome)
                        new io.delivery.processing.Outcome.Ok(
                            String.valueOf(%s).getBytes(java.nio.charset.StandardCharsets.UTF_8),
                            io.delivery.partition.PartitionKeys.NONE)).toList());
                """
                        .formatted(expression));
    }

    private static JavaSources provider(
            String className, String constructor, String version, String create) {
        int dot = className.lastIndexOf('.');
        String text =
                """
                package %s;
                public final class %s implements io.delivery.processing.ProcessorProvider {
                    public %s() { %s }
                    @Override public int spiVersion() { return %s; }
                    @Override public io.delivery.processing.Processor create(
                            java.util.Map<String, String> settings) { %s }
                }
                """;
        String simple = className.substring(dot + 1);
        return TemplatePlugin.sources()
                .source(
                        className,
                        text.formatted(
                                className.substring(0, dot),
                                simple,
                                simple,
                                constructor,
                                version,
                                create))
                .resource(SERVICES, className + "\n");
    }

    private Processor processor(PluginFolder plugins, String className) {
        return plugins.processor(new FunctionRunner.Plugin(className, Map.of()), scheduler);
    }

    private String answer(String className) throws Exception {
        try (PluginFolder plugins = PluginFolder.open(folder);
                Processor processor = processor(plugins, className)) {
            return answer(processor);
        }
    }

    private static String answer(Processor processor) throws Exception {
        processor.open(new Incarnation(1, 2));
        byte[] bytes = "a record".getBytes(StandardCharsets.UTF_8);
        SequencedRecord record = new SequencedRecord().at(1, 0, true, bytes, 0, bytes.length, 1);
        List<Outcome> outcomes =
                processor.process(List.of(record)).toCompletableFuture().get(30, TimeUnit.SECONDS);
        return new String(((Outcome.Ok) outcomes.get(0)).data(), StandardCharsets.UTF_8);
    }

    private void assertRefused(String className, String... words) throws IOException {
        try (PluginFolder plugins = PluginFolder.open(folder)) {
            assertThatThrownBy(() -> processor(plugins, className))
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .contains(words);
        }
    }

    private void assertUnusable(String... words) {
        assertThatThrownBy(() -> PluginFolder.open(folder))
                .isInstanceOf(IOException.class)
                .message()
                .contains(words);
    }

    // --- what is found ---

    @Test
    void a_jar_is_a_plugin_and_other_files_are_passed_over() throws Exception {
        answering("a.One", "\"one\"").jar(folder.resolve("one.jar"));
        answering("b.Two", "\"two\"").jar(folder.resolve("two.jar"));
        Files.writeString(folder.resolve("README.md"), "what is here");
        Files.createDirectories(folder.resolve("empty"));

        try (PluginFolder plugins = PluginFolder.open(folder)) {
            assertThat(plugins.classes()).containsExactly("a.One", "b.Two");
        }
        assertThat(answer("a.One")).isEqualTo("one");
        assertThat(answer("b.Two")).isEqualTo("two");
    }

    @Test
    void the_jars_of_a_subfolder_are_one_plugin() throws Exception {
        Path together = Files.createDirectories(folder.resolve("together"));
        Path library = together.resolve("library.jar");
        new JavaSources()
                .source(
                        "lib.Words",
                        "package lib; public class Words { public static String W = \"of the library\"; }")
                .jar(library);
        answering("a.One", "lib.Words.W").against(library).jar(together.resolve("plugin.jar"));

        assertThat(answer("a.One")).isEqualTo("of the library");
    }

    @Test
    void a_folder_that_does_not_exist_has_no_plugins() throws IOException {
        try (PluginFolder plugins = PluginFolder.open(folder.resolve("none"))) {
            assertThat(plugins.classes()).isEmpty();
            assertThatThrownBy(() -> processor(plugins, "a.One"))
                    .hasMessageContaining("there is no plugin class a.One in")
                    .hasMessageContaining("the folder does not exist");
        }
    }

    // --- what its classes see ---

    @Test
    void two_plugins_have_each_their_own_version_of_a_class() throws Exception {
        for (String version : List.of("one", "two")) {
            Path place = Files.createDirectories(folder.resolve(version));
            Path library = place.resolve("library.jar");
            new JavaSources()
                    .source(
                            "lib.Words",
                            "package lib; public class Words { public static String W = \""
                                    + version
                                    + "\"; }")
                    .jar(library);
            answering(version + ".Plugin", "lib.Words.W")
                    .against(library)
                    .jar(place.resolve("plugin.jar"));
        }

        assertThat(answer("one.Plugin")).isEqualTo("one");
        assertThat(answer("two.Plugin")).isEqualTo("two");
    }

    @Test
    void a_plugin_sees_the_jdk_the_interface_and_the_log_and_nothing_else_of_ours()
            throws Exception {
        JavaSources plugin =
                answering(
                        "a.One",
                        """
                        Look.at("java.sql.Connection", "org.slf4j.Logger",
                            "io.delivery.processing.Processor", "io.delivery.record.Failure",
                            "io.delivery.partition.PartitionKeys",
                            "io.delivery.plugin.PluginFolder", "io.delivery.stream.DeliveryStream",
                            "io.delivery.config.Secret", "com.fasterxml.jackson.core.JsonFactory",
                            "software.amazon.awssdk.services.lambda.LambdaClient")
                        """);
        plugin.source(
                "a.Look",
                """
                package a;
                final class Look {
                    static String at(String... names) {
                        StringBuilder seen = new StringBuilder();
                        for (String name : names) {
                            try {
                                Class.forName(name);
                                seen.append("yes ");
                            } catch (ClassNotFoundException hidden) {
                                seen.append("no ");
                            }
                        }
                        return seen + "" + Look.class.getResource(
                            "/META-INF/services/software.amazon.awssdk.http.SdkHttpService");
                    }
                }
                """);
        plugin.jar(folder.resolve("one.jar"));

        assertThat(answer("a.One")).isEqualTo("yes yes yes yes yes no no no no no null");
    }

    @Test
    void the_threads_of_a_plugin_find_its_classes() throws Exception {
        answering(
                        "a.One",
                        "Thread.currentThread().getContextClassLoader()"
                                + " == One.class.getClassLoader()")
                .jar(folder.resolve("one.jar"));

        assertThat(answer("a.One")).isEqualTo("true");
    }

    // --- what is said of wrong ones ---

    @Test
    void a_class_that_is_not_there_is_told_with_those_that_are() throws Exception {
        answering("a.One", "1").jar(folder.resolve("one.jar"));
        answering("b.Two", "2").jar(folder.resolve("two.jar"));

        assertRefused("a.Ona", "there is no plugin class a.Ona in", "there are a.One, b.Two");
    }

    @Test
    void a_class_that_two_plugins_have_is_refused() throws Exception {
        answering("a.One", "1").jar(folder.resolve("one.jar"));
        answering("a.One", "2").jar(folder.resolve("two.jar"));

        assertRefused("a.One", "one.jar", "two.jar", "remove one");
    }

    @Test
    void a_plugin_of_another_version_of_the_interface_is_refused() throws Exception {
        provider("a.One", "", "2", "return null;").jar(folder.resolve("one.jar"));

        assertRefused("a.One", "version 2 of the plugin interface", "this program has version 1");
    }

    @Test
    void what_a_plugin_throws_when_it_is_made_is_told() throws Exception {
        provider(
                        "a.One",
                        "if (true) throw new IllegalStateException(\"no licence\");",
                        "1",
                        "return null;")
                .jar(folder.resolve("one.jar"));
        provider("a.Two", "", "1", "throw new StackOverflowError();")
                .jar(folder.resolve("two.jar"));
        provider("a.Three", "", "1", "return null;").jar(folder.resolve("three.jar"));

        assertRefused("a.One", "one.jar", "cannot be made: no licence");
        assertRefused("a.Two", "two.jar", "does not take its settings", "nested too deep");
        assertRefused("a.Three", "three.jar", "made no processor");
    }

    @Test
    void a_file_that_is_no_jar_is_told() throws IOException {
        Files.writeString(folder.resolve("one.jar"), "cut short");

        assertUnusable("one.jar cannot be read as a jar");
    }

    @Test
    void a_jar_that_names_no_class_or_a_missing_one_is_told() throws IOException {
        new JavaSources().source("a.B", "package a; class B {}").jar(folder.resolve("one.jar"));
        assertUnusable("one.jar names no class in META-INF/services/io.delivery.processing");

        new JavaSources()
                .source("a.B", "package a; class B {}")
                .resource(SERVICES, "a.Gone\n")
                .jar(folder.resolve("one.jar"));
        assertUnusable("one.jar cannot be loaded", "a.Gone");

        new JavaSources()
                .source("a.B", "package a; public class B {}")
                .resource(SERVICES, "a.B\n")
                .jar(folder.resolve("one.jar"));
        assertUnusable("one.jar cannot be loaded", "a.B");
    }

    @Test
    void a_file_in_place_of_the_folder_is_told() throws IOException {
        Path file = Files.writeString(folder.resolve("plugins"), "");

        assertThatThrownBy(() -> PluginFolder.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is no folder");
    }
}
