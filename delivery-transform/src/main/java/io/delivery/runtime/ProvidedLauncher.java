package io.delivery.runtime;

import io.delivery.runtime.code.CodeEntry;
import io.delivery.runtime.code.CodeListing;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Any executable with the name {@code bootstrap}: compiled, or a script. */
final class ProvidedLauncher implements Launcher {
    private static final String BOOTSTRAP = "bootstrap";

    @Override
    public List<FunctionProblem> problems(CodeListing code, Optional<String> handler) {
        Optional<CodeEntry> bootstrap = code.file(BOOTSTRAP);
        if (bootstrap.isEmpty()) {
            return List.of(
                    FunctionProblem.ofCode(
                            "runtime provided needs an executable with the name bootstrap at the root of the code, and there is none"));
        }
        return bootstrap.get().executable()
                ? List.of()
                : List.of(
                        FunctionProblem.ofCode(
                                "bootstrap is not executable: chmod +x bootstrap, and pack a zip with a program that keeps this, such as zip on Linux or macOS"));
    }

    @Override
    public Launch launch(Deployment deployment) {
        return new Launch(List.of(deployment.code().resolve(BOOTSTRAP).toString()), Map.of());
    }
}
