package io.delivery.api.signing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The arithmetic of Signature Version 4, for both sides: IAM user guide, "Create a signed AWS API
 * request".
 */
final class SignatureV4 {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final String SERVICE = "firehose";
    static final String TERMINATOR = "aws4_request";
    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final Pattern SPACES = Pattern.compile(" {2,}");

    private static final ThreadLocal<MessageDigest> SHA256 =
            ThreadLocal.withInitial(SignatureV4::newSha256);
    private static final ThreadLocal<Mac> HMAC = ThreadLocal.withInitial(SignatureV4::newHmac);

    private SignatureV4() {}

    /** {@code 20150830T123600Z}. */
    static String dateTime(Instant when) {
        return DATE_TIME.format(when);
    }

    static Instant parseDateTime(String text) {
        return Instant.from(DATE_TIME.parse(text));
    }

    static byte[] sha256(byte[] bytes, int offset, int length) {
        MessageDigest digest = SHA256.get();
        digest.reset();
        digest.update(bytes, offset, length);
        return digest.digest();
    }

    static SecretKeySpec signingKey(String secret, String date, String region) {
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String step : List.of(date, region, SERVICE, TERMINATOR)) {
            key = hmac(new SecretKeySpec(key, "HmacSHA256"), step);
        }
        return new SecretKeySpec(key, "HmacSHA256");
    }

    static String scope(String date, String region) {
        return date + "/" + region + "/" + SERVICE + "/" + TERMINATOR;
    }

    /** Of a request that is there as a whole. */
    static byte[] signature(
            SecretKeySpec key,
            String dateTime,
            String scope,
            SignedRequest request,
            List<String> signedHeaders) {
        String bodyHash = HexFormat.of().formatHex(request.bodyHash());
        return signature(key, dateTime, scope, request, bodyHash, signedHeaders);
    }

    /**
     * The signature's bytes.
     *
     * @param bodyHash in hexadecimal
     * @param signedHeaders lower-case names in the order of the SignedHeaders list
     */
    static byte[] signature(
            SecretKeySpec key,
            String dateTime,
            String scope,
            SignedHead request,
            String bodyHash,
            List<String> signedHeaders) {
        byte[] canonical =
                canonicalRequest(request, bodyHash, signedHeaders).getBytes(StandardCharsets.UTF_8);
        String toSign =
                ALGORITHM
                        + "\n"
                        + dateTime
                        + "\n"
                        + scope
                        + "\n"
                        + HexFormat.of().formatHex(sha256(canonical, 0, canonical.length));
        return hmac(key, toSign);
    }

    private static String canonicalRequest(
            SignedHead request, String bodyHash, List<String> signedHeaders) {
        StringBuilder text = new StringBuilder(512);
        text.append(request.method()).append('\n');
        text.append(request.path()).append('\n');
        text.append(canonicalQuery(request.query())).append('\n');
        for (String name : signedHeaders) {
            text.append(name).append(':');
            List<String> values = request.headers(name);
            for (int i = 0; i < values.size(); i++) {
                text.append(i == 0 ? "" : ",").append(trimmed(values.get(i)));
            }
            text.append('\n');
        }
        text.append('\n').append(String.join(";", signedHeaders)).append('\n');
        return text.append(bodyHash).toString();
    }

    private static String canonicalQuery(String query) {
        if (query.isEmpty()) {
            return "";
        }
        List<String> pairs = new ArrayList<>(List.of(query.split("&")));
        pairs.replaceAll(pair -> pair.indexOf('=') < 0 ? pair + "=" : pair);
        pairs.sort(null);
        return String.join("&", pairs);
    }

    private static String trimmed(String value) {
        String trimmed = value.trim();
        return trimmed.indexOf("  ") < 0 ? trimmed : SPACES.matcher(trimmed).replaceAll(" ");
    }

    private static byte[] hmac(SecretKeySpec key, String text) {
        try {
            Mac mac = HMAC.get();
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Mac newHmac() {
        try {
            return Mac.getInstance("HmacSHA256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
