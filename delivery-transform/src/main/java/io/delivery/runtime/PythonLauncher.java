package io.delivery.runtime;

import io.delivery.runtime.code.CodeListing;
import io.delivery.runtime.code.MachineRefusesException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Functions in Python, with a bootstrap of ours. */
final class PythonLauncher implements Launcher {
    static final String BOOTSTRAP = "bootstrap.py";

    private static final String MISSING =
            "runtime python needs Python 3.8 or later, and no python3 is on the PATH: install it";
    private static final List<String> QUESTION =
            List.of(
                    "-c",
                    "import sys; print(sys.executable); print('.'.join(map(str, sys.version_info[:3])))");

    private static Optional<Interpreter> python() throws MachineRefusesException {
        return Interpreter.find(List.of("python3", "python"), QUESTION);
    }

    @Override
    public List<FunctionProblem> problems(CodeListing code, Optional<String> handler) {
        List<FunctionProblem> problems = new ArrayList<>();
        try {
            interpreterProblem(python()).map(FunctionProblem::ofRuntime).ifPresent(problems::add);
        } catch (MachineRefusesException notKnown) {
            problems.add(
                    FunctionProblem.ofRuntime(
                            "Python cannot be asked for its version: " + notKnown.getMessage()));
        }
        handler.flatMap(h -> handlerProblem(code, h))
                .map(FunctionProblem::ofHandler)
                .ifPresent(problems::add);
        return problems;
    }

    private static Optional<String> interpreterProblem(Optional<Interpreter> found) {
        if (found.isEmpty()) {
            return Optional.of(MISSING);
        }
        Interpreter python = found.get();
        return python.isAtLeast(3, 8)
                ? Optional.empty()
                : Optional.of(
                        "runtime python needs Python 3.8 or later, %s is %s: install a newer one and put it first on the PATH"
                                .formatted(python.executable(), python.version()));
    }

    private static Optional<String> handlerProblem(CodeListing code, String handler) {
        int dot = handler.lastIndexOf('.');
        if (dot < 1 || dot == handler.length() - 1) {
            return Optional.of(
                    "handler must be module.function, such as index.handler, was " + handler);
        }
        String module = handler.substring(0, dot).replace('.', '/');
        int slash = Math.max(0, module.lastIndexOf('/'));
        String compiled = module.substring(module.lastIndexOf('/') + 1) + ".";
        boolean there =
                code.has(module + ".py")
                        || code.has(module + "/__init__.py")
                        || code.has(module + ".pyc")
                        // compiled for one version: module.cpython-311-x86_64-linux-gnu.so
                        || code.namesIn(module.substring(0, slash)).stream()
                                .anyMatch(n -> n.startsWith(compiled) && n.endsWith(".so"));
        return there
                ? Optional.empty()
                : Optional.of(
                        "handler %s needs %s.py, which the code does not have: its path begins at the root of the code"
                                .formatted(handler, module));
    }

    @Override
    public Launch launch(Deployment deployment) throws IOException {
        Interpreter python = python().orElseThrow(() -> new IOException(MISSING));
        String[] version = python.version().split("\\.");
        return new Launch(
                List.of(
                        python.executable().toString(),
                        "-u", // lines are in the log when they were written
                        deployment.ownFiles().resolve(BOOTSTRAP).toString()),
                Map.of(
                        "AWS_EXECUTION_ENV",
                        "AWS_Lambda_python%s.%s".formatted(version[0], version[1])));
    }
}
