package io.delivery.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.HiveTypes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaReferenceTest {
    private static final Path PAGE = Path.of("../docs/reference/schema.md");

    @TempDir private Path scratch;

    @Test
    void the_page_in_docs_is_what_the_program_does() throws Exception {
        String generated = SchemaReference.markdown(scratch);

        if (Boolean.getBoolean("update.docs")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, generated);
        }

        assertThat(PAGE).as("run with -Dupdate.docs=true to write it anew").hasContent(generated);
    }

    @Test
    void every_key_of_the_yaml_file_is_described() {
        List<String> expected =
                Stream.of(
                                YamlTable.TABLE.stream(),
                                YamlTable.COLUMN.stream().map(key -> "columns[]." + key),
                                YamlTable.OPENX.stream().map(key -> "serde.openx." + key),
                                YamlTable.HIVE.stream().map(key -> "serde.hive." + key))
                        .flatMap(keys -> keys)
                        .toList();

        assertThat(SchemaReferenceText.KEYS)
                .extracting(SchemaReferenceText.Key::name)
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void every_type_is_described_and_has_conversions() {
        assertThat(SchemaReferenceText.TYPE_EXAMPLES)
                .extracting(example -> example.type().replaceFirst("[(<].*", ""))
                .containsExactlyElementsOf(HiveTypes.NAMES);
        assertThat(ConversionText.GROUPS)
                .flatExtracting(ConversionText.Group::examples)
                .extracting(example -> example.replaceFirst("[(<]?[^a-z].*", ""))
                .containsAll(HiveTypes.NAMES);
    }
}
