package io.delivery.api.signing;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One key pair and what it may do.
 *
 * @param actions globs over operation names, with or without {@code firehose:}; {@code *} is any
 *     text, {@code ?} one character
 * @param streams globs over stream names
 */
public record Credential(
        String accessKeyId, String secretAccessKey, List<String> actions, List<String> streams) {
    public Credential {
        actions = List.copyOf(actions);
        streams = List.copyOf(streams);
    }

    /** May do everything. */
    public Credential(String accessKeyId, String secretAccessKey) {
        this(accessKeyId, secretAccessKey, List.of("*"), List.of("*"));
    }

    boolean allowsAction(String action) {
        return actions.stream()
                .map(glob -> glob.startsWith("firehose:") ? glob.substring(9) : glob)
                .anyMatch(glob -> matches(glob, action));
    }

    boolean allowsStream(String stream) {
        return streams.stream().anyMatch(glob -> matches(glob, stream));
    }

    private static boolean matches(String glob, String text) {
        if (glob.equals("*")) {
            return true;
        }
        StringBuilder pattern = new StringBuilder();
        for (char c : glob.toCharArray()) {
            pattern.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(text).matches();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Credential[" + accessKeyId + ", actions=" + actions + ", streams=" + streams + "]";
    }
}
