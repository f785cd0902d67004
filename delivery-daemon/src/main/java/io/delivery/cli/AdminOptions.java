package io.delivery.cli;

import io.delivery.config.DeliveryConfig;
import io.delivery.config.Secret;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import java.net.URI;
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
            description = "The admin server (default: server.admin of the configuration).")
    private URI admin;

    /**
     * The admin server, with the token of the configuration, which is read when it is named or when
     * the server is not.
     *
     * @throws InvalidConfigException when the configuration is needed and wrong
     * @throws ParameterException when it does not tell the port, or {@code --admin} is no address
     */
    AdminClient client(ConfigLoader loader) throws InvalidConfigException {
        Optional<DeliveryConfig> loaded = Optional.empty();
        if (config.given() || admin == null) {
            loaded = Optional.of(loader.load(config.file()).config());
        }
        Optional<Secret> token = loaded.flatMap(known -> known.server().adminToken());
        URI server =
                admin != null
                        ? Endpoints.given(spec, "--admin", admin)
                        : addressOf(loaded.orElseThrow());
        return new AdminClient(server, token);
    }

    private URI addressOf(DeliveryConfig loaded) {
        return BoundAddresses.find(loaded.server().admin(), loaded.dataDir(), BoundAddresses::admin)
                .map(address -> Endpoints.of(address, "http"))
                .orElseThrow(
                        () ->
                                new ParameterException(
                                        spec.commandLine(),
                                        "server.admin has port 0, any free port, and no daemon runs on %s: name it with --admin URL"
                                                .formatted(loaded.dataDir())));
    }
}
