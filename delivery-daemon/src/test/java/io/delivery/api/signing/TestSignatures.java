package io.delivery.api.signing;

import io.delivery.config.AccessKey;
import io.delivery.config.ApiCredentials;
import io.delivery.config.Glob;
import io.delivery.config.Secret;
import java.net.URI;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Signs as the AWS CLI, boto3 and Flink do: without x-amz-content-sha256. */
public final class TestSignatures {
    private TestSignatures() {}

    /** Somebody who may do everything. */
    public static ApiCredentials caller(String key, String secret) {
        return new ApiCredentials(new AccessKey(key, new Secret(secret)));
    }

    /** Somebody whose requests must carry a session token. */
    public static ApiCredentials caller(String key, String secret, String sessionToken) {
        return new ApiCredentials(
                new AccessKey(key, new Secret(secret)),
                Optional.of(new Secret(sessionToken)),
                ApiCredentials.EVERYTHING,
                ApiCredentials.EVERYTHING);
    }

    /** Somebody who may do this. */
    public static ApiCredentials caller(
            String key, String secret, List<String> actions, List<String> streams) {
        return new ApiCredentials(
                new AccessKey(key, new Secret(secret)),
                actions.stream().map(Glob::new).toList(),
                streams.stream().map(Glob::new).toList());
    }

    /** The headers x-amz-date and authorization. */
    public static Map<String, String> withoutHashHeader(
            String key,
            String secret,
            URI uri,
            Map<String, String> headers,
            byte[] body,
            Instant when) {
        String dateTime = SignatureV4.dateTime(when);
        String date = dateTime.substring(0, 8);
        TreeMap<String, String> signed = new TreeMap<>(headers);
        signed.put("host", uri.getHost() + ":" + uri.getPort());
        signed.put("x-amz-date", dateTime);
        SignedRequest request =
                new SignedRequest() {
                    @Override
                    public String method() {
                        return "POST";
                    }

                    @Override
                    public String path() {
                        return "/";
                    }

                    @Override
                    public String query() {
                        return "";
                    }

                    @Override
                    public List<String> headers(String name) {
                        return List.of(signed.get(name));
                    }

                    @Override
                    public byte[] bodyHash() {
                        return BodyHash.of(body, 0, body.length);
                    }
                };
        byte[] signature =
                SignatureV4.signature(
                        SignatureV4.signingKey(secret, date, "us-east-1"),
                        dateTime,
                        SignatureV4.scope(date, "us-east-1"),
                        request,
                        List.copyOf(signed.keySet()));
        return Map.of(
                "x-amz-date",
                dateTime,
                "authorization",
                "AWS4-HMAC-SHA256 Credential="
                        + key
                        + "/"
                        + SignatureV4.scope(date, "us-east-1")
                        + ", SignedHeaders="
                        + String.join(";", signed.keySet())
                        + ", Signature="
                        + HexFormat.of().formatHex(signature));
    }
}
