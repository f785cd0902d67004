package io.delivery.runtime;

import io.delivery.config.FunctionRunner;

/** Which launcher a runtime has. */
final class Launchers {
    private Launchers() {}

    static Launcher of(FunctionRunner.Runtime runtime) {
        return switch (runtime) {
            case PYTHON -> new PythonLauncher();
            case NODEJS -> new NodeLauncher();
            case JAVA -> new JavaLauncher();
            case PROVIDED -> new ProvidedLauncher();
        };
    }
}
