package io.delivery.runtime;

import io.delivery.runtime.code.CodeListing;
import io.delivery.runtime.code.MachineRefusesException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Functions in JavaScript on Node.js, with a bootstrap of ours. */
final class NodeLauncher implements Launcher {
    static final String BOOTSTRAP = "bootstrap.mjs";

    private static final String MISSING =
            "runtime nodejs needs Node.js 18 or later, and no node is on the PATH: install it";
    private static final List<String> QUESTION =
            List.of("-p", "process.execPath + '\\n' + process.versions.node");

    private static Optional<Interpreter> node() throws MachineRefusesException {
        return Interpreter.find(List.of("node", "nodejs"), QUESTION);
    }

    @Override
    public List<FunctionProblem> problems(CodeListing code, Optional<String> handler) {
        List<FunctionProblem> problems = new ArrayList<>();
        try {
            interpreterProblem(node()).map(FunctionProblem::ofRuntime).ifPresent(problems::add);
        } catch (MachineRefusesException notKnown) {
            problems.add(
                    FunctionProblem.ofRuntime(
                            "Node.js cannot be asked for its version: " + notKnown.getMessage()));
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
        Interpreter node = found.get();
        return node.isAtLeast(18, 0)
                ? Optional.empty()
                : Optional.of(
                        "runtime nodejs needs Node.js 18 or later, %s is %s: install a newer one and put it first on the PATH"
                                .formatted(node.executable(), node.version()));
    }

    private static Optional<String> handlerProblem(CodeListing code, String handler) {
        int dot = handler.indexOf('.', handler.lastIndexOf('/') + 1);
        if (dot < 1 || dot == handler.length() - 1) {
            return Optional.of(
                    "handler must be module.function, such as index.handler, was " + handler);
        }
        String module = handler.substring(0, dot);
        boolean there =
                code.has(module)
                        || code.has(module + ".js")
                        || code.has(module + ".mjs")
                        || code.has(module + ".cjs");
        return there
                ? Optional.empty()
                : Optional.of(
                        "handler %s needs %s.js, .mjs or .cjs, which the code does not have: its path begins at the root of the code"
                                .formatted(handler, module));
    }

    @Override
    public Launch launch(Deployment deployment) throws IOException {
        Interpreter node = node().orElseThrow(() -> new IOException(MISSING));
        // The heap is most of what such a function uses; the rest is for buffers and the program.
        long heapMB = (deployment.memoryBytes() >> 20) * 9 / 10;
        return new Launch(
                List.of(
                        node.executable().toString(),
                        "--max-old-space-size=" + heapMB,
                        deployment.ownFiles().resolve(BOOTSTRAP).toString()),
                Map.of(
                        "AWS_EXECUTION_ENV",
                        "AWS_Lambda_nodejs%s.x".formatted(node.version().split("\\.")[0])));
    }
}
