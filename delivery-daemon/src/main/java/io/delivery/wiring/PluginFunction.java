package io.delivery.wiring;

import io.delivery.config.FunctionRunner;
import io.delivery.config.ProcessorSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.function.FunctionStatus;
import io.delivery.plugin.PluginFolder;
import io.delivery.processing.Processor;
import io.delivery.world.Scheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A function that is a processor of a plugin: each lane gets one of its own. */
final class PluginFunction implements MadeFunction {
    private final FunctionRunner.Plugin plugin;
    private final PluginFolder folder;
    private final Scheduler scheduler;

    /**
     * @param plugins the folder of plugins
     * @throws IOException when a plugin in it cannot be used
     */
    PluginFunction(FunctionRunner.Plugin plugin, Path plugins, Scheduler scheduler)
            throws IOException {
        this.plugin = plugin;
        this.folder = PluginFolder.open(plugins);
        this.scheduler = scheduler;
    }

    /** The plugin decides on its batches and retries itself. */
    @Override
    public Processor processor(ProcessorSettings.Lambda settings, StreamDefinition stream) {
        return folder.processor(plugin, scheduler);
    }

    @Override
    public Optional<FunctionStatus> status() {
        return Optional.empty();
    }

    @Override
    public void close() {
        folder.close();
    }
}
