package io.delivery.wiring;

import io.delivery.admin.AdminServer;
import io.delivery.admin.AdminSettings;
import io.delivery.admin.Probes;
import io.delivery.api.http.ApiServer;
import io.delivery.api.http.ApiSettings;
import io.delivery.api.model.ServiceModel;
import io.delivery.api.signing.RequestVerifier;
import io.delivery.api.signing.SignatureVerifier;
import io.delivery.cli.ExitCodes;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.MemoryDivision;
import io.delivery.config.ServerSettings;
import io.delivery.config.ShutdownSettings;
import io.delivery.failure.FailureText;
import io.delivery.listening.ServerCertificate;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.world.Clock;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The two ports of the process: the Firehose API, and the operators'. */
final class Servers {
    private final Optional<SignatureVerifier> verifier;
    private final ApiServer api;
    private final AdminServer admin;
    private final ReloadedFiles files;
    private final List<ShownCertificate> certificates;

    private Servers(
            Optional<SignatureVerifier> verifier,
            ApiServer api,
            AdminServer admin,
            ReloadedFiles files,
            List<ShownCertificate> certificates) {
        this.verifier = verifier;
        this.api = api;
        this.admin = admin;
        this.files = files;
        this.certificates = certificates;
    }

    /**
     * Prepares both; {@link #bind} opens them.
     *
     * @throws StartRefusedException when their settings cannot be used
     */
    static Servers prepare(
            DeliveryConfig config,
            ReloadedFiles files,
            StreamTable streams,
            Probes probes,
            Clock clock,
            Metrics metrics)
            throws StartRefusedException {
        try {
            return made(config, files, streams, probes, clock, metrics);
        } catch (IOException | IllegalArgumentException refused) {
            throw new StartRefusedException(
                    ExitCodes.CONFIG_REFUSED, List.of(FailureText.of(refused)));
        }
    }

    private static Servers made(
            DeliveryConfig config,
            ReloadedFiles files,
            StreamTable streams,
            Probes probes,
            Clock clock,
            Metrics metrics)
            throws IOException {
        ServerSettings server = config.server();
        Optional<ServerCertificate> certificate = files.certificate();
        Optional<ServerCertificate> adminCertificate = files.adminCertificate();
        Optional<SignatureVerifier> verifier =
                server.requiresSignatures()
                        ? Optional.of(
                                new SignatureVerifier(
                                        files.callers(), server.region(), server.account(), clock))
                        : Optional.empty();
        ApiServer api =
                new ApiServer(
                        apiSettings(config, certificate),
                        streams,
                        verifier.<RequestVerifier>map(it -> it).orElse(RequestVerifier.UNCHECKED),
                        server.testing().isPresent()
                                ? ServiceModel.firehoseForTests()
                                : ServiceModel.firehose(),
                        clock,
                        metrics);
        AdminServer admin =
                new AdminServer(
                        new AdminSettings(
                                server.admin().host(),
                                server.admin().port(),
                                files.adminToken(),
                                server.adminNames(),
                                AdminSettings.DEFAULT_HEAD_TIMEOUT,
                                adminCertificate),
                        probes,
                        streams);
        Optional<ShownCertificate> shown =
                certificate.map(
                        first ->
                                new ShownCertificate(
                                        "server.tls",
                                        files::certificate,
                                        first,
                                        api::certificate,
                                        clock));
        Optional<ShownCertificate> shownToOperators =
                adminCertificate.map(
                        first ->
                                new ShownCertificate(
                                        "server.adminTls",
                                        files::adminCertificate,
                                        first,
                                        admin::certificate,
                                        clock));
        files.onChange(
                () -> verifier.orElseThrow().know(files.callers()),
                () -> admin.token(files.adminToken().orElseThrow()),
                () -> shown.orElseThrow().change(),
                () -> shownToOperators.orElseThrow().change());
        List<ShownCertificate> certificates =
                Stream.of(shown, shownToOperators).flatMap(Optional::stream).toList();
        if (!certificates.isEmpty()) {
            metrics.gauge(
                    Metric.CERTIFICATE_EXPIRES_SECONDS,
                    "",
                    () ->
                            certificates.stream()
                                    .mapToDouble(ShownCertificate::secondsToEnd)
                                    .min()
                                    .orElseThrow());
        }
        return new Servers(verifier, api, admin, files, certificates);
    }

    /**
     * Callers and the token that stand in a configuration which has just come into force; those of
     * files are watched.
     */
    void secretsOf(ServerSettings former, ServerSettings server) {
        if (!server.credentials().equals(former.credentials())) {
            verifier.orElseThrow().know(server.credentials());
        }
        if (!server.adminToken().equals(former.adminToken())) {
            admin.token(server.adminToken().orElseThrow().value());
        }
    }

    /** What somebody should mend. */
    List<String> troublesAt(Instant now) {
        List<String> troubles = new ArrayList<>(files.troubles());
        certificates.forEach(shown -> shown.troubleAt(now).ifPresent(troubles::add));
        return troubles;
    }

    /** Called once a second, by one thread: the log is told when something has changed. */
    void watchCertificates(Instant now) {
        certificates.forEach(shown -> shown.watch(now));
    }

    private static ApiSettings apiSettings(
            DeliveryConfig config, Optional<ServerCertificate> certificate) {
        ServerSettings server = config.server();
        return new ApiSettings(
                server.api().host(),
                server.api().port(),
                certificate,
                server.region(),
                server.account(),
                Math.toIntExact(config.limits().requestBodyBytes()),
                MemoryDivision.of(config.limits().memoryBytes()).requestBytes(),
                ApiSettings.DEFAULT_MEMORY_WAIT,
                ApiSettings.DEFAULT_HEADER_TIMEOUT,
                ApiSettings.DEFAULT_MIN_BODY_BYTES_PER_SECOND,
                server.maxConnections(),
                server.idleTimeout(),
                server.cors());
    }

    /**
     * @throws StartRefusedException when one of them cannot be bound
     */
    void bind(ServerSettings server) throws StartRefusedException {
        bind("server.api", server.api().toString(), api::start);
        bind("server.admin", server.admin().toString(), admin::start);
        files.start();
    }

    private interface Binding {
        void start() throws IOException;
    }

    private static void bind(String setting, String address, Binding binding)
            throws StartRefusedException {
        try {
            binding.start();
        } catch (IOException taken) {
            Throwable cause = taken.getCause() == null ? taken : taken.getCause();
            throw new StartRefusedException(
                    ExitCodes.CANNOT_BIND,
                    List.of(
                            "%s: %s cannot be bound: %s. Is another process on that port? Port 0 is any free one"
                                    .formatted(setting, address, FailureText.of(cause))));
        }
    }

    /** Why calls for any stream are answered 503 at present; empty when they are not. */
    Optional<String> refusal() {
        return api.refusal();
    }

    URI apiUri() {
        return api.uri();
    }

    URI adminUri() {
        return admin.uri();
    }

    /** Takes no more requests, and answers those that are under way. */
    void stopApi() {
        files.close();
        api.stop(ShutdownSettings.REQUESTS);
    }

    void stopAdmin() {
        admin.close();
    }
}
