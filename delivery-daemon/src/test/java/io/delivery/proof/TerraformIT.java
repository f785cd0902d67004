package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.testkit.servers.Tools;
import io.delivery.wiring.ProgramRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Terraform with its AWS provider, as it is. Skipped where there is no terraform, or no folder with
 * its provider: nothing is downloaded here.
 */
@Timeout(600)
class TerraformIT {
    private static final String PROVIDER = "registry.terraform.io/hashicorp/aws";

    /** Exit code of {@code terraform plan -detailed-exitcode} when nothing differs. */
    private static final int NO_CHANGES = 0;

    @TempDir private Path folder;
    private Path terraform;
    private Path plugins;
    private DaemonProcess daemon;

    @BeforeEach
    void start() throws IOException {
        terraform = onThePath("terraform").orElse(null);
        assumeTrue(terraform != null, "terraform is not on the PATH");
        plugins = plugins().orElse(null);
        assumeTrue(
                plugins != null,
                "no folder has terraform's provider "
                        + PROVIDER
                        + ": name one in DELIVERY_TERRAFORM_PLUGINS");
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
                                limits: {memory: 128MB}
                                stores: {local: {directory: lake}}
                                """));
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

    private static Optional<Path> plugins() {
        return Optional.of(
                        Optional.ofNullable(System.getenv("DELIVERY_TERRAFORM_PLUGINS"))
                                .map(Path::of)
                                .orElse(Tools.executable("terraform-plugins")))
                .filter(directory -> Files.isDirectory(directory.resolve(PROVIDER)));
    }

    private int run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(terraform.toString()));
        command.addAll(List.of(arguments));
        Path said = folder.resolve("said");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("TF_"));
        environment.put("CHECKPOINT_DISABLE", "1");
        environment.put("NO_PROXY", "127.0.0.1");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(300, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
        } finally {
            process.destroyForcibly();
        }
        System.out.println(Files.readString(said, StandardCharsets.UTF_8));
        return process.exitValue();
    }

    private int apply(String prefix) throws Exception {
        return run("apply", "-auto-approve", "-no-color", "-var", "prefix=" + prefix);
    }

    private int plan(String prefix) throws Exception {
        return run("plan", "-detailed-exitcode", "-no-color", "-var", "prefix=" + prefix);
    }

    @Test
    void streams_are_made_changed_and_destroyed_and_a_second_plan_is_empty() throws Exception {
        Files.writeString(folder.resolve("main.tf"), CONFIGURATION.formatted(daemon.api()));

        assertThat(run("init", "-no-color", "-plugin-dir=" + plugins)).isZero();
        assertThat(apply("raw/")).isZero();
        assertThat(plan("raw/")).isEqualTo(NO_CHANGES);
        assertThat(apply("new/")).isZero();
        assertThat(plan("new/")).isEqualTo(NO_CHANGES);
        assertThat(run("destroy", "-auto-approve", "-no-color", "-var", "prefix=new/")).isZero();
    }

    @Test
    void what_it_shows_is_imported_as_the_streams_that_it_made() throws Exception {
        Files.writeString(folder.resolve("main.tf"), CONFIGURATION.formatted(daemon.api()));
        assertThat(run("init", "-no-color", "-plugin-dir=" + plugins)).isZero();
        assertThat(apply("raw/")).isZero();
        assertThat(run("show", "-json")).isZero();
        Path shown = Files.copy(folder.resolve("said"), folder.resolve("shown.json"));
        String config = folder.resolve("delivery.yaml").toString();

        ProgramRun imported = program("import", "--config", config, shown.toString());

        assertThat(imported.out()).isNotEmpty();
        for (String name : List.of("plain", "prefixes", "dynamic", "backup")) {
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
        String stores = "stores: {local: {directory: lake}}\n";
        Files.writeString(whole, stores + imported.out());
        ProgramRun checked = program("check", whole.toString());
        assertThat(checked.exitCode()).as(checked.out()).isZero();
        assertThat(run("destroy", "-auto-approve", "-no-color", "-var", "prefix=raw/")).isZero();
    }

    private static ProgramRun program(String... arguments) {
        return ProgramRun.of(Map.of(), arguments);
    }

    private static final String CONFIGURATION =
            """
            terraform {
              required_providers { aws = { source = "hashicorp/aws" } }
            }
            provider "aws" {
              region                      = "us-east-1"
              access_key                  = "known"
              secret_key                  = "right-secret"
              skip_credentials_validation = true
              skip_metadata_api_check     = true
              skip_requesting_account_id  = true
              skip_region_validation      = true
              endpoints { firehose = "%s" }
            }
            variable "prefix" {}
            locals { role = "arn:aws:iam::123456789012:role/firehose" }

            resource "aws_kinesis_firehose_delivery_stream" "plain" {
              name        = "plain"
              destination = "extended_s3"
              extended_s3_configuration {
                role_arn   = local.role
                bucket_arn = "arn:aws:s3:::events"
              }
              tags = { team = var.prefix }
            }

            resource "aws_kinesis_firehose_delivery_stream" "prefixes" {
              name        = "prefixes"
              destination = "extended_s3"
              extended_s3_configuration {
                role_arn            = local.role
                bucket_arn          = "arn:aws:s3:::events"
                prefix              = "${var.prefix}!{timestamp:yyyy}/"
                error_output_prefix = "errors/!{firehose:error-output-type}/"
                buffering_size      = 10
                buffering_interval  = 60
                compression_format  = "Snappy"
              }
            }

            resource "aws_kinesis_firehose_delivery_stream" "dynamic" {
              name        = "dynamic"
              destination = "extended_s3"
              extended_s3_configuration {
                role_arn            = local.role
                bucket_arn          = "arn:aws:s3:::events"
                prefix              = "${var.prefix}c=!{partitionKeyFromQuery:c}/"
                error_output_prefix = "errors/"
                buffering_size      = 64
                dynamic_partitioning_configuration { enabled = true }
                processing_configuration {
                  enabled = true
                  processors {
                    type = "RecordDeAggregation"
                    parameters {
                      parameter_name  = "SubRecordType"
                      parameter_value = "JSON"
                    }
                  }
                  processors { type = "AppendDelimiterToRecord" }
                  processors {
                    type = "MetadataExtraction"
                    parameters {
                      parameter_name  = "JsonParsingEngine"
                      parameter_value = "JQ-1.6"
                    }
                    parameters {
                      parameter_name  = "MetadataExtractionQuery"
                      parameter_value = "{c:.c}"
                    }
                  }
                }
              }
            }

            resource "aws_kinesis_firehose_delivery_stream" "backup" {
              name        = "backup"
              destination = "extended_s3"
              extended_s3_configuration {
                role_arn       = local.role
                bucket_arn     = "arn:aws:s3:::events"
                prefix         = var.prefix
                s3_backup_mode = "Enabled"
                s3_backup_configuration {
                  role_arn           = local.role
                  bucket_arn         = "arn:aws:s3:::raw"
                  compression_format = "GZIP"
                }
              }
            }

            data "aws_kinesis_firehose_delivery_stream" "read" {
              name       = "plain"
              depends_on = [aws_kinesis_firehose_delivery_stream.plain]
            }
            """;
}
