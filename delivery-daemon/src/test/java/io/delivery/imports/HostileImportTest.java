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
        for (String destination :
                new String[] {"1", "\"x\"", "[]", "{\"BucketARN\": {}}", "{\"Prefix\": [1]}"}) {
            Imports.assertRefused(
                    Imports.of(
                            "a.json",
                            "{\"DeliveryStreamName\": \"s\", \"ExtendedS3DestinationConfiguration\": %s}"
                                    .formatted(destination)),
                    "a.json: s: ");
        }
    }

    @Test
    void a_text_that_looks_like_a_stand_in_is_not_mistaken_for_one() {
        Imports.assertRefused(
                Imports.of(
                        "a.json",
                        new String(Imports.document("plain.json").content(), StandardCharsets.UTF_8)
                                .replace(":::events", ":::fill-in-0-x")),
                "has a text like fill-in-0-x");
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
