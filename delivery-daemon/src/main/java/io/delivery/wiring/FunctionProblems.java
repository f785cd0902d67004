package io.delivery.wiring;

import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionSettings;
import io.delivery.failure.FailureText;
import io.delivery.function.FunctionLog;
import io.delivery.invoke.LambdaFunction;
import io.delivery.machine.Machine;
import io.delivery.plugin.PluginFolder;
import io.delivery.runtime.FunctionCheck;
import io.delivery.runtime.FunctionProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What keeps a function from running here, as far as that shows without running it. */
final class FunctionProblems {
    private static final FunctionLog NOWHERE = (function, source, line) -> {};

    private FunctionProblems() {}

    /**
     * Whether somebody answers at an address does not count: who is away may come back.
     *
     * @param plugins the folder of plugins
     */
    static List<FunctionProblem> of(FunctionSettings function, Path plugins) {
        return function.runner()
                .choose(
                        FunctionCheck::problems,
                        endpoint -> List.of(),
                        lambda -> lambda(function.name(), lambda),
                        plugin -> plugin(plugin, plugins));
    }

    private static List<FunctionProblem> lambda(String name, FunctionRunner.Lambda lambda) {
        try (Machine machine = new Machine()) {
            new LambdaFunction(name, lambda, 1, machine.world().scheduler(), NOWHERE).close();
            return List.of();
        } catch (IllegalArgumentException refused) {
            return List.of(new FunctionProblem("arn", refused.getMessage()));
        }
    }

    private static List<FunctionProblem> plugin(FunctionRunner.Plugin plugin, Path folder) {
        try (Machine machine = new Machine();
                PluginFolder plugins = PluginFolder.open(folder)) {
            plugins.processor(plugin, machine.world().scheduler()).close();
            return List.of();
        } catch (IOException | IllegalArgumentException refused) {
            return List.of(new FunctionProblem("plugin", FailureText.of(refused)));
        }
    }
}
