package io.delivery.junit;

import java.util.regex.Pattern;

/** Requests of CreateDeliveryStream. */
final class StreamRequest {
    /** Any will do: docs/testing-applications.md. */
    private static final String ROLE = "arn:aws:iam::000000000000:role/test";

    /** What both names may have, and what means nothing in JSON; the API knows the rest. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

    private StreamRequest() {}

    /**
     * @throws IllegalArgumentException when one of them is no name at all
     */
    static String of(String stream, String bucket) {
        requireName("stream", stream);
        requireName("bucket", bucket);
        return """
               {"DeliveryStreamName": "%s",
                "ExtendedS3DestinationConfiguration": {"RoleARN": "%s", "BucketARN": "arn:aws:s3:::%s"}}"""
                .formatted(stream, ROLE, bucket);
    }

    private static void requireName(String what, String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the name of a %s has letters, digits, '.', '_' and '-', was '%s'"
                            .formatted(what, name));
        }
    }
}
