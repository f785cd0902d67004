package io.delivery.listening;

import io.delivery.failure.FailureText;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Which servers a client trusts over TLS, beyond those that the JDK trusts.
 *
 * @param own a PEM file with the certificate of the server that is meant: it is trusted by itself,
 *     under whatever name or address it is reached. When the file cannot be used, or the server
 *     shows another certificate, the others decide, and where they refuse, the handshake fails with
 *     a message that says so
 * @param authorities a PEM file with the certificates of authorities, which are trusted instead of
 *     those of the JDK
 */
public record TrustedServers(Optional<Path> own, Optional<Path> authorities) {
    /** Those that the JDK trusts. */
    public static final TrustedServers OF_THE_JDK =
            new TrustedServers(Optional.empty(), Optional.empty());

    /**
     * A client that trusts them.
     *
     * @throws IOException when the file of authorities cannot be read or holds no certificate; the
     *     message names it
     */
    public HttpClient client() throws IOException {
        return clientBuilder().build();
    }

    /**
     * Makes clients that trust them.
     *
     * @throws IOException as above
     */
    public HttpClient.Builder clientBuilder() throws IOException {
        if (own.isEmpty() && authorities.isEmpty()) {
            return HttpClient.newBuilder();
        }
        try {
            X509ExtendedTrustManager others = others();
            TrustManager trusted = own.isEmpty() ? others : OwnCertificate.of(own.get(), others);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, new TrustManager[] {trusted}, null);
            return HttpClient.newBuilder().sslContext(tls);
        } catch (GeneralSecurityException unfit) {
            throw new IOException(
                    "certificates cannot be trusted: " + FailureText.of(unfit), unfit);
        }
    }

    private X509ExtendedTrustManager others() throws GeneralSecurityException, IOException {
        KeyStore anchors = null; // those of the JDK
        if (authorities.isPresent()) {
            anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            Certificate[] all = ServerCertificate.certificates(authorities.get());
            for (int i = 0; i < all.length; i++) {
                anchors.setCertificateEntry("authority-" + i, all[i]);
            }
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(anchors);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager right) {
                return right;
            }
        }
        throw new GeneralSecurityException("this JDK has no trust manager for X.509");
    }

    /** Knows one server by its very certificate, and asks another about everybody else. */
    private static final class OwnCertificate extends X509ExtendedTrustManager {
        private final Path file;
        private final Optional<Certificate> own;

        /** Why the file cannot be used; empty when it can. */
        private final String unusable;

        private final X509ExtendedTrustManager others;

        private OwnCertificate(
                Path file,
                Optional<Certificate> own,
                String unusable,
                X509ExtendedTrustManager others) {
            this.file = file;
            this.own = own;
            this.unusable = unusable;
            this.others = others;
        }

        /**
         * @param file the server's own certificate comes first
         */
        static OwnCertificate of(Path file, X509ExtendedTrustManager others) {
            try {
                Certificate first = ServerCertificate.certificates(file)[0];
                return new OwnCertificate(file, Optional.of(first), "", others);
            } catch (IOException unusable) {
                return new OwnCertificate(file, Optional.empty(), FailureText.of(unusable), others);
            }
        }

        /** What the others say of a server. */
        private interface Check {
            void run() throws CertificateException;
        }

        private void check(X509Certificate shown, Check byOthers) throws CertificateException {
            if (own.isPresent() && own.get().equals(shown)) {
                return;
            }
            try {
                byOthers.run();
            } catch (CertificateException refused) {
                throw new CertificateException(
                        own.isPresent() ? another(shown, refused) : incomparable(refused), refused);
            }
        }

        private String another(X509Certificate shown, CertificateException refused) {
            return "the server shows another certificate than %s, one of %s that is valid from %s to %s, and no authority that is trusted answers for it (%s); a certificate that has been replaced is shown until the service can use the new one and its key, and the log of the service says why it cannot"
                    .formatted(
                            file,
                            shown.getSubjectX500Principal().getName(),
                            shown.getNotBefore().toInstant(),
                            shown.getNotAfter().toInstant(),
                            FailureText.of(refused));
        }

        private String incomparable(CertificateException refused) {
            return "the server's certificate cannot be compared with the configured one (%s), and no authority that is trusted answers for it (%s)"
                    .formatted(unusable, FailureText.of(refused));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain[0], () -> others.checkServerTrusted(chain, type, engine));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain[0], () -> others.checkServerTrusted(chain, type, socket));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            check(chain[0], () -> others.checkServerTrusted(chain, type));
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            others.checkClientTrusted(chain, type, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            others.checkClientTrusted(chain, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            others.checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return others.getAcceptedIssuers();
        }
    }
}
