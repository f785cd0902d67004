package io.delivery.testkit.servers;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/**
 * Whoever vouches for a workload, as the API server of a Kubernetes does: it publishes its key
 * (OpenID Connect Discovery 1.0) and signs tokens (RFC 7519, RS256).
 */
public final class OpenIdProvider implements AutoCloseable {
    private static final String KEY_ID = "key-1";

    private final HttpServer http;
    private final KeyPair keys;

    private OpenIdProvider(HttpServer http, KeyPair keys) {
        this.http = http;
        this.keys = keys;
    }

    /** On a free port of loopback. */
    public static OpenIdProvider start() throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            OpenIdProvider provider =
                    new OpenIdProvider(
                            HttpServer.create(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
                            generator.generateKeyPair());
            provider.serve("/.well-known/openid-configuration", provider.discovery());
            provider.serve("/keys", provider.keySet());
            provider.http.start();
            return provider;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private void serve(String path, String document) {
        byte[] body = document.getBytes(StandardCharsets.UTF_8);
        http.createContext(
                path,
                exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
    }

    /** What it calls itself in tokens. */
    public URI issuer() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    /** The document that tells where its keys are. */
    public URI discoveryDocument() {
        return issuer().resolve("/.well-known/openid-configuration");
    }

    private String discovery() {
        return """
        {"issuer": "%1$s", "jwks_uri": "%1$s/keys", "authorization_endpoint": "%1$s/none",
         "token_endpoint": "%1$s/none", "response_types_supported": ["id_token"],
         "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"]}
        """
                .formatted(issuer());
    }

    private String keySet() {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        return """
        {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "%s", "n": "%s", "e": "%s"}]}
        """
                .formatted(KEY_ID, number(key.getModulus()), number(key.getPublicExponent()));
    }

    /** As JSON Web Keys write numbers: without the byte for a sign (RFC 7518, section 2). */
    private static String number(BigInteger value) {
        byte[] bytes = value.toByteArray();
        int sign = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
        return encoded(Arrays.copyOfRange(bytes, sign, bytes.length));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * A signed token.
     *
     * @param audience whom it is made for
     * @param subject whom it speaks of
     * @param end from when on it does not count
     */
    public String token(String audience, String subject, Instant end) throws IOException {
        String header = "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"" + KEY_ID + "\"}";
        String claims =
                "{\"iss\":\"%s\",\"aud\":\"%s\",\"sub\":\"%s\",\"iat\":%d,\"exp\":%d}"
                        .formatted(
                                issuer(),
                                audience,
                                subject,
                                end.minusSeconds(3600).getEpochSecond(),
                                end.getEpochSecond());
        String signed =
                encoded(header.getBytes(StandardCharsets.UTF_8))
                        + "."
                        + encoded(claims.getBytes(StandardCharsets.UTF_8));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encoded(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
