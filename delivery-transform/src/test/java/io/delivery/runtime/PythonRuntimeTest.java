package io.delivery.runtime;

import io.delivery.config.FunctionRunner.Runtime;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;

class PythonRuntimeTest extends RuntimeContract {
    PythonRuntimeTest() {
        super(Runtime.PYTHON, "index.handler");
    }

    @BeforeAll
    static void needsPython() {
        Programs.assume("python3");
    }

    @Override
    Path code(Path temporary) {
        return TestHost.function("python");
    }
}
