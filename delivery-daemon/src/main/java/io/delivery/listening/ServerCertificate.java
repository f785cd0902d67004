package io.delivery.listening;

import io.delivery.failure.FailureText;
import io.delivery.file.BoundedFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The certificate of a port and its key, read from PEM files into a key store in memory. */
public final class ServerCertificate {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");

    private static final byte[] SAMPLE = "delivery".getBytes(StandardCharsets.US_ASCII);

    private static final Duration LONGEST_NOTICE = Duration.ofDays(14);

    private final KeyStore store;
    private final String password;
    private final X509Certificate own;

    ServerCertificate(KeyStore store, String password, X509Certificate own) {
        this.store = store;
        this.password = password;
        this.own = own;
    }

    /** One of the two files. */
    public enum PemFile {
        CERTIFICATE,
        KEY
    }

    /** A file cannot be used; the message names it and says what to do. */
    public static final class UnusableException extends IOException {
        private static final long serialVersionUID = 1L;

        private final PemFile file;

        UnusableException(PemFile file, String message, Exception causeOrNull) {
            super(message, causeOrNull);
            this.file = file;
        }

        /** Which one it is. */
        public PemFile file() {
            return file;
        }
    }

    /**
     * Reads both files.
     *
     * @param certificate the chain, the server's own first
     * @param key PKCS #8, not encrypted
     * @throws UnusableException when a file cannot be read, is not what it should be, or the two do
     *     not belong together
     */
    public static ServerCertificate read(Path certificate, Path key) throws UnusableException {
        X509Certificate[] chain = certificates(certificate);
        PrivateKey secret = key(key);
        if (!fits(secret, chain[0].getPublicKey())) {
            throw new UnusableException(
                    PemFile.KEY,
                    "%s does not belong to the first certificate of %s (%s): name the key that it was made for, and put the server's own certificate first"
                            .formatted(
                                    key, certificate, chain[0].getSubjectX500Principal().getName()),
                    null);
        }
        try {
            String password = UUID.randomUUID().toString();
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", secret, password.toCharArray(), chain);
            return new ServerCertificate(store, password, chain[0]);
        } catch (GeneralSecurityException | IOException e) {
            throw new UnusableException(
                    PemFile.CERTIFICATE,
                    "%s is no chain of certificates: %s".formatted(certificate, FailureText.of(e)),
                    e);
        }
    }

    KeyStore store() {
        return store;
    }

    /** Protects the key inside the store, which never leaves memory. */
    String password() {
        return password;
    }

    /** Why clients refuse the certificate at that time: it has expired, or is not valid yet. */
    public Optional<String> whyInvalidAt(Instant time) {
        Instant begin = own.getNotBefore().toInstant();
        Instant end = own.getNotAfter().toInstant();
        if (time.isAfter(end)) {
            return Optional.of("the certificate has expired on %s".formatted(end));
        }
        return time.isBefore(begin)
                ? Optional.of("the certificate is not valid before %s".formatted(begin))
                : Optional.empty();
    }

    /** When clients begin to refuse it. */
    public Instant expires() {
        return own.getNotAfter().toInstant();
    }

    /**
     * That the certificate should have been replaced by that time, although it is valid: it expires
     * within 14 days, or within a sixth of its life where it lives for less than 84. Whoever renews
     * certificates by a program does it with a third of their life left.
     */
    public Optional<String> whyOldAt(Instant time) {
        Duration life = Duration.between(own.getNotBefore().toInstant(), expires());
        Duration sixth = life.dividedBy(6);
        Duration notice = sixth.compareTo(LONGEST_NOTICE) < 0 ? sixth : LONGEST_NOTICE;
        return whyInvalidAt(time).isEmpty() && time.isAfter(expires().minus(notice))
                ? Optional.of("the certificate expires on %s; replace it".formatted(expires()))
                : Optional.empty();
    }

    /**
     * @throws UnusableException when the file cannot be read or holds no certificate; the message
     *     names it
     */
    static X509Certificate[] certificates(Path file) throws UnusableException {
        byte[] bytes = bytes(PemFile.CERTIFICATE, file);
        try {
            X509Certificate[] chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes))
                            .toArray(new X509Certificate[0]);
            if (chain.length == 0) {
                throw new UnusableException(
                        PemFile.CERTIFICATE, file + " holds no certificate", null);
            }
            return chain;
        } catch (GeneralSecurityException e) {
            throw new UnusableException(
                    PemFile.CERTIFICATE,
                    file + " is not a PEM certificate: " + FailureText.of(e),
                    e);
        }
    }

    private static byte[] bytes(PemFile which, Path file) throws UnusableException {
        try {
            return BoundedFile.readNamed(file, BoundedFile.OF_SECRETS);
        } catch (IOException unreadable) {
            throw new UnusableException(which, FailureText.of(unreadable), unreadable);
        }
    }

    private static PrivateKey key(Path file) throws UnusableException {
        String text = new String(bytes(PemFile.KEY, file), StandardCharsets.ISO_8859_1);
        Matcher pem = KEY.matcher(text);
        if (!pem.find()) {
            throw new UnusableException(
                    PemFile.KEY,
                    file
                            + " holds no unencrypted PKCS #8 key (-----BEGIN PRIVATE KEY-----);"
                            + " convert it with: openssl pkcs8 -topk8 -nodes",
                    null);
        }
        PKCS8EncodedKeySpec spec;
        try {
            spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        } catch (IllegalArgumentException notBase64) {
            throw new UnusableException(
                    PemFile.KEY, file + " is not PEM: " + FailureText.of(notBase64), notBase64);
        }
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException another) {
                continue; // the file does not say which algorithm it is for
            } catch (GeneralSecurityException missing) {
                throw new UnusableException(PemFile.KEY, "This JDK lacks " + algorithm, missing);
            }
        }
        throw new UnusableException(
                PemFile.KEY, file + " holds a key that is neither RSA, EC nor EdDSA", null);
    }

    /** Whether what the key signs can be verified with the certificate. */
    private static boolean fits(PrivateKey key, PublicKey certified) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (GeneralSecurityException anotherAlgorithm) {
            return false;
        }
    }
}
