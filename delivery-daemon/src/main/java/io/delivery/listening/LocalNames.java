package io.delivery.listening;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names under which a port that asks nobody who they are may be spoken to. A page of the web
 * can make a browser ask any address under a name of the page's own (DNS rebinding), and then reads
 * the answer; but that name is one that the page's owner could register, and the browser tells it
 * in the Host header. So a Host is one of ours when it is an address, a name that nobody can
 * register, or one that the configuration lists.
 */
public final class LocalNames {
    private static final Pattern HOST = Pattern.compile("(\\[[^\\]]*\\]|[^:]*)(?::\\d*)?");
    private static final Pattern ADDRESS =
            Pattern.compile("\\[[0-9A-Fa-f:.%]+\\]|\\d{1,3}(?:\\.\\d{1,3}){3}");

    /**
     * RFC 6761 (localhost), RFC 6762 (local), RFC 8375 (home.arpa), ICANN 2024 (internal); svc is
     * Kubernetes's and no top-level domain.
     */
    private static final Set<String> NOBODY_OWNS =
            Set.of("localhost", "local", "home.arpa", "internal", "svc");

    private final List<String> listed;

    /**
     * @param listed further names, without a port
     */
    public LocalNames(List<String> listed) {
        this.listed =
                listed.stream().map(name -> withoutDot(name.toLowerCase(Locale.ROOT))).toList();
    }

    /**
     * Whether this is an address or a name of ours.
     *
     * @param host the value of a Host header, with a port or without
     */
    public boolean include(String host) {
        var parts = HOST.matcher(host.strip().toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            return false;
        }
        String name = withoutDot(parts.group(1));
        return ADDRESS.matcher(name).matches()
                || !name.isEmpty() && name.indexOf('.') < 0
                || NOBODY_OWNS.stream().anyMatch(end -> name.endsWith("." + end))
                || listed.contains(name);
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
