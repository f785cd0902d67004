package io.delivery.testkit.servers;

import java.net.URI;

/** A running server that speaks S3. */
public interface S3Server extends AutoCloseable {
    /** What it is called in reports. */
    String name();

    String version();

    /** Without a path; buckets go into the path. */
    URI endpoint();

    String region();

    String accessKeyId();

    String secretAccessKey();

    @Override
    void close();
}
