package io.delivery.listening;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedServersTest {
    @TempDir Path folder;
    private TestCertificate.PemFiles files;
    private HttpPort port;

    @BeforeEach
    void startServer() throws Exception {
        files = TestCertificate.in(Files.createDirectory(folder.resolve("server")));
        port =
                new HttpPort(
                        new PortSettings(
                                "test",
                                "0.0.0.0",
                                0,
                                Optional.of(files.read()),
                                20,
                                4,
                                8192,
                                100,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10)));
        port.serve(
                new Handler.Abstract() {
                    @Override
                    public boolean handle(Request request, Response response, Callback done) {
                        response.setStatus(204);
                        done.succeeded();
                        return true;
                    }
                },
                (request, response, done) -> false);
        port.start();
    }

    @AfterEach
    void stopServer() {
        port.close();
    }

    @Test
    void the_servers_own_certificate_is_trusted_under_whatever_name_it_is_reached()
            throws Exception {
        HttpClient client =
                new TrustedServers(Optional.of(files.certificate()), Optional.empty()).client();

        assertThat(status(client, "127.0.0.1")).isEqualTo(204);
        // The certificate names 127.0.0.1 only.
        assertThat(status(client, "127.0.0.2")).isEqualTo(204);
    }

    @Test
    void an_authority_is_trusted_for_the_names_in_its_certificates() throws Exception {
        HttpClient client =
                new TrustedServers(Optional.empty(), Optional.of(files.certificate())).client();

        assertThat(status(client, "127.0.0.1")).isEqualTo(204);
        assertThatThrownBy(() -> status(client, "127.0.0.2"))
                .isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void another_certificate_is_not_trusted() throws Exception {
        Path other = TestCertificate.in(Files.createDirectory(folder.resolve("o"))).certificate();

        for (TrustedServers trust :
                new TrustedServers[] {
                    TrustedServers.OF_THE_JDK,
                    new TrustedServers(Optional.of(other), Optional.empty()),
                    new TrustedServers(Optional.empty(), Optional.of(other))
                }) {
            HttpClient client = trust.client();
            assertThatThrownBy(() -> status(client, "127.0.0.1"))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void a_file_of_authorities_that_is_missing_or_has_no_certificate_is_named() {
        Path missing = folder.resolve("missing.pem");

        assertThatThrownBy(
                        () -> new TrustedServers(Optional.empty(), Optional.of(missing)).client())
                .isInstanceOf(IOException.class)
                .hasMessage(missing + " does not exist");
        assertThatThrownBy(
                        () ->
                                new TrustedServers(Optional.empty(), Optional.of(files.key()))
                                        .client())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(files.key().toString());
    }

    @Test
    void an_own_certificate_that_cannot_be_used_fails_nobody_who_is_trusted_without_it()
            throws Exception {
        Path missing = folder.resolve("missing.pem");
        HttpClient client =
                new TrustedServers(Optional.of(missing), Optional.of(files.certificate())).client();
        HttpClient nobody = new TrustedServers(Optional.of(missing), Optional.empty()).client();

        assertThat(status(client, "127.0.0.1")).isEqualTo(204);
        assertThatThrownBy(() -> status(nobody, "127.0.0.1"))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("(" + missing + " does not exist)");
    }

    private int status(HttpClient client, String host) throws Exception {
        URI uri = URI.create("https://" + host + ":" + port.uri().getPort() + "/");
        return client.send(
                        HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
