package io.delivery.invoke;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one HTTP request of each connection and then does with the socket what a test says. */
final class ScriptedServer implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

    private final ServerSocket listening;
    private final Script script;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** What the server does. The socket is closed behind it. */
    @FunctionalInterface
    interface Script {
        void answer(Request request, Socket socket) throws IOException;
    }

    /**
     * A request as it came.
     *
     * @param head in lower case, its first line included
     */
    record Request(String head, byte[] body) {}

    private ScriptedServer(ServerSocket listening, Script script) {
        this.listening = listening;
        this.script = script;
    }

    static ScriptedServer start(Script script) throws IOException {
        return start(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
    }

    static ScriptedServer start(ServerSocket listening, Script script) {
        ScriptedServer server = new ScriptedServer(listening, script);
        daemon(server::accept);
        return server;
    }

    /** Always the same answer, whole, with its length. */
    static Script answering(String head, String body) {
        return (request, socket) -> write(socket, head, body.getBytes(StandardCharsets.UTF_8));
    }

    static void write(Socket socket, String head, byte[] body) throws IOException {
        OutputStream out = socket.getOutputStream();
        String lines =
                head + "\r\nContent-Length: " + body.length + "\r\nConnection: close\r\n\r\n";
        out.write(lines.getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "scripted server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                open.add(socket);
                daemon(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Request request = read(socket.getInputStream());
            requests.add(request);
            script.answer(request, socket);
        } catch (IOException gone) {
            // the client has closed it, which is what many of these tests are about
        } finally {
            open.remove(socket);
        }
    }

    private static Request read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int read = in.read();
            if (read < 0) {
                throw new IOException("no request");
            }
            head.write(read);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        Matcher length = LENGTH.matcher(text);
        byte[] body =
                length.find() ? in.readNBytes(Integer.parseInt(length.group(1))) : new byte[0];
        return new Request(text.toLowerCase(Locale.ROOT), body);
    }

    List<Request> requests() {
        return requests;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    int port() {
        return listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
