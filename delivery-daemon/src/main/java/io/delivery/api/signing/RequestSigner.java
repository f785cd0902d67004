package io.delivery.api.signing;

import java.net.URI;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Signs requests to a Firehose API with Signature Version 4. Thread-safe. */
public final class RequestSigner {
    private final String accessKeyId;
    private final String secretAccessKey;
    private final Optional<String> sessionToken;
    private final String region;

    public RequestSigner(String accessKeyId, String secretAccessKey, String region) {
        this(accessKeyId, secretAccessKey, Optional.empty(), region);
    }

    /**
     * @param sessionToken of temporary credentials
     */
    public RequestSigner(
            String accessKeyId,
            String secretAccessKey,
            Optional<String> sessionToken,
            String region) {
        this.accessKeyId = accessKeyId;
        this.secretAccessKey = secretAccessKey;
        this.sessionToken = sessionToken;
        this.region = region;
    }

    /**
     * The headers to add to a POST: x-amz-date, x-amz-content-sha256, authorization, and
     * x-amz-security-token where there is one.
     *
     * @param headers all headers that are to be signed beside these and host
     * @param when written into the signature, in whole seconds
     */
    public Map<String, String> sign(
            URI uri, Map<String, String> headers, byte[] body, Instant when) {
        String dateTime = SignatureV4.dateTime(when);
        byte[] hash = SignatureV4.sha256(body, 0, body.length);
        TreeMap<String, String> signed = new TreeMap<>();
        headers.forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), value));
        signed.put("host", host(uri));
        signed.put("x-amz-date", dateTime);
        signed.put("x-amz-content-sha256", HexFormat.of().formatHex(hash));
        sessionToken.ifPresent(token -> signed.put("x-amz-security-token", token));
        String scope = SignatureV4.scope(dateTime.substring(0, 8), region);
        byte[] signature =
                SignatureV4.signature(
                        SignatureV4.signingKey(secretAccessKey, dateTime.substring(0, 8), region),
                        dateTime,
                        scope,
                        new Outgoing(uri, signed, hash),
                        List.copyOf(signed.keySet()));
        Map<String, String> added = new LinkedHashMap<>();
        added.put("x-amz-date", dateTime);
        added.put("x-amz-content-sha256", signed.get("x-amz-content-sha256"));
        sessionToken.ifPresent(token -> added.put("x-amz-security-token", token));
        added.put(
                "authorization",
                "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                        .formatted(
                                SignatureV4.ALGORITHM,
                                accessKeyId,
                                scope,
                                String.join(";", signed.keySet()),
                                HexFormat.of().formatHex(signature)));
        return added;
    }

    /** The host header as HTTP clients send it: without the scheme's own port. */
    private static String host(URI uri) {
        int standard = "https".equals(uri.getScheme()) ? 443 : 80;
        return uri.getPort() < 0 || uri.getPort() == standard
                ? uri.getHost()
                : uri.getHost() + ":" + uri.getPort();
    }

    private record Outgoing(URI uri, Map<String, String> signed, byte[] hash)
            implements SignedRequest {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String path() {
            return uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        }

        @Override
        public String query() {
            return uri.getRawQuery() == null ? "" : uri.getRawQuery();
        }

        @Override
        public List<String> headers(String name) {
            String value = signed.get(name);
            return value == null ? List.of() : List.of(value);
        }

        @Override
        public byte[] bodyHash() {
            return hash;
        }
    }
}
