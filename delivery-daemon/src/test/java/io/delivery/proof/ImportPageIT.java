package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/import.md: its commands, in its order, and what it says that they print. */
class ImportPageIT {
    @TempDir private Path folder;

    @Test
    void the_commands_of_the_page_print_what_it_says() throws Exception {
        WalkedPage page = new WalkedPage("import.md", folder);
        List<String> commands = page.of("sh");
        List<String> said = page.of("text");
        List<Integer> exitCodes = List.of(1, 0, 1, 1, 0, 0);
        assertThat(commands).hasSameSizeAs(exitCodes);
        assertThat(said).hasSameSizeAs(exitCodes);

        for (int i = 0; i < commands.size(); i++) {
            assertThat(page.shell(commands.get(i), exitCodes.get(i)))
                    .as(commands.get(i))
                    .isEqualTo(said.get(i));
        }
    }
}
