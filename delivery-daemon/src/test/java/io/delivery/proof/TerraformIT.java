package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.conformance.ClientProgram;
import io.delivery.conformance.DocumentedClient;
import io.delivery.testkit.servers.Conformance;
import io.delivery.testkit.servers.Tools;
import io.delivery.wiring.ProgramRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamDescription;
import software.amazon.awssdk.services.firehose.model.Tag;

/**
 * Terraform with its AWS provider, as it is: every shape of a stream that lands in S3 is made,
 * changed in place and destroyed, and after each step a plan has nothing to do. Skipped where there
 * is no terraform, or no folder with its provider: nothing is downloaded here.
 */
@Timeout(2400)
class TerraformIT {
    private static final String PROVIDER = "registry.terraform.io/hashicorp/aws";

    /** Exit code of {@code terraform plan -detailed-exitcode} when nothing differs. */
    private static final int NO_CHANGES = 0;

    /** The shapes of streams.tf, each a stream of its name. */
    private static final List<String> SHAPES =
            List.of("plain", "prefixes", "dynamic", "parquet", "orc", "backup");

    private static final String KEY = "arn:aws:kms:us-east-1:123456789012:key/k1";

    private static final Pattern PROVIDER_VERSION =
            Pattern.compile("source = \"hashicorp/aws\", version = \"([^\"]+)\"");

    @TempDir private Path folder;
    private Path terraform;
    private Path plugins;
    private DaemonProcess daemon;

    /** What Terraform has said last. */
    private String said = "";

    @BeforeEach
    void start() throws IOException {
        Conformance.assumeWanted();
        terraform = onThePath("terraform").orElse(null);
        assumeTrue(terraform != null, "terraform is not on the PATH");
        String version = providerVersion();
        plugins = plugins(version).orElse(null);
        assumeTrue(
                plugins != null,
                () ->
                        Tools.reason("terraform-plugins")
                                .orElse(
                                        "no folder has terraform's provider %s %s: name one in DELIVERY_TERRAFORM_PLUGINS"
                                                .formatted(PROVIDER, version)));
        Files.writeString(
                Files.createDirectories(folder.resolve("schemas/shop")).resolve("orders.yaml"),
                "columns: [{name: id, type: bigint}, {name: town, type: string}]\n");
        Files.createFile(folder.resolve("no.terraformrc"));
        daemon =
                Daemons.start(
                        Files.writeString(
                                folder.resolve("delivery.yaml"),
                                """
                                dataDir: data
                                server:
                                  api: 127.0.0.1:0
                                  admin: 127.0.0.1:0
                                  credentials:
                                    - {accessKeyId: known, secretAccessKey: right-secret}
                                    - {accessKeyId: %s, secretAccessKey: %s}
                                limits: {memory: 128MB}
                                stores: {local: {directory: lake}}
                                catalogs: {tables: {file: schemas}}
                                encryption:
                                  keys:
                                    - {id: k1, key: QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=}
                                """
                                        .formatted(
                                                DocumentedClient.ACCESS_KEY_ID,
                                                DocumentedClient.SECRET)));
    }

    @AfterEach
    void end() {
        if (daemon != null) {
            daemon.close();
        }
    }

    private static Optional<Path> onThePath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(directory -> Path.of(directory).resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The version that streams.tf names. */
    private static String providerVersion() throws IOException {
        Matcher version = PROVIDER_VERSION.matcher(resource("streams.tf"));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }

    /** Unpacked, the version is a folder of the provider; packed, it is a part of a file's name. */
    private static Optional<Path> plugins(String version) throws IOException {
        String told = System.getenv("DELIVERY_TERRAFORM_PLUGINS");
        Path directory =
                told == null || told.isBlank()
                        ? Tools.executable("terraform-plugins")
                        : Path.of(told);
        Path provider = directory.resolve(PROVIDER);
        if (!Files.isDirectory(provider)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(provider)) {
            boolean there =
                    versions.map(file -> file.getFileName().toString())
                            .anyMatch(
                                    name ->
                                            name.equals(version)
                                                    || name.startsWith(
                                                            "terraform-provider-aws_%s_"
                                                                    .formatted(version)));
            return there ? Optional.of(directory) : Optional.empty();
        }
    }

    /**
     * Runs it in a home of its own; what it says is in {@link #said} then.
     *
     * @param variables of streams.tf
     * @return its exit code
     */
    private int run(Map<String, String> variables, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(terraform.toString()));
        command.addAll(List.of(arguments));
        ClientProgram program =
                ClientProgram.in(folder)
                        .with("TF_CLI_CONFIG_FILE", folder.resolve("no.terraformrc").toString())
                        .with("CHECKPOINT_DISABLE", "1")
                        .with("TF_VAR_endpoint", daemon.api().toString());
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            program = program.with("TF_VAR_" + variable.getKey(), variable.getValue());
        }
        ClientProgram.Outcome outcome = program.run(command);
        said = outcome.text();
        System.out.println(said + outcome.complaints());
        return outcome.exitCode();
    }

    private void initialize(String configuration) throws Exception {
        Files.writeString(folder.resolve("main.tf"), configuration);
        assertThat(run(Map.of(), "init", "-no-color", "-plugin-dir=" + plugins)).isZero();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = TerraformIT.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What streams.tf is applied with. */
    private static Map<String, String> with(int round, boolean encrypted) {
        return Map.of("round", String.valueOf(round), "encrypted", String.valueOf(encrypted));
    }

    /** Applies, and looks that a second plan is empty. */
    private void apply(Map<String, String> variables, String done) throws Exception {
        assertThat(run(variables, "apply", "-auto-approve", "-no-color")).isZero();
        assertThat(said).contains("Apply complete! Resources: " + done);
        assertThat(run(variables, "plan", "-detailed-exitcode", "-no-color")).isEqualTo(NO_CHANGES);
    }

    private void destroy(Map<String, String> variables) throws Exception {
        assertThat(run(variables, "destroy", "-auto-approve", "-no-color")).isZero();
    }

    private FirehoseClient sdk() {
        return FirehoseClient.builder()
                .endpointOverride(daemon.api())
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("known", "right-secret")))
                .build();
    }

    @Test
    void every_shape_is_made_changed_in_place_encrypted_and_destroyed_and_second_plans_are_empty()
            throws Exception {
        initialize(resource("streams.tf"));
        try (FirehoseClient firehose = sdk()) {
            apply(with(1, false), "6 added, 0 changed, 0 destroyed.");
            assertThat(said("output", "-raw", "read"))
                    .isEqualTo("arn:aws:firehose:us-east-1:000000000000:deliverystream/plain");
            assertStreams(firehose, "raw/", "a", false);

            apply(with(2, true), "0 added, 6 changed, 0 destroyed.");
            assertStreams(firehose, "new/", "b", true);

            apply(with(2, false), "0 added, 6 changed, 0 destroyed.");
            assertStreams(firehose, "new/", "b", false);

            destroy(with(2, false));
            assertThat(said).contains("Destroy complete! Resources: 6 destroyed.");
            assertThat(firehose.listDeliveryStreams().deliveryStreamNames()).isEmpty();
        }
    }

    private String said(String... arguments) throws Exception {
        assertThat(run(Map.of(), arguments)).isZero();
        return said;
    }

    /** What the service has made of it, as another client sees it. */
    private static void assertStreams(
            FirehoseClient firehose, String prefix, String team, boolean encrypted) {
        for (String shape : SHAPES) {
            DeliveryStreamDescription described =
                    firehose.describeDeliveryStream(r -> r.deliveryStreamName(shape))
                            .deliveryStreamDescription();
            var encryption = described.deliveryStreamEncryptionConfiguration();
            assertThat(encryption.statusAsString())
                    .as(shape)
                    .isEqualTo(encrypted ? "ENABLED" : "DISABLED");
            if (encrypted) {
                assertThat(encryption.keyARN())
                        .as(shape)
                        .isEqualTo(shape.equals("prefixes") ? KEY : null);
            }
            assertThat(firehose.listTagsForDeliveryStream(r -> r.deliveryStreamName(shape)).tags())
                    .as(shape)
                    .contains(Tag.builder().key("team").value(team).build())
                    .hasSize(shape.equals("prefixes") ? 2 : 1);
            var destination = described.destinations().get(0).extendedS3DestinationDescription();
            if (shape.equals("plain")) {
                assertThat(destination.bucketARN()).isEqualTo("arn:aws:s3:::%s-events", team);
            } else {
                assertThat(destination.prefix()).as(shape).startsWith(prefix);
            }
        }
    }

    @Test
    void what_it_shows_is_imported_as_the_streams_that_it_made() throws Exception {
        initialize(resource("streams.tf"));
        Map<String, String> variables = with(1, true);
        apply(variables, "6 added, 0 changed, 0 destroyed.");
        Path shown = Files.writeString(folder.resolve("shown.json"), said("show", "-json"));
        String config = folder.resolve("delivery.yaml").toString();

        ProgramRun imported = program("import", "--config", config, shown.toString());

        assertThat(imported.out()).isNotEmpty();
        for (String name : SHAPES) {
            ProgramRun exported = program("export", "--config", config, name);
            // The provider sends an empty text for what was left out, which means the same.
            String settings =
                    exported.out()
                            .replaceFirst("(?s)^.*?(?m)^streams:\n", "")
                            .replaceAll("(?m)^ +(prefix|fileExtension): ''\n", "");
            assertThat(settings).startsWith("  %s:\n".formatted(name));
            assertThat(imported.out()).as(imported.err()).contains(settings);
        }
        // In a folder of its own: in that of the service the streams are made through the API.
        Path whole = Files.createDirectory(folder.resolve("elsewhere")).resolve("whole.yaml");
        Files.writeString(
                whole,
                """
                stores: {local: {directory: lake}}
                catalogs: {tables: {file: ../schemas}}
                encryption: {keys: [{id: k1, key: QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=}]}
                """
                        + imported.out());
        ProgramRun checked = program("check", whole.toString());
        assertThat(checked.exitCode()).as(checked.out()).isZero();
        destroy(variables);
    }

    @Test
    void what_the_page_shows_is_applied() throws Exception {
        initialize(DocumentedClient.of("Terraform").block("terraform", daemon.api()));

        apply(Map.of(), "1 added, 0 changed, 0 destroyed.");

        try (FirehoseClient firehose = sdk()) {
            assertThat(firehose.listDeliveryStreams().deliveryStreamNames())
                    .containsExactly("orders");
        }
        destroy(Map.of());
    }

    private static ProgramRun program(String... arguments) {
        return ProgramRun.of(Map.of(), arguments);
    }
}
