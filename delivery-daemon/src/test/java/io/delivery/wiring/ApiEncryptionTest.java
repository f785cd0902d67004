package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.cli.ExitCodes;
import io.delivery.config.EncryptionState;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamEncryptionConfiguration;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamEncryptionStatus;
import software.amazon.awssdk.services.firehose.model.FirehoseException;
import software.amazon.awssdk.services.firehose.model.InvalidArgumentException;
import software.amazon.awssdk.services.firehose.model.InvalidKmsResourceException;
import software.amazon.awssdk.services.firehose.model.KeyType;
import software.amazon.awssdk.services.firehose.model.LimitExceededException;
import software.amazon.awssdk.services.firehose.model.PutRecordResponse;
import software.amazon.awssdk.services.firehose.model.Record;
import software.amazon.awssdk.services.firehose.model.ResourceInUseException;
import software.amazon.awssdk.services.firehose.model.ResourceNotFoundException;

/** Encryption at rest through the API, by the SDK of AWS. */
@Execution(ExecutionMode.CONCURRENT)
class ApiEncryptionTest extends ApiWorld {
    private static final String SECRET = "a record that nobody may read";
    private static final String K1 = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=";
    private static final String ARN = "arn:aws:kms:us-east-1:000000000000:key/";

    private String keys = "encryption: {keys: [{id: k1, key: '" + K1 + "'}]}\n";

    @Override
    String more() {
        return keys;
    }

    private DeliveryStreamEncryptionConfiguration encryption(String stream) {
        return describe(stream).deliveryStreamEncryptionConfiguration();
    }

    private void await(String stream, DeliveryStreamEncryptionStatus status) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (encryption(stream).status() != status) {
            assertThat(System.nanoTime()).as("still %s", encryption(stream)).isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    /** In the status, and as a metric. */
    private void assertShown(String stream, EncryptionState state, int metric) throws Exception {
        assertThat(service.status())
                .filteredOn(status -> status.name().equals(stream))
                .singleElement()
                .satisfies(status -> assertThat(status.encryption()).contains(state));
        assertThat(
                        HttpClient.newHttpClient()
                                .send(
                                        HttpRequest.newBuilder(
                                                        service.adminUri().resolve("/metrics"))
                                                .build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .body())
                .contains(
                        "delivery_stream_encrypted{stream=\"%s\"} %d.0".formatted(stream, metric));
    }

    private boolean encrypted(String stream, String text) {
        PutRecordResponse answer =
                client.putRecord(
                        p ->
                                p.deliveryStreamName(stream)
                                        .record(r -> r.data(SdkBytes.fromUtf8String(text))));
        return answer.encrypted();
    }

    private void switchOn(String stream) {
        client.startDeliveryStreamEncryption(s -> s.deliveryStreamName(stream));
    }

    private void switchOn(String stream, KeyType type, String key) {
        client.startDeliveryStreamEncryption(
                s ->
                        s.deliveryStreamName(stream)
                                .deliveryStreamEncryptionConfigurationInput(
                                        e -> e.keyType(type).keyARN(key)));
    }

    private void switchOff(String stream) {
        client.stopDeliveryStreamEncryption(s -> s.deliveryStreamName(stream));
    }

    private List<Path> filesThatShowIt() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            return files.filter(Files::isRegularFile).filter(ApiEncryptionTest::showsIt).toList();
        }
    }

    private static boolean showsIt(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(SECRET);
        } catch (IOException unreadable) {
            return false;
        }
    }

    @Test
    void start_and_stop_switch_encryption_and_each_put_hears_the_truth() throws Exception {
        create("made", d -> {});
        assertThat(encryption("made").status()).isEqualTo(DeliveryStreamEncryptionStatus.DISABLED);
        assertThat(encryption("made").keyType()).isNull();
        assertThat(encrypted("made", "before")).isFalse();

        switchOn("made");
        assertThat(encryption("made").status())
                .isIn(
                        DeliveryStreamEncryptionStatus.ENABLING,
                        DeliveryStreamEncryptionStatus.ENABLED);
        await("made", DeliveryStreamEncryptionStatus.ENABLED);
        assertThat(encryption("made").keyType()).isEqualTo(KeyType.AWS_OWNED_CMK);
        assertThat(encrypted("made", SECRET)).isTrue();
        Record record = Record.builder().data(SdkBytes.fromUtf8String(SECRET)).build();
        assertThat(
                        client.putRecordBatch(p -> p.deliveryStreamName("made").records(record))
                                .encrypted())
                .isTrue();
        assertThat(filesThatShowIt()).isEmpty();

        assertShown("made", EncryptionState.ENABLED, 1);

        restart();
        assertThat(encryption("made").status()).isEqualTo(DeliveryStreamEncryptionStatus.ENABLED);
        assertShown("made", EncryptionState.ENABLED, 1);
        switchOff("made");
        await("made", DeliveryStreamEncryptionStatus.DISABLED);
        assertShown("made", EncryptionState.DISABLED, 0);
        assertThat(encrypted("made", "after")).isFalse();

        service.streams().find("made").orElseThrow().flush().toCompletableFuture().join();
        StringBuilder landed = new StringBuilder();
        for (String object : objects()) {
            landed.append(Files.readString(folder.resolve("lake/made").resolve(object)));
        }
        assertThat(landed.toString()).contains("before", SECRET + SECRET, "after");
    }

    @Test
    void a_stream_is_made_encrypted_with_the_key_that_its_caller_names() {
        client.createDeliveryStream(
                request("made", d -> {}).toBuilder()
                        .deliveryStreamEncryptionConfigurationInput(
                                e -> e.keyType(KeyType.CUSTOMER_MANAGED_CMK).keyARN(ARN + "k1"))
                        .build());

        assertThat(encrypted("made", SECRET)).isTrue();
        assertThat(encryption("made").status()).isEqualTo(DeliveryStreamEncryptionStatus.ENABLED);
        assertThat(encryption("made").keyType()).isEqualTo(KeyType.CUSTOMER_MANAGED_CMK);
        assertThat(encryption("made").keyARN()).isEqualTo(ARN + "k1");
    }

    @Test
    void a_key_that_is_not_configured_is_refused_by_name() {
        assertThatThrownBy(
                        () ->
                                client.createDeliveryStream(
                                        request("other", d -> {}).toBuilder()
                                                .deliveryStreamEncryptionConfigurationInput(
                                                        e ->
                                                                e.keyType(
                                                                                KeyType
                                                                                        .CUSTOMER_MANAGED_CMK)
                                                                        .keyARN(ARN + "gone"))
                                                .build()))
                .isInstanceOf(InvalidKmsResourceException.class)
                .hasMessageContaining("id gone under encryption.keys");
        assertThat(service.streams().find("other")).isEmpty();
    }

    @Test
    void without_a_master_key_nothing_is_encrypted_and_the_setting_is_named() throws Exception {
        keys = "";
        restart();
        create("made", d -> {});

        assertThatThrownBy(() -> switchOn("made"))
                .isInstanceOf(InvalidKmsResourceException.class)
                .hasMessageContaining("encryption.keys");
        assertThat(Files.readString(folder.resolve("data/FORMAT"))).isEqualTo("delivery data 2\n");
    }

    @Test
    void what_the_model_allows_and_the_service_does_not_is_refused() {
        create("made", d -> {});

        assertThatThrownBy(() -> switchOn("made", KeyType.CUSTOMER_MANAGED_CMK, null))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("KeyARN must be given");
        assertThatThrownBy(() -> switchOn("made", KeyType.AWS_OWNED_CMK, ARN + "k1"))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("KeyARN must not be given");
        String alias = "arn:aws:kms:us-east-1:000000000000:alias/k1";
        assertThatThrownBy(() -> switchOn("made", KeyType.CUSTOMER_MANAGED_CMK, alias))
                .isInstanceOf(FirehoseException.class)
                .hasMessageContaining("pattern");
        String twoLines = "arn:a\nb:kms:us-east-1:000000000000:key/k1";
        assertThatThrownBy(() -> switchOn("made", KeyType.CUSTOMER_MANAGED_CMK, twoLines))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("KeyARN must not contain control characters");
        assertThatThrownBy(() -> switchOff("made")).isInstanceOf(ResourceInUseException.class);
        assertThatThrownBy(() -> switchOn("nobody")).isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> switchOn("fixed"))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("defined by this server's configuration");
    }

    @Test
    void the_26th_call_of_a_day_exceeds_the_limit() {
        create("made", d -> {});
        for (int call = 0; call < 25; call++) {
            switchOn("made");
            await("made", DeliveryStreamEncryptionStatus.ENABLED);
        }

        assertThatThrownBy(() -> switchOn("made"))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("25 times");
    }

    @Test
    void a_start_without_the_master_key_is_refused_with_exit_code_3_and_one_sentence()
            throws Exception {
        create("made", d -> {});
        switchOn("made");
        await("made", DeliveryStreamEncryptionStatus.ENABLED);
        encrypted("made", SECRET);
        String right = keys;
        keys = "encryption: {keys: [{id: k2, key: '" + K1 + "'}]}\n";

        assertThatThrownBy(this::restart)
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refused -> {
                            assertThat(refused.exitCode()).isEqualTo(ExitCodes.CONFIG_REFUSED);
                            assertThat(refused.reasons())
                                    .singleElement()
                                    .asString()
                                    .matches(
                                            "encryption.keys: the master key k1 is missing, and key"
                                                    + " [0-9]+ of stream made is wrapped with it:"
                                                    + " configure it again");
                        });

        keys = right;
        start();
        service.streams().find("made").orElseThrow().flush().toCompletableFuture().join();
        assertThat(objects()).hasSize(1);
    }

    @Test
    void a_reload_with_other_keys_says_that_only_a_restart_changes_them() {
        keys = "encryption: {keys: [{id: k9, key: '" + K1 + "'}]}\n";

        assertThatThrownBy(
                        () -> {
                            writeConfig();
                            reload();
                        })
                .hasMessageContaining("encryption: has changed, and only a restart changes it");
    }

    private ProgramRun export() {
        return ProgramRun.of(
                Map.of(), "export", "made", "--config", folder.resolve("delivery.yaml").toString());
    }

    @Test
    void an_export_says_what_the_last_call_has_switched() {
        create("made", d -> {});
        assertThat(export().out()).doesNotContain("encryption");

        switchOn("made");
        ProgramRun on = export();
        assertThat(on.exitCode()).as(on.err()).isZero();
        assertThat(on.out()).contains("    encryption: true\n");

        await("made", DeliveryStreamEncryptionStatus.ENABLED);
        switchOff("made");
        assertThat(export().out()).doesNotContain("encryption");
    }

    @Test
    void an_export_tells_a_configuration_that_lacks_the_keys() throws Exception {
        create("made", d -> {});
        switchOn("made");
        Path without = folder.resolve("without.yaml");
        Files.writeString(
                without, Files.readString(folder.resolve("delivery.yaml")).replace(keys, ""));

        ProgramRun run = ProgramRun.of(Map.of(), "export", "made", "--config", without.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("    encryption: true\n");
        assertThat(run.err())
                .contains(
                        "fill in: streams.made.encryption: needs a master key", "encryption.keys");
    }
}
