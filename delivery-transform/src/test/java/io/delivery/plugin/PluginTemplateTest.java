package io.delivery.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.FunctionRunner;
import io.delivery.machine.ThreadScheduler;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.testkit.contract.ProcessorContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The template that users copy is built, loaded, and does what every processor does. */
class PluginTemplateTest extends ProcessorContract {
    private static final Map<String, String> SETTINGS = Map.of("name", "site", "value", "berlin");

    @TempDir private Path folder;

    private final ThreadScheduler scheduler = new ThreadScheduler();
    private PluginFolder plugins;

    @BeforeEach
    void build() throws IOException {
        TemplatePlugin.jar(folder.resolve("delivery-plugin-1.0.jar"));
        plugins = PluginFolder.open(folder);
    }

    @AfterEach
    void stop() {
        plugins.close();
        scheduler.close();
    }

    @Override
    protected Processor processor() {
        return plugins.processor(
                new FunctionRunner.Plugin(TemplatePlugin.CLASS, SETTINGS), scheduler);
    }

    /** It answers on a thread of its own, so real time passes, and never much of it. */
    @Override
    protected void pass(Duration time) {
        CountDownLatch never = new CountDownLatch(1);
        try {
            never.await(Math.min(10, time.toMillis()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    @Override
    protected String record(int number) {
        return switch (number % 4) {
            case 0 -> "{\"number\":" + number + "}";
            case 1 -> " {} " + " ".repeat(number);
            case 2 -> " ".repeat(number);
            default -> "number " + number;
        };
    }

    @Override
    protected void requireOutcomeOf(String record, Outcome outcome) {
        String text = record.strip();
        if (text.isEmpty()) {
            requireKind(outcome, Outcome.Dropped.class);
        } else if (text.startsWith("{")) {
            Outcome.Ok ok = (Outcome.Ok) outcome;
            String rest = text.equals("{}") ? "}" : "," + text.substring(1);
            assertThat(text(ok)).isEqualTo("{\"site\":\"berlin\"" + rest);
            assertThat(ok.keys().fromLambda()).isEqualTo(Map.of("site", "berlin"));
        } else {
            Outcome.ProcessingFailed failed = (Outcome.ProcessingFailed) outcome;
            assertThat(failed.failure().code()).isEqualTo("Example.NotAnObject");
        }
    }

    @Test
    void wrong_settings_are_refused_in_the_words_of_the_plugin() {
        assertThatThrownBy(
                        () ->
                                plugins.processor(
                                        new FunctionRunner.Plugin(
                                                TemplatePlugin.CLASS, Map.of("nam", "site")),
                                        scheduler))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("delivery-plugin-1.0.jar")
                .hasMessageContaining("does not take its settings: nam is unknown");
    }

    @Test
    void the_template_names_the_version_of_this_program() throws IOException {
        String root = Files.readString(Path.of("../pom.xml"));
        String version = between(root, "<artifactId>delivery</artifactId>");

        String template = Files.readString(TemplatePlugin.PROJECT.resolve("pom.xml"));

        assertThat(between(template, "<artifactId>delivery-core</artifactId>")).isEqualTo(version);
        assertThat(Files.readString(TemplatePlugin.PROJECT.resolve("README.md")))
                .contains("delivery-core-" + version + ".jar", "-Dversion=" + version);
    }

    private static String between(String pom, String artifact) {
        int begin = pom.indexOf("<version>", pom.indexOf(artifact)) + "<version>".length();
        return pom.substring(begin, pom.indexOf("</version>", begin));
    }
}
