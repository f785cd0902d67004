package io.delivery.wiring;

import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionSettings;
import io.delivery.config.LambdaName;
import io.delivery.failure.FailureText;
import io.delivery.landing.StoreProbe.Finding;
import io.delivery.landing.StoreProbe.Verdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Where a function answers that runs elsewhere. */
final class FunctionAddress {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private FunctionAddress() {}

    /** Connects to it and says nothing: a function may do anything when it is invoked. */
    static Optional<Finding> probe(FunctionSettings function) {
        return of(function.runner()).map(uri -> connect(function, uri));
    }

    /** Empty for a function that runs here, and for one of AWS whose region nobody has said. */
    private static Optional<URI> of(FunctionRunner runner) {
        return runner.choose(
                process -> Optional.empty(),
                endpoint -> Optional.of(endpoint.uri()),
                lambda -> lambda.endpoint().or(() -> ofAws(lambda)),
                plugin -> Optional.empty());
    }

    private static Optional<URI> ofAws(FunctionRunner.Lambda lambda) {
        return lambda.region()
                .or(() -> LambdaName.parse(lambda.arn()).flatMap(LambdaName::region))
                .map(region -> URI.create("https://lambda.%s.amazonaws.com".formatted(region)));
    }

    private static Finding connect(FunctionSettings function, URI uri) {
        boolean tls = uri.getScheme().equalsIgnoreCase("https");
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        String subject = "connecting to %s:%d".formatted(uri.getHost(), port);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(uri.getHost(), port), (int) PATIENCE.toMillis());
            return new Finding(Verdict.HONOURED, subject, "it answers; nothing was invoked", "");
        } catch (IOException refused) {
            return new Finding(
                    Verdict.REFUSED,
                    subject,
                    FailureText.of(refused),
                    "start it, or correct functions.%s.%s"
                            .formatted(
                                    function.name(),
                                    function.runner()
                                            .<String, RuntimeException>choose(
                                                    process -> "code",
                                                    endpoint -> "endpoint",
                                                    lambda ->
                                                            lambda.endpoint().isPresent()
                                                                    ? "endpoint"
                                                                    : "region",
                                                    plugin -> "plugin")));
        }
    }
}
