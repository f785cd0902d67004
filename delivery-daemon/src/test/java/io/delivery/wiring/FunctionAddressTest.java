package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionSettings;
import io.delivery.landing.StoreProbe.Finding;
import io.delivery.landing.StoreProbe.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FunctionAddressTest {
    private static FunctionSettings function(FunctionRunner runner) {
        return new FunctionSettings("enrich", runner, Duration.ofSeconds(60), 2);
    }

    private static URI uri(int port) {
        return URI.create("http://127.0.0.1:" + port + "/f");
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @Test
    void an_endpoint_that_takes_connections_is_honoured_and_nothing_is_said_to_it()
            throws IOException {
        try (ServerSocket server = listening()) {
            Finding found =
                    FunctionAddress.probe(
                                    function(
                                            new FunctionRunner.Endpoint(
                                                    uri(server.getLocalPort()))))
                            .orElseThrow();

            assertThat(found.verdict()).isEqualTo(Verdict.HONOURED);
            assertThat(found.subject())
                    .isEqualTo("connecting to 127.0.0.1:" + server.getLocalPort());
            assertThat(server.accept().getInputStream().read()).as("the end").isEqualTo(-1);
        }
    }

    @Test
    void an_address_where_nobody_listens_is_refused_with_the_setting_to_correct()
            throws IOException {
        int port;
        try (ServerSocket closed = listening()) {
            port = closed.getLocalPort();
        }

        Finding endpoint =
                FunctionAddress.probe(function(new FunctionRunner.Endpoint(uri(port))))
                        .orElseThrow();
        Finding lambda =
                FunctionAddress.probe(
                                function(
                                        new FunctionRunner.Lambda(
                                                "enrich",
                                                Optional.of(uri(port)),
                                                Optional.empty(),
                                                Optional.empty())))
                        .orElseThrow();

        assertThat(endpoint.isProblem()).isTrue();
        assertThat(endpoint.saw()).contains("refused");
        assertThat(endpoint.remedy()).isEqualTo("start it, or correct functions.enrich.endpoint");
        assertThat(lambda).isEqualTo(endpoint);
    }

    @Test
    void what_runs_here_has_no_address() {
        assertThat(
                        FunctionAddress.probe(
                                function(
                                        new FunctionRunner.Process(
                                                FunctionRunner.Runtime.PROVIDED,
                                                Path.of("f"),
                                                Optional.empty(),
                                                FunctionRunner.Process.DEFAULT_MEMORY_BYTES,
                                                Map.of()))))
                .isEmpty();
        assertThat(FunctionAddress.probe(function(new FunctionRunner.Plugin("a.B", Map.of()))))
                .isEmpty();
    }
}
