package io.delivery.listening;

import io.delivery.failure.FailureText;
import io.delivery.failure.RepeatedFailure;
import java.net.SocketAddress;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.slf4j.LoggerFactory;

/**
 * Tells the log that clients do not get through the TLS handshake, and why: once a minute for each
 * cause, however many there are.
 */
final class Handshakes implements SslHandshakeListener {
    private final RepeatedFailure failures;

    /**
     * @param port its name
     */
    Handshakes(String port) {
        failures =
                RepeatedFailure.of(
                        LoggerFactory.getLogger(HttpPort.class),
                        "TLS handshake",
                        System::nanoTime,
                        "port",
                        port);
    }

    @Override
    public void handshakeFailed(Event event, Throwable failure) {
        EndPoint endPoint = event.getEndPoint();
        SocketAddress client = endPoint == null ? null : endPoint.getRemoteSocketAddress();
        // The client's own reason does not arrive, or only as an alert.
        String error =
                failure instanceof SSLException
                        ? FailureText.of(failure)
                        : "the client ended the connection; perhaps it does not trust the certificate";
        failures.failedOnce(error, "client", String.valueOf(client));
    }
}
