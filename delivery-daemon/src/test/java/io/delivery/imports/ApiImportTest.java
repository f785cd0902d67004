package io.delivery.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.DeliveryConfig;
import io.delivery.config.StreamDefinition;
import io.delivery.imports.Finding.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What describe-delivery-stream prints becomes YAML. */
class ApiImportTest {
    private static final String MASTER_KEY = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=";
    private static final String CLICKS = "full.json, element 1: clicks.";
    private static final String EXTENDED = "Destinations[0].ExtendedS3DestinationDescription.";

    @TempDir private Path folder;

    @Test
    void a_plain_stream_is_what_its_bucket_is_and_how_it_compresses() {
        Imported imported = Imports.of(Imports.document("plain.json"));

        assertThat(imported.yaml())
                .isEqualTo(
                        """
                        # Made by delivery import from plain.json
                        # - fill in: stores.s3: this is S3 of AWS with the credentials that the SDK finds; for another store give its endpoint and credentials
                        stores:
                          s3:
                            s3:
                              region: eu-central-1
                        streams:
                          orders:
                            destination:
                              store: s3
                              bucket: events
                              compression: gzip
                        """);
        assertThat(Imports.loaded(folder, imported.yaml()).streams()).hasSize(1);
        assertThat(Imports.told(imported, Kind.NOTE))
                .containsExactly(
                        "plain.json: orders."
                                + EXTENDED
                                + "RoleARN: the credentials of the store count, and no role is assumed");
    }

    @Test
    void a_stream_with_everything_is_read_as_it_is_described() {
        Imported imported = Imports.of(Imports.document("full.json"));
        DeliveryConfig config =
                Imports.loaded(folder, imported.yaml(), "FILL_IN_master_key", MASTER_KEY);

        StreamDefinition clicks = config.stream("clicks").orElseThrow();
        assertThat(clicks.buffer().sizeInMBs()).isEqualTo(64);
        assertThat(clicks.transform().split()).isPresent();
        assertThat(clicks.transform().function()).contains("enrich");
        assertThat(clicks.partitioning().orElseThrow().query()).contains("{customer:.customer_id}");
        assertThat(clicks.destination().timezone().getId()).isEqualTo("Europe/Berlin");
        assertThat(clicks.destination().fileExtension()).contains(".ndjson");
        assertThat(clicks.backup().orElseThrow().buffer().sizeInMBs()).isEqualTo(10);
        assertThat(clicks.encryption()).isPresent();
        StreamDefinition sales = config.stream("sales").orElseThrow();
        assertThat(sales.format().schemaReference().orElseThrow().table()).isEqualTo("sales");
        assertThat(imported.yaml())
                .contains("arn: 'arn:aws:lambda:eu-central-1:111122223333:function:enrich:live'")
                .contains("catalogId: 111122223333");
    }

    @Test
    void what_has_no_counterpart_is_told_with_its_place() {
        Imported imported = Imports.of(Imports.document("full.json"));

        assertThat(Imports.told(imported, Kind.LEFT_OUT))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).startsWith(CLICKS + EXTENDED + "EncryptionConfi"),
                        line -> assertThat(line).startsWith(CLICKS + EXTENDED + "CloudWatchLogg"),
                        line ->
                                assertThat(line)
                                        .startsWith(
                                                CLICKS
                                                        + EXTENDED
                                                        + "DynamicPartitioningConfiguration.RetryOptions"));
        assertThat(Imports.told(imported, Kind.FILL_IN))
                .extracting(line -> line.replaceAll(": .*", ""))
                .containsExactly(
                        "encryption.keys",
                        "stores.s3",
                        "functions.enrich",
                        "catalogs.glue",
                        "encryption.keys[0].key");
        assertThat(imported.yaml().lines().filter(line -> line.startsWith("# - "))).hasSize(8);
    }

    @Test
    void sources_and_destinations_that_are_not_here_are_listed_and_the_others_imported() {
        Imported imported =
                Imports.of(Imports.document("unavailable.json"), Imports.document("plain.json"));

        assertThat(imported.streams()).isOne();
        assertThat(Imports.told(imported, Kind.NOT_IMPORTED))
                .satisfiesExactly(
                        line -> assertThat(line).contains("Source.KinesisStreamSourceDescription"),
                        line -> assertThat(line).contains("RedshiftDestinationDescription"),
                        line -> assertThat(line).contains("AmazonopensearchserviceDestination"),
                        line -> assertThat(line).contains("HttpEndpointDestinationDescription"));
    }

    @Test
    void a_member_of_a_later_version_of_the_api_is_told_and_left_out() {
        String later =
                new String(Imports.document("plain.json").content(), StandardCharsets.UTF_8)
                        .replace(
                                "\"S3BackupMode\": \"Disabled\",",
                                "\"S3BackupMode\": \"Disabled\", \"Teleport\": {\"Enabled\": true},");

        Imported imported = Imports.of("later.json", later);

        assertThat(imported.streams()).isOne();
        assertThat(Imports.told(imported, Kind.LEFT_OUT))
                .containsExactly(
                        "later.json: orders."
                                + EXTENDED
                                + "Teleport: is no member that this version of the API has");
    }

    @Test
    void a_request_of_create_delivery_stream_is_taken_as_well() {
        Imported imported =
                Imports.of(
                        "request.json",
                        """
                        {"DeliveryStreamName": "s", "S3DestinationConfiguration": {
                          "RoleARN": "arn:aws:iam::111122223333:role/firehose", "BucketARN": "arn:aws:s3:::events"}}
                        """);

        assertThat(Imports.loaded(folder, imported.yaml(), "FILL_IN_region", "eu-west-1").streams())
                .extracting(StreamDefinition::name)
                .containsExactly("s");
        assertThat(Imports.told(imported, Kind.FILL_IN))
                .anyMatch(line -> line.startsWith("stores.s3.s3.region: not known here: region"));
    }

    @Test
    void streams_of_several_regions_have_a_store_for_each() {
        String plain = new String(Imports.document("plain.json").content(), StandardCharsets.UTF_8);
        String other =
                plain.replace("eu-central-1", "us-west-2")
                        .replace("\"orders\"", "\"others\"")
                        .replace(":::events", ":::others");

        Imported imported = Imports.of("both.json", plain + other);

        DeliveryConfig config = Imports.loaded(folder, imported.yaml());
        assertThat(config.stream("others").orElseThrow().destination().store())
                .isEqualTo("s3-us-west-2");
        assertThat(config.storeOfBucket("events").orElseThrow().name())
                .isEqualTo("s3-eu-central-1");
    }

    @Test
    void a_table_without_a_prefix_for_errors_is_told_as_a_check_tells_it() {
        String without =
                new String(Imports.document("full.json").content(), StandardCharsets.UTF_8)
                        .replace("\"ErrorOutputPrefix\": \"sales-errors/\",", "");

        Imported imported = Imports.of("full.json", without);

        assertThat(Imports.told(imported, Kind.FILL_IN))
                .anyMatch(line -> line.startsWith("streams.sales.destination.errorPrefix: must"));
    }

    @Test
    void a_name_that_comes_twice_is_imported_once() {
        Imported imported =
                Imports.of(Imports.document("plain.json"), Imports.document("plain.json"));

        assertThat(imported.streams()).isOne();
        assertThat(Imports.told(imported, Kind.NOT_IMPORTED))
                .containsExactly(
                        "plain.json: orders: there is a stream orders already: plain.json: orders");
    }

    @Test
    void a_stream_that_is_refused_leaves_its_name_to_others() {
        String plain = new String(Imports.document("plain.json").content(), StandardCharsets.UTF_8);
        String refused = plain.replace("\"GZIP\"", "\"LZ4\"");
        String elsewhere =
                plain.replace(
                        "\"Destinations\": [",
                        "\"Source\": {\"KinesisStreamSourceDescription\": {\"RoleARN\": \"r\"}}, \"Destinations\": [");
        assertThat(elsewhere).isNotEqualTo(plain);

        for (String other : List.of(refused, elsewhere)) {
            Imported imported = Imports.of("both.json", other + plain);

            assertThat(imported.streams()).isOne();
            assertThat(Imports.told(imported, Kind.NOT_IMPORTED))
                    .singleElement()
                    .asString()
                    .startsWith("both.json: orders")
                    .doesNotContain("already");
        }
    }

    @Test
    void what_is_switched_off_has_no_section_and_no_line_of_its_own() {
        String request =
                """
                {"DeliveryStreamName": "s", "ExtendedS3DestinationConfiguration": {
                  "RoleARN": "arn:aws:iam::111122223333:role/firehose", "BucketARN": "arn:aws:s3:::events",
                  "ErrorOutputPrefix": "e/", "S3BackupMode": "%3$s",
                  "S3BackupConfiguration": {
                    "RoleARN": "arn:aws:iam::111122223333:role/firehose", "BucketARN": "arn:aws:s3:::kept"},
                  "ProcessingConfiguration": {"Enabled": %1$s, "Processors": [{"Type": "Lambda", "Parameters": [
                    {"ParameterName": "LambdaArn", "ParameterValue": "arn:aws:lambda:us-east-1:111122223333:function:f"}]}]},
                  "DataFormatConversionConfiguration": {"Enabled": %2$s,
                    "SchemaConfiguration": {"DatabaseName": "d", "TableName": "t"},
                    "InputFormatConfiguration": {"Deserializer": {"OpenXJsonSerDe": {}}},
                    "OutputFormatConfiguration": {"Serializer": {"OrcSerDe": {}}}}}}
                """;
        String[] sections = {"\nfunctions:", "\ncatalogs:", "kept"};

        Imported on = Imports.of("on.json", request.formatted("true", "true", "Enabled"));
        assertThat(on.yaml()).as("%s", on.findings()).contains(sections);
        Imported off = Imports.of("off.json", request.formatted("false", "false", "Disabled"));

        assertThat(off.streams()).isOne();
        assertThat(off.yaml()).doesNotContain(sections);
        assertThat(Imports.told(off, Kind.FILL_IN))
                .noneMatch(line -> line.startsWith("functions") || line.startsWith("catalogs"));
        assertThat(Imports.told(off, Kind.LEFT_OUT)).hasSize(3);
    }

    @Test
    void every_list_of_a_file_is_read_to_its_end() {
        String plain = new String(Imports.document("plain.json").content(), StandardCharsets.UTF_8);
        String other = plain.replace("\"orders\"", "\"others\"");

        Imported imported = Imports.of("lists.json", "[%s]\n[%s, 1]\n".formatted(plain, other));

        assertThat(imported.streams()).isEqualTo(2);
        assertThat(Imports.told(imported, Kind.NOT_IMPORTED))
                .singleElement()
                .asString()
                .startsWith("lists.json, document 2, element 2: is none of");
        Imports.assertRefused(
                Imports.of("cut.json", "[%s]\n[".formatted(plain)), "cut.json: is not JSON: line");
    }

    @Test
    void what_the_api_would_refuse_is_told_in_its_words() {
        String wrong =
                new String(Imports.document("plain.json").content(), StandardCharsets.UTF_8)
                        .replace("\"IntervalInSeconds\": 300", "\"IntervalInSeconds\": 5000");

        Imports.assertRefused(
                Imports.of("wrong.json", wrong), "wrong.json: orders", "intervalInSeconds", "900");
    }

    @Test
    void with_a_configuration_names_mean_what_it_says() {
        DeliveryConfig config =
                Imports.loaded(
                        folder,
                        """
                        stores: {lake: {directory: lake}, raw: {directory: raw}}
                        buckets: [{match: '*-raw', store: raw}, {match: '*', store: lake}]
                        functions: {enrich: {endpoint: 'http://localhost:9/'}}
                        catalogs: {main: {file: .}}
                        streams: {orders: {destination: {store: lake, bucket: b}}}
                        """);

        Imported imported =
                new Importer(Imports::resolver)
                        .read(
                                List.of(
                                        Imports.document("full.json"),
                                        Imports.document("plain.json")),
                                config);

        assertThat(imported.yaml())
                .contains("catalog: main", "store: lake", "store: raw")
                .doesNotContain("\nstores:", "\nfunctions:", "\ncatalogs:");
        assertThat(Imports.told(imported, Kind.FILL_IN))
                .containsExactly(
                        "streams.clicks.encryption: needs a master key, and there is none: name one"
                                + " under encryption.keys");
        assertThat(Imports.told(imported, Kind.NOT_IMPORTED))
                .containsExactly(
                        "plain.json: orders: there is a stream orders already: the configuration");
    }

    // --- encryption ---

    private static Imported encrypted(String configuration) {
        return Imports.of(
                "e.json",
                new String(Imports.document("plain.json").content(), StandardCharsets.UTF_8)
                        .replace("{\"Status\": \"DISABLED\"}", configuration));
    }

    @Test
    void a_stream_that_is_encrypted_asks_for_it_and_for_a_key_of_its_own() {
        Imported imported = encrypted("{\"Status\": \"ENABLED\", \"KeyType\": \"AWS_OWNED_CMK\"}");

        assertThat(imported.yaml())
                .contains(
                        """
                        encryption:
                          keys:
                            - id: k1
                              key: '${FILL_IN_master_key}'
                        """,
                        "    encryption: true\n");
        assertThat(Imports.told(imported, Kind.LEFT_OUT)).isEmpty();
        assertThat(Imports.told(imported, Kind.FILL_IN))
                .anyMatch(line -> line.startsWith("encryption.keys: keys of AWS stay there"))
                .anyMatch(line -> line.contains("set that variable"));
    }

    @Test
    void a_key_that_was_named_is_told_with_its_place() {
        Imported imported =
                encrypted(
                        "{\"Status\": \"ENABLED\", \"KeyType\": \"CUSTOMER_MANAGED_CMK\", \"KeyARN\":"
                                + " \"arn:aws:kms:eu-central-1:111122223333:key/1a2b\"}");

        assertThat(imported.yaml()).contains("    encryption: true\n");
        assertThat(Imports.told(imported, Kind.FILL_IN))
                .anyMatch(
                        line ->
                                line.startsWith(
                                        "e.json: orders.DeliveryStreamEncryptionConfiguration.KeyARN: a stream"));
    }

    @Test
    void what_failed_at_AWS_is_encrypted_here_as_it_is_there_and_told() {
        Imported enabling = encrypted("{\"Status\": \"ENABLING_FAILED\"}");
        Imported disabling =
                encrypted("{\"Status\": \"DISABLING_FAILED\", \"KeyType\": \"AWS_OWNED_CMK\"}");

        assertThat(enabling.yaml()).doesNotContain("\n    encryption: true");
        assertThat(disabling.yaml()).contains("\n    encryption: true");
        for (Imported imported : List.of(enabling, disabling)) {
            assertThat(Imports.told(imported, Kind.FILL_IN))
                    .anyMatch(line -> line.contains("Configuration: the status is "));
        }
    }
}
