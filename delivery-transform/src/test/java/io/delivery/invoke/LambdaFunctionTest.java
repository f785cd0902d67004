package io.delivery.invoke;

import io.delivery.config.AccessKey;
import io.delivery.config.FunctionRunner;
import io.delivery.config.Secret;
import io.delivery.function.FunctionInvoker;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.machine.ThreadScheduler;
import io.delivery.testkit.contract.InvokerContract;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class LambdaFunctionTest extends InvokerContract {
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
        FunctionRunner.Lambda settings =
                new FunctionRunner.Lambda(
                        "arn:aws:lambda:eu-west-1:123456789012:function:contract",
                        Optional.of(server.uri()),
                        Optional.empty(),
                        Optional.of(new AccessKey("key", new Secret("secret"))));
        return new LambdaFunction(
                "contract", settings, slots, scheduler, (function, source, line) -> {});
    }

    /** Lambda draws them itself. */
    @Override
    protected boolean tellsRequestIds() {
        return false;
    }

    /** Only the log of an invocation that failed comes along. */
    @Override
    protected boolean seesErrorLines() {
        return false;
    }

    /** Lambda itself would say so; the server of this test breaks the connection. */
    @Override
    protected Reason reasonOfAnEnd() {
        return Reason.UNREACHABLE;
    }
}
