package io.delivery.cli;

import io.delivery.config.ListenAddress;
import java.net.URI;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Where a client on this machine finds a server. */
final class Endpoints {
    private Endpoints() {}

    /**
     * An address that a person gave.
     *
     * @throws ParameterException when it has no scheme of ours or no host: {@code localhost:4573}
     */
    static URI given(CommandSpec spec, String option, URI address) {
        boolean ours = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        if (!ours || address.getHost() == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s must begin with http:// or https:// and name a host, was %s"
                            .formatted(option, address));
        }
        return address;
    }

    /** An address that means every interface is reached over loopback. */
    static URI of(ListenAddress address, String scheme) {
        String host =
                switch (address.host()) {
                    case "0.0.0.0" -> "127.0.0.1";
                    case "::" -> "::1";
                    default -> address.host();
                };
        return URI.create(scheme + "://" + new ListenAddress(host, address.port()));
    }
}
