package io.delivery.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.config.Secret;
import io.delivery.failure.FailureText;
import io.delivery.listening.TrustedServers;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLHandshakeException;

/** Speaks to the admin server of a running daemon. */
final class AdminClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final URI server;
    private final Optional<Secret> token;
    private final HttpClient http;

    /**
     * @param trusted where the admin server speaks TLS
     * @throws IOException when the authorities that are to be trusted cannot be read
     */
    AdminClient(URI server, Optional<Secret> token, TrustedServers trusted) throws IOException {
        this.server = server;
        this.token = token;
        this.http = trusted.clientBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    }

    /**
     * What the daemon says of its streams.
     *
     * @throws IOException when it cannot be reached or refuses; the message says what to do
     */
    JsonNode streams() throws IOException, InterruptedException {
        return JSON.readTree(send(request("/streams").GET().timeout(Duration.ofSeconds(30))));
    }

    /**
     * Asks to land everything accepted so far.
     *
     * @param stream empty: all streams
     * @param timeout after which the answer is not waited for; the service does not give up
     * @return completes when all of it is settled. Fails with an {@link IOException} when the
     *     service cannot be reached or refuses, with an {@link HttpTimeoutException} after the time
     */
    CompletableFuture<Void> flush(Optional<String> stream, Duration timeout) {
        String path = stream.map(name -> "/streams/" + escaped(name) + "/flush").orElse("/flush");
        HttpRequest request =
                request(path).POST(HttpRequest.BodyPublishers.noBody()).timeout(timeout).build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .handle(
                        (answer, failure) -> {
                            try {
                                if (failure != null) {
                                    throw reachable(failure);
                                }
                                body(answer);
                                return null;
                            } catch (IOException refused) {
                                throw new CompletionException(refused);
                            }
                        });
    }

    private static String escaped(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Asks for another way of objects that do not land, and waits until it is taken.
     *
     * @param way {@code redirect} or {@code skip}
     * @return what was done with each object, and which lanes could do nothing
     * @throws java.net.http.HttpTimeoutException when it is not within the time; the service may do
     *     it all the same
     * @throws IOException when it cannot be reached or refuses; the message says what to do
     */
    JsonNode divert(String stream, String way, JsonNode asked, Duration timeout)
            throws IOException, InterruptedException {
        String name = URLEncoder.encode(stream, StandardCharsets.UTF_8).replace("+", "%20");
        return JSON.readTree(
                send(
                        request("/streams/" + name + "/" + way)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(asked.toString()))
                                .timeout(timeout)));
    }

    /**
     * Asks what a text would change if it were the configuration.
     *
     * @param name of its file, for messages
     * @throws java.net.http.HttpTimeoutException when the answer is not there within the time
     * @throws IOException when it cannot be reached or refuses; the message says what to do
     */
    JsonNode compare(String name, byte[] text, Duration timeout)
            throws IOException, InterruptedException {
        return JSON.readTree(
                send(
                        request("/configuration/diff?name=" + escaped(name))
                                .header("Content-Type", "application/yaml")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(text))
                                .timeout(timeout)));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path));
        token.ifPresent(t -> request.header("Authorization", "Bearer " + t.value()));
        return request;
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try {
            return body(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException failed) {
            throw reachable(failed);
        }
    }

    private static String body(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() / 100 == 2) {
            return answer.body();
        }
        throw new AnsweredException(
                answer.statusCode(),
                "%s answered %d: %s"
                        .formatted(answer.uri(), answer.statusCode(), reason(answer.body())));
    }

    /** In the words of whoever wants to reach a service and finds none. */
    private IOException reachable(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            return new IOException(
                    "nobody answers at %s; is delivery running?".formatted(server), cause);
        }
        if (cause instanceof SSLHandshakeException untrusted) {
            return new IOException(
                    "no TLS connection to %s: %s. If its certificate is your own or from an authority of your own, name a PEM file with it: --ca-file FILE. The name or address in --admin must be one that the certificate has"
                            .formatted(server, FailureText.of(untrusted)),
                    untrusted);
        }
        return cause instanceof IOException known
                ? known
                : new IOException(FailureText.of(cause), cause);
    }

    /** The daemon says why in {@code error}; whatever else answers there says it its own way. */
    private static String reason(String body) {
        try {
            return JSON.readTree(body).path("error").asText(body.strip());
        } catch (JsonProcessingException noJson) {
            return body.strip();
        }
    }
}
