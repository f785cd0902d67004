package io.delivery.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.DeliveryConfig;
import io.delivery.config.StreamDefinition;
import io.delivery.imports.Finding.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Templates of CloudFormation become YAML. */
class TemplateImportTest {
    @TempDir private Path folder;

    @Test
    void what_only_a_deployment_knows_is_a_variable_that_a_check_asks_for() {
        Imported imported = Imports.of(Imports.document("template.yaml"));

        assertThat(imported.yaml())
                .contains("prefix: 'orders/${FILL_IN_Environment}/'")
                .contains("bucket: '${FILL_IN_name_of_RawBucket_Arn}'")
                .contains("arn: '${FILL_IN_Enrich_Arn}'");
        DeliveryConfig config =
                Imports.loaded(
                        folder,
                        imported.yaml(),
                        "FILL_IN_region",
                        "eu-central-1",
                        "FILL_IN_Environment",
                        "test",
                        "FILL_IN_name_of_RawBucket_Arn",
                        "kept",
                        "FILL_IN_Enrich_Arn",
                        "arn:aws:lambda:eu-central-1:111122223333:function:enrich");
        StreamDefinition orders = config.stream("orders").orElseThrow();
        assertThat(orders.destination().prefix()).contains("orders/test/");
        assertThat(orders.backup().orElseThrow().bucket()).isEqualTo("kept");
    }

    @Test
    void what_the_template_itself_says_is_followed_and_texts_are_put_together() {
        DeliveryConfig config = config();

        StreamDefinition orders = config.stream("orders").orElseThrow();
        assertThat(orders.destination().bucket()).isEqualTo("events");
        assertThat(orders.destination().errorPrefix()).contains("errors/orders/");
        assertThat(orders.buffer().intervalInSeconds()).isEqualTo(60);
        assertThat(orders.transform().function()).contains("Enrich");
        assertThat(config.stream("Clicks").orElseThrow().destination().bucket())
                .isEqualTo("clicks");
    }

    private DeliveryConfig config() {
        return Imports.loaded(
                folder,
                Imports.of(Imports.document("template.yaml")).yaml(),
                "FILL_IN_region",
                "eu-central-1",
                "FILL_IN_Environment",
                "test",
                "FILL_IN_name_of_RawBucket_Arn",
                "kept",
                "FILL_IN_Enrich_Arn",
                "enrich");
    }

    @Test
    void a_value_that_nothing_can_stand_for_keeps_its_stream_out() {
        Imported imported = Imports.of(Imports.document("template.yaml"));

        assertThat(Imports.told(imported, Kind.NOT_IMPORTED))
                .anySatisfy(
                        line ->
                                assertThat(line)
                                        .startsWith(
                                                "template.yaml: Resources.Sized.Properties.ExtendedS3DestinationConfiguration.BufferingHints.SizeInMBs: {BufferSize} is not known"))
                .anySatisfy(line -> assertThat(line).contains("Resources.Search"));
        assertThat(imported.streams()).isEqualTo(2);
    }

    @Test
    void what_changes_nothing_here_keeps_no_stream_out() {
        Imported imported = Imports.of(Imports.document("template.yaml"));

        assertThat(Imports.told(imported, Kind.LEFT_OUT))
                .containsExactly(
                        "template.yaml: Resources.Orders.Properties.ExtendedS3DestinationConfiguration.CloudWatchLoggingOptions: is not known here, and would have no effect",
                        "template.yaml: Resources.Orders.Properties.Tags[0]: streams of a configuration have no tags, was team");
    }

    @Test
    void a_name_and_a_condition_of_cloudformation_are_told() {
        Imported imported = Imports.of(Imports.document("template.yaml"));

        assertThat(Imports.told(imported, Kind.FILL_IN))
                .anyMatch(line -> line.startsWith("template.yaml: Resources.Clicks.Condition: "))
                .anyMatch(line -> line.contains("Resources.Clicks.Properties.DeliveryStreamName"));
    }

    @Test
    void the_same_template_in_json_is_the_same() {
        String json =
                """
                {"Resources": {"S": {"Type": "AWS::KinesisFirehose::DeliveryStream", "Properties": {
                  "DeliveryStreamName": "s",
                  "ExtendedS3DestinationConfiguration": {
                    "RoleARN": {"Fn::GetAtt": ["Role", "Arn"]},
                    "BucketARN": {"Fn::Join": ["", ["arn:aws:s3:::", {"Ref": "Bucket"}]]},
                    "Prefix": {"Fn::Sub": ["${a}/${!b}/${Bucket.Arn}/", {"a": "x"}]}}}}}}
                """;
        String yaml =
                """
                Resources:
                  S:
                    Type: AWS::KinesisFirehose::DeliveryStream
                    Properties:
                      DeliveryStreamName: s
                      ExtendedS3DestinationConfiguration:
                        RoleARN: !GetAtt Role.Arn
                        BucketARN: !Join ['', ['arn:aws:s3:::', !Ref Bucket]]
                        Prefix: !Sub ['${a}/${!b}/${Bucket.Arn}/', {a: x}]
                """;

        Imported fromJson = Imports.of("t", json);

        assertThat(fromJson).isEqualTo(Imports.of("t", yaml));
        assertThat(fromJson.yaml())
                .contains("prefix: 'x/$${b}/${FILL_IN_Bucket_Arn}/'")
                .contains("bucket: '${FILL_IN_Bucket}'");
    }

    private static String stream(String processing) {
        return """
               Resources:
                 S:
                   Type: AWS::KinesisFirehose::DeliveryStream
                   Properties:
                     DeliveryStreamName: s
                     ExtendedS3DestinationConfiguration:
                       RoleARN: !GetAtt Role.Arn
                       BucketARN: arn:aws:s3:::events
                       ProcessingConfiguration:
               %s
               """
                .formatted(processing.indent(10));
    }

    @Test
    void truth_values_are_read_as_yaml_of_templates_has_them() {
        String processors = "Processors: [{Type: AppendDelimiterToRecord}]\nEnabled: ";
        for (String yes : new String[] {"true", "True", "yes", "ON", "'true'"}) {
            assertThat(Imports.of("t.yaml", stream(processors + yes)).yaml())
                    .as(yes)
                    .contains("delimiter: newline");
        }
        for (String no : new String[] {"false", "FALSE", "No", "off"}) {
            Imported imported = Imports.of("t.yaml", stream(processors + no));
            assertThat(imported.streams()).as(no).isOne();
            assertThat(imported.yaml()).as(no).doesNotContain("delimiter: newline");
        }
        Imports.assertRefused(
                Imports.of("t.yaml", stream(processors + "maybe")),
                "t.yaml: Resources.S.Properties.ExtendedS3DestinationConfiguration.ProcessingConfiguration.Enabled: must be true or false, was \"maybe\"");
    }

    @Test
    void streams_that_a_loop_or_a_macro_makes_are_told() {
        String looped =
                """
                Resources:
                  Fn::ForEach::Streams:
                    - Name
                    - [a, b]
                    - Stream${Name}:
                        Type: AWS::KinesisFirehose::DeliveryStream
                        Properties: {}
                  Fn::ForEach::Topics:
                    - Name
                    - [a, b]
                    - Topic${Name}: {Type: 'AWS::SNS::Topic'}
                  Fn::Transform: {Name: 'AWS::Include'}
                """;

        assertThat(Imports.told(Imports.of("t.yaml", looped), Kind.NOT_IMPORTED))
                .hasSize(2)
                .anyMatch(line -> line.startsWith("t.yaml: Resources.Fn::ForEach::Streams: which"))
                .anyMatch(line -> line.startsWith("t.yaml: Resources.Fn::Transform: which"));
    }

    @Test
    void members_that_a_loop_or_a_macro_makes_keep_their_stream_out() {
        Imports.assertRefused(
                Imports.of(
                        "t.yaml",
                        stream(
                                """
                                Enabled: true
                                Fn::ForEach::Processors: [N, [a], {Processors: []}]
                                """)),
                "ProcessingConfiguration: {ForEach::Processors [N, [a], {Processors: []}]} is not known");
        Imports.assertRefused(
                Imports.of(
                        "t.yaml",
                        """
                        Resources:
                          S:
                            Type: AWS::KinesisFirehose::DeliveryStream
                            Properties: {'Fn::Transform': {Name: m}}
                        """),
                "t.yaml: Resources.S.Properties: {Transform {Name: m}} is not known");
    }

    @Test
    void a_number_that_is_not_known_is_named_in_the_refusal() {
        Imports.assertRefused(
                Imports.of(
                        "t.yaml",
                        """
                        Resources:
                          S:
                            Type: AWS::KinesisFirehose::DeliveryStream
                            Properties:
                              ExtendedS3DestinationConfiguration:
                                RoleARN: !GetAtt Role.Arn
                                BucketARN: arn:aws:s3:::events
                                ProcessingConfiguration:
                                  Enabled: true
                                  Processors:
                                    - Type: Lambda
                                      Parameters:
                                        - {ParameterName: LambdaArn, ParameterValue: f}
                                        - {ParameterName: NumberOfRetries, ParameterValue: !Ref Retries}
                        """),
                "NumberOfRetries must be a whole number, was {Retries}");
    }
}
