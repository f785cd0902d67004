package io.delivery.plugin;

import io.delivery.config.FunctionRunner;
import io.delivery.failure.FailureText;
import io.delivery.processing.Processor;
import io.delivery.world.Scheduler;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins of a folder. Each jar in it is one; so is each subfolder, with all its jars together.
 * Other files are passed over. Thread-safe.
 */
public final class PluginFolder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PluginFolder.class);

    /** How long a plugin may take to make a processor. */
    private static final Duration CREATION_LIMIT = Duration.ofSeconds(60);

    private final Path folder;
    private final Duration limit;
    private final List<Plugin> plugins;

    private PluginFolder(Path folder, Duration limit, List<Plugin> plugins) {
        this.folder = folder;
        this.limit = limit;
        this.plugins = plugins;
    }

    /**
     * Reads every plugin there is and runs none of their code. A folder that does not exist has no
     * plugins.
     *
     * @throws IOException when one of them cannot be used, with its file and the reason
     */
    public static PluginFolder open(Path folder) throws IOException {
        return open(folder, CREATION_LIMIT);
    }

    /**
     * @param limit how long a plugin may take to make a processor
     */
    static PluginFolder open(Path folder, Duration limit) throws IOException {
        List<Plugin> plugins = new ArrayList<>();
        if (!Files.exists(folder)) {
            return new PluginFolder(folder, limit, plugins);
        }
        try {
            for (Path place : sorted(folder)) {
                boolean isFolder = Files.isDirectory(place);
                List<Path> jars = isFolder ? jarsOf(place) : isJar(place) ? List.of(place) : null;
                if (jars != null && !jars.isEmpty()) {
                    plugins.add(Plugin.open(place, jars));
                }
            }
        } catch (NotDirectoryException e) {
            throw new IOException("the folder of plugins, %s, is no folder".formatted(folder), e);
        } catch (IOException | RuntimeException | Error unusable) {
            plugins.forEach(PluginFolder::closed);
            throw unusable;
        }
        return new PluginFolder(folder, limit, List.copyOf(plugins));
    }

    private static List<Path> jarsOf(Path subfolder) throws IOException {
        return sorted(subfolder).stream().filter(PluginFolder::isJar).toList();
    }

    private static List<Path> sorted(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            List<Path> sorted = new ArrayList<>();
            entries.forEach(sorted::add);
            sorted.sort(null);
            return sorted;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static boolean isJar(Path place) {
        return place.getFileName().toString().endsWith(".jar") && Files.isRegularFile(place);
    }

    /** The classes that the configuration may name. */
    public List<String> classes() {
        return plugins.stream().flatMap(plugin -> plugin.names().stream()).sorted().toList();
    }

    /**
     * A processor that the named class makes, for one lane.
     *
     * @param scheduler gives it a thread of its own and ends batches that take too long
     * @throws IllegalArgumentException when there is no such class, when two plugins have it, when
     *     it is of another version of the interface, when it does not take its settings, or when it
     *     takes longer than 60 seconds
     */
    public Processor processor(FunctionRunner.Plugin named, Scheduler scheduler) {
        Plugin plugin = plugin(named.className());
        return new PluginCreation(plugin, named.className(), named.settings(), scheduler)
                .within(limit);
    }

    private Plugin plugin(String className) {
        List<Plugin> having = plugins.stream().filter(plugin -> plugin.has(className)).toList();
        if (having.size() == 1) {
            return having.get(0);
        }
        if (having.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no plugin class %s in %s; %s"
                            .formatted(className, folder, whatThereIs()));
        }
        throw new IllegalArgumentException(
                "the plugin class %s is in %s and in %s: remove one"
                        .formatted(className, having.get(0).place(), having.get(1).place()));
    }

    private String whatThereIs() {
        if (!Files.exists(folder)) {
            return "the folder does not exist";
        }
        return plugins.isEmpty()
                ? "the folder has no jars"
                : "there are " + String.join(", ", classes());
    }

    private static void closed(Plugin plugin) {
        try {
            plugin.close();
        } catch (IOException e) {
            log.warn(
                    "a plugin was not closed: plugin={} error={}",
                    plugin.place(),
                    FailureText.of(e));
        }
    }

    /**
     * Makes no processors any more. Those that there are keep their classes until they are closed.
     */
    @Override
    public void close() {
        plugins.forEach(PluginFolder::closed);
    }
}
