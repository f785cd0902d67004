package io.delivery.invoke;

import io.delivery.config.FunctionRunner;
import io.delivery.failure.FailureText;
import io.delivery.function.FunctionInvoker;
import io.delivery.function.FunctionStatus;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Answered;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.world.Scheduler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * A function behind an HTTP address that takes an event as the body of a POST and gives the answer
 * as the body of a 200: containers of Lambda ({@code /2015-03-31/functions/function/invocations}),
 * LocalStack, gateways.
 *
 * <p>The request id goes along as {@code X-Amzn-RequestId}, which the emulator of the containers
 * hands on to the function.
 */
public final class HttpFunction implements FunctionInvoker {
    private final URI uri;
    private final BoundedHttp http;
    private final InvocationSlots slots;
    private final Reachability reachability = new Reachability();

    /**
     * Sends no request yet.
     *
     * @param name of the function in the configuration
     * @param slots requests that may be under way at a time
     */
    public HttpFunction(
            String name, FunctionRunner.Endpoint endpoint, int slots, Scheduler scheduler) {
        this.uri = endpoint.uri();
        this.http = new BoundedHttp(slots);
        this.slots =
                new InvocationSlots(
                        name,
                        slots,
                        scheduler,
                        (invocation, ongoing) ->
                                reachability.seen(http.within(ongoing, () -> post(invocation))));
    }

    @Override
    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
        return slots.invoke(invocation);
    }

    private InvocationResult post(Invocation invocation) {
        byte[] event = invocation.event();
        SdkHttpRequest request =
                SdkHttpRequest.builder()
                        .method(SdkHttpMethod.POST)
                        .uri(uri)
                        .putHeader("Content-Type", "application/json")
                        .putHeader("Content-Length", Integer.toString(event.length))
                        .putHeader("X-Amzn-RequestId", invocation.requestId())
                        .build();
        try {
            HttpExecuteResponse response =
                    http.prepareRequest(
                                    HttpExecuteRequest.builder()
                                            .request(request)
                                            .contentStreamProvider(
                                                    () -> new ByteArrayInputStream(event))
                                            .build())
                            .call();
            return meaning(response.httpResponse(), body(response));
        } catch (BoundedHttp.TooLargeException tooLarge) {
            return new Failed(
                    Reason.FUNCTION_ERROR, "POST %s: %s".formatted(uri, tooLarge.getMessage()));
        } catch (IOException | IllegalStateException broken) { // the second: closed meanwhile
            return new Failed(
                    Reason.UNREACHABLE, "POST %s: %s".formatted(uri, FailureText.of(broken)));
        }
    }

    private static byte[] body(HttpExecuteResponse response) throws IOException {
        if (response.responseBody().isEmpty()) {
            return new byte[0];
        }
        try (AbortableInputStream body = response.responseBody().get()) {
            return body.readAllBytes();
        }
    }

    private InvocationResult meaning(SdkHttpResponse head, byte[] body) {
        int status = head.statusCode();
        if (head.firstMatchingHeader("X-Amz-Function-Error").isPresent()) {
            return FunctionErrors.of(body);
        }
        // The emulator says with a 200 or a 502 that the function failed, and only in the body.
        Optional<Failed> told = FunctionErrors.told(body);
        if (told.isPresent()) {
            return told.get();
        }
        if (status >= 200 && status < 300) {
            return new Answered(body);
        }
        String location = head.firstMatchingHeader("Location").map(to -> " to " + to).orElse("");
        String words =
                status >= 300 && status < 400
                        ? "it redirects%s, which is not followed".formatted(location)
                        : "%d%s".formatted(status, FunctionErrors.said(body));
        return new Failed(
                reason(status), FunctionErrors.shown("POST %s: %s".formatted(uri, words)));
    }

    private static Reason reason(int status) {
        // 504: a gateway in front of it has waited in vain
        return status == 504 ? Reason.TIMED_OUT : FunctionErrors.reason(status);
    }

    @Override
    public FunctionStatus status() {
        return new FunctionStatus(
                slots.count(),
                slots.busy(),
                slots.waiting(),
                reachability.trouble(),
                Optional.empty());
    }

    @Override
    public void close() {
        slots.close();
        http.close();
    }
}
