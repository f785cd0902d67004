package io.delivery.cli;

import io.delivery.config.ListenAddress;
import java.net.URI;

/** Where a client on this machine finds a server. */
final class Endpoints {
    private Endpoints() {}

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
