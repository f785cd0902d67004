package io.delivery.loading;

import static io.delivery.loading.Types.ENDPOINT;
import static io.delivery.loading.Types.FILE;
import static io.delivery.loading.Types.FLAG;
import static io.delivery.loading.Types.PATH;
import static io.delivery.loading.Types.PATTERN;
import static io.delivery.loading.Types.TEXT;

import io.delivery.config.AccessKey;
import io.delivery.config.BucketRule;
import io.delivery.config.ByteSize;
import io.delivery.config.Glob;
import io.delivery.config.StoreDefinition;
import io.delivery.config.StoreDefinition.Acl;
import io.delivery.config.StoreDefinition.Checksums;
import io.delivery.config.StoreDefinition.ConditionalWrites;
import io.delivery.config.StoreDefinition.Encryption;
import io.delivery.config.StoreDefinition.S3;
import io.delivery.config.StoreSettings;
import io.delivery.config.Suggestion;
import io.delivery.config.TestingSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Stores and bucket rules. */
final class StoreSections {
    private static final Field<AccessKey> S3_CREDENTIALS =
            Field.of(
                            "credentials",
                            Types.section(
                                    Section.of(
                                            "stores.NAME.s3.credentials",
                                            "Static credentials of the store.",
                                            ServerSections.ACCESS_KEY_ID,
                                            ServerSections.SECRET_ACCESS_KEY),
                                    ServerSections::accessKey),
                            "Static credentials. Changed ones come into force with the file; those that the default"
                                    + " chain finds are read again by themselves.")
                    .byDefault("the AWS SDK's default chain");
    private static final Field<Path> S3_CREDENTIALS_FILE =
            Field.of(
                            "credentialsFile",
                            FILE,
                            "A profile file of the AWS SDKs, whose profile `default` has the key, for"
                                    + " example of a Kubernetes secret. It is read again when it has"
                                    + " changed; one that cannot be used leaves the former key in force.")
                    .byDefault("none")
                    .example("/etc/delivery/s3-credentials");
    private static final Field<URI> S3_ENDPOINT =
            Field.of("endpoint", ENDPOINT, "Where the store answers.")
                    .byDefault("AWS, by region")
                    .example("http://minio:9000");
    private static final Field<String> S3_REGION =
            Field.of("region", TEXT, "Region in signatures.")
                    .byDefault(S3.DEFAULT_REGION)
                    .example("eu-central-1");
    private static final Field<Boolean> PATH_STYLE =
            Field.of(
                            "pathStyle",
                            FLAG,
                            "Whether the name of the bucket is in the path of the URL, not in its host name.")
                    .byDefault("true when an endpoint is given");
    private static final Field<Path> CA_FILE =
            Field.of(
                            "caFile",
                            FILE,
                            "Certificates (PEM) to trust beside the JDK's own. The file is read"
                                    + " again when its contents change, without a restart.")
                    .byDefault("none")
                    .example("ca.pem");
    private static final Field<Checksums> CHECKSUMS =
            Field.of(
                            "checksums",
                            Types.oneOf(Checksums.class),
                            "When a CRC-32 checksum is sent with the bytes. Stores that do not know it need whenRequired.")
                    .byDefault(Types.word(S3.DEFAULT_CHECKSUMS));
    private static final Field<Boolean> CHUNKED_ENCODING =
            Field.of(
                            "chunkedEncoding",
                            FLAG,
                            "Whether bodies are signed in chunks. Set it to false for stores that keep the headers of the chunks as if they belonged to the object.")
                    .byDefault("true");
    private static final Field<Boolean> SIGNED_BODIES =
            Field.of(
                            "signedBodies",
                            FLAG,
                            "Whether bodies are signed over http. false saves the CPU of SHA-256: a CRC-32 checksum among the"
                                    + " signed headers then protects them from faults, but not from somebody in the network"
                                    + " who changes them. Over https bodies are never signed, because TLS protects them.")
                    .byDefault("true");
    private static final Field<ConditionalWrites> CONDITIONAL_WRITES =
            Field.of(
                            "conditionalWrites",
                            Types.oneOf(ConditionalWrites.class),
                            "Whether `If-None-Match: *` is sent, so that no object is overwritten. auto"
                                    + " sends it until the store answers that it does not know it.")
                    .byDefault(Types.word(S3.DEFAULT_CONDITIONAL_WRITES));
    private static final Field<Boolean> READ_BACK =
            Field.of(
                            "readBack",
                            FLAG,
                            "Whether every object is read back and compared before it counts as landed.")
                    .byDefault("false");
    private static final Field<Acl> ACL =
            Field.of("acl", Types.oneOf(Acl.class), "Canned ACL of objects.")
                    .byDefault(Types.word(S3.DEFAULT_ACL));
    private static final Field<Encryption> ENCRYPTION =
            Field.of("encryption", new EncryptionType(), "Encryption by the store.")
                    .byDefault("none: the bucket's own applies")
                    .example("{kms: alias/lake}")
                    .api("EncryptionConfiguration");
    private static final Field<Long> PART_SIZE =
            Field.of(
                            "partSize",
                            Types.size("MB", S3.MIN_PART_SIZE_BYTES, S3.MAX_PART_SIZE_BYTES),
                            "Larger objects are uploaded in parts of this size.")
                    .byDefault(ByteSize.setting(S3.DEFAULT_PART_SIZE_BYTES))
                    .bounded(
                            ByteSize.setting(S3.MIN_PART_SIZE_BYTES)
                                    + " to "
                                    + ByteSize.setting(S3.MAX_PART_SIZE_BYTES))
                    .example("64MB");
    private static final Section S3_SECTION =
            Section.of(
                    "stores.NAME.s3",
                    "S3 or a store that speaks it.",
                    S3_ENDPOINT,
                    S3_REGION,
                    PATH_STYLE,
                    S3_CREDENTIALS,
                    S3_CREDENTIALS_FILE,
                    CA_FILE,
                    CHECKSUMS,
                    CHUNKED_ENCODING,
                    SIGNED_BODIES,
                    CONDITIONAL_WRITES,
                    READ_BACK,
                    ACL,
                    ENCRYPTION,
                    PART_SIZE);

    private static final Field<S3> S3_STORE =
            Field.of(
                            "s3",
                            Types.section(S3_SECTION, StoreSections::s3),
                            "S3 or a store that speaks it.")
                    .byDefault("one of s3, directory");
    private static final Field<Path> DIRECTORY_STORE =
            Field.of("directory", PATH, "A folder: an object is the file `directory/bucket/key`.")
                    .byDefault("one of s3, directory")
                    .example("./lake");
    private static final Field<Boolean> DEFAULT =
            Field.of("default", FLAG, "Whether this is the store of streams that name none.")
                    .byDefault("true when it is the only one");
    private static final Field<Boolean> CREATE_BUCKETS =
            Field.of(
                            "createBuckets",
                            FLAG,
                            "Whether the service creates a bucket that does not exist.")
                    .byDefault("true for a directory, false for s3; true with server.testing");
    private static final Section STORE =
            Section.of(
                    "stores.NAME",
                    "A place where objects land. NAME is what streams call it.",
                    S3_STORE,
                    DIRECTORY_STORE,
                    DEFAULT,
                    CREATE_BUCKETS);
    static final ValueType<List<StoreSettings>> STORES =
            Types.named("stores", STORE, StoreSections::store);

    private static final Field<Glob> MATCH =
            Field.of("match", PATTERN, "A bucket's name, or a pattern: `*` and `?`.")
                    .example("'team-*'");
    private static final Field<String> RULE_STORE =
            Field.of("store", TEXT, "A name under stores.").example("lake");
    static final ValueType<List<BucketRule>> BUCKETS =
            Types.listOf(
                    Types.section(
                            Section.of(
                                    "buckets[]",
                                    "Which store a bucket of the API means; the first rule that matches"
                                            + " decides.",
                                    MATCH,
                                    RULE_STORE),
                            in ->
                                    new BucketRule(
                                            in.required(MATCH, Glob.ANY),
                                            in.required(RULE_STORE, ""))));

    private StoreSections() {}

    private static Optional<StoreSettings> store(YamlValue value) {
        return value.section(STORE)
                .map(
                        in -> {
                            if (in.has(S3_STORE) == in.has(DIRECTORY_STORE)) {
                                value.problem(
                                        "must have one of s3 and directory"
                                                + (in.has(S3_STORE) ? ", and has both" : ""));
                            }
                            Optional<StoreDefinition> s3 = in.get(S3_STORE).map(s -> s);
                            Path directory = in.get(DIRECTORY_STORE).orElse(Path.of(""));
                            StoreDefinition store =
                                    s3.orElse(new StoreDefinition.Directory(directory));
                            return new StoreSettings(
                                    nameOf(value, "stores"),
                                    store,
                                    in.get(DEFAULT).orElse(false),
                                    in.get(CREATE_BUCKETS)
                                            .orElse(createsBuckets(store, value.reading())));
                        });
    }

    private static boolean createsBuckets(StoreDefinition store, ConfigReading reading) {
        return StoreSettings.createsBuckets(store)
                || reading.testing().filter(TestingSettings::createBuckets).isPresent();
    }

    static String nameOf(YamlValue value, String section) {
        return value.path().substring(section.length() + 1);
    }

    private static S3 s3(SectionValues in) {
        Optional<URI> endpoint = in.get(S3_ENDPOINT);
        return new S3(
                endpoint,
                in.get(S3_REGION).orElse(S3.DEFAULT_REGION),
                in.get(PATH_STYLE).orElse(S3.defaultPathStyle(endpoint)),
                in.get(S3_CREDENTIALS),
                in.get(S3_CREDENTIALS_FILE),
                in.get(CA_FILE),
                in.get(CHECKSUMS).orElse(S3.DEFAULT_CHECKSUMS),
                in.get(CHUNKED_ENCODING).orElse(S3.DEFAULT_CHUNKED_ENCODING),
                in.get(SIGNED_BODIES).orElse(S3.DEFAULT_SIGNED_BODIES),
                in.get(CONDITIONAL_WRITES).orElse(S3.DEFAULT_CONDITIONAL_WRITES),
                in.get(READ_BACK).orElse(S3.DEFAULT_READ_BACK),
                in.get(ACL).orElse(S3.DEFAULT_ACL),
                in.get(ENCRYPTION).orElse(S3.DEFAULT_ENCRYPTION),
                in.get(PART_SIZE).orElse(S3.DEFAULT_PART_SIZE_BYTES));
    }

    /** {@code none}, {@code aes256} or {@code {kms: key}}. */
    private static final class EncryptionType implements ValueType<Encryption> {
        private static final Field<String> KMS =
                Field.of("kms", TEXT, "ARN, id or alias of a KMS key.").example("alias/lake");
        private static final Section SECTION =
                Section.of("stores.NAME.s3.encryption", "SSE-KMS.", KMS);

        @Override
        public String words() {
            return "none, aes256, {kms: key}";
        }

        @Override
        public List<Section> sections() {
            return List.of(SECTION);
        }

        @Override
        public Optional<Encryption> read(YamlValue value) {
            if (!value.isScalar()) {
                return value.section(SECTION)
                        .map(in -> in.required(KMS, "?"))
                        .map(Encryption.Kms::new);
            }
            String text = value.text(words()).orElse("none");
            return switch (text) {
                case "none" -> Optional.of(new Encryption.None());
                case "aes256" -> Optional.of(new Encryption.Aes256());
                default ->
                        value.problem(
                                "must be one of none, aes256, {kms: key}, was "
                                        + text
                                        + Suggestion.ask(text, List.of("none", "aes256")));
            };
        }
    }
}
