package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.AccessKey;
import io.delivery.config.ApiCredentials;
import io.delivery.config.BucketRule;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.Glob;
import io.delivery.config.Limits;
import io.delivery.config.ListenAddress;
import io.delivery.config.LogSettings;
import io.delivery.config.Quota;
import io.delivery.config.QuotaRule;
import io.delivery.config.Secret;
import io.delivery.config.ServerFiles;
import io.delivery.config.ServerSettings;
import io.delivery.config.ShutdownSettings;
import io.delivery.config.ShutdownSettings.OpenRanges;
import io.delivery.config.StoreDefinition;
import io.delivery.config.StoreDefinition.Acl;
import io.delivery.config.StoreDefinition.Checksums;
import io.delivery.config.StoreDefinition.ConditionalWrites;
import io.delivery.config.StoreDefinition.Encryption;
import io.delivery.config.StoreSettings;
import io.delivery.config.TestingSettings;
import io.delivery.config.TlsSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerLoadingTest {
    @TempDir Path folder;

    @Test
    void the_memory_that_is_left_out_follows_the_heap() throws Exception {
        ConfigFile file = ConfigFile.in(folder, ConfigFile.STORES);

        assertThat(memoryOf(file, 4L << 30)).isEqualTo(2L << 30);
        assertThat(memoryOf(file, 100L << 20)).isEqualTo(64L << 20);
        assertThat(memoryOf(ConfigFile.in(folder, "limits: {disk: 1GB}"), 333L << 20))
                .isEqualTo(166L << 20);
        assertThat(memoryOf(ConfigFile.in(folder, "limits: {memory: 128MB}"), 4L << 30))
                .isEqualTo(128L << 20);
    }

    private static long memoryOf(ConfigFile file, long heapBytes) throws Exception {
        return new ConfigLoader(Map.of(), ProgramCompiler.NONE, heapBytes)
                .load(file.path())
                .config()
                .limits()
                .memoryBytes();
    }

    @Test
    void what_is_left_out_has_its_documented_default() {
        DeliveryConfig config = ConfigFile.in(folder, ConfigFile.STORES).load().config();

        assertThat(config.server())
                .isEqualTo(
                        new ServerSettings(
                                new ListenAddress("127.0.0.1", 4573),
                                new ListenAddress("127.0.0.1", 4574),
                                Optional.empty(),
                                "us-east-1",
                                "000000000000",
                                List.of(),
                                new ShutdownSettings(Duration.ofSeconds(25), OpenRanges.LAND),
                                Optional.empty(),
                                Optional.empty(),
                                1000,
                                Duration.ofSeconds(60),
                                List.of(),
                                List.of(),
                                ServerFiles.NONE,
                                Optional.empty(),
                                true));
        assertThat(config.dataDir()).isEqualTo(folder.resolve("data"));
        assertThat(config.limits())
                .isEqualTo(new Limits(10L << 30, 256L << 20, 16L << 20, 2L << 30));
        assertThat(config.log())
                .isEqualTo(new LogSettings(LogSettings.Format.TEXT, LogSettings.Level.INFO));
        assertThat(config.stores())
                .containsExactly(
                        new StoreSettings(
                                "local",
                                new StoreDefinition.Directory(folder.resolve("lake")),
                                false,
                                true));
        assertThat(config.defaultStore()).contains(config.stores().get(0));
    }

    @Test
    void a_request_body_that_is_not_said_fits_the_memory() {
        ConfigFile small = ConfigFile.in(folder, "limits: {memory: 64MiB}\n");

        assertThat(small.load().config().limits().requestBodyBytes()).isEqualTo(8L << 20);
    }

    @Test
    void every_setting_of_the_process_is_read() {
        ConfigFile.write(folder.resolve("tls.crt"), "certificate");
        ConfigFile.write(folder.resolve("tls.key"), "key");
        ConfigFile.write(folder.resolve("admin.token"), "t0ken\n");

        DeliveryConfig config =
                ConfigFile.in(
                                folder,
                                """
                                server:
                                  api: 0.0.0.0:443
                                  admin: '[::1]:0'
                                  adminToken: ${file:admin.token}
                                  region: eu-central-1
                                  account: 123456789012
                                  credentials:
                                    - {accessKeyId: a, secretAccessKey: '${SECRET}'}
                                    - accessKeyId: b
                                      secretAccessKey: x${SECRET}y
                                      allow: {actions: [Put*], streams: [team-*]}
                                  shutdown: {grace: 1500ms, land: false}
                                  tls: {certificate: tls.crt, key: tls.key}
                                  adminTls: {certificate: tls.crt, key: tls.key}
                                  maxConnections: 50
                                  idleTimeout: 10m
                                  cors: ['https://app.example.com', 'http://localhost:8080']
                                  adminNames: [delivery.example.com]
                                  reloadOnChange: false
                                dataDir: ../elsewhere
                                limits: {disk: 1GiB, memory: 128MB, requestBody: 8MB, ledger: 3GiB}
                                log: {format: json, level: debug}
                                """)
                        .with("SECRET", "s3cret")
                        .load()
                        .config();

        List<Glob> any = List.of(Glob.ANY);
        assertThat(config.server())
                .isEqualTo(
                        new ServerSettings(
                                new ListenAddress("0.0.0.0", 443),
                                new ListenAddress("::1", 0),
                                Optional.of(new Secret("t0ken")),
                                "eu-central-1",
                                "123456789012",
                                List.of(
                                        new ApiCredentials(
                                                new AccessKey("a", new Secret("s3cret")), any, any),
                                        new ApiCredentials(
                                                new AccessKey("b", new Secret("xs3crety")),
                                                List.of(new Glob("Put*")),
                                                List.of(new Glob("team-*")))),
                                new ShutdownSettings(Duration.ofMillis(1500), OpenRanges.KEEP),
                                Optional.of(
                                        new TlsSettings(
                                                folder.resolve("tls.crt"),
                                                folder.resolve("tls.key"))),
                                Optional.of(
                                        new TlsSettings(
                                                folder.resolve("tls.crt"),
                                                folder.resolve("tls.key"))),
                                50,
                                Duration.ofMinutes(10),
                                List.of("https://app.example.com", "http://localhost:8080"),
                                List.of("delivery.example.com"),
                                ServerFiles.NONE,
                                Optional.empty(),
                                false));
        assertThat(config.dataDir()).isEqualTo(folder.resolveSibling("elsewhere"));
        assertThat(config.limits()).isEqualTo(new Limits(1L << 30, 128L << 20, 8L << 20, 3L << 30));
        assertThat(config.log())
                .isEqualTo(new LogSettings(LogSettings.Format.JSON, LogSettings.Level.DEBUG));
        assertThat(config.toString()).doesNotContain("s3cret", "t0ken").contains("***");
    }

    @Test
    void every_setting_of_a_store_is_read() {
        ConfigFile.write(folder.resolve("ca.pem"), "certificate");

        DeliveryConfig config =
                ConfigFile.in(
                                folder,
                                """
                                stores:
                                  lake:
                                    s3:
                                      endpoint: https://minio:9000
                                      region: eu-west-1
                                      pathStyle: false
                                      credentials: {accessKeyId: id, secretAccessKey: key}
                                      caFile: ca.pem
                                      checksums: whenSupported
                                      chunkedEncoding: false
                                      signedBodies: false
                                      conditionalWrites: never
                                      readBack: true
                                      acl: bucketOwnerFullControl
                                      encryption: {kms: alias/lake}
                                      partSize: 5MB
                                    default: true
                                    createBuckets: true
                                  aws: {s3: {checksums: whenRequired, encryption: aes256}}
                                buckets: [{match: 'team-*', store: aws}]
                                """)
                        .load()
                        .config();

        assertThat(config.stores().get(0))
                .isEqualTo(
                        new StoreSettings(
                                "lake",
                                new StoreDefinition.S3(
                                        Optional.of(URI.create("https://minio:9000")),
                                        "eu-west-1",
                                        false,
                                        Optional.of(new AccessKey("id", new Secret("key"))),
                                        Optional.empty(),
                                        Optional.of(folder.resolve("ca.pem")),
                                        Checksums.WHEN_SUPPORTED,
                                        false,
                                        false,
                                        ConditionalWrites.NEVER,
                                        true,
                                        Acl.BUCKET_OWNER_FULL_CONTROL,
                                        new Encryption.Kms("alias/lake"),
                                        5L << 20),
                                true,
                                true));
        assertThat(config.stores().get(1).definition())
                .isEqualTo(
                        new StoreDefinition.S3(
                                Optional.empty(),
                                "us-east-1",
                                false,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Checksums.WHEN_REQUIRED,
                                true,
                                true,
                                ConditionalWrites.AUTO,
                                false,
                                Acl.NONE,
                                new Encryption.Aes256(),
                                16L << 20));
        assertThat(config.buckets()).containsExactly(new BucketRule(new Glob("team-*"), "aws"));
        assertThat(config.storeOfBucket("team-a").orElseThrow().name()).isEqualTo("aws");
        assertThat(config.storeOfBucket("other").orElseThrow().name()).isEqualTo("lake");
    }

    @Test
    void secrets_in_files_quotas_and_testing_are_read_as_they_are_written() throws Exception {
        Files.writeString(
                folder.resolve("callers.yaml"),
                "- {accessKeyId: a, secretAccessKey: '${SECRET}', sessionToken: t0k}\n");
        Files.writeString(folder.resolve("token"), "t0ken\n");
        Files.writeString(
                folder.resolve("s3"),
                "[default]\naws_access_key_id = a\naws_secret_access_key = b\n");

        LoadedConfig loaded =
                ConfigFile.in(
                                folder,
                                """
                                server:
                                  credentialsFile: callers.yaml
                                  adminTokenFile: token
                                  testing: {maxInterval: 2s}
                                stores:
                                  s3: {s3: {credentialsFile: s3}}
                                  strict: {s3: {}, createBuckets: false}
                                  lake: {directory: lake, default: true}
                                quotas:
                                  - {match: 'team-*', records: 5/s, bytes: 2MB/s}
                                  - {match: '*', requests: 7/s}
                                """)
                        .with("SECRET", "s3cret")
                        .load();
        DeliveryConfig config = loaded.config();

        assertThat(config.server().files())
                .isEqualTo(
                        new ServerFiles(
                                Optional.of(folder.resolve("callers.yaml")),
                                Optional.of(folder.resolve("token"))));
        assertThat(loaded.credentialsFile().orElseThrow().read())
                .containsExactly(
                        new ApiCredentials(
                                new AccessKey("a", new Secret("s3cret")),
                                Optional.of(new Secret("t0k")),
                                ApiCredentials.EVERYTHING,
                                ApiCredentials.EVERYTHING));
        assertThat(config.server().requiresSignatures()).isTrue();
        assertThat(config.server().testing())
                .contains(new TestingSettings(Duration.ofSeconds(2), true));
        assertThat(config.quotas())
                .containsExactly(
                        new QuotaRule(
                                new Glob("team-*"),
                                new Quota(
                                        Optional.of(5L), Optional.of(2L << 20), Optional.empty())),
                        new QuotaRule(
                                Glob.ANY,
                                new Quota(Optional.empty(), Optional.empty(), Optional.of(7L))));
        assertThat(config.stores())
                .extracting(StoreSettings::createBuckets)
                .as("testing decides where a store says nothing")
                .containsExactly(true, false, true);
        assertThat(((StoreDefinition.S3) config.stores().get(0).definition()).credentialsFile())
                .contains(folder.resolve("s3"));
    }

    @Test
    void testing_has_defaults_and_is_off_when_it_is_left_out() {
        assertThat(
                        ConfigFile.in(folder, "server: {testing: {}}")
                                .load()
                                .config()
                                .server()
                                .testing())
                .contains(new TestingSettings(Duration.ofSeconds(1), true));
        assertThat(ConfigFile.in(folder, "server: {}").load().config().server().testing())
                .isEmpty();
    }

    @Test
    void an_endpoint_means_path_style_unless_it_is_said() {
        DeliveryConfig config =
                ConfigFile.in(folder, "stores: {lake: {s3: {endpoint: 'http://minio:9000'}}}")
                        .load()
                        .config();

        assertThat(((StoreDefinition.S3) config.stores().get(0).definition()).pathStyle()).isTrue();
        assertThat(config.stores().get(0).createBuckets()).isFalse();
    }
}
