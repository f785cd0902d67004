package io.delivery.s3;

import io.delivery.config.AccessKey;
import io.delivery.config.StoreDefinition;
import io.delivery.config.StoreDefinition.Acl;
import io.delivery.config.StoreDefinition.Checksums;
import io.delivery.config.StoreDefinition.ConditionalWrites;
import io.delivery.config.StoreDefinition.Encryption;
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
 * @param credentials empty means those of the file, or of the SDK's default chain (environment,
 *     profile, web identity, container, instance)
 * @param credentialsFile a profile file whose profile {@code default} has the key; it is read again
 *     when it changes
 * @param caFile certificates (PEM) trusted beside the JDK's, for a private CA
 * @param checksums whether CRC-32 goes with the bytes; gateways that predate it refuse the header
 * @param chunkedEncoding sign a body in chunks while it is sent (http only; https leaves the body
 *     to TLS). Off means reading it twice; some gateways refuse chunks or store their frames
 * @param signedBodies whether a body is signed at all (http only). Off means that its checksum, a
 *     header that is signed, is all that protects it; a body without a checksum is signed all the
 *     same
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
        Optional<Path> credentialsFile,
        Optional<Path> caFile,
        Checksums checksums,
        boolean chunkedEncoding,
        boolean signedBodies,
        ConditionalWrites conditionalWrites,
        boolean readBack,
        Acl acl,
        Encryption encryption,
        long partSize,
        boolean createBuckets,
        int uploads) {

    public static final long DEFAULT_PART_SIZE = StoreDefinition.S3.DEFAULT_PART_SIZE_BYTES;
    public static final long MIN_PART_SIZE = StoreDefinition.S3.MIN_PART_SIZE_BYTES;

    public static final int DEFAULT_UPLOADS = 16;

    /** AWS, us-east-1, everything else as documented for the YAML keys. */
    public static final S3Settings DEFAULTS =
            new S3Settings(
                    Optional.empty(),
                    "us-east-1",
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Checksums.WHEN_SUPPORTED,
                    true,
                    StoreDefinition.S3.DEFAULT_SIGNED_BODIES,
                    ConditionalWrites.AUTO,
                    false,
                    Acl.NONE,
                    new Encryption.None(),
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

    /**
     * As configured, with the default number of uploads.
     *
     * @param createBuckets from the store's settings, which hold it for every kind of store
     */
    public static S3Settings of(StoreDefinition.S3 definition, boolean createBuckets) {
        return new S3Settings(
                definition.endpoint(),
                definition.region(),
                definition.pathStyle(),
                definition.credentials().map(Credentials::of),
                definition.credentialsFile(),
                definition.caFile(),
                definition.checksums(),
                definition.chunkedEncoding(),
                definition.signedBodies(),
                definition.conditionalWrites(),
                definition.readBack(),
                definition.acl(),
                definition.encryption(),
                definition.partSizeBytes(),
                createBuckets,
                DEFAULT_UPLOADS);
    }

    /**
     * Whether the bodies of objects have a checksum and no signature, although they may be read.
     */
    boolean trustsChecksums() {
        return !signedBodies
                && checksums == Checksums.WHEN_SUPPORTED
                && endpoint.filter(uri -> "http".equalsIgnoreCase(uri.getScheme())).isPresent();
    }

    /** Static credentials. Printed without the secret. */
    public record Credentials(
            String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {
        static Credentials of(AccessKey key) {
            return new Credentials(
                    key.accessKeyId(), key.secretAccessKey().value(), Optional.empty());
        }

        @Override
        public String toString() {
            return "Credentials[accessKeyId=" + accessKeyId + ", secretAccessKey=***]";
        }
    }
}
