package io.delivery.junit;

import java.net.URI;

/**
 * An S3 server. Buckets are in the path of its addresses, not in the name of the host.
 *
 * @param endpoint where it answers
 */
public record S3Access(URI endpoint, String region, String accessKeyId, String secretAccessKey) {
    /** Without the secret. */
    @Override
    public String toString() {
        return endpoint + " as " + accessKeyId;
    }
}
