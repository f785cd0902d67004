package io.delivery.cli;

import io.delivery.config.DeliveryConfig;
import io.delivery.config.Secret;
import io.delivery.config.ServerSettings;
import io.delivery.config.TlsSettings;
import io.delivery.failure.FailureText;
import io.delivery.listening.TrustedServers;
import io.delivery.loading.AdminTokenFile;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.ConfigParts;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LocatedProblem;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a command reaches the admin server of a running daemon. */
public final class AdminOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin private ConfigOption config;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description = {
                "The admin server (default: server.admin of the configuration).",
                "Of the configuration only server.admin, server.adminTls.certificate,"
                        + " server.adminToken and, for port 0, dataDir are needed: secrets of stores"
                        + " need not be set."
            })
    private URI admin;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description =
                    "PEM file with the authorities to trust over https, instead of those of the"
                            + " JDK. The certificate in server.adminTls of the configuration is"
                            + " trusted without it.")
    private Path caFile;

    /**
     * The admin server, with the token of the configuration, which is read when it is named or when
     * the server is not.
     *
     * @throws InvalidConfigException when the configuration is needed and wrong
     * @throws ConnectException when its port is any free one, and no daemon has told which
     * @throws IOException when the authorities that are to be trusted cannot be read
     * @throws ParameterException when {@code --admin} is no address
     */
    AdminClient client(ConfigLoader loader) throws InvalidConfigException, IOException {
        return client(loader, config.file());
    }

    /** Whether the server, or a configuration that tells it, was named. */
    boolean given() {
        return admin != null || config.given();
    }

    /**
     * The same.
     *
     * @param otherwise the configuration when none is named
     */
    AdminClient client(ConfigLoader loader, Path otherwise)
            throws InvalidConfigException, IOException {
        Path file = config.given() ? config.file() : otherwise;
        if (admin != null) {
            URI server = Endpoints.given(spec, "--admin", admin);
            if (!config.given()) {
                return new AdminClient(server, Optional.empty(), trusted(Optional.empty()));
            }
            ConfigParts parts = loader.loadParts(file);
            return new AdminClient(server, token(parts), trusted(ownOf(server, parts)));
        }
        ConfigParts parts = loader.loadParts(file);
        return new AdminClient(address(parts), token(parts), trusted(own(parts)));
    }

    /** Where nothing is encrypted, or authorities are named, there need be none that is usable. */
    private Optional<Path> ownOf(URI server, ConfigParts parts) throws InvalidConfigException {
        if (server.getScheme().equals("http")) {
            return Optional.empty();
        }
        try {
            return own(parts);
        } catch (InvalidConfigException unusable) {
            if (caFile == null) {
                throw unusable;
            }
            return Optional.empty();
        }
    }

    private TrustedServers trusted(Optional<Path> own) {
        return new TrustedServers(own, Optional.ofNullable(caFile));
    }

    private static Optional<Path> own(ConfigParts parts) throws InvalidConfigException {
        return parts.require("server.adminTls.certificate")
                .server()
                .adminTls()
                .map(TlsSettings::certificate);
    }

    private static Optional<Secret> token(ConfigParts parts) throws InvalidConfigException {
        ServerSettings server =
                parts.require("server.adminToken", "server.adminTokenFile").server();
        Optional<Path> file = server.files().adminToken();
        if (file.isEmpty()) {
            return server.adminToken();
        }
        try {
            return Optional.of(AdminTokenFile.read(file.get()));
        } catch (IOException unusable) {
            throw new InvalidConfigException(
                    List.of(
                            new LocatedProblem(
                                    file.get().toString(), 0, "", FailureText.of(unusable))));
        }
    }

    private static URI address(ConfigParts parts) throws InvalidConfigException, ConnectException {
        DeliveryConfig loaded = parts.require("server.admin", "server.adminTls.certificate");
        if (loaded.server().admin().port() == 0) {
            parts.require("dataDir");
        }
        return BoundAddresses.find(loaded.server().admin(), loaded.dataDir(), BoundAddresses::admin)
                .map(
                        address ->
                                Endpoints.of(
                                        address,
                                        loaded.server().adminTls().isPresent() ? "https" : "http"))
                .orElseThrow(
                        () ->
                                new ConnectException(
                                        "server.admin has port 0, any free port, and no daemon runs on %s: name it with --admin URL"
                                                .formatted(loaded.dataDir())));
    }
}
