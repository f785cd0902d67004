package io.delivery.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class BoundedFileTest {
    @TempDir private Path folder;

    @Test
    void a_file_is_read_up_to_its_limit_and_through_a_link() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "12345");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        assertThat(BoundedFile.read(file, 5)).asString().isEqualTo("12345");
        assertThat(BoundedFile.read(link, 6)).asString().isEqualTo("12345");
    }

    @Test
    void a_longer_one_is_refused_and_named_only_where_that_is_wanted() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[1025]);

        assertThatThrownBy(() -> BoundedFile.read(file, 1024))
                .isInstanceOfSatisfying(
                        BoundedFile.RefusedException.class,
                        refused -> assertThat(refused.tooLong()).isTrue())
                .hasMessage("is longer than 1KB");
        assertThatThrownBy(() -> BoundedFile.readNamed(file, 1024))
                .hasMessage(file + " is longer than 1KB");
    }

    @Test
    void a_folder_is_no_file() {
        assertThatThrownBy(() -> BoundedFile.read(folder, 1024))
                .isInstanceOfSatisfying(
                        BoundedFile.RefusedException.class,
                        refused -> assertThat(refused.tooLong()).isFalse())
                .hasMessage("is a folder, not a file");
    }

    @Test
    void a_pipe_that_nobody_writes_to_is_not_waited_for() throws Exception {
        Path pipe = folder.resolve("pipe");
        boolean made;
        try {
            made = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
        } catch (IOException noSuchProgram) {
            made = false;
        }
        assumeTrue(made, "this machine has no mkfifo");

        assertThatThrownBy(() -> BoundedFile.readNamed(pipe, 1024))
                .hasMessage(pipe + " is a pipe or a device, not a file");
    }

    @Test
    void one_that_is_not_there_is_told_as_such() {
        assertThatThrownBy(() -> BoundedFile.readNamed(folder.resolve("absent"), 1024))
                .isInstanceOf(NoSuchFileException.class);
    }
}
