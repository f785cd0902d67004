package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir private Path folder;

    private static Optional<String> open(Path path) throws Exception {
        try (DataDirectory directory = DataDirectory.open(path)) {
            return directory.copiedFrom();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @Test
    void a_copy_is_told_once_with_the_place_that_it_is_from() throws Exception {
        Path original = folder.resolve("data");
        assertThat(open(original)).as("new").isEmpty();
        assertThat(open(original)).as("used again").isEmpty();
        Path copied = folder.resolve("copy");
        copy(original, copied);

        assertThat(open(copied)).contains(original.toString());
        assertThat(open(copied)).as("told already").isEmpty();
        assertThat(open(original)).as("nobody copied that one").isEmpty();
    }

    @Test
    void one_that_was_moved_is_no_copy() throws Exception {
        Path original = folder.resolve("data");
        open(original);
        Path moved = folder.resolve("elsewhere");

        Files.move(original, moved);

        assertThat(open(moved)).isEmpty();
    }

    @Test
    void one_that_was_restored_in_its_own_place_is_told_too() throws Exception {
        Path original = folder.resolve("data");
        open(original);
        Path saved = folder.resolve("saved");
        copy(original, saved);
        Path held = folder.resolve("held"); // keeps the inode from being given again
        Files.move(original, held);

        copy(saved, original);

        assertThat(open(original)).contains(original.toString());
    }

    @Test
    void a_directory_of_an_earlier_program_or_with_rubbish_in_its_place_is_no_copy()
            throws Exception {
        Path original = folder.resolve("data");
        open(original);

        Files.delete(original.resolve("place"));
        assertThat(open(original)).isEmpty();
        Files.writeString(original.resolve("place"), "half of");
        assertThat(open(original)).isEmpty();
    }

    @Test
    void a_place_that_cannot_be_noted_keeps_nobody_from_starting() throws Exception {
        Path original = folder.resolve("data");
        Files.createDirectories(original.resolve("place.new/in-the-way"));

        assertThat(open(original)).isEmpty();
    }
}
