package io.delivery.s3.direct;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * A body of one chunk with its signature, and the chunk without bytes that ends it: S3 API
 * reference, "Signature calculations for the authorization header: transferring payload in multiple
 * chunks". The same bytes as the SDK's signer makes, which takes 128 KiB of memory for each body
 * whatever its length is. Thread-safe; keeps the key of one day.
 */
final class SignedChunk {
    /** Bytes that the SDK puts into one chunk. */
    static final int LARGEST = 128 << 10;

    private static final String IN_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

    /**
     * Signature Version 4: the access key id, which may have slashes, then the scope of a day, a
     * region and a service.
     */
    private static final Pattern AUTHORIZATION =
            Pattern.compile(
                    "AWS4-HMAC-SHA256 Credential=.+/([^/,]+/[^/,]+/[^/,]+/aws4_request),"
                            + ".* Signature=(\\w{64})");

    /** Bytes around those of a chunk, but for the digits of their number. */
    private static final int FRAME = ";chunk-signature=".length() + 64 + 2 * "\r\n".length();

    private static final HexFormat HEX = HexFormat.of();
    private static final String OF_NOTHING = HEX.formatHex(sha256().digest());

    /** What signs on one day, in one region. */
    private record Key(String secret, String scope, byte[] bytes) {
        boolean isOf(String other, String otherScope) {
            return secret.equals(other) && scope.equals(otherScope);
        }
    }

    private volatile Key last;

    /**
     * The body as it is sent; empty where the request does not ask for one in chunks, or is none of
     * these.
     *
     * @param signed the request with its signature, which the first chunk's follows
     * @param body at most {@link #LARGEST} bytes
     * @param signer the key that has signed
     */
    Optional<byte[]> of(SdkHttpRequest signed, byte[] body, AwsCredentialsIdentity signer) {
        if (body.length > LARGEST
                || signed.firstMatchingHeader("x-amz-content-sha256")
                        .filter(IN_CHUNKS::equals)
                        .isEmpty()) {
            return Optional.empty();
        }
        Matcher signature =
                AUTHORIZATION.matcher(signed.firstMatchingHeader("Authorization").orElse(""));
        Optional<String> time = signed.firstMatchingHeader("X-Amz-Date");
        if (!signature.matches() || time.isEmpty()) {
            return Optional.empty();
        }
        String scope = signature.group(1);
        Mac mac = hmac(key(signer.secretAccessKey().trim(), scope));
        ByteBuffer framed = ByteBuffer.allocate(length(body.length));
        String before = signature.group(2);
        if (body.length > 0) {
            before = chunk(framed, mac, time.get(), scope, before, body);
        }
        chunk(framed, mac, time.get(), scope, before, new byte[0]);
        return Optional.of(framed.array());
    }

    /** Of a body of so many bytes with its frames. */
    private static int length(int body) {
        int end = 1 + FRAME;
        return body == 0 ? end : Integer.toHexString(body).length() + FRAME + body + end;
    }

    /** Its signature. */
    private static String chunk(
            ByteBuffer framed, Mac mac, String time, String scope, String before, byte[] bytes) {
        String signature =
                HEX.formatHex(
                        mac.doFinal(
                                String.join(
                                                "\n",
                                                "AWS4-HMAC-SHA256-PAYLOAD",
                                                time,
                                                scope,
                                                before,
                                                OF_NOTHING,
                                                HEX.formatHex(sha256().digest(bytes)))
                                        .getBytes(StandardCharsets.UTF_8)));
        framed.put(
                (Integer.toHexString(bytes.length) + ";chunk-signature=" + signature + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        framed.put(bytes);
        framed.put((byte) '\r');
        framed.put((byte) '\n');
        return signature;
    }

    private byte[] key(String secret, String scope) {
        Key known = last;
        if (known == null || !known.isOf(secret, scope)) {
            byte[] bytes = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
            for (String part : scope.split("/")) {
                bytes = hmac(bytes).doFinal(part.getBytes(StandardCharsets.UTF_8));
            }
            known = new Key(secret, scope, bytes);
            last = known;
        }
        return known.bytes();
    }

    private static Mac hmac(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
