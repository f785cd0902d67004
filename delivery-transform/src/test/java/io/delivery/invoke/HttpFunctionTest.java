package io.delivery.invoke;

import io.delivery.config.FunctionRunner;
import io.delivery.function.FunctionInvoker;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.machine.ThreadScheduler;
import io.delivery.testkit.contract.InvokerContract;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class HttpFunctionTest extends InvokerContract {
    private final ThreadScheduler scheduler = new ThreadScheduler();
    private FunctionServer server;

    @BeforeEach
    void start() throws IOException {
        server = FunctionServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
        scheduler.close();
    }

    @Override
    protected FunctionInvoker invoker(int slots) {
        return new HttpFunction(
                "contract", new FunctionRunner.Endpoint(server.uri()), slots, scheduler);
    }

    @Override
    protected boolean seesErrorLines() {
        return false;
    }

    /** From here it is a connection that breaks. */
    @Override
    protected Reason reasonOfAnEnd() {
        return Reason.UNREACHABLE;
    }
}
