package io.delivery.api.http;

import io.delivery.failure.FailureText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a certificate and its key from PEM files into a key store in memory. */
final class PemFiles {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");

    private PemFiles() {}

    /**
     * @param password protects the key inside the store, which never leaves memory
     * @throws IOException when a file cannot be read or is not what it should be; the message names
     *     the file
     */
    static KeyStore keyStore(ApiSettings.Tls files, char[] password) throws IOException {
        Certificate[] chain = certificates(files.certificate());
        PrivateKey key = key(files.key());
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, password, chain);
            return store;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "The key " + files.key() + " does not fit " + files.certificate(), e);
        }
    }

    /**
     * @throws IOException when the file cannot be read or holds no certificate; the message names
     *     it
     */
    static Certificate[] certificates(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            Collection<? extends Certificate> chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes));
            if (chain.isEmpty()) {
                throw new IOException(file + " holds no certificate");
            }
            return chain.toArray(new Certificate[0]);
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " is not a PEM certificate: " + FailureText.of(e), e);
        }
    }

    private static PrivateKey key(Path file) throws IOException {
        Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new IOException(
                    file
                            + " holds no unencrypted PKCS #8 key (-----BEGIN PRIVATE KEY-----);"
                            + " convert it with: openssl pkcs8 -topk8 -nodes");
        }
        PKCS8EncodedKeySpec spec;
        try {
            spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        } catch (IllegalArgumentException notBase64) {
            throw new IOException(file + " is not PEM: " + FailureText.of(notBase64), notBase64);
        }
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException another) {
                continue; // the file does not say which algorithm it is for
            } catch (GeneralSecurityException missing) {
                throw new IOException("This JDK lacks " + algorithm, missing);
            }
        }
        throw new IOException(file + " holds a key that is neither RSA, EC nor EdDSA");
    }
}
