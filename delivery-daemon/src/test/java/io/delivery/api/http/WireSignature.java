package io.delivery.api.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A request as it goes over the wire, signed from those very characters by arithmetic of its own:
 * it shares nothing with the code that verifies. Each character is a byte.
 */
final class WireSignature {
    private final String target;
    private final String path;
    private final String query;
    private final String body;
    private final List<String[]> headers = new ArrayList<>();

    /**
     * @param target what stands in the request line
     * @param path what is signed for it
     * @param query what is signed for it
     */
    private WireSignature(String target, String path, String query, String body) {
        this.target = target;
        this.path = path;
        this.query = query;
        this.body = body;
    }

    static WireSignature post(String body) {
        return new WireSignature("/", "/", "", body);
    }

    WireSignature sentTo(String otherTarget, String signedPath, String signedQuery) {
        WireSignature other = new WireSignature(otherTarget, signedPath, signedQuery, body);
        other.headers.addAll(headers);
        return other;
    }

    /** A header in the order and spelling in which it is sent. */
    WireSignature with(String name, String value) {
        headers.add(new String[] {name, value});
        return this;
    }

    /** The whole request. */
    String signedBy(String key, String secret) {
        String now =
                DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
                        .withZone(ZoneOffset.UTC)
                        .format(Instant.now());
        List<String[]> all = new ArrayList<>(headers);
        all.add(new String[] {"X-Amz-Date", now});
        TreeMap<String, List<String>> canonical = new TreeMap<>();
        for (String[] header : all) {
            canonical
                    .computeIfAbsent(header[0].toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                    .add(String.join(" ", header[1].trim().split("[ \t]+")));
        }
        String names = String.join(";", canonical.keySet());
        String request =
                "POST\n%s\n%s\n%s\n%s\n%s"
                        .formatted(
                                path,
                                query,
                                canonical.entrySet().stream()
                                        .map(h -> h.getKey() + ":" + String.join(",", h.getValue()))
                                        .collect(Collectors.joining("\n", "", "\n")),
                                names,
                                hash(body));
        String scope = now.substring(0, 8) + "/us-east-1/firehose/aws4_request";
        byte[] signing = bytes("AWS4" + secret);
        for (String step : scope.split("/")) {
            signing = hmac(signing, step);
        }
        String toSign = "AWS4-HMAC-SHA256\n%s\n%s\n%s".formatted(now, scope, hash(request));
        String signature = HexFormat.of().formatHex(hmac(signing, toSign));
        all.add(
                new String[] {
                    "Authorization",
                    "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                            .formatted(key, scope, names, signature)
                });
        all.add(new String[] {"Content-Length", String.valueOf(body.length())});
        return "POST %s HTTP/1.1\r\n".formatted(target)
                + all.stream().map(h -> h[0] + ": " + h[1] + "\r\n").collect(Collectors.joining())
                + "\r\n"
                + body;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(text)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
