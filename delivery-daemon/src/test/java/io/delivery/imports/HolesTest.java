package io.delivery.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.DeliveryConfig;
import io.delivery.config.StreamDefinition;
import io.delivery.imports.Finding.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not known: one variable for each value, and never one for two. */
class HolesTest {
    private static final String REGION = "FILL_IN_region";

    @TempDir private Path folder;

    /** A template of one stream, s. */
    private static String template(String members) {
        return """
               Resources:
                 Raw: {Type: 'AWS::S3::Bucket'}
                 S:
                   Type: AWS::KinesisFirehose::DeliveryStream
                   Properties:
                     DeliveryStreamName: s
                     ExtendedS3DestinationConfiguration:
                       RoleARN: !GetAtt Role.Arn
               %s
               """
                .formatted(members.indent(8));
    }

    private static Imported imported(String members) {
        return Imports.of("t.yaml", template(members));
    }

    private StreamDefinition loaded(Imported imported, String... environment) {
        return Imports.loaded(folder, imported.yaml(), environment).stream("s").orElseThrow();
    }

    @Test
    void calls_that_differ_in_any_argument_have_variables_of_their_own() {
        Imported imported =
                imported(
                        """
                        BucketARN: !FindInMap [Buckets, x, Main]
                        Prefix: !If [IsProd, a/, b/]
                        ErrorOutputPrefix: !If [IsProd, err-a/, err-b/]
                        S3BackupMode: Enabled
                        S3BackupConfiguration:
                          RoleARN: !GetAtt Role.Arn
                          BucketARN: !FindInMap [Buckets, x, Raw]
                          Prefix: !Select [0, [x, !Ref Y]]
                        """);

        assertThat(imported.yaml())
                .as("%s", imported.findings())
                .contains(
                        "bucket: '${FILL_IN_name_of_FindInMap_Buckets_x_Main}'",
                        "bucket: '${FILL_IN_name_of_FindInMap_Buckets_x_Raw}'",
                        "    prefix: '${FILL_IN_If_IsProd_a_b}'",
                        "errorPrefix: '${FILL_IN_If_IsProd_err_a_err_b}'",
                        "prefix: '${FILL_IN_Select_0_x_Ref_Y}'");
        assertThat(Imports.told(imported, Kind.FILL_IN))
                .anyMatch(line -> line.contains("not known here: If [IsProd, err-a/, err-b/] ("));
    }

    @Test
    void expressions_whose_names_would_be_the_same_have_different_ones() {
        Imported imported =
                imported(
                        """
                        BucketARN: arn:aws:s3:::events
                        Prefix: !ImportValue {'Fn::Sub': '${A}-b'}
                        ErrorOutputPrefix: !ImportValue {'Fn::Sub': '${A}.b'}
                        """);

        assertThat(imported.yaml())
                .contains("prefix: '${FILL_IN_ImportValue_Sub_A_b}'")
                .contains("errorPrefix: '${FILL_IN_ImportValue_Sub_A_b_2}'");
    }

    @Test
    void the_same_parameter_of_two_templates_may_have_two_values() {
        String members = "BucketARN: !Ref Bucket\nPrefix: !Sub '${Bucket}/'\n";
        String other =
                template(members).replace("DeliveryStreamName: s", "DeliveryStreamName: other");

        Imported imported =
                Imports.of(
                        Imports.text("a.yaml", template(members)), Imports.text("b.yaml", other));

        DeliveryConfig config =
                Imports.loaded(
                        folder,
                        imported.yaml(),
                        "FILL_IN_name_of_Bucket",
                        "one",
                        "FILL_IN_Bucket",
                        "one",
                        "FILL_IN_b_yaml_name_of_Bucket",
                        "two",
                        "FILL_IN_b_yaml_Bucket",
                        "two",
                        REGION,
                        "eu-central-1",
                        "FILL_IN_b_yaml_region",
                        "us-east-1");
        for (String[] each : new String[][] {{"s", "one"}, {"other", "two"}}) {
            StreamDefinition stream = config.stream(each[0]).orElseThrow();
            assertThat(stream.destination().bucket()).isEqualTo(each[1]);
            assertThat(stream.destination().prefix()).contains(each[1] + "/");
        }
        assertThat(config.stores()).hasSize(2);
        assertThat(config.storeOfBucket("two").orElseThrow().name())
                .isEqualTo(config.stream("other").orElseThrow().destination().store())
                .isNotEqualTo(config.storeOfBucket("one").orElseThrow().name());
    }

    @Test
    void the_same_variable_of_two_modules_of_terraform_may_have_two_values() {
        String module =
                """
                resource "aws_kinesis_firehose_delivery_stream" "%1$s" {
                  name = "%1$s"
                  extended_s3_configuration {
                    role_arn   = "arn:aws:iam::111122223333:role/firehose"
                    bucket_arn = "arn:aws:s3:::${var.bucket}"
                  }
                }
                """;

        Imported imported =
                Imports.of(
                        Imports.text("modules/a/main.tf", module.formatted("a")),
                        Imports.text("modules/b/main.tf", module.formatted("b")));

        assertThat(imported.yaml())
                .contains(
                        "bucket: '${FILL_IN_var_bucket}'",
                        "bucket: '${FILL_IN_b_main_tf_var_bucket}'");
    }

    @Test
    void providers_of_terraform_may_be_in_two_regions() {
        String stream =
                """
                resource "aws_kinesis_firehose_delivery_stream" "%1$s" {
                  name = "%1$s"
                  %2$s
                  extended_s3_configuration {
                    role_arn   = "arn:aws:iam::111122223333:role/firehose"
                    bucket_arn = "arn:aws:s3:::bucket-%1$s"
                  }
                }
                """;

        Imported imported =
                Imports.of(
                        "main.tf",
                        stream.formatted("a", "")
                                + stream.formatted("b", "provider = aws.west")
                                + stream.formatted("c", "region = var.third"));

        DeliveryConfig config =
                Imports.loaded(
                        folder,
                        imported.yaml(),
                        REGION,
                        "eu-central-1",
                        "FILL_IN_region_of_provider_aws_west",
                        "us-west-2",
                        "FILL_IN_var_third",
                        "us-east-1");
        assertThat(config.stores()).hasSize(3);
        assertThat(config.streams().stream().map(s -> s.destination().store()).distinct())
                .hasSize(3);
        assertThat(Imports.told(imported, Kind.NOTE))
                .anyMatch(line -> line.contains(".b.provider: ") && line.contains("aws.west"));
    }

    @Test
    void a_dynamic_reference_is_known_to_a_deployment_only() {
        Imported imported =
                imported(
                        """
                        BucketARN: 'arn:aws:s3:::{{resolve:ssm:/lake/bucket:1}}'
                        Prefix: '{{resolve:ssm:/lake/prefix}}/a/'
                        ErrorOutputPrefix: !Sub 'e/{{resolve:ssm:/${Env}/prefix}}/'
                        S3BackupMode: Enabled
                        S3BackupConfiguration:
                          RoleARN: !GetAtt Role.Arn
                          BucketARN: arn:aws:s3:::raw
                          Prefix: '{{resolve:ssm:/raw}}/{{resolve:not ended'
                        """);

        assertThat(imported.yaml())
                .contains(
                        "bucket: '${FILL_IN_resolve_ssm_lake_bucket_1}'",
                        "prefix: '${FILL_IN_resolve_ssm_lake_prefix}/a/'",
                        "errorPrefix: 'e/${FILL_IN_resolve_ssm_Env_prefix}/'",
                        "prefix: '${FILL_IN_resolve_ssm_raw}/{{resolve:not ended'");
        assertThat(Imports.told(imported, Kind.FILL_IN))
                .anyMatch(line -> line.contains("not known here: {{resolve:ssm:/lake/prefix}} ("));
    }

    @Test
    void a_dollar_before_a_variable_belongs_to_it() {
        Imported imported =
                imported(
                        """
                        BucketARN: arn:aws:s3:::events
                        Prefix: !Sub 'p$$${Env}/${Env}/'
                        """);

        assertThat(imported.yaml()).contains("p${FILL_IN_followed_by_Env}/${FILL_IN_Env}/");
        assertThat(Imports.told(imported, Kind.FILL_IN))
                .anyMatch(line -> line.contains("not known here: $$ followed by Env ("));
        StreamDefinition stream =
                loaded(
                        imported,
                        REGION,
                        "eu-central-1",
                        "FILL_IN_followed_by_Env",
                        "$$prod",
                        "FILL_IN_Env",
                        "prod");
        assertThat(stream.destination().prefix()).contains("p$$prod/prod/");
    }

    @Test
    void no_text_of_a_source_is_mistaken_for_what_stands_for_a_variable() {
        for (String text :
                new String[] {
                    "fill-in-0-x", "\\u0066ill-in-0-x", "fi0000000000-0-x", "fi0000000000-99-x"
                }) {
            Imported imported =
                    Imports.of(
                            "r.json",
                            """
                            {"DeliveryStreamName": "s", "S3DestinationConfiguration": {
                              "RoleARN": "arn:aws:iam::111122223333:role/firehose",
                              "BucketARN": "arn:aws:s3:::%1$s", "Prefix": "%1$s"}}
                            """
                                    .formatted(text));

            String plain = text.replace("\\u0066", "f");
            assertThat(imported.yaml()).contains("bucket: " + plain, "prefix: " + plain);
        }
    }

    // --- with a configuration ---

    private DeliveryConfig config(String streams) {
        return Imports.loaded(
                folder,
                """
                stores: {lake: {directory: lake}, raw: {directory: raw}}
                buckets: [{match: '*-raw', store: raw}, {match: '*', store: lake}]
                functions: {enrich: {endpoint: 'http://localhost:9/'}}
                """
                        + streams);
    }

    @Test
    void the_store_of_a_bucket_that_is_not_known_has_to_be_confirmed() {
        DeliveryConfig config = config("streams: {}");
        String members =
                """
                BucketARN: arn:aws:s3:::acme-raw
                S3BackupMode: Enabled
                S3BackupConfiguration:
                  RoleARN: !GetAtt Role.Arn
                  BucketARN: !GetAtt Raw.Arn
                """;

        Imported imported = Imports.into(config, Imports.text("t.yaml", template(members)));

        assertThat(imported.yaml()).contains("bucket: '${FILL_IN_name_of_Raw_Arn}'");
        assertThat(Imports.told(imported, Kind.FILL_IN))
                .anyMatch(
                        line ->
                                line.startsWith("streams.s.backup.store: ")
                                        && line.contains("lake is written")
                                        && line.contains("lake, raw"))
                .noneMatch(line -> line.startsWith("streams.s.destination.store"));
        DeliveryConfig single =
                Imports.loaded(folder, "stores: {lake: {directory: lake}}\nstreams: {}\n");
        assertThat(
                        Imports.told(
                                Imports.into(single, Imports.text("t.yaml", template(members))),
                                Kind.FILL_IN))
                .noneMatch(line -> line.contains("backup.store"));
    }

    private static String invoking(String arn) {
        return """
               BucketARN: arn:aws:s3:::events
               ProcessingConfiguration:
                 Enabled: true
                 Processors:
                   - Type: Lambda
                     Parameters: [{ParameterName: LambdaArn, ParameterValue: %s}]
               """
                .formatted(arn);
    }

    private static String withFunctions(String arn) {
        return template(invoking(arn))
                + """
                    Enrich:
                      Type: AWS::Lambda::Function
                      Properties: {FunctionName: enrich}
                    Other:
                      Type: AWS::Lambda::Function
                  """;
    }

    @Test
    void a_function_is_followed_to_its_name() {
        for (String arn :
                new String[] {
                    "!GetAtt Enrich.Arn",
                    "!Ref Enrich",
                    "!Sub '${Enrich.Arn}:live'",
                    "!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:enrich:live'"
                }) {
            Imported imported =
                    Imports.into(config("streams: {}"), Imports.text("t.yaml", withFunctions(arn)));

            assertThat(imported.yaml()).as(arn).contains("function: enrich\n");
            assertThat(Imports.told(imported, Kind.FILL_IN)).as(arn).isEmpty();
        }
    }

    @Test
    void a_function_that_is_told_by_its_name_is_in_the_region_of_the_stream() {
        Imported imported = Imports.of("t.yaml", withFunctions("!GetAtt Enrich.Arn"));

        assertThat(imported.yaml())
                .contains(
                        """
                        functions:
                          enrich:
                            arn: enrich
                            region: '${FILL_IN_region}'
                        """);
        loaded(imported, REGION, "eu-central-1");
    }

    @Test
    void a_function_without_a_name_is_one_that_somebody_names() {
        Imported imported =
                Imports.into(
                        config("streams: {}"),
                        Imports.text("t.yaml", withFunctions("!GetAtt Other.Arn")));

        assertThat(imported.yaml()).contains("function: '${FILL_IN_Other_Arn}'");
        assertThat(Imports.told(imported, Kind.FILL_IN))
                .anyMatch(line -> line.startsWith("streams.s.processors: which function"));
        DeliveryConfig filled =
                Imports.loaded(
                        folder,
                        """
                        stores: {lake: {directory: lake}}
                        functions: {enrich: {endpoint: 'http://localhost:9/'}}
                        """
                                + imported.yaml(),
                        "FILL_IN_Other_Arn",
                        "enrich");
        assertThat(filled.stream("s").orElseThrow().transform().function()).contains("enrich");
    }
}
