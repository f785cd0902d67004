package io.delivery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * What one writes in an afternoon: Jetty with its defaults, and a handler that reads the body with
 * Jackson, decodes each record's base64, and answers. It keeps nothing, checks no signature and
 * limits no memory. Prints its port.
 */
final class UsualServer extends Handler.Abstract {
    /** How it answers, and how its connections are set; to see what each choice costs. */
    enum Variant {
        /** One write for head and body, TCP_NODELAY. */
        ONE_WRITE,
        /** The body in a write of its own, TCP_NODELAY. */
        TWO_WRITES,
        /** One write, and Nagle's algorithm. */
        ONE_WRITE_DELAYED,
        /** Two writes, and Nagle's algorithm. */
        TWO_WRITES_DELAYED,
        /** One write; the body is collected into an array of its own before it is parsed. */
        OWN_BODY
    }

    private static final String PORT = "port ";

    private static final byte[] ANSWER =
            "{\"RecordId\":\"49590338271490256608559692538361571095921575989136588898\",\"Encrypted\":false}"
                    .getBytes(StandardCharsets.US_ASCII);

    private final ObjectMapper json = new ObjectMapper();
    private final LongAdder bytes = new LongAdder();
    private final Variant variant;

    private UsualServer(Variant variant) {
        this.variant = variant;
    }

    /** Starts a process of its own, which {@link #uri} tells the address of. */
    static Process start(Variant variant) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "usual-server",
                        variant.name())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Returns when it is ready; once for a process. */
    static URI uri(Process process) throws IOException {
        BufferedReader said =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith(PORT)) {
                return URI.create("http://127.0.0.1:" + line.substring(PORT.length()));
            }
        }
        throw new IOException("the usual server did not start");
    }

    /** Serves until its process ends. */
    static void serve(String name) throws Exception {
        Variant variant = Variant.valueOf(name);
        Server server = new Server(new QueuedThreadPool(64, 8));
        ServerConnector connector =
                new ServerConnector(server, new HttpConnectionFactory(new HttpConfiguration()));
        connector.setHost("127.0.0.1");
        connector.setAcceptedTcpNoDelay(
                variant != Variant.ONE_WRITE_DELAYED && variant != Variant.TWO_WRITES_DELAYED);
        server.addConnector(connector);
        server.setHandler(new UsualServer(variant));
        server.start();
        System.out.println(PORT + connector.getLocalPort());
        server.join();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        JsonNode call = read(request);
        JsonNode records = call.path("Records");
        if (records.isMissingNode()) {
            decode(call.path("Record"));
        } else {
            records.forEach(this::decode);
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/x-amz-json-1.1");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, ANSWER.length);
        if (variant == Variant.TWO_WRITES || variant == Variant.TWO_WRITES_DELAYED) {
            response.write(
                    false,
                    BufferUtil.EMPTY_BUFFER,
                    Callback.from(
                            () -> response.write(true, ByteBuffer.wrap(ANSWER), callback),
                            callback::failed));
        } else {
            response.write(true, ByteBuffer.wrap(ANSWER), callback);
        }
        return true;
    }

    private JsonNode read(Request request) throws Exception {
        try (InputStream body = Content.Source.asInputStream(request)) {
            return variant == Variant.OWN_BODY
                    ? json.readTree(body.readAllBytes())
                    : json.readTree(body);
        }
    }

    private void decode(JsonNode record) {
        bytes.add(Base64.getDecoder().decode(record.path("Data").asText()).length);
    }
}
