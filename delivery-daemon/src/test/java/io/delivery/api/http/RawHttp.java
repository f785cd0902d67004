package io.delivery.api.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;

/** A connection on which a test says every byte itself. */
public final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;

    private RawHttp(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    public static RawHttp to(URI server) throws IOException {
        return new RawHttp(new Socket(server.getHost(), server.getPort()));
    }

    /** Over TLS. */
    public static RawHttp to(URI server, SSLContext context) throws IOException {
        return new RawHttp(
                context.getSocketFactory().createSocket(server.getHost(), server.getPort()));
    }

    /** From another address of this machine, such as 127.0.0.2. */
    public static RawHttp to(URI server, String fromAddress) throws IOException {
        return new RawHttp(
                new Socket(
                        InetAddress.getByName(server.getHost()),
                        server.getPort(),
                        InetAddress.getByName(fromAddress),
                        0));
    }

    /** A character for each byte. */
    public RawHttp send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /**
     * One answer: its head and as much body as its Content-Length says; what came until the end.
     */
    public String answer() throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
            head.write(b);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        int length = Integer.parseInt(text.replaceAll("(?si).*content-length: (\\d+).*", "$1"));
        return text + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** The answer, or nothing when none comes in time. */
    public String answerWithin(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            return answer();
        } catch (SocketTimeoutException stillWaiting) {
            return "";
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    /** Whether the server has closed it; waits for that as long as for an answer. */
    public boolean isEnded() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
