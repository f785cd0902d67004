package io.delivery.plugin;

import io.delivery.failure.FailureText;
import io.delivery.processing.BatchHints;
import io.delivery.processing.Processor;
import io.delivery.processing.ProcessorProvider;
import io.delivery.world.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a processor of a plugin, on a thread of its own that has the plugin's context class loader:
 * the constructor, {@code spiVersion}, {@code create} and {@code hints} run there. They may throw
 * whatever they like, and may hang: after the limit the thread is interrupted and nobody waits for
 * it any more.
 */
final class PluginCreation {
    private static final Logger log = LoggerFactory.getLogger(PluginCreation.class);

    private final Plugin plugin;
    private final String className;
    private final Map<String, String> settings;
    private final Scheduler scheduler;
    private final CompletableFuture<Processor> answer = new CompletableFuture<>();

    PluginCreation(
            Plugin plugin, String className, Map<String, String> settings, Scheduler scheduler) {
        this.plugin = plugin;
        this.className = className;
        this.settings = settings;
        this.scheduler = scheduler;
    }

    /**
     * @throws IllegalArgumentException when it makes none, with the reason
     */
    Processor within(Duration limit) {
        Thread thread = new Thread(this::run, "plugin-creation/" + className);
        thread.setDaemon(true);
        thread.setContextClassLoader(plugin.classes());
        plugin.classes().used();
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) {
            released();
            throw plugin.refused(
                    className, "cannot be made: " + FailureText.of(noThread), noThread);
        }
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException thrown) {
            throw refusal(thrown.getCause());
        } catch (TimeoutException late) {
            return abandoned(
                    thread,
                    "was not made within %s; what takes time belongs into open(), not into its constructor or create()"
                            .formatted(limit));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return abandoned(thread, "was not made: this program stops waiting for it");
        }
    }

    /** It may have been made in this moment: then it is taken. */
    private Processor abandoned(Thread thread, String why) {
        if (answer.completeExceptionally(plugin.refused(className, why, null))) {
            thread.interrupt();
        }
        try {
            return answer.join();
        } catch (CompletionException refused) {
            throw refusal(refused.getCause());
        }
    }

    private IllegalArgumentException refusal(Throwable thrown) {
        return thrown instanceof IllegalArgumentException refused
                ? refused
                : plugin.refused(className, "cannot be made: " + FailureText.of(thrown), thrown);
    }

    private void run() {
        Processor made = null;
        try {
            made = made();
            if (!answer.complete(made)) {
                made.close();
            }
        } catch (Exception | Error thrown) {
            answer.completeExceptionally(thrown);
        }
        if (made == null) {
            released();
        }
    }

    /** It releases the classes when it is closed. */
    private Processor made() {
        ProcessorProvider provider = plugin.provider(className);
        Processor made;
        try {
            made = provider.create(settings);
        } catch (Exception | Error thrown) {
            throw plugin.refused(
                    className, "does not take its settings: " + FailureText.of(thrown), thrown);
        }
        if (made == null) {
            throw plugin.refused(className, "made no processor", null);
        }
        return new PluginProcessor(
                className, made, hints(made), plugin.classes(), scheduler, this::released);
    }

    private BatchHints hints(Processor made) {
        BatchHints hints;
        try {
            hints = made.hints();
        } catch (Exception | Error thrown) {
            throw plugin.refused(className, "has no hints: " + FailureText.of(thrown), thrown);
        }
        if (hints == null) {
            throw plugin.refused(className, "has no hints", null);
        }
        return hints;
    }

    private void released() {
        try {
            plugin.classes().released();
        } catch (IOException e) {
            log.warn(
                    "a plugin was not closed: plugin={} error={}",
                    plugin.place(),
                    FailureText.of(e));
        }
    }
}
