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
import io.delivery.world.Scheduler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
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

    @Test
    void what_makes_a_processor_finds_its_classes_by_the_context_loader() throws Exception {
        String own = "Thread.currentThread().getContextClassLoader() == One.class.getClassLoader()";
        String required = "if (!(" + own + ")) throw new IllegalStateException(\"another\");";
        provider("a.One", required, "(" + own + ") ? 1 : 7", required + withHints(required))
                .jar(folder.resolve("one.jar"));

        try (PluginFolder plugins = PluginFolder.open(folder);
                Processor processor = processor(plugins, "a.One")) {
            assertThat(processor.hints().limit()).isPositive();
        }
    }

    /** Makes a processor that does something before it tells its hints. */
    private static String withHints(String before) {
        return """
               return new io.delivery.processing.Processor() {
                   @Override public io.delivery.processing.BatchHints hints() {
                       if (true) { %s }
                       return io.delivery.processing.Processor.super.hints();
                   }
                   @Override public java.util.concurrent.CompletionStage<java.util.List<io.delivery.processing.Outcome>> process(
                           java.util.List<? extends io.delivery.record.SequencedRecord> records) { return null; }
               };
               """
                .formatted(before);
    }

    @Test
    void a_processor_finds_its_classes_until_it_has_closed() throws Exception {
        JavaSources plugin =
                provider(
                        "a.One",
                        "",
                        "1",
                        """
                        return new io.delivery.processing.Processor() {
                            @Override public java.util.concurrent.CompletionStage<java.util.List<io.delivery.processing.Outcome>> process(
                                    java.util.List<? extends io.delivery.record.SequencedRecord> records) { return null; }
                            @Override public void close() { Last.words(settings.get("file")); }
                        };
                        """);
        plugin.source(
                        "a.Last",
                        """
                        package a;
                        final class Last {
                            static void words(String file) {
                                try {
                                    java.nio.file.Files.writeString(java.nio.file.Path.of(file), "closed");
                                } catch (java.io.IOException e) {
                                    throw new IllegalStateException(e);
                                }
                            }
                        }
                        """)
                .jar(folder.resolve("one.jar"));
        Path file = folder.resolve("last words");
        List<Runnable> queued = new ArrayList<>();
        Scheduler later =
                new Scheduler() {
                    @Override
                    public Executor serial(String name) {
                        return queued::add;
                    }

                    @Override
                    public Executor pool(String name, int width) {
                        return queued::add;
                    }

                    @Override
                    public Cancellable after(Duration delay, Executor where, Runnable task) {
                        return () -> {};
                    }
                };

        try (PluginFolder plugins = PluginFolder.open(folder)) {
            plugins.processor(
                            new FunctionRunner.Plugin("a.One", Map.of("file", file.toString())),
                            later)
                    .close();
        }
        queued.forEach(Runnable::run);

        assertThat(file).hasContent("closed");
    }

    @Test
    void the_classes_are_closed_behind_the_last_one_who_uses_them() throws Exception {
        Path jar =
                new JavaSources()
                        .source("a.B", "package a; class B {}")
                        .source("a.C", "package a; class C {}")
                        .jar(folder.resolve("one.jar"));
        PluginClasses classes = new PluginClasses("one", List.of(jar.toUri().toURL()));
        classes.used();

        classes.close();
        classes.close();
        assertThat(classes.loadClass("a.B").getName()).isEqualTo("a.B");

        classes.released();
        assertThatThrownBy(() -> classes.loadClass("a.C"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThatThrownBy(classes::used).hasMessageContaining("are closed");
    }

    @Test
    void a_jar_that_was_replaced_is_read_anew_while_the_old_one_is_still_in_use() throws Exception {
        String word =
                """
                new String(((java.util.function.Supplier<byte[]>) () -> {
                    try (java.io.InputStream in = One.class.getResource("/word").openStream()) {
                        return in.readAllBytes();
                    } catch (java.io.IOException e) { throw new IllegalStateException(e); }
                }).get())
                """;
        answering("a.One", word).resource("word", "old").jar(folder.resolve("one.jar"));
        try (PluginFolder before = PluginFolder.open(folder);
                Processor old = processor(before, "a.One")) {
            assertThat(answer(old)).isEqualTo("old");
            Path next = folder.resolve("one.new");
            answering("a.One", word).resource("word", "new, and longer").jar(next);
            Files.move(next, folder.resolve("one.jar"), StandardCopyOption.REPLACE_EXISTING);

            assertThat(answer("a.One")).isEqualTo("new, and longer");
        }
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
    void a_checked_exception_that_is_not_declared_is_told_like_any_other() throws Exception {
        String thrown = "throw Sneaky.thrown(new java.io.IOException(\"no disk\"));";
        List<JavaSources> plugins =
                List.of(
                        provider("a.One", "if (true) " + thrown, "1", "return null;"),
                        provider("b.Two", "", "Sneaky.version()", "return null;"),
                        provider("c.Three", "", "1", thrown),
                        provider("d.Four", "", "1", withHints(thrown)));
        for (int i = 0; i < plugins.size(); i++) {
            String room = "abcd".substring(i, i + 1);
            plugins.get(i)
                    .source(
                            room + ".Sneaky",
                            """
                            package %s;
                            final class Sneaky {
                                static RuntimeException thrown(Throwable any) { return Sneaky.<RuntimeException>as(any); }
                                static int version() { throw thrown(new java.io.IOException("no disk")); }
                                @SuppressWarnings("unchecked")
                                private static <T extends Throwable> T as(Throwable any) throws T { throw (T) any; }
                            }
                            """
                                    .formatted(room))
                    .jar(folder.resolve(room + ".jar"));
        }

        assertRefused("a.One", "cannot be made: no disk");
        assertRefused("b.Two", "cannot be made: no disk");
        assertRefused("c.Three", "does not take its settings: no disk");
        assertRefused("d.Four", "has no hints: no disk");
    }

    @Test
    void one_that_hangs_while_it_is_made_is_refused_and_interrupted() throws Exception {
        provider(
                        "hanging.One",
                        "",
                        "1",
                        "while (!Thread.interrupted()) Thread.onSpinWait(); return null;")
                .jar(folder.resolve("one.jar"));

        try (PluginFolder plugins = PluginFolder.open(folder, Duration.ofMillis(100))) {
            assertThatThrownBy(() -> processor(plugins, "hanging.One"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("one.jar")
                    .hasMessageContaining("was not made within PT0.1S");
        }
        Awaitility.await().until(() -> !isMaking());
    }

    private static boolean isMaking() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("plugin-creation/hanging.One"));
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
