package io.delivery.runtime;

import io.delivery.config.FunctionRunner.Runtime;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;

class NodeRuntimeTest extends RuntimeContract {
    NodeRuntimeTest() {
        super(Runtime.NODEJS, "index.handler");
    }

    @BeforeAll
    static void needsNode() {
        Programs.assume("node");
    }

    @Override
    Path code(Path temporary) {
        return TestHost.function("nodejs");
    }
}
