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

    /** Whether a key that it lists is that of a PUT which has not ended: its own temporary file. */
    default boolean listsUnfinished(String key) {
        return false;
    }

    @Override
    void close();
}
