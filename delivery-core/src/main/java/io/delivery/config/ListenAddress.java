package io.delivery.config;

import java.util.Optional;

/**
 * Where a server listens.
 *
 * @param host a name or an address; an IPv6 address without its brackets
 * @param port 0 to 65535; 0 is any free port
 */
public record ListenAddress(String host, int port) {
    /**
     * Reads {@code host:port}; an IPv6 address stands in brackets.
     *
     * @return empty when the text is something else
     */
    public static Optional<ListenAddress> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            return Optional.empty();
        }
        String port = text.substring(colon + 1);
        if (host.isBlank() || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
            return Optional.empty();
        }
        return Optional.of(new ListenAddress(host, Integer.parseInt(port)));
    }

    /**
     * Whether only this machine can reach it. Looks at the text alone: a name other than {@code
     * localhost} is believed to be reachable from outside.
     */
    public boolean loopback() {
        return host.equalsIgnoreCase("localhost")
                || host.equals("::1")
                || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
