package io.delivery.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.DeliveryConfig;
import io.delivery.config.StreamDefinition;
import io.delivery.imports.Finding.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Terraform writes and shows becomes YAML; TerraformIT has what it really shows. */
class TerraformImportTest {
    private static final String TYPE = "aws_kinesis_firehose_delivery_stream";

    @TempDir private Path folder;

    private static String block(String extended) {
        return """
               resource "%s" "s" {
                 name        = "s"
                 destination = "extended_s3"
                 extended_s3_configuration {
                   role_arn   = "arn:aws:iam::111122223333:role/firehose"
                   bucket_arn = "arn:aws:s3:::events"
                   %s
                 }
               }
               """
                .formatted(TYPE, extended);
    }

    private StreamDefinition stream(Imported imported) {
        return Imports.loaded(folder, imported.yaml(), "FILL_IN_region", "eu-central-1").stream("s")
                .orElseThrow();
    }

    @Test
    void code_is_taken_as_it_is_written_and_references_are_variables() {
        Imported imported = Imports.of(Imports.document("main.tf"));

        assertThat(imported.yaml())
                .contains(
                        "prefix: 'orders/${FILL_IN_var_environment}/c=!{partitionKeyFromQuery:c}/'")
                .contains("bucket: '${FILL_IN_name_of_aws_s3_bucket_lake_arn}'")
                .contains("arn: '${FILL_IN_aws_lambda_function_enrich_arn}:$LATEST'")
                .contains("query: '{c: .\"customer id\"}'")
                .contains("prefix: 'a$${b}/'");
        DeliveryConfig config =
                Imports.loaded(
                        folder,
                        imported.yaml(),
                        "FILL_IN_region",
                        "eu-central-1",
                        "FILL_IN_var_environment",
                        "test",
                        "FILL_IN_name_of_aws_s3_bucket_lake_arn",
                        "lake",
                        "FILL_IN_aws_lambda_function_enrich_arn",
                        "arn:aws:lambda:eu-central-1:111122223333:function:enrich");
        assertThat(config.stream("plain").orElseThrow().destination().prefix()).contains("a${b}/");
        assertThat(Imports.told(imported, Kind.NOT_IMPORTED))
                .singleElement()
                .asString()
                .startsWith("main.tf: " + TYPE + ".many.count: ");
    }

    @Test
    void texts_are_read_as_terraform_reads_them() {
        assertThat(
                        stream(Imports.of("a.tf", block("prefix = \"a\\\"c\\\\dé/\"")))
                                .destination()
                                .prefix())
                .contains("a\"c\\dé/");
        String heredoc =
                """
                dynamic_partitioning_configuration { enabled = true }
                prefix              = "!{partitionKeyFromQuery:k}/"
                error_output_prefix = "e/"
                buffering_size      = 64
                processing_configuration {
                  enabled = true
                  processors {
                    type = "MetadataExtraction"
                    parameters {
                      parameter_name  = "JsonParsingEngine"
                      parameter_value = "JQ-1.6"
                    }
                    parameters {
                      parameter_name  = "MetadataExtractionQuery"
                      parameter_value = <<-EOT
                        {k: .a |
                          tostring}
                      EOT
                    }
                  }
                }
                """;

        assertThat(stream(Imports.of("a.tf", block(heredoc))).partitioning().orElseThrow().query())
                .contains("{k: .a |\n  tostring}\n");
    }

    @Test
    void code_and_its_json_and_what_is_shown_of_it_are_the_same() {
        String settings =
                """
                prefix             = "p/"
                compression_format = "GZIP"
                s3_backup_mode     = "Enabled"
                s3_backup_configuration {
                  role_arn   = "arn:aws:iam::111122223333:role/firehose"
                  bucket_arn = "arn:aws:s3:::kept"
                }
                """;
        String json =
                """
                {"resource": {"%s": {"s": {"name": "s", "destination": "extended_s3",
                  "extended_s3_configuration": {
                    "role_arn": "arn:aws:iam::111122223333:role/firehose",
                    "bucket_arn": "arn:aws:s3:::events", "prefix": "p/", "compression_format": "GZIP",
                    "s3_backup_mode": "Enabled",
                    "s3_backup_configuration": [{
                      "role_arn": "arn:aws:iam::111122223333:role/firehose",
                      "bucket_arn": "arn:aws:s3:::kept"}]}}}}}
                """
                        .formatted(TYPE);
        String shown =
                """
                {"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": {
                  "child_modules": [{"resources": [{"address": "module.m.%1$s.s", "mode": "managed",
                  "type": "%1$s", "name": "s", "values": {"name": "s", "arn": "", "tags": null,
                  "redshift_configuration": [], "server_side_encryption": [{"enabled": false, "key_arn": "", "key_type": "AWS_OWNED_CMK"}],
                  "extended_s3_configuration": [{
                    "role_arn": "arn:aws:iam::111122223333:role/firehose", "kms_key_arn": "",
                    "bucket_arn": "arn:aws:s3:::events", "prefix": "p/", "compression_format": "GZIP",
                    "buffering_size": 5, "buffering_interval": 300, "error_output_prefix": null,
                    "data_format_conversion_configuration": [], "custom_time_zone": "UTC",
                    "cloudwatch_logging_options": [{"enabled": false, "log_group_name": "", "log_stream_name": ""}],
                    "s3_backup_mode": "Enabled", "s3_backup_configuration": [{
                      "role_arn": "arn:aws:iam::111122223333:role/firehose", "prefix": "",
                      "buffering_size": 5, "buffering_interval": 300,
                      "compression_format": "UNCOMPRESSED", "bucket_arn": "arn:aws:s3:::kept"}]}]}}]}]}}}
                """
                        .formatted(TYPE);

        StreamDefinition code = stream(Imports.of("a.tf", block(settings)));

        assertThat(stream(Imports.of("a.tf.json", json))).isEqualTo(code);
        assertThat(stream(Imports.of("shown.json", shown))).isEqualTo(code);
        assertThat(Imports.told(Imports.of("shown.json", shown), Kind.LEFT_OUT)).isEmpty();
        assertThat(code.backup().orElseThrow().bucket()).isEqualTo("kept");
    }

    private static Imported json(String extended, String beside) {
        return Imports.of(
                "a.tf.json",
                """
                {"//": "all", "resource": {"//": "streams", "%s": {"//": "mine", "s": {
                  "//": {"metadata": {"path": "stack/s"}}, "name": "s", %s
                  "extended_s3_configuration": {"//": "where",
                    "role_arn": "arn:aws:iam::111122223333:role/firehose",
                    "bucket_arn": "arn:aws:s3:::events", "buffering_size": 64,
                    "error_output_prefix": "e/" %s}}}}}
                """
                        .formatted(TYPE, beside, extended));
    }

    @Test
    void comments_of_json_are_no_arguments_and_keys_of_maps_are_no_comments() {
        Imported imported =
                json(
                        ", \"processing_configuration\": [{\"//\": \"none\"}]",
                        "\"tags\": {\"//\": \"x\"},");

        assertThat(imported.streams()).isOne();
        assertThat(Imports.told(imported, Kind.NOT_IMPORTED)).isEmpty();
        assertThat(Imports.told(imported, Kind.LEFT_OUT))
                .singleElement()
                .asString()
                .endsWith("streams of a configuration have no tags, was //");
    }

    @Test
    void a_block_without_arguments_is_one_with_its_defaults() {
        String conversion =
                """
                , "data_format_conversion_configuration": {
                    "schema_configuration": {"database_name": "d", "table_name": "t", "role_arn": "arn:aws:iam::111122223333:role/firehose"},
                    "input_format_configuration": {"deserializer": {"open_x_json_ser_de": %1$s}},
                    "output_format_configuration": {"serializer": {"orc_ser_de": %1$s}}}
                """;

        StreamDefinition object = stream(json(conversion.formatted("{}"), ""));

        assertThat(object).isEqualTo(stream(json(conversion.formatted("[{}]"), "")));
        assertThat(object.format().converts()).isTrue();
    }

    @Test
    void what_a_plan_knows_after_its_apply_only_is_a_variable() {
        String plan =
                """
                {"format_version": "1.2", "terraform_version": "1.11.4",
                 "planned_values": {"root_module": {"resources": [{"address": "%1$s.s", "mode": "managed",
                   "type": "%1$s", "name": "s", "values": {"name": "s", "extended_s3_configuration": [{
                     "role_arn": "arn:aws:iam::111122223333:role/firehose"}]}}]}},
                 "resource_changes": [{"address": "%1$s.s", "change": {"after_unknown":
                   {"arn": true, "id": true, "extended_s3_configuration": [{"bucket_arn": true}]}}}]}
                """
                        .formatted(TYPE);

        Imported imported = Imports.of("plan.json", plan);

        assertThat(imported.yaml())
                .contains("bucket: '${FILL_IN_name_of_s_extended_s3_configuration_0_bucket_arn}'");
    }

    @Test
    void a_plan_tells_which_provider_a_stream_has() {
        String resource =
                """
                {"address": "%3$s%1$s.%2$s", "mode": "managed", "type": "%1$s", "name": "%2$s",
                 "values": {"name": "%2$s", "extended_s3_configuration": [{
                   "role_arn": "arn:aws:iam::111122223333:role/firehose", "bucket_arn": "arn:aws:s3:::bucket-%2$s"}]}}
                """;
        String configured =
                "{\"address\": \"%s.%s\", \"type\": \"%1$s\", \"provider_config_key\": \"%s\"}";
        String plan =
                """
                {"format_version": "1.2", "terraform_version": "1.11.4",
                 "planned_values": {"root_module": {"resources": [%s],
                   "child_modules": [{"resources": [%s]}]}},
                 "configuration": {"root_module": {"resources": [%s],
                   "module_calls": {"m": {"module": {"resources": [%s]}}}}}}
                """
                        .formatted(
                                resource.formatted(TYPE, "a", ""),
                                resource.formatted(TYPE, "b", "module.m[\\\"x\\\"]."),
                                configured.formatted(TYPE, "a", "aws"),
                                configured.formatted(TYPE, "b", "aws.west"));

        assertThat(Imports.of("plan.json", plan).yaml())
                .contains(
                        "region: '${FILL_IN_region}'",
                        "region: '${FILL_IN_region_of_provider_aws_west}'");
    }

    @Test
    void blocks_that_only_terraform_can_make_keep_their_stream_out() {
        Imports.assertRefused(
                Imports.of(
                        "a.tf",
                        block(
                                """
                                processing_configuration {
                                  enabled = true
                                  dynamic "processors" {
                                    for_each = var.types
                                    content { type = processors.value }
                                  }
                                }
                                """)),
                "extended_s3_configuration.processing_configuration.dynamic",
                "terraform show -json");
    }

    @Test
    void other_destinations_and_sources_are_told() {
        Imports.assertRefused(
                Imports.of(
                        "a.tf",
                        """
                        resource "%s" "s" {
                          name        = "s"
                          destination = "http_endpoint"
                          http_endpoint_configuration { url = var.url }
                        }
                        """
                                .formatted(TYPE)),
                "s.http_endpoint_configuration: ");
        Imports.assertRefused(
                Imports.of(
                        "a.tf",
                        block("")
                                .replace(
                                        "destination =",
                                        "kinesis_source_configuration { role_arn = var.r }\n  destination =")),
                "s.kinesis_source_configuration: ");
    }

    @Test
    void a_state_file_is_terraforms_own() {
        Imports.assertRefused(
                Imports.of(
                        "terraform.tfstate",
                        "{\"version\": 4, \"terraform_version\": \"1.11.4\", \"serial\": 3, \"lineage\": \"x\", \"resources\": []}"),
                "terraform show -json");
    }

    private static Imported encrypted(String block) {
        return Imports.of(
                "main.tf",
                """
                resource "%s" "s" {
                  name = "s"
                  extended_s3_configuration {
                    role_arn   = "arn:aws:iam::111122223333:role/firehose"
                    bucket_arn = "arn:aws:s3:::events"
                  }
                  server_side_encryption {
                    %s
                  }
                }
                """
                        .formatted(TYPE, block));
    }

    @Test
    void encryption_that_is_enabled_is_asked_for() {
        Imported own = encrypted("enabled = true");
        Imported named =
                encrypted(
                        """
                        enabled  = true
                            key_type = "CUSTOMER_MANAGED_CMK"
                            key_arn  = aws_kms_key.k.arn
                        """);

        assertThat(own.yaml()).contains("\n    encryption: true");
        assertThat(named.yaml()).contains("\n    encryption: true");
        assertThat(Imports.told(named, Kind.FILL_IN))
                .anyMatch(
                        line ->
                                line.contains("server_side_encryption.key_arn: a stream of a")
                                        && line.contains("first key under encryption.keys"));
        assertThat(encrypted("enabled = false").yaml()).doesNotContain("encryption");
    }

    @Test
    void encryption_that_only_terraform_knows_keeps_its_stream_out() {
        Imports.assertRefused(
                encrypted("enabled = var.encrypted"),
                "server_side_encryption.enabled: must be true or false, was {var.encrypted}");
    }
}
