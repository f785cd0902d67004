package io.delivery.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever is in a file, an import answers, and says what is wrong with it. */
class HostileImportTest {
    @Test
    void nothing_and_something_else_are_told_apart() {
        Imports.assertRefused(Imports.of("a.json", ""), "a.json: is empty");
        Imports.assertRefused(Imports.of("a.json", " \n\t"), "a.json: is empty");
        Imports.assertRefused(Imports.of("a.json", "{}"), "is none of");
        Imports.assertRefused(Imports.of("a.json", "[1, null, \"x\"]"), "is none of");
        Imports.assertRefused(Imports.of("a.json", "[]"), "has no delivery stream");
        Imports.assertRefused(Imports.of("a.yaml", "just words"), "is neither JSON nor a template");
        Imports.assertRefused(
                Imports.of("a.yaml", "Resources: {B: {Type: AWS::S3::Bucket}}"),
                "has no delivery stream");
        Imports.assertRefused(
                Imports.of("a.json", "{\"DeliveryStreamNames\": [\"a\"]}"), "has names only");
        Imports.assertRefused(Imports.of("a.tf", "variable \"x\" {}"), "has no delivery stream");
    }

    @Test
    void what_is_cut_or_misspelt_is_told_with_its_line() {
        Imports.assertRefused(Imports.of("a.json", "{\n\"a\": 1,\n"), "is not JSON: line 3");
        Imports.assertRefused(Imports.of("a.json", "{\"a\": 1, \"a\": 2}"), "Duplicate field 'a'");
        Imports.assertRefused(Imports.of("a.yaml", "a: [1,\nb: 2"), "is not YAML: line");
        Imports.assertRefused(
                Imports.of("a.yaml", "Resources:\n  A: 1\n  A: 2\n"), "line 3 has A twice");
        Imports.assertRefused(
                Imports.of("a.tf", "resource \"a\" \"b\" {\n  x =\n}\n"), "Syntax error at line");
        Imports.assertRefused(Imports.of("a.tf", "resource \"a\" {"), "Syntax error at line");
    }

    @Test
    void what_is_no_text_is_told() {
        byte[] noise = new byte[4096];
        new Random(1).nextBytes(noise);
        noise[0] = (byte) 0x80;
        for (String name : new String[] {"a.json", "a.yaml", "a.tf"}) {
            Imports.assertRefused(Imports.of(new ImportFile(name, noise)), "is not text");
            Imports.assertRefused(
                    Imports.of(new ImportFile(name, new byte[] {'a', 0, 'b'})), "is not text");
        }
    }

    @Test
    void text_of_powershell_is_read() {
        byte[] plain = Imports.document("plain.json").content();
        String text = "\uFEFF" + new String(plain, StandardCharsets.UTF_8);

        Imported imported =
                Imports.of(new ImportFile("plain.json", text.getBytes(StandardCharsets.UTF_16LE)));

        assertThat(imported).isEqualTo(Imports.of(new ImportFile("plain.json", plain)));
    }

    @Test
    void aliases_cannot_make_more_of_a_template_than_one_has() {
        Imports.assertRefused(Imports.of("a.yaml", bomb(30)), "Number of aliases");
        Imports.assertRefused(Imports.of("a.yaml", bomb(15)), "aliases are followed");
        Imports.assertRefused(Imports.of("a.yaml", "a: &a [*a]"), "levels");
    }

    private static String bomb(int levels) {
        return IntStream.range(1, levels)
                .mapToObj(
                        i ->
                                "a%d: &a%d [%s]"
                                        .formatted(
                                                i,
                                                i,
                                                i == 1
                                                        ? "x"
                                                        : "*a%1$d, *a%1$d, *a%1$d"
                                                                .formatted(i - 1)))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void what_is_nested_deeply_is_told() {
        int levels = 20_000;
        Imports.assertRefused(Imports.of("a.json", "[".repeat(levels)), "is not JSON", "100");
        Imports.assertRefused(Imports.of("a.json", "{\"a\":".repeat(levels)), "is not JSON");
        Imports.assertRefused(Imports.of("a.yaml", "a: " + "[".repeat(levels)), "is ");
        Imports.assertRefused(Imports.of("a.yaml", "- ".repeat(500) + "a"), "levels");
        Imports.assertRefused(Imports.of("a.tf", "x = " + "[".repeat(levels)), "levels");
    }

    @Test
    void a_tag_that_makes_objects_makes_none() {
        Imports.assertRefused(
                Imports.of("a.yaml", "a: !!javax.script.ScriptEngineManager []"),
                "has a tag that no template has");
    }

    @Test
    void values_of_other_types_are_refused_as_the_api_refuses_them() {
        String[][] wrong = {
            {"1", ": must be a structure, was 1"},
            {"\"x\"", ": must be a structure, was \"x\""},
            {"[]", ": must be a structure, was a list"},
            {"{\"BucketARN\": {}}", ".BucketARN: must be a text, was a structure"},
            {"{\"Prefix\": [1]}", ".Prefix: must be a text, was a list"},
            {
                "{\"BufferingHints\": {\"SizeInMBs\": 1.5}}",
                ".BufferingHints.SizeInMBs: must be a whole number, was 1.5"
            },
            {
                "{\"BufferingHints\": {\"SizeInMBs\": 1e999999999}}",
                ".BufferingHints.SizeInMBs: must be a whole number, was 1E+999999999"
            },
            {
                "{\"BufferingHints\": {\"SizeInMBs\": \"010\"}}",
                ".BufferingHints.SizeInMBs: must be a whole number, was \"010\""
            },
            {
                "{\"BufferingHints\": {\"SizeInMBs\": \"2147483648\"}}",
                ".BufferingHints.SizeInMBs: must be a whole number, was 2147483648"
            },
            {
                "{\"ProcessingConfiguration\": {\"Enabled\": \"perhaps\"}}",
                ".ProcessingConfiguration.Enabled: must be true or false, was \"perhaps\""
            },
            {
                "{\"ProcessingConfiguration\": {\"Processors\": {}}}",
                ".ProcessingConfiguration.Processors: must be a list, was a structure"
            }
        };
        for (String[] each : wrong) {
            Imports.assertRefused(
                    Imports.of(
                            "a.json",
                            "{\"DeliveryStreamName\": \"s\", \"ExtendedS3DestinationConfiguration\": %s}"
                                    .formatted(each[0])),
                    "a.json: s.ExtendedS3DestinationConfiguration" + each[1]);
        }
    }

    @Test
    void a_member_without_effect_is_refused_as_well_when_it_has_another_type() {
        Imports.assertRefused(
                Imports.of(
                        "a.json",
                        "{\"DeliveryStreamName\": \"s\", \"S3DestinationConfiguration\": {}, \"Tags\": 1}"),
                "a.json: s.Tags: must be a list, was 1");
    }

    private static String template(String prefix, String tags) {
        return """
               {"Resources": {"S": {"Type": "AWS::KinesisFirehose::DeliveryStream", "Properties": {
                 "DeliveryStreamName": "s", "Tags": %s, "S3DestinationConfiguration": {
                   "RoleARN": "arn:aws:iam::111122223333:role/firehose",
                   "BucketARN": "arn:aws:s3:::events", "Prefix": %s}}}}}
               """
                .formatted(tags, prefix);
    }

    private static String doubled(String innermost, int times) {
        String text = innermost;
        for (int i = 0; i < times; i++) {
            text = "{\"Fn::Sub\": [\"${a}${a}\", {\"a\": %s}]}".formatted(text);
        }
        return text;
    }

    @Test
    void a_text_that_is_doubled_again_and_again_does_not_become_larger_than_a_template() {
        Imports.assertRefused(
                Imports.of("a.json", template(doubled("\"x\"", 30), "[]")),
                "characters once its references are followed");
        Imports.assertRefused(
                Imports.of("a.json", template(doubled("{\"Ref\": \"X\"}", 30), "[]")),
                "characters once its references are followed");
        String tag = "[{\"Key\": \"k\"}]";
        Imported empty = Imports.of("a.json", template(doubled("\"\"", 30), tag));
        assertThat(empty.streams()).as("%s", empty.findings()).isOne();
        assertThat(Imports.of("a.json", template(doubled("\"x\"", 4), tag)).yaml())
                .contains("prefix: " + "x".repeat(16) + "\n");
    }

    @Test
    void long_texts_cannot_become_many_through_references_and_aliases() {
        String name = "x".repeat(1 << 20);
        String references =
                IntStream.range(0, 100)
                        .mapToObj(
                                i ->
                                        "{\"Key\": \"k\", \"Value\": {\"Fn::GetAtt\": [\"B\", \"Arn\"]}}")
                        .collect(Collectors.joining(",", "[", "]"));
        Imports.assertRefused(
                Imports.of(
                        "a.json",
                        template("\"p\"", references)
                                .replaceFirst(
                                        "\\{\"S\":",
                                        "{\"B\": {\"Type\": \"AWS::S3::Bucket\", \"Properties\": {\"BucketName\": \"%s\"}}, \"S\":"
                                                .formatted(name))),
                "characters once its references are followed");
        Imports.assertRefused(
                Imports.of(
                        "a.yaml",
                        "a: &a %s\nTags: [%s]\n".formatted(name, "*a, ".repeat(40) + "x")),
                "characters once its aliases are followed");
    }

    @Test
    void a_file_of_many_small_documents_is_told_once() {
        Imported imported = Imports.of("a.json", "{} ".repeat(100_000));

        Imports.assertRefused(imported, "has more than 10000 documents");
        assertThat(imported.findings()).hasSize(1);
        Imports.assertRefused(
                Imports.of("a.json", "[" + "1,".repeat(100_000) + "1]"), "more than 10000");
    }

    @Test
    void a_variable_of_a_source_is_not_one_of_the_configuration() {
        Imported imported =
                Imports.of(
                        "a.json",
                        new String(Imports.document("plain.json").content(), StandardCharsets.UTF_8)
                                .replace(
                                        "\"S3BackupMode\": \"Disabled\",",
                                        "\"S3BackupMode\": \"Disabled\", \"Prefix\": \"${HOME}/\","));

        assertThat(imported.yaml()).contains("prefix: '$${HOME}/'");
    }
}
