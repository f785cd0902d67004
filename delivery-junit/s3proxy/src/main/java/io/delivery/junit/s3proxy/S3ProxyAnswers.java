package io.delivery.junit.s3proxy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.delivery.junit.child.Answers;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts servers and stops them: {@code start} → server, endpoint, region, accessKeyId,
 * secretAccessKey; {@code stop} – server.
 */
public final class S3ProxyAnswers implements Answers {
    private static final String ACCESS_KEY_ID = "test";
    private static final String SECRET_ACCESS_KEY = "test-secret";

    private final Map<Long, Server> servers = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong();

    private record Server(S3Proxy proxy, BlobStore objects) {
        void stop() throws Exception {
            proxy.stop();
            objects.close();
        }
    }

    /** It logs each request unless it is told not to. */
    public S3ProxyAnswers() {
        LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
        logging.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
    }

    @Override
    public Object answer(String command, Map<String, Object> arguments) throws Exception {
        switch (command) {
            case "start":
                return start();
            case "stop":
                Server stopped = servers.remove((Long) arguments.get("server"));
                if (stopped != null) {
                    stopped.stop();
                }
                return null;
            default:
                throw new IllegalArgumentException("there is no command " + command);
        }
    }

    private Map<String, Object> start() throws Exception {
        BlobStore objects = new TransientNio2BlobStore();
        S3Proxy proxy =
                S3Proxy.builder()
                        .blobStore(objects)
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(
                                AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY_ID, SECRET_ACCESS_KEY)
                        .build();
        proxy.start();
        long id = last.incrementAndGet();
        servers.put(id, new Server(proxy, objects));
        return Map.of(
                "server", id,
                "endpoint", "http://127.0.0.1:" + proxy.getPort(),
                "region", "us-east-1",
                "accessKeyId", ACCESS_KEY_ID,
                "secretAccessKey", SECRET_ACCESS_KEY);
    }
}
