package io.delivery.runtime;

import io.delivery.config.FunctionRunner.Runtime;
import io.delivery.function.FunctionInvoker;
import io.delivery.testkit.contract.InvokerContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What every invoker does, over one runtime. */
abstract class RuntimeContract extends InvokerContract {
    private final Runtime runtime;
    private final String handler;
    private TestHost host;
    private @TempDir Path folder;

    RuntimeContract(Runtime runtime, String handler) {
        this.runtime = runtime;
        this.handler = handler;
    }

    /** The function's code. */
    abstract Path code(Path temporary) throws Exception;

    @BeforeEach
    void openHost() throws IOException {
        host = new TestHost(folder);
    }

    @AfterEach
    void closeHost() {
        host.close();
    }

    @Override
    protected FunctionInvoker invoker(int slots) throws Exception {
        return host.open(runtime, code(folder), handler, slots);
    }
}
