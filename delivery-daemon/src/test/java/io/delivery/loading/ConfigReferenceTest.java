package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
    private static final Path PAGE = Path.of("../docs/reference/config.md");

    @Test
    void the_page_in_docs_is_what_the_declarations_say() throws Exception {
        String generated = ConfigReference.markdown();

        if (Boolean.getBoolean("update.docs")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, generated);
        }

        assertThat(PAGE).as("run with -Dupdate.docs=true to write it anew").hasContent(generated);
    }

    @Test
    void every_setting_is_described_and_tells_its_default_or_must_be_given() {
        String page = ConfigReference.markdown();

        assertThat(page).contains("## `streams.NAME.backup.buffer`", "BufferingHints.SizeInMBs");
        assertThat(page).contains("| `bucket` | text | **must be given** |");
        assertThat(page.lines().filter(l -> l.startsWith("| `")))
                .allSatisfy(line -> assertThat(line.split("(?<!\\\\)\\|")[5]).isNotBlank());
    }
}
