package io.delivery.plugin;

import io.delivery.processing.Processor;
import io.delivery.testkit.JavaSources;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;

/** The project in docs/plugin-template, compiled as its build does. */
final class TemplatePlugin {
    static final Path PROJECT = Path.of("../docs/plugin-template");
    static final String CLASS = "com.example.delivery.FieldProvider";

    private TemplatePlugin() {}

    static Path jar(Path jar) throws IOException {
        return sources()
                .sources(PROJECT.resolve("src/main/java"))
                .resources(PROJECT.resolve("src/main/resources"))
                .jar(jar);
    }

    /** Sources of another plugin. */
    static JavaSources sources() {
        return new JavaSources().against(Processor.class).against(Logger.class);
    }
}
