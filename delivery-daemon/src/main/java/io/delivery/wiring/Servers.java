package io.delivery.wiring;

import io.delivery.admin.AdminServer;
import io.delivery.admin.AdminSettings;
import io.delivery.admin.Probes;
import io.delivery.api.http.ApiServer;
import io.delivery.api.http.ApiSettings;
import io.delivery.api.http.ServerCertificate;
import io.delivery.api.signing.Credential;
import io.delivery.api.signing.RequestVerifier;
import io.delivery.api.signing.SignatureVerifier;
import io.delivery.cli.ExitCodes;
import io.delivery.config.ApiCredentials;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.Glob;
import io.delivery.config.MemoryDivision;
import io.delivery.config.ServerSettings;
import io.delivery.failure.FailureText;
import io.delivery.metrics.Metrics;
import io.delivery.world.Clock;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The two ports of the process: the Firehose API, and the operators'. */
final class Servers {
    private static final Duration API_GRACE = Duration.ofSeconds(5);

    private final ApiServer api;
    private final AdminServer admin;
    private final Optional<ServerCertificate> certificate;

    private Servers(ApiServer api, AdminServer admin, Optional<ServerCertificate> certificate) {
        this.api = api;
        this.admin = admin;
        this.certificate = certificate;
    }

    /**
     * Prepares both; {@link #bind} opens them.
     *
     * @throws StartRefusedException when their settings cannot be used
     */
    static Servers prepare(
            DeliveryConfig config, StreamTable streams, Probes probes, Clock clock, Metrics metrics)
            throws StartRefusedException {
        ServerSettings server = config.server();
        try {
            Optional<ServerCertificate> certificate = certificate(server);
            return new Servers(
                    new ApiServer(
                            apiSettings(config, certificate),
                            streams,
                            verifier(server, clock),
                            clock,
                            metrics),
                    new AdminServer(
                            new AdminSettings(
                                    server.admin().host(),
                                    server.admin().port(),
                                    server.adminToken().map(token -> token.value()),
                                    server.adminNames(),
                                    AdminSettings.DEFAULT_HEAD_TIMEOUT),
                            probes,
                            streams),
                    certificate);
        } catch (IOException | IllegalArgumentException refused) {
            throw new StartRefusedException(
                    ExitCodes.CONFIG_REFUSED, List.of(FailureText.of(refused)));
        }
    }

    private static Optional<ServerCertificate> certificate(ServerSettings server)
            throws IOException {
        if (server.tls().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                ServerCertificate.read(server.tls().get().certificate(), server.tls().get().key()));
    }

    /** Clients that look at the time hear nothing else of the API. */
    List<String> troublesAt(Instant now) {
        return certificate.flatMap(read -> read.whyInvalidAt(now)).stream()
                .map(why -> "server.tls.certificate: " + why)
                .toList();
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

    private static RequestVerifier verifier(ServerSettings server, Clock clock) {
        if (server.credentials().isEmpty()) {
            return RequestVerifier.UNCHECKED;
        }
        List<Credential> known = new ArrayList<>();
        for (ApiCredentials caller : server.credentials()) {
            known.add(
                    new Credential(
                            caller.key().accessKeyId(),
                            caller.key().secretAccessKey().value(),
                            caller.actions().stream().map(Glob::pattern).toList(),
                            caller.streams().stream().map(Glob::pattern).toList()));
        }
        return new SignatureVerifier(known, server.region(), server.account(), clock);
    }

    /**
     * @throws StartRefusedException when one of them cannot be bound
     */
    void bind(ServerSettings server) throws StartRefusedException {
        bind("server.api", server.api().toString(), api::start);
        bind("server.admin", server.admin().toString(), admin::start);
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
        api.stop(API_GRACE);
    }

    void stopAdmin() {
        admin.close();
    }
}
