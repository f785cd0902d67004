package io.delivery.proof;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The transformation function of {@link ProofStream#FUNCTIONS}, in the first of these languages
 * that this machine has. Each time it is asked it answers differently.
 */
enum ProofFunction {
    PYTHON(
            "python",
            "wavering.py",
            List.of("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 8))")),
    NODE(
            "nodejs",
            "wavering.mjs",
            List.of("node", "-e", "process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)"));

    /** Its name in the configuration. */
    static final String NAME = "wavering";

    /** Why a proof has no function, where it has none. */
    static final String MISSING =
            "none: neither python3 (3.8 or newer) nor node (18 or newer) runs here";

    private static final int LOOK_SECONDS = 20;

    private final String runtime;
    private final String file;
    private final List<String> look;

    ProofFunction(String runtime, String file, List<String> look) {
        this.runtime = runtime;
        this.file = file;
        this.look = look;
    }

    /** The first that this machine can run; empty when it can run none. */
    static Optional<ProofFunction> present() throws InterruptedException {
        for (ProofFunction function : values()) {
            if (function.runsHere()) {
                return Optional.of(function);
            }
        }
        return Optional.empty();
    }

    private boolean runsHere() throws InterruptedException {
        Process process;
        try {
            process =
                    new ProcessBuilder(look)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException missing) {
            return false;
        }
        try {
            return process.waitFor(LOOK_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }

    /** As a report tells it. */
    String title() {
        return runtime;
    }

    /** Writes its code into a folder that is not there yet. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (InputStream code = ProofFunction.class.getResourceAsStream(file)) {
            Files.copy(code, folder.resolve(file));
        }
    }

    /** Its section below {@code functions:}. */
    String yaml(String folder) {
        return "  %s: {runtime: %s, code: %s, handler: wavering.handler}\n"
                .formatted(NAME, runtime, folder);
    }
}
