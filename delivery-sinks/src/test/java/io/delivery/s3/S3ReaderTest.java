package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.delivery.machine.Machine;
import io.delivery.s3.S3Settings.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bucket that keeps versions, and a caller who may not do everything with it. */
class S3ReaderTest {
    private final Machine machine = new Machine();
    private HttpServer server;
    private S3Reader reader;
    private volatile int statusOfList = 200;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    boolean list = exchange.getRequestURI().getQuery().contains("versions");
                    int status = list ? statusOfList : 200;
                    String body =
                            status != 200
                                    ? "<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
                                    : list
                                            ? "<ListVersionsResult><Version><Key>a/1</Key>"
                                                    + "<VersionId>v</VersionId></Version>"
                                                    + "</ListVersionsResult>"
                                            : "<VersioningConfiguration><Status>Enabled</Status>"
                                                    + "</VersioningConfiguration>";
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
        reader =
                S3Reader.open(
                        PathStyle.of(
                                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                                Optional.of(
                                        new Credentials("someone", "something", Optional.empty())),
                                1),
                        machine.world().scheduler());
    }

    @AfterEach
    void close() {
        reader.close();
        server.stop(0);
        machine.close();
    }

    @Test
    void versions_are_counted_by_key() throws IOException {
        assertThat(reader.versions("b", "a/").orElseThrow()).containsOnlyKeys("a/1");
    }

    @Test
    void whoever_may_not_list_versions_is_told_of_none() throws IOException {
        statusOfList = 403;

        assertThat(reader.versions("b", "a/")).isEmpty();
    }

    @Test
    void a_list_that_fails_otherwise_is_a_failure() {
        statusOfList = 400;

        assertThatThrownBy(() -> reader.versions("b", "a/")).isInstanceOf(IOException.class);
    }
}
