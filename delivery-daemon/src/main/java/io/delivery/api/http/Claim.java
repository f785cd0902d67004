package io.delivery.api.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Whose body memory is for, as long as only its head says so: everybody may know a key id, and only
 * the whole body proves the secret when the head does not carry the body's hash. {@link
 * RequestMemory} counts what such bodies hold, by key id and by key id and address.
 */
final class Claim {
    /** What frames are for: a body that was whole and right. */
    static final Claim FRAME = proven();

    /** What an IPv6 host may choose freely is no address of its own. */
    private static final int NETWORK_BYTES = 8;

    private final String key;
    private final String caller;

    /** Guarded by the memory, as is what it holds. */
    private boolean proven;

    private long bytes;

    private Claim(String key, String caller, boolean proven) {
        this.key = key;
        this.caller = caller;
        this.proven = proven;
    }

    /** Of a body whose head was signed together with its hash. */
    static Claim proven() {
        return new Claim("", "", true);
    }

    /**
     * @param key the key id that the head names
     */
    static Claim of(String key, SocketAddress from) {
        return new Claim(key, key + " " + network(from), false);
    }

    private static String network(SocketAddress from) {
        InetAddress address =
                from instanceof InetSocketAddress internet ? internet.getAddress() : null;
        if (address == null) {
            return "";
        }
        byte[] bytes = address.getAddress();
        return HexFormat.of()
                .formatHex(bytes.length > 4 ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
    }

    String key() {
        return key;
    }

    /** The key id and the address that uses it. */
    String caller() {
        return caller;
    }

    boolean isProven() {
        return proven;
    }

    void prove() {
        proven = true;
    }

    long bytes() {
        return bytes;
    }

    void add(long more) {
        bytes += more;
    }
}
