package io.delivery.s3;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How a store that speaks S3 is reached and what is asked of it. The same as {@code stores.X.s3} in
 * YAML, checked by whoever reads that.
 *
 * @param endpoint where it answers; empty means AWS's own for the region
 * @param region signs requests; some servers compare it
 * @param pathStyle bucket in the path instead of the host name; servers with an IP address need it
 * @param credentials empty means the SDK's default chain (environment, profile, web identity,
 *     container, instance)
 * @param caFile certificates (PEM) trusted beside the JDK's, for a private CA
 * @param checksums whether CRC-32 goes with the bytes; gateways that predate it refuse the header
 * @param chunkedEncoding sign a body in chunks while it is sent (http only; https leaves the body
 *     to TLS). Off means reading it twice; some gateways refuse chunks or store their frames
 * @param conditionalWrites whether {@code If-None-Match: *} is asked for
 * @param readBack read every object and compare it before it counts as landed
 * @param acl canned ACL of objects
 * @param encryption server-side encryption asked for
 * @param partSize bytes; objects up to this size are one PUT, larger ones a multipart upload of
 *     parts of this size. At least 5 MiB for S3
 * @param createBuckets create a bucket that is missing
 * @param uploads objects on their way at the same time
 */
public record S3Settings(
        Optional<URI> endpoint,
        String region,
        boolean pathStyle,
        Optional<Credentials> credentials,
        Optional<Path> caFile,
        Checksums checksums,
        boolean chunkedEncoding,
        ConditionalWrites conditionalWrites,
        boolean readBack,
        Acl acl,
        Encryption encryption,
        long partSize,
        boolean createBuckets,
        int uploads) {

    public static final long DEFAULT_PART_SIZE = 16L << 20;

    /** 5 MiB, but for the last part: S3 multipart upload limits. */
    public static final long MIN_PART_SIZE = 5L << 20;

    public static final int DEFAULT_UPLOADS = 16;

    /** AWS, us-east-1, everything else as documented for the YAML keys. */
    public static final S3Settings DEFAULTS =
            new S3Settings(
                    Optional.empty(),
                    "us-east-1",
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Checksums.WHEN_SUPPORTED,
                    true,
                    ConditionalWrites.AUTO,
                    false,
                    Acl.NONE,
                    Encryption.NONE,
                    DEFAULT_PART_SIZE,
                    false,
                    DEFAULT_UPLOADS);

    public S3Settings {
        Objects.requireNonNull(region);
        if (partSize < MIN_PART_SIZE) {
            throw new IllegalArgumentException("partSize must be at least 5 MB, was " + partSize);
        }
        if (uploads < 1) {
            throw new IllegalArgumentException("uploads must be at least 1, was " + uploads);
        }
    }

    /** Static credentials. Printed without the secret. */
    public record Credentials(
            String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {
        @Override
        public String toString() {
            return "Credentials[accessKeyId=" + accessKeyId + ", secretAccessKey=***]";
        }
    }

    public enum Checksums {
        /** CRC-32 with every object and part, compared by the store. */
        WHEN_SUPPORTED,
        /** None; the recorded checksum is still compared here while the bytes are sent. */
        WHEN_REQUIRED
    }

    public enum ConditionalWrites {
        /** Asked for until the store answers NotImplemented. */
        AUTO,
        /** Not asked for; the store is looked at before each first PUT instead. */
        NEVER
    }

    public enum Acl {
        NONE,
        /** What Firehose sends: the owner of another account's bucket owns the objects. */
        BUCKET_OWNER_FULL_CONTROL
    }

    /**
     * Server-side encryption.
     *
     * @param kmsKey ARN, id or alias for {@link Mode#KMS}; empty means the account's default key
     */
    public record Encryption(Mode mode, Optional<String> kmsKey) {
        /** No header: what the bucket says applies. */
        public static final Encryption NONE = new Encryption(Mode.NONE, Optional.empty());

        public static final Encryption AES256 = new Encryption(Mode.AES256, Optional.empty());

        public static Encryption kms(String key) {
            return new Encryption(Mode.KMS, Optional.of(key));
        }

        public enum Mode {
            NONE,
            AES256,
            KMS
        }
    }
}
