package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The list that the archive of classes of an image is made of. Without its classes a start is
 * slower.
 */
class ImageClassesTest {
    private static final Path LIST = Path.of("../deploy/image/classes.txt");

    @Test
    void at_most_one_of_fifty_classes_in_the_list_is_gone_from_the_program() throws IOException {
        List<String> listed;
        try (var lines = Files.lines(LIST)) {
            listed = lines.filter(line -> line.startsWith("io/delivery/")).toList();
        }

        List<String> gone =
                listed.stream()
                        .filter(
                                name ->
                                        getClass().getClassLoader().getResource(name + ".class")
                                                == null)
                        .toList();

        assertThat(listed).hasSizeGreaterThan(500);
        assertThat(gone)
                .as("deploy/image/classes writes %s anew", LIST)
                .hasSizeLessThanOrEqualTo(listed.size() / 50);
    }
}
