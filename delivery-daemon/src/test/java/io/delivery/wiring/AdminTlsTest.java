package io.delivery.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.delivery.cli.ExitCodes;
import io.delivery.listening.AnyCertificate;
import io.delivery.listening.TestCertificate;
import io.delivery.listening.TestCertificate.PemFiles;
import io.delivery.loading.ConfigLoader;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The admin server over TLS, and the commands that ask it. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
class AdminTlsTest {
    @TempDir Path folder;
    private Path config;
    private PemFiles first;
    private Service service;

    @BeforeEach
    void start() throws Exception {
        first = TestCertificate.in(Files.createDirectory(folder.resolve("first")));
        install(first);
        config =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        server:
                          api: 127.0.0.1:0
                          admin: 127.0.0.1:0
                          adminTls: {certificate: admin.crt, key: admin.key}
                          shutdown: {land: false}
                        dataDir: data
                        limits: {memory: 128MB}
                        stores: {lake: {directory: lake}}
                        streams: {s: {destination: {bucket: b}}}
                        """);
        service = Service.start(new ConfigLoader(Map.of(), Programs.OURS).load(config));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private void install(PemFiles pair) throws IOException {
        install(pair.certificate(), "admin.crt");
        install(pair.key(), "admin.key");
    }

    private void install(Path file, String name) throws IOException {
        Path copy = Files.copy(file, folder.resolve(name + ".new"));
        Files.move(copy, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private static ProgramRun program(String... arguments) {
        return ProgramRun.of(Map.of(), arguments);
    }

    private BigInteger serial() throws Exception {
        try (SSLSocket socket =
                (SSLSocket)
                        AnyCertificate.context()
                                .getSocketFactory()
                                .createSocket("127.0.0.1", service.adminUri().getPort())) {
            socket.setSoTimeout(20_000);
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSerialNumber();
        }
    }

    private static BigInteger serialOf(PemFiles files) throws Exception {
        try (var in = Files.newInputStream(files.certificate())) {
            return ((X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(in))
                    .getSerialNumber();
        }
    }

    @Test
    void commands_trust_the_certificate_of_their_configuration() throws IOException {
        assertThat(service.adminUri().getScheme()).isEqualTo("https");
        assertThat(service.apiUri().getScheme()).as("a matter of its own").isEqualTo("http");

        Path mine = mine();
        ProgramRun status = program("status", "--config", mine.toString());
        ProgramRun flush = program("flush", "--config", mine.toString());

        assertThat(status.out()).as(status.err()).startsWith("s  healthy");
        assertThat(flush.exitCode()).as(flush.err()).isEqualTo(ExitCodes.DONE);
    }

    /** With the port that the configuration leaves open. */
    private Path mine() throws IOException {
        return Files.writeString(
                folder.resolve("mine.yaml"),
                "server: {admin: '127.0.0.1:%d', adminTls: {certificate: admin.crt, key: admin.key}}"
                        .formatted(service.adminUri().getPort()));
    }

    @Test
    void a_new_certificate_that_is_not_in_force_is_told_by_the_commands_with_what_to_do()
            throws Exception {
        PemFiles second = TestCertificate.in(Files.createDirectory(folder.resolve("second")));
        Path mine = mine();
        install(second.certificate(), "admin.crt");

        ProgramRun status = program("status", "--config", mine.toString());
        ProgramRun flush = program("flush", "--config", mine.toString());

        assertThat(List.of(status.exitCode(), flush.exitCode())).doesNotContain(ExitCodes.DONE);
        for (ProgramRun refused : List.of(status, flush)) {
            assertThat(refused.err())
                    .contains("no TLS connection to https://127.0.0.1:")
                    .contains("the server shows another certificate than")
                    .contains("admin.crt")
                    .contains("is shown until the service can use the new one and its key")
                    .contains("--ca-file FILE");
        }
        await().atMost(20, TimeUnit.SECONDS).until(() -> !service.troubles().isEmpty());
        ProgramRun asTold =
                program(
                        "status",
                        "--config",
                        mine.toString(),
                        "--ca-file",
                        first.certificate().toString());
        assertThat(asTold.out())
                .as(asTold.err())
                .contains("server.adminTls: changed files are not in force")
                .contains("s  healthy");
    }

    @Test
    void an_own_certificate_that_cannot_be_used_fails_no_command_that_does_not_need_it()
            throws Exception {
        Path mine = mine();
        String admin = service.adminUri().toString();
        String authority = first.certificate().toString();
        Files.writeString(folder.resolve("admin.crt"), "half of it");

        ProgramRun needed = program("status", "--config", mine.toString());
        ProgramRun known = program("status", "--config", mine.toString(), "--ca-file", authority);
        Files.delete(folder.resolve("admin.crt"));
        ProgramRun gone = program("status", "--config", mine.toString());
        ProgramRun named =
                program(
                        "status",
                        "--config",
                        mine.toString(),
                        "--admin",
                        admin,
                        "--ca-file",
                        authority);
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/streams",
                exchange -> {
                    try (exchange) {
                        exchange.sendResponseHeaders(200, 2);
                        exchange.getResponseBody().write("{}".getBytes(UTF_8));
                    }
                });
        server.start();
        ProgramRun plain;
        try {
            plain =
                    program(
                            "status",
                            "--config",
                            mine.toString(),
                            "--admin",
                            "http://127.0.0.1:" + server.getAddress().getPort());
        } finally {
            server.stop(0);
        }

        assertThat(needed.exitCode()).isNotEqualTo(ExitCodes.DONE);
        assertThat(needed.err())
                .contains("the server's certificate cannot be compared with the configured one")
                .contains("admin.crt");
        assertThat(gone.exitCode()).isNotEqualTo(ExitCodes.DONE);
        assertThat(gone.err()).contains("server.adminTls.certificate: must be a file");
        assertThat(known.out()).as(known.err()).contains("s  healthy");
        assertThat(named.out()).as(named.err()).contains("s  healthy");
        assertThat(plain.exitCode()).as(plain.err()).isEqualTo(ExitCodes.DONE);
    }

    @Test
    void another_certificate_is_trusted_only_when_its_authority_is_named() {
        String admin = service.adminUri().toString();

        ProgramRun stranger = program("status", "--admin", admin);
        ProgramRun known =
                program("status", "--admin", admin, "--ca-file", first.certificate().toString());
        ProgramRun unreadable = program("status", "--admin", admin, "--ca-file", "absent.pem");

        assertThat(stranger.exitCode()).isNotEqualTo(ExitCodes.DONE);
        assertThat(stranger.err()).contains("certificat");
        assertThat(known.out()).as(known.err()).startsWith("s  healthy");
        assertThat(unreadable.exitCode()).isNotEqualTo(ExitCodes.DONE);
        assertThat(unreadable.err()).contains("absent.pem");
    }

    @Test
    void the_certificate_changes_while_the_service_runs_and_what_is_wrong_is_told()
            throws Exception {
        PemFiles second = TestCertificate.in(Files.createDirectory(folder.resolve("second")));
        install(second.key(), "admin.key");
        await().atMost(20, TimeUnit.SECONDS).until(() -> !service.troubles().isEmpty());
        assertThat(service.troubles())
                .singleElement()
                .asString()
                .startsWith("server.adminTls: changed files are not in force");
        assertThat(serial()).isEqualTo(serialOf(first));

        install(second.certificate(), "admin.crt");

        await().atMost(20, TimeUnit.SECONDS).until(() -> serial().equals(serialOf(second)));
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(service.troubles()).isEmpty());
    }

    @Test
    void check_tells_of_a_pair_that_does_not_fit() throws Exception {
        install(
                TestCertificate.in(Files.createDirectory(folder.resolve("other"))).key(),
                "admin.key");

        assertThat(program("check", config.toString()).out())
                .contains("server.adminTls.key: ")
                .contains("does not belong to the first certificate of");
    }
}
