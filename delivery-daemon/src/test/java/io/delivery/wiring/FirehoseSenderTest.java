package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.delivery.cli.FirehoseEndpoint;
import io.delivery.config.AccessKey;
import io.delivery.config.ApiCredentials;
import io.delivery.config.Secret;
import io.delivery.world.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FirehoseSenderTest {
    private static final List<byte[]> TWO = List.of(new byte[] {'a'}, new byte[] {'b'});

    private HttpServer server;
    private volatile int status = 200;
    private volatile String body = "";
    private volatile String authorization;

    @BeforeEach
    void startServer() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    authorization = exchange.getRequestHeaders().getFirst("Authorization");
                    exchange.getRequestBody().readAllBytes();
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void each_record_has_its_own_answer_and_the_call_is_signed() throws Exception {
        body =
                "{\"FailedPutCount\":1,\"RequestResponses\":[{\"RecordId\":\"1\"},"
                        + "{\"ErrorCode\":\"ServiceUnavailableException\",\"ErrorMessage\":\"m\"}]}";

        assertThat(sender().put("s", TWO))
                .containsExactly(Optional.empty(), Optional.of("ServiceUnavailableException"));
        assertThat(authorization).contains("Credential=id/", "/eu-central-1/firehose/aws4_request");
    }

    @Test
    void a_busy_or_broken_server_may_be_asked_again() {
        status = 503;
        body = "{\"__type\":\"ServiceUnavailableException\",\"message\":\"Slow down.\"}";

        assertThatThrownBy(() -> sender().put("s", TWO))
                .isInstanceOf(FirehoseEndpoint.BusyException.class)
                .hasMessage("ServiceUnavailableException: Slow down.");
    }

    @Test
    void a_refusal_is_final() {
        status = 400;
        body = "{\"__type\":\"ResourceNotFoundException\",\"message\":\"no s\"}";

        assertThatThrownBy(() -> sender().put("s", TWO))
                .isInstanceOf(FirehoseEndpoint.RefusedException.class)
                .hasMessage("ResourceNotFoundException: no s");
    }

    @Test
    void an_endpoint_where_nobody_listens_is_named() {
        FirehoseSender sender = sender();
        server.stop(0);

        assertThatThrownBy(() -> sender.put("s", TWO))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("nobody answers at http://127.0.0.1:");
    }

    private FirehoseSender sender() {
        return new FirehoseSender(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                "eu-central-1",
                Optional.of(new ApiCredentials(new AccessKey("id", new Secret("key")))),
                CLOCK);
    }

    private static final Clock CLOCK =
            new Clock() {
                @Override
                public long millis() {
                    return 1_700_000_000_000L;
                }

                @Override
                public long nanoTime() {
                    return 0;
                }
            };
}
