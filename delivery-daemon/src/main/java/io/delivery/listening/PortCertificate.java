package io.delivery.listening;

import io.delivery.failure.FailureText;
import java.io.IOException;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** The certificate that a port shows in handshakes. Thread-safe. */
final class PortCertificate {
    private final SslContextFactory.Server tls;
    private ServerCertificate shown;

    PortCertificate(ServerCertificate first) {
        tls = speaking(first);
        shown = first;
    }

    SslContextFactory.Server tls() {
        return tls;
    }

    private static SslContextFactory.Server speaking(ServerCertificate certificate) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        show(certificate, tls);
        tls.setSniRequired(false);
        return tls;
    }

    private static void show(ServerCertificate certificate, SslContextFactory tls) {
        tls.setKeyStore(certificate.store());
        tls.setKeyStorePassword(certificate.password());
    }

    /**
     * Shows another one from now on. Connections that there are go on.
     *
     * @throws IOException when it cannot be used: the former one is shown
     */
    synchronized void show(ServerCertificate next) throws IOException {
        try {
            tryOut(next); // a reload that fails leaves Jetty with no certificate at all
            tls.reload(factory -> show(next, factory));
        } catch (Exception unusable) {
            showAgain(unusable);
            throw new IOException(
                    "the certificate cannot be used: " + FailureText.of(unusable), unusable);
        }
        shown = next;
    }

    private static void tryOut(ServerCertificate next) throws Exception {
        SslContextFactory.Server trial = speaking(next);
        try {
            trial.start();
        } finally {
            trial.stop();
        }
    }

    private void showAgain(Exception why) {
        ServerCertificate former = shown;
        try {
            tls.reload(factory -> show(former, factory));
        } catch (Exception lost) {
            why.addSuppressed(lost);
        }
    }
}
