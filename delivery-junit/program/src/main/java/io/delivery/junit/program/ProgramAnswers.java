package io.delivery.junit.program;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.delivery.junit.child.Answers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts services, has them land and shows what landed. The commands:
 *
 * <ul>
 *   <li>{@code start} – directory, and optionally configuration (a file), endpoint with accessKeyId
 *       and secretAccessKey and region (an S3 server), asConfigured, environment → service, api,
 *       region, accessKeyId, secretAccessKey, sessionToken where there is one
 *   <li>{@code create} – service, request (of CreateDeliveryStream, as JSON)
 *   <li>{@code flush} – service, stream, millis
 *   <li>{@code await} – service, stream, records, millis
 *   <li>{@code landed} – service, stream → objects, troubles
 *   <li>{@code stop} – service
 * </ul>
 */
public final class ProgramAnswers implements Answers {
    private final Map<Long, TestService> services = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong();

    /** As the program's own log: its lines, and problems of its libraries. */
    public ProgramAnswers() {
        LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
        logging.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        logging.getLogger("io.delivery").setLevel(Level.INFO);
    }

    @Override
    public Object answer(String command, Map<String, Object> arguments) throws Exception {
        if (command.equals("start")) {
            return start(arguments);
        }
        Long id = (Long) arguments.get("service");
        if (command.equals("stop")) {
            TestService stopped = services.remove(id);
            if (stopped != null) {
                stopped.close();
            }
            return null;
        }
        TestService service = id == null ? null : services.get(id);
        if (service == null) {
            throw new IllegalStateException("the service of this test class has been stopped");
        }
        return switch (command) {
            case "create" -> service.create((String) arguments.get("request"));
            case "flush" -> {
                service.flush((String) arguments.get("stream"), millis(arguments));
                yield null;
            }
            case "await" -> {
                service.await(
                        (String) arguments.get("stream"),
                        (Long) arguments.get("records"),
                        millis(arguments));
                yield null;
            }
            case "landed" -> service.landed((String) arguments.get("stream"));
            default -> throw new IllegalArgumentException("there is no command " + command);
        };
    }

    private static Duration millis(Map<String, Object> arguments) {
        return Duration.ofMillis((Long) arguments.get("millis"));
    }

    private Map<String, Object> start(Map<String, Object> arguments) throws Exception {
        Map<String, String> environment = new LinkedHashMap<>(System.getenv());
        ((Map<?, ?>) arguments.get("environment"))
                .forEach((name, value) -> environment.put((String) name, (String) value));
        TestConfiguration configuration =
                new TestConfiguration(
                        Path.of((String) arguments.get("directory")),
                        Optional.ofNullable((String) arguments.get("configuration")).map(Path::of),
                        environment,
                        stores(arguments));
        TestService service = TestService.start(configuration.load());
        long id = last.incrementAndGet();
        services.put(id, service);
        Map<String, Object> answer = service.addresses();
        answer.put("service", id);
        return answer;
    }

    private static TestConfiguration.Stores stores(Map<String, Object> arguments) {
        if (Boolean.TRUE.equals(arguments.get("asConfigured"))) {
            return new TestConfiguration.AsConfigured();
        }
        String endpoint = (String) arguments.get("endpoint");
        return endpoint == null
                ? new TestConfiguration.Folders()
                : new TestConfiguration.Server(
                        endpoint,
                        (String) arguments.get("region"),
                        (String) arguments.get("accessKeyId"),
                        (String) arguments.get("secretAccessKey"));
    }
}
