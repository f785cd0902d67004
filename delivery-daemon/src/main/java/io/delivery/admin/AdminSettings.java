package io.delivery.admin;

import java.util.Optional;

/**
 * How the admin port is served.
 *
 * @param host the address to bind
 * @param port 0: any free one
 * @param token what must follow {@code Authorization: Bearer} to change something; without one only
 *     callers from this machine may
 */
public record AdminSettings(String host, int port, Optional<String> token) {
    /** Without the token. */
    @Override
    public String toString() {
        return "AdminSettings[" + host + ":" + port + (token.isPresent() ? ", token=***]" : "]");
    }
}
