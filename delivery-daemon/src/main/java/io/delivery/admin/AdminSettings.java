package io.delivery.admin;

import io.delivery.listening.ServerCertificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the admin port is served.
 *
 * @param host the address to bind
 * @param port 0: any free one
 * @param token what must follow {@code Authorization: Bearer} to change something; without one only
 *     callers from this machine may
 * @param names further names under which it may be asked, beside addresses and local names
 * @param headTimeout for the whole head of a request
 * @param certificate that is shown at first; empty: without TLS
 */
public record AdminSettings(
        String host,
        int port,
        Optional<String> token,
        List<String> names,
        Duration headTimeout,
        Optional<ServerCertificate> certificate) {
    public static final Duration DEFAULT_HEAD_TIMEOUT = Duration.ofSeconds(10); // as for the API

    public AdminSettings {
        names = List.copyOf(names);
    }

    /** Without TLS or further names, and with the default for heads. */
    public AdminSettings(String host, int port, Optional<String> token) {
        this(host, port, token, List.of(), DEFAULT_HEAD_TIMEOUT, Optional.empty());
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "AdminSettings[" + host + ":" + port + (token.isPresent() ? ", token=***]" : "]");
    }
}
