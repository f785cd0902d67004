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
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Which servers a client trusts over TLS, beyond those that the JDK trusts.
 *
 * @param own a PEM file with the certificate of the server that is meant: it is trusted by itself,
 *     under whatever name or address it is reached
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
     * @throws IOException when a file cannot be read or holds no certificate; the message names it
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
            TrustManager trusted =
                    own.isEmpty() ? others : new OwnCertificate(certificates(own.get()), others);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, new TrustManager[] {trusted}, null);
            return HttpClient.newBuilder().sslContext(tls);
        } catch (GeneralSecurityException unfit) {
            throw new IOException(
                    "certificates cannot be trusted: " + FailureText.of(unfit), unfit);
        }
    }

    private static Certificate[] certificates(Path file) throws IOException {
        return ServerCertificate.certificates(file);
    }

    private X509ExtendedTrustManager others() throws GeneralSecurityException, IOException {
        KeyStore anchors = null; // those of the JDK
        if (authorities.isPresent()) {
            anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            Certificate[] all = certificates(authorities.get());
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
        private final Set<Certificate> own;
        private final X509ExtendedTrustManager others;

        /**
         * @param chain the server's own certificate comes first
         */
        OwnCertificate(Certificate[] chain, X509ExtendedTrustManager others) {
            this.own = Set.of(chain[0]);
            this.others = others;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            if (!own.contains(chain[0])) {
                others.checkServerTrusted(chain, type, engine);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            if (!own.contains(chain[0])) {
                others.checkServerTrusted(chain, type, socket);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            if (!own.contains(chain[0])) {
                others.checkServerTrusted(chain, type);
            }
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
