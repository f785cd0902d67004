package io.delivery.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.model.ServiceModel;
import io.delivery.api.model.Shape;
import io.delivery.config.MasterKeySettings;
import io.delivery.imports.Finding.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LeftoversTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final List<MasterKeySettings> KEYS =
            Stream.of("k1", "k2")
                    .map(
                            id ->
                                    new MasterKeySettings(
                                            id, Optional.of(Path.of(id)), Optional.empty()))
                    .toList();

    private static List<Finding> of(String json) throws Exception {
        return Leftovers.of((ObjectNode) MAPPER.readTree(json), path -> path, KEYS);
    }

    /** The next version of the API may have more: then somebody decides what they mean here. */
    @Test
    void every_member_that_a_destination_in_s3_has_is_known() throws Exception {
        ServiceModel model = ServiceModel.firehose();
        for (String member :
                new TreeSet<>(
                        ((Shape.Structure) model.shape("ExtendedS3DestinationConfiguration"))
                                .members()
                                .keySet())) {
            ObjectNode request = MAPPER.createObjectNode();
            request.putObject("ExtendedS3DestinationConfiguration").put(member, "x");
            assertThat(Leftovers.of(request, path -> path, KEYS))
                    .noneMatch(finding -> finding.message().contains("no counterpart"));
        }
    }

    @Test
    void a_member_that_is_not_known_is_told() throws Exception {
        assertThat(of("{\"ExtendedS3DestinationConfiguration\": {\"Teleport\": 1}, \"Warp\": 1}"))
                .containsExactly(
                        new Finding(
                                Kind.LEFT_OUT,
                                "ExtendedS3DestinationConfiguration.Teleport",
                                "has no counterpart in a configuration"),
                        new Finding(
                                Kind.LEFT_OUT, "Warp", "has no counterpart in a configuration"));
    }

    @Test
    void a_key_that_a_caller_has_named_needs_a_look_unless_it_is_the_first_one() throws Exception {
        String asked =
                """
                {"DeliveryStreamEncryptionConfigurationInput": {"KeyType": "CUSTOMER_MANAGED_CMK",
                  "KeyARN": "arn:aws:kms:us-east-1:111122223333:key/%s"}}
                """;

        assertThat(of(asked.formatted("k1"))).extracting(Finding::kind).containsExactly(Kind.NOTE);
        assertThat(of(asked.formatted("k2")))
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.kind()).isEqualTo(Kind.FILL_IN);
                            assertThat(finding.place())
                                    .isEqualTo("DeliveryStreamEncryptionConfigurationInput.KeyARN");
                            assertThat(finding.message()).contains("first key");
                        });
        assertThat(
                        of(
                                """
                                {"DeliveryStreamEncryptionConfigurationInput": {"KeyType": "AWS_OWNED_CMK"}}
                                """))
                .isEmpty();
    }

    @Test
    void what_is_switched_off_is_told_once_there_is_something_to_lose() throws Exception {
        assertThat(
                        of(
                                """
                                {"ExtendedS3DestinationConfiguration": {
                                  "S3BackupMode": "Disabled", "S3BackupConfiguration": {"BucketARN": "b"},
                                  "ProcessingConfiguration": {"Enabled": false, "Processors": [{"Type": "Lambda"}]},
                                  "DataFormatConversionConfiguration": {"Enabled": false, "SchemaConfiguration": {}}}}
                                """))
                .extracting(Finding::kind)
                .containsExactly(Kind.LEFT_OUT, Kind.LEFT_OUT, Kind.LEFT_OUT);
        assertThat(
                        of(
                                """
                                {"ExtendedS3DestinationConfiguration": {
                                  "S3BackupMode": "Disabled",
                                  "ProcessingConfiguration": {"Enabled": false, "Processors": []},
                                  "DynamicPartitioningConfiguration": {"Enabled": true, "RetryOptions": {"DurationInSeconds": 300}},
                                  "CloudWatchLoggingOptions": {"Enabled": false},
                                  "EncryptionConfiguration": {"NoEncryptionConfig": "NoEncryption"},
                                  "DataFormatConversionConfiguration": {"Enabled": false}}}
                                """))
                .isEmpty();
    }
}
