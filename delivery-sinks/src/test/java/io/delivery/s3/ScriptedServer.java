package io.delivery.s3;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Reads requests, and answers each with the bytes that it was given, whatever they are. */
final class ScriptedServer implements AutoCloseable {
    /**
     * What is done after a request.
     *
     * @param bytes written as they are
     * @param closes whether the connection ends behind them
     */
    record Answer(String bytes, boolean closes) {}

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final ServerSocket server;

    ScriptedServer() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** The connection stays. */
    void answers(String bytes) {
        answers.add(new Answer(bytes, false));
    }

    /** The connection ends behind them. */
    void answersAndCloses(String bytes) {
        answers.add(new Answer(bytes, true));
    }

    /** The first lines of all requests that came as a whole. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.execute(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                in.readNBytes(Integer.parseInt(header(head, "content-length")));
                requests.add(head.substring(0, head.indexOf("\r\n")));
                Answer answer = answers.poll();
                if (answer == null) {
                    return; // no answer
                }
                client.getOutputStream().write(answer.bytes().getBytes(StandardCharsets.UTF_8));
                if (answer.closes()) {
                    return;
                }
            }
        } catch (IOException gone) {
            // the client has closed it
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int one = in.read(); one >= 0; one = in.read()) {
            head.append((char) one);
            if (one == '\n' && head.toString().endsWith("\r\n\r\n")) {
                return head.toString();
            }
        }
        return "";
    }

    private static String header(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).trim())
                .findFirst()
                .orElse("0");
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
