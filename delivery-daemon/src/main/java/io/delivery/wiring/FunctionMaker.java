package io.delivery.wiring;

import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionSettings;
import io.delivery.config.ServerSettings;
import io.delivery.function.FunctionInvoker;
import io.delivery.function.FunctionLog;
import io.delivery.invoke.HttpFunction;
import io.delivery.invoke.LambdaFunction;
import io.delivery.metrics.Metrics;
import io.delivery.runtime.ProcessFunction;
import io.delivery.runtime.RuntimeHost;
import io.delivery.world.Scheduler;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes functions of their settings. A new way to run one is a line here. Nothing is started or
 * connected before somebody uses it. Closed behind the functions, before the world.
 */
final class FunctionMaker implements AutoCloseable {
    private final InvokedFunction.Surroundings surroundings;
    private final Path folder;
    private final FunctionLog log;
    private RuntimeHost host;
    private volatile boolean whateverRoomThereIs;

    /**
     * @param server says the region and the account in the ARNs of events
     * @param folder where the code of functions is unpacked
     */
    FunctionMaker(
            World world, Metrics metrics, ServerSettings server, Path folder, FunctionLog log) {
        int cores = Math.max(1, Runtime.getRuntime().availableProcessors());
        this.surroundings =
                new InvokedFunction.Surroundings(
                        world,
                        world.scheduler().pool("functions", cores),
                        metrics,
                        server.region(),
                        server.account());
        this.folder = folder;
        this.log = log;
    }

    /**
     * @throws IOException when its code cannot be read or unpacked, but for want of room at a start
     * @throws IllegalArgumentException when its settings cannot be used here
     */
    MadeFunction make(FunctionSource source) throws IOException {
        FunctionSettings settings = source.settings();
        Scheduler scheduler = surroundings.world().scheduler();
        int slots = settings.concurrency();
        return settings.runner()
                .<MadeFunction, IOException>choose(
                        process -> invoked(settings, inProcesses(settings, process)),
                        endpoint ->
                                invoked(
                                        settings,
                                        new HttpFunction(
                                                settings.name(), endpoint, slots, scheduler)),
                        lambda ->
                                invoked(
                                        settings,
                                        new LambdaFunction(
                                                settings.name(), lambda, slots, scheduler, log)),
                        plugin -> new PluginFunction(plugin, source.plugins(), scheduler));
    }

    private ProcessFunction inProcesses(FunctionSettings settings, FunctionRunner.Process process)
            throws IOException {
        return whateverRoomThereIs
                ? ProcessFunction.openWhateverRoomThereIs(settings, process, host())
                : ProcessFunction.open(settings, process, host());
    }

    /** Opened with the first function that needs it: most configurations have none. */
    private synchronized RuntimeHost host() {
        if (host == null) {
            host =
                    RuntimeHost.open(
                            folder,
                            surroundings.world(),
                            new RuntimeHost.Identity(surroundings.region(), surroundings.account()),
                            log);
        }
        return host;
    }

    /**
     * A start begins: what an earlier process has left in the folder is removed. A disk without
     * room keeps no start from landing what there is, so a function that finds none is made all the
     * same, and begins its work when there is.
     */
    void startBegins() {
        RuntimeHost.removeLeftovers(folder);
        whateverRoomThereIs = true;
    }

    /**
     * From now on a function that finds no room is not made: the configuration that it belongs to
     * is refused, and the former one stays in force.
     */
    void startIsOver() {
        whateverRoomThereIs = false;
    }

    private MadeFunction invoked(FunctionSettings settings, FunctionInvoker invoker) {
        return new InvokedFunction(settings, invoker, surroundings);
    }

    /** Ends the processes that still live, and removes what was unpacked. */
    @Override
    public synchronized void close() {
        if (host != null) {
            host.close();
        }
    }
}
