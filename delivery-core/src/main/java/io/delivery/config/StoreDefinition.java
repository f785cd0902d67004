package io.delivery.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** What kind of store it is, and how to speak to it. */
public sealed interface StoreDefinition {
    /** What comes of it, by the kind that it is. */
    <R, E extends Exception> R choose(Choice<Directory, R, E> directory, Choice<S3, R, E> s3)
            throws E;

    /**
     * Reports what is wrong with it, without looking at the store.
     *
     * @param path of the store in the configuration
     */
    void validate(String path, Path dataDir, ConfigProblems problems);

    /** What is wrong with a bucket of this name in any such store; empty when nothing is. */
    Optional<String> problemOfBucket(String bucket);

    /** What is wrong with keys that begin with this prefix, as written; empty when nothing is. */
    Optional<String> problemOfPrefix(String prefix);

    /** A local folder: an object is the file {@code <path>/<bucket>/<key>}. */
    record Directory(Path path) implements StoreDefinition {
        @Override
        public <R, E extends Exception> R choose(
                Choice<Directory, R, E> directory, Choice<S3, R, E> s3) throws E {
            return directory.of(this);
        }

        @Override
        public void validate(String at, Path dataDir, ConfigProblems problems) {
            if (path.startsWith(dataDir) || dataDir.startsWith(path)) {
                problems.add(
                        at + ".directory",
                        "must be apart from dataDir (%s), was %s".formatted(dataDir, path));
            }
        }

        /** Any name that is one of a bucket at all is one of a folder. */
        @Override
        public Optional<String> problemOfBucket(String bucket) {
            return Optional.empty();
        }

        @Override
        public Optional<String> problemOfPrefix(String prefix) {
            return ObjectNames.problemOfFolders(prefix);
        }
    }

    /**
     * S3 or a store that speaks it. So many settings, because stores differ in as many ways.
     *
     * @param endpoint absent: AWS, by region
     * @param pathStyle the bucket stands in the path, not in the host name
     * @param credentials absent: those of the file, or the SDK's default chain
     * @param credentialsFile a profile file of the AWS SDKs, which is read again when it changes
     * @param caFile PEM certificates to trust beside the JDK's own
     * @param chunkedEncoding bodies are sent in signed chunks; some stores save the chunk headers
     *     too
     * @param signedBodies over http, bodies are signed beside their checksum; over https they never
     *     are
     * @param readBack an object is read back and compared before it counts as landed
     * @param partSizeBytes objects of more than this are uploaded in parts of this size; 5 MiB to 5
     *     GiB
     */
    record S3(
            Optional<URI> endpoint,
            String region,
            boolean pathStyle,
            Optional<AccessKey> credentials,
            Optional<Path> credentialsFile,
            Optional<Path> caFile,
            Checksums checksums,
            boolean chunkedEncoding,
            boolean signedBodies,
            ConditionalWrites conditionalWrites,
            boolean readBack,
            Acl acl,
            Encryption encryption,
            long partSizeBytes)
            implements StoreDefinition {
        public static final String DEFAULT_REGION = "us-east-1";
        public static final Checksums DEFAULT_CHECKSUMS = Checksums.WHEN_SUPPORTED;
        public static final boolean DEFAULT_CHUNKED_ENCODING = true;
        public static final boolean DEFAULT_SIGNED_BODIES = true;
        public static final ConditionalWrites DEFAULT_CONDITIONAL_WRITES = ConditionalWrites.AUTO;
        public static final boolean DEFAULT_READ_BACK = false;
        public static final Acl DEFAULT_ACL = Acl.NONE;
        public static final Encryption DEFAULT_ENCRYPTION = new Encryption.None();
        public static final long DEFAULT_PART_SIZE_BYTES = 16L << 20;
        public static final long MIN_PART_SIZE_BYTES = 5L << 20; // S3 user guide, upload limits
        public static final long MAX_PART_SIZE_BYTES = 5L << 30; // S3 user guide, upload limits

        /** AWS has a host name for each bucket; what else speaks S3 may not. */
        public static boolean defaultPathStyle(Optional<URI> endpoint) {
            return endpoint.isPresent();
        }

        @Override
        public <R, E extends Exception> R choose(
                Choice<Directory, R, E> directory, Choice<S3, R, E> s3) throws E {
            return s3.of(this);
        }

        @Override
        public void validate(String path, Path dataDir, ConfigProblems problems) {
            credentials.ifPresent(c -> c.validate(path + ".s3.credentials", problems));
            if (credentials.isPresent() && credentialsFile.isPresent()) {
                problems.add(
                        path + ".s3.credentialsFile",
                        "must not be given beside %s.s3.credentials: give one of the two"
                                .formatted(path));
            }
            RegionRule.check(path + ".s3.region", region, endpoint, problems);
            if (!signedBodies && checksums == Checksums.WHEN_REQUIRED) {
                problems.add(
                        path + ".s3.signedBodies",
                        "must be true where %s.s3.checksums is whenRequired: a body without a"
                                        .formatted(path)
                                + " signature needs a checksum");
            }
            if (encryption.<Boolean, RuntimeException>choose(
                    none -> false, aes256 -> false, kms -> kms.key().isBlank())) {
                problems.add(path + ".s3.encryption.kms", "must name a key, was empty");
            }
        }

        @Override
        public Optional<String> problemOfBucket(String bucket) {
            return ObjectNames.problemOfS3Bucket(bucket);
        }

        /** S3 itself takes any; what some of its servers refuse is a hint. */
        @Override
        public Optional<String> problemOfPrefix(String prefix) {
            return Optional.empty();
        }
    }

    /** When the SDK sends checksums of its own: its requestChecksumCalculation. */
    enum Checksums {
        WHEN_SUPPORTED,
        WHEN_REQUIRED
    }

    /** Whether {@code If-None-Match: *} is sent. */
    enum ConditionalWrites {
        /** Until the store says that it does not know it. */
        AUTO,
        /** Never; the store is looked at before each first PUT instead. */
        NEVER
    }

    /** The canned ACL of objects. */
    enum Acl {
        NONE,
        /** What Firehose sends: contract 3.7. */
        BUCKET_OWNER_FULL_CONTROL
    }

    /** Encryption by the store. */
    sealed interface Encryption {
        /** What comes of it, by the kind that it is. */
        <R, E extends Exception> R choose(
                Choice<None, R, E> none, Choice<Aes256, R, E> aes256, Choice<Kms, R, E> kms)
                throws E;

        /** Nothing is asked for; the bucket's default applies. */
        record None() implements Encryption {
            @Override
            public <R, E extends Exception> R choose(
                    Choice<None, R, E> none, Choice<Aes256, R, E> aes256, Choice<Kms, R, E> kms)
                    throws E {
                return none.of(this);
            }
        }

        /** SSE-S3. */
        record Aes256() implements Encryption {
            @Override
            public <R, E extends Exception> R choose(
                    Choice<None, R, E> none, Choice<Aes256, R, E> aes256, Choice<Kms, R, E> kms)
                    throws E {
                return aes256.of(this);
            }
        }

        /** SSE-KMS with this key. */
        record Kms(String key) implements Encryption {
            @Override
            public <R, E extends Exception> R choose(
                    Choice<None, R, E> none, Choice<Aes256, R, E> aes256, Choice<Kms, R, E> kms)
                    throws E {
                return kms.of(this);
            }
        }
    }
}
