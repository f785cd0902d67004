package io.delivery.listening;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate that Jetty refuses takes nothing away. */
class CertificateReloadTest {
    @TempDir Path folder;

    private ServerCertificate made(String name) throws Exception {
        return TestCertificate.in(Files.createDirectory(folder.resolve(name))).read();
    }

    /** Its key cannot be had out of its store. */
    private static ServerCertificate unusable(ServerCertificate good) throws Exception {
        KeyStore store = good.store();
        return new ServerCertificate(
                store, "another password", (X509Certificate) store.getCertificate("server"));
    }

    @Test
    void the_former_certificate_is_shown_after_one_that_cannot_be_loaded() throws Exception {
        ServerCertificate first = made("first");
        ServerCertificate second = made("second");
        try (HttpPort server =
                new HttpPort(
                        new PortSettings(
                                "test",
                                "127.0.0.1",
                                0,
                                Optional.of(first),
                                20,
                                4,
                                8192,
                                100,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10)))) {
            server.start();

            assertThatThrownBy(() -> server.certificate(unusable(second)))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("the certificate cannot be used: ");
            assertThat(shownBy(server)).isEqualTo(first.store().getCertificate("server"));

            server.certificate(second);
            assertThat(shownBy(server)).isEqualTo(second.store().getCertificate("server"));
        }
    }

    private static X509Certificate shownBy(HttpPort server) throws Exception {
        SSLContext context = AnyCertificate.context();
        try (SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket("127.0.0.1", server.uri().getPort())) {
            socket.setSoTimeout(20_000);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }
}
