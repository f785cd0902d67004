package io.delivery.api.signing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
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
    private static final Pattern BLANKS = Pattern.compile("[ \\t]+");

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
        byte[] canonical =
                canonicalRequest(
                        request,
                        CanonicalPath.of(request.path()),
                        HexFormat.of().formatHex(request.bodyHash()),
                        signedHeaders);
        return signature(key, dateTime, scope, canonical);
    }

    /** Of a canonical request. */
    static byte[] signature(
            SecretKeySpec key, String dateTime, String scope, byte[] canonicalRequest) {
        String toSign =
                ALGORITHM
                        + "\n"
                        + dateTime
                        + "\n"
                        + scope
                        + "\n"
                        + HexFormat.of()
                                .formatHex(sha256(canonicalRequest, 0, canonicalRequest.length));
        return hmac(key, toSign);
    }

    /**
     * What is signed of a request, with the values of headers byte for byte as they were sent.
     *
     * @param path one of those that the request's path may be signed as
     * @param bodyHash in hexadecimal
     * @param signedHeaders lower-case names in the order of the SignedHeaders list
     */
    static byte[] canonicalRequest(
            SignedHead request, String path, String bodyHash, List<String> signedHeaders) {
        StringBuilder text = new StringBuilder(512);
        text.append(request.method()).append('\n');
        text.append(utf8(path)).append('\n');
        text.append(utf8(canonicalQuery(request.query()))).append('\n');
        for (String name : signedHeaders) {
            text.append(name).append(':');
            List<String> values = request.headers(name);
            for (int i = 0; i < values.size(); i++) {
                text.append(i == 0 ? "" : ",").append(trimmed(values.get(i)));
            }
            text.append('\n');
        }
        text.append('\n').append(String.join(";", signedHeaders)).append('\n');
        return text.append(bodyHash).toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A character for each byte, as the values of headers come. */
    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Sorted by names, and only then by values: {@code a=1} stands before {@code a-b=1}. */
    private static String canonicalQuery(String query) {
        if (query.isEmpty()) {
            return "";
        }
        List<String> pairs = new ArrayList<>(List.of(query.split("&", -1)));
        pairs.replaceAll(pair -> pair.indexOf('=') < 0 ? pair + "=" : pair);
        pairs.sort(
                Comparator.comparing((String pair) -> pair.substring(0, pair.indexOf('=')))
                        .thenComparing(Comparator.naturalOrder()));
        return String.join("&", pairs);
    }

    /** IAM user guide, Trim: none at the ends, and one space for several blanks in a row. */
    private static String trimmed(String value) {
        return BLANKS.matcher(value.strip()).replaceAll(" ");
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
