package io.delivery.plugin;

import io.delivery.failure.FailureText;
import io.delivery.processing.ProcessorProvider;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.jar.JarFile;

/** The providers of one jar, or of the jars of one folder, and their class loader. */
final class Plugin implements AutoCloseable {
    private final Path place;
    private final PluginClasses classes;
    private final Map<String, ServiceLoader.Provider<ProcessorProvider>> providers;

    private Plugin(
            Path place,
            PluginClasses classes,
            Map<String, ServiceLoader.Provider<ProcessorProvider>> providers) {
        this.place = place;
        this.classes = classes;
        this.providers = providers;
    }

    /**
     * Reads jars and loads the classes of their providers; runs none of their code.
     *
     * @param place for messages
     * @throws IOException when it cannot be used, with the reason
     */
    static Plugin open(Path place, List<Path> jars) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(readable(jar));
        }
        PluginClasses classes = new PluginClasses("plugin " + place.getFileName(), urls);
        try {
            return new Plugin(place, classes, providers(place, classes));
        } catch (IOException | RuntimeException | Error unusable) {
            classes.close();
            throw unusable;
        }
    }

    private static URL readable(Path jar) throws IOException {
        try (JarFile whole = new JarFile(jar.toFile(), true)) {
            whole.getManifest(); // read, so that it must be there as the jar says
            return jar.toUri().toURL();
        } catch (IOException | SecurityException broken) {
            throw new IOException(
                    "%s cannot be read as a jar: %s".formatted(jar, FailureText.of(broken)),
                    broken);
        }
    }

    private static Map<String, ServiceLoader.Provider<ProcessorProvider>> providers(
            Path place, ClassLoader classes) throws IOException {
        Map<String, ServiceLoader.Provider<ProcessorProvider>> providers = new TreeMap<>();
        try {
            ServiceLoader.load(ProcessorProvider.class, classes).stream()
                    .forEach(provider -> providers.put(provider.type().getName(), provider));
        } catch (ServiceConfigurationError | LinkageError wrong) {
            throw new IOException(
                    "the plugin %s cannot be loaded: %s".formatted(place, FailureText.of(wrong)),
                    wrong);
        }
        if (providers.isEmpty()) {
            throw new IOException(
                    ("the plugin %s names no class in META-INF/services/%s; without that file none"
                                    + " of its classes is found")
                            .formatted(place, ProcessorProvider.class.getName()));
        }
        return providers;
    }

    Path place() {
        return place;
    }

    PluginClasses classes() {
        return classes;
    }

    /** The classes that the configuration may name, sorted. */
    List<String> names() {
        return List.copyOf(providers.keySet());
    }

    boolean has(String className) {
        return providers.containsKey(className);
    }

    /**
     * Runs its constructor.
     *
     * @throws IllegalArgumentException when that fails, or when the provider was compiled against
     *     another version of the interface
     */
    ProcessorProvider provider(String className) {
        ProcessorProvider provider;
        int version;
        try {
            provider = providers.get(className).get();
            version = provider.spiVersion();
        } catch (Exception | Error thrown) {
            throw refused(className, "cannot be made: " + FailureText.of(root(thrown)), thrown);
        }
        if (version != ProcessorProvider.SPI_VERSION) {
            throw refused(
                    className,
                    "was compiled against version %d of the plugin interface, and this program has version %d; compile it again"
                            .formatted(version, ProcessorProvider.SPI_VERSION),
                    null);
        }
        return provider;
    }

    /** What the service loader throws has what the constructor threw as its cause. */
    private static Throwable root(Throwable thrown) {
        return thrown instanceof ServiceConfigurationError && thrown.getCause() != null
                ? thrown.getCause()
                : thrown;
    }

    IllegalArgumentException refused(String className, String why, Throwable cause) {
        return new IllegalArgumentException(
                "plugin %s (%s) %s".formatted(className, place, why), cause);
    }

    /** Its classes can be loaded until its last processor is closed. */
    @Override
    public void close() throws IOException {
        classes.close();
    }
}
