package io.delivery.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection after the other to the service, each used for as long as it lasts. */
final class Connection implements AutoCloseable {
    /**
     * One answer.
     *
     * @param status 0 when there was none: the connection was closed
     */
    record Answer(int status, String head, String body) {}

    private static final int PATIENCE_MILLIS = 30_000;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ?.*");
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

    private final URI server;
    private Socket socket;
    private InputStream in;

    Connection(URI server) {
        this.server = server;
    }

    /**
     * Sends a request and reads the answer to it.
     *
     * @throws SocketTimeoutException when neither an answer nor the end of the connection comes
     */
    Answer ask(RandomRequests.Sent sent) throws IOException {
        if (socket == null) {
            socket = new Socket(server.getHost(), server.getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
        }
        boolean kept = false;
        try {
            write(sent);
            Answer answer = answer();
            kept =
                    sent.end() == RandomRequests.End.KEPT
                            && answer.status() != 0
                            && !answer.head()
                                    .toLowerCase(Locale.ROOT)
                                    .contains("connection: close");
            return answer;
        } catch (SocketException closed) {
            return new Answer(0, "", "");
        } finally {
            if (!kept) {
                close();
            }
        }
    }

    /** A server may answer and close before it has read all. */
    private void write(RandomRequests.Sent sent) throws IOException {
        try {
            socket.getOutputStream().write(sent.bytes());
            if (sent.end() == RandomRequests.End.CUT) {
                socket.shutdownOutput();
            }
        } catch (SocketException closedEarly) {
            // the answer, if there is one, can still be read
        }
    }

    private Answer answer() throws IOException {
        Optional<String> head = head();
        if (head.isEmpty()) {
            return new Answer(0, "", "");
        }
        Matcher status = STATUS.matcher(head.get().lines().findFirst().orElse(""));
        Matcher length = LENGTH.matcher(head.get());
        if (!status.matches() || !length.find()) {
            throw new AssertionError("not an answer: " + head.get());
        }
        byte[] body = in.readNBytes(Integer.parseInt(length.group(1)));
        return new Answer(
                Integer.parseInt(status.group(1)),
                head.get(),
                new String(body, StandardCharsets.UTF_8));
    }

    /** Empty when the connection ends first. */
    private Optional<String> head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ends = 0;
        while (ends < 4) {
            int b = in.read();
            if (b < 0) {
                return Optional.empty();
            }
            head.write(b);
            ends = b == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : 0;
        }
        return Optional.of(head.toString(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
