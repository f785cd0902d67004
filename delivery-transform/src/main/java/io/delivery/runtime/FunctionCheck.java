package io.delivery.runtime;

import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionSettings;
import io.delivery.failure.FailureText;
import io.delivery.runtime.code.FunctionCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at what a function needs on this machine, without unpacking or running anything of it. What
 * it finds would fail every event.
 */
public final class FunctionCheck {
    private FunctionCheck() {}

    /**
     * As below, of a function that runs in processes of ours; others have no problem here.
     *
     * @return empty when nothing is
     */
    public static List<FunctionProblem> problems(FunctionSettings function) {
        return function.runner()
                .<List<FunctionProblem>, RuntimeException>choose(
                        FunctionCheck::problems,
                        endpoint -> List.of(),
                        lambda -> List.of(),
                        plugin -> List.of());
    }

    /**
     * What is wrong: code that is missing, an interpreter that is missing or too old, a handler or
     * a bootstrap that is not in the code.
     *
     * @return empty when nothing is
     */
    public static List<FunctionProblem> problems(FunctionRunner.Process function) {
        List<FunctionProblem> problems = new ArrayList<>();
        ProcessGroups.problem().map(FunctionProblem::ofRuntime).ifPresent(problems::add);
        try (FunctionCode code = FunctionCode.open(function.code())) {
            problems.addAll(
                    Launchers.of(function.runtime()).problems(code.listing(), function.handler()));
        } catch (IOException e) {
            problems.add(FunctionProblem.ofCode(FailureText.of(e)));
        }
        return List.copyOf(problems);
    }
}
