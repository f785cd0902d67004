package io.delivery.testkit;

import io.delivery.function.FunctionInvoker;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.machine.ThreadScheduler;
import io.delivery.testkit.FakeFunction.Reply;
import io.delivery.testkit.contract.InvokerContract;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;

class FakeFunctionTest extends InvokerContract {
    private static final Pattern EVENT =
            Pattern.compile(
                    "\\{\"do\":\"([a-z]+)\"(,\"text\":\"([^\"]*+)\"|,\"size\":([0-9]+))?\\}");

    private final ThreadScheduler scheduler = new ThreadScheduler();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Override
    protected FunctionInvoker invoker(int slots) {
        AtomicReference<FakeFunction> self = new AtomicReference<>();
        self.set(new FakeFunction(scheduler, slots, invocation -> obey(invocation, self.get())));
        return self.get();
    }

    private static Reply obey(Invocation invocation, FakeFunction self) {
        String event = new String(invocation.event(), StandardCharsets.UTF_8);
        Matcher parsed = EVENT.matcher(event);
        if (!parsed.matches()) {
            throw new IllegalArgumentException("no event of the contract: " + event);
        }
        String text = parsed.group(3);
        return switch (parsed.group(1)) {
            case "echo" -> Reply.answer("\"" + text + "\"");
            case "length" -> Reply.answer(Integer.toString(text.length()));
            case "fill" ->
                    Reply.answer("\"" + "x".repeat(Integer.parseInt(parsed.group(4))) + "\"");
            case "request" -> Reply.answer("\"" + invocation.requestId() + "\"");
            case "throw" -> Reply.failure(Reason.FUNCTION_ERROR, "The function threw " + text);
            case "exit" -> Reply.failure(Reason.FUNCTION_ERROR, "The function ended");
            case "hang" -> Reply.never();
            case "complain" -> {
                self.complain(text);
                yield Reply.answer("\"" + text + "\"");
            }
            default -> throw new IllegalArgumentException("no event of the contract: " + event);
        };
    }
}
