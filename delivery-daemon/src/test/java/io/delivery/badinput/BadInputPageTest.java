package io.delivery.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BadInputPageTest {
    private static final Path PAGE = Path.of("../docs/bad-input.md");

    @Test
    void the_page_in_docs_is_what_the_table_says() throws Exception {
        String generated = BadInputTable.markdown();

        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(PAGE, generated);
        }

        assertThat(PAGE).as("run with -Dupdate.docs=true to write it anew").hasContent(generated);
    }

    @Test
    void a_row_is_there_once_and_what_is_refused_has_code_and_message() {
        for (BadInputTable.Section section : BadInputTable.sections()) {
            Set<String> inputs = new HashSet<>();

            assertThat(section.rows())
                    .isNotEmpty()
                    .allSatisfy(
                            row -> {
                                assertThat(inputs.add(row.input())).as(row.input()).isTrue();
                                if (row.noticed().equals(BadInput.ACCEPTED)) {
                                    assertThat(row.code()).isEmpty();
                                } else {
                                    assertThat(row.message()).isNotBlank();
                                    assertThat(row.code().isBlank())
                                            .isEqualTo(row.noticed().equals(BadInput.UNHEALTHY));
                                }
                            });
        }
    }
}
