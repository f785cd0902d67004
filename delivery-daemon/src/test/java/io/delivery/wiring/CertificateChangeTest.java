package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.delivery.listening.AnyCertificate;
import io.delivery.listening.TestCertificate;
import io.delivery.listening.TestCertificate.PemFiles;
import io.delivery.loading.ConfigLoader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The certificate of the API is replaced while the service runs. */
@Execution(ExecutionMode.CONCURRENT)
class CertificateChangeTest {
    @TempDir Path folder;
    private PemFiles first;
    private PemFiles second;
    private Service service;

    @BeforeEach
    void start() throws Exception {
        first = TestCertificate.in(Files.createDirectory(folder.resolve("first")));
        second = TestCertificate.in(Files.createDirectory(folder.resolve("second")));
        install(first.certificate(), "tls.crt");
        install(first.key(), "tls.key");
        service = service();
    }

    private Service service() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        server:
                          api: 127.0.0.1:0
                          admin: 127.0.0.1:0
                          tls: {certificate: tls.crt, key: tls.key}
                          shutdown: {land: false}
                        dataDir: data
                        limits: {memory: 128MB}
                        stores: {lake: {directory: lake}}
                        streams: {s: {destination: {bucket: b}}}
                        """);
        return Service.start(new ConfigLoader(Map.of(), Programs.OURS).load(file));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private void install(Path file, String name) throws IOException {
        Path copy = Files.copy(file, folder.resolve(name + ".new"));
        Files.move(copy, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void new_connections_get_the_new_certificate_and_open_ones_go_on() throws Exception {
        BigInteger before = serial();
        try (Connection open = new Connection()) {
            assertThat(open.answersTo("ListDeliveryStreams")).isEqualTo("HTTP/1.1 200 OK");

            install(second.certificate(), "tls.crt");
            install(second.key(), "tls.key");

            await().atMost(20, TimeUnit.SECONDS).until(() -> !serial().equals(before));
            assertThat(serial()).isEqualTo(serialOf(second));
            awaitNoTroubles();
            assertThat(open.answersTo("ListDeliveryStreams")).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void a_key_that_does_not_fit_leaves_the_former_pair_and_is_told_until_it_fits()
            throws Exception {
        BigInteger before = serial();

        install(second.key(), "tls.key");

        await().atMost(20, TimeUnit.SECONDS).until(() -> !service.troubles().isEmpty());
        assertThat(service.troubles())
                .singleElement()
                .asString()
                .startsWith("server.tls: changed files are not in force")
                .contains("does not belong to the first certificate of");
        assertThat(serial()).isEqualTo(before);
        assertThat(readiness()).contains("server.tls: changed files are not in force");

        install(second.certificate(), "tls.crt");

        await().atMost(20, TimeUnit.SECONDS).until(() -> serial().equals(serialOf(second)));
        awaitNoTroubles();
    }

    /** The certificate is shown a moment before the watch notes that it is in force. */
    private void awaitNoTroubles() {
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(service.troubles()).isEmpty());
    }

    @Test
    void an_expired_pair_does_not_replace_a_valid_one() throws Exception {
        BigInteger before = serial();
        PemFiles expired =
                TestCertificate.in(
                        Files.createDirectory(folder.resolve("expired")),
                        "-startdate",
                        "-3d",
                        "-validity",
                        "1");
        install(expired.certificate(), "tls.crt");
        install(expired.key(), "tls.key");

        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(
                        () ->
                                assertThat(service.troubles())
                                        .singleElement()
                                        .asString()
                                        .contains("the certificate has expired on")
                                        .endsWith(
                                                "the former one is valid; put a valid one there"));
        assertThat(serial()).isEqualTo(before);

        install(second.certificate(), "tls.crt");
        install(second.key(), "tls.key");

        await().atMost(20, TimeUnit.SECONDS).until(() -> serial().equals(serialOf(second)));
        awaitNoTroubles();
    }

    @Test
    void a_certificate_that_expires_soon_is_told_before_it_does() throws Exception {
        Path old = Files.createDirectory(folder.resolve("old"));
        PemFiles expiring = TestCertificate.in(old, "-startdate", "-80d", "-validity", "90");
        install(expiring.certificate(), "tls.crt");
        install(expiring.key(), "tls.key");

        await().atMost(20, TimeUnit.SECONDS).until(() -> !service.troubles().isEmpty());

        assertThat(service.troubles())
                .singleElement()
                .asString()
                .startsWith("server.tls.certificate: the certificate expires on ")
                .endsWith("; replace it");
        assertThat(metrics())
                .containsPattern("delivery_certificate_expires_seconds\\{stream=\"\"\\} \\d");
    }

    private String readiness() throws Exception {
        return get("/health/ready");
    }

    private String metrics() throws Exception {
        return get("/metrics");
    }

    private String get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(service.adminUri().resolve(path)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Of the certificate that a new connection is shown. */
    private BigInteger serial() throws Exception {
        try (Connection connection = new Connection()) {
            return connection.serial();
        }
    }

    private static BigInteger serialOf(PemFiles files) throws Exception {
        try (var in = Files.newInputStream(files.certificate())) {
            return ((X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(in))
                    .getSerialNumber();
        }
    }

    /** A connection over TLS that trusts everybody. */
    private final class Connection implements AutoCloseable {
        private final SSLSocket socket;
        private final BufferedReader in;
        private final OutputStream out;

        Connection() throws Exception {
            SSLContext context = AnyCertificate.context();
            URI api = service.apiUri();
            socket =
                    (SSLSocket)
                            context.getSocketFactory().createSocket(api.getHost(), api.getPort());
            socket.setSoTimeout(20_000);
            socket.startHandshake();
            in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.ISO_8859_1));
            out = socket.getOutputStream();
        }

        BigInteger serial() throws IOException {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSerialNumber();
        }

        /** The first line of the answer; the rest of it is read. */
        String answersTo(String operation) throws IOException {
            out.write(
                    ("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amz-Target: Firehose_20150804."
                                    + operation
                                    + "\r\nContent-Length: 2\r\n\r\n{}")
                            .getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            String status = in.readLine();
            int length = 0;
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            assertThat(in.skip(length)).isEqualTo(length);
            return status;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
