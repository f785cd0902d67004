package io.delivery.junit;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * S3 servers in containers, for those who have Testcontainers: no other class sees it. One
 * container per image for all tests of a JVM; Testcontainers removes it afterwards.
 */
final class Containers {
    private static final int LOCALSTACK_PORT = 4566;
    private static final int MINIO_PORT = 9000;
    private static final int OK = 200;

    /** Since 2026 LocalStack's images end at once without one; 4.14 is the last before. */
    private static final String TOKEN = "LOCALSTACK_AUTH_TOKEN";

    private static final String ACCESS_KEY_ID = "test";
    private static final String SECRET_ACCESS_KEY = "test-secret"; // MinIO wants 8 characters

    private static final Map<String, S3Access> STARTED = new ConcurrentHashMap<>();

    private Containers() {}

    /** Why none can be started; empty when one can. */
    static Optional<String> missing() {
        return DockerClientFactory.instance().isDockerAvailable()
                ? Optional.empty()
                : Optional.of("Testcontainers finds no Docker here");
    }

    static S3Access start(StoreChoice.Kind kind, String image) {
        return STARTED.computeIfAbsent(kind + " " + image, first -> startNow(kind, image));
    }

    @SuppressWarnings("resource") // it is there until the JVM ends
    private static S3Access startNow(StoreChoice.Kind kind, String image) {
        int port = kind == StoreChoice.Kind.LOCALSTACK ? LOCALSTACK_PORT : MINIO_PORT;
        GenericContainer<?> container = new GenericContainer<>(image).withExposedPorts(port);
        switch (kind) {
            case LOCALSTACK -> {
                Optional.ofNullable(System.getenv(TOKEN))
                        .ifPresent(token -> container.withEnv(TOKEN, token));
                container
                        .withEnv("SERVICES", "s3")
                        .waitingFor(
                                Wait.forHttp("/_localstack/health")
                                        .forPort(port)
                                        .forStatusCode(OK));
            }
            case MINIO ->
                    container
                            .withEnv("MINIO_ROOT_USER", ACCESS_KEY_ID)
                            .withEnv("MINIO_ROOT_PASSWORD", SECRET_ACCESS_KEY)
                            .withCommand("server", "/data")
                            .waitingFor(
                                    Wait.forHttp("/minio/health/ready")
                                            .forPort(port)
                                            .forStatusCode(OK));
        }
        container.start();
        URI endpoint =
                URI.create(
                        "http://%s:%d"
                                .formatted(container.getHost(), container.getMappedPort(port)));
        return new S3Access(endpoint, "us-east-1", ACCESS_KEY_ID, SECRET_ACCESS_KEY);
    }
}
