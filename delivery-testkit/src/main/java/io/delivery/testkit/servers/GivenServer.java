package io.delivery.testkit.servers;

import java.net.URI;
import java.util.Optional;

/**
 * A server that somebody else runs: {@code -Ds3.endpoint=… -Ds3.accessKey=… -Ds3.secretKey=…
 * -Ds3.region=…}.
 */
public record GivenServer(URI endpoint, String accessKeyId, String secretAccessKey, String region)
        implements S3Server {
    /** Empty when no endpoint is given. */
    public static Optional<GivenServer> fromProperties() {
        String endpoint = System.getProperty("s3.endpoint", "");
        return endpoint.isBlank()
                ? Optional.empty()
                : Optional.of(
                        new GivenServer(
                                URI.create(endpoint),
                                System.getProperty("s3.accessKey", ""),
                                System.getProperty("s3.secretKey", ""),
                                System.getProperty("s3.region", "us-east-1")));
    }

    @Override
    public String name() {
        return "given server";
    }

    @Override
    public String version() {
        return endpoint.toString();
    }

    /** It is not ours to stop. */
    @Override
    public void close() {}

    @Override
    public String toString() {
        return "server at " + endpoint;
    }
}
