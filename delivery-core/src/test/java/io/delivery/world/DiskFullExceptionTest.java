package io.delivery.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiskFullExceptionTest {
    private static final String WORDS = "No space left on device";

    /** Of a library that says what is wrong with a record. */
    private static final class ParseException extends IOException {
        private static final long serialVersionUID = 1L;

        ParseException(String message) {
            super(message);
        }
    }

    @Test
    void what_the_system_says_of_a_full_disk_is_understood_however_it_is_wrapped() {
        for (IOException said :
                List.of(
                        new DiskFullException("no room", null),
                        new IOException(WORDS),
                        new IOException("/tmp/x: Disk quota exceeded"),
                        new FileSystemException("/a", null, WORDS),
                        new FileNotFoundException("/a (" + WORDS + ")"))) {
            assertThat(DiskFullException.isBehind(said)).as("%s", said).isTrue();
            assertThat(
                            DiskFullException.isBehind(
                                    new IllegalStateException(new UncheckedIOException(said))))
                    .as("wrapped: %s", said)
                    .isTrue();
        }
    }

    @Test
    void the_same_words_in_a_record_or_in_a_path_say_nothing_of_the_disk() {
        for (Exception other :
                List.of(
                        new ParseException("unexpected value: " + WORDS),
                        new IOException("value '" + WORDS + "' is no number"),
                        new FileSystemException("/" + WORDS, null, "Permission denied"),
                        new FileSystemException("/" + WORDS),
                        new FileNotFoundException("/" + WORDS + " (Permission denied)"),
                        new IOException(),
                        new IllegalArgumentException(WORDS))) {
            assertThat(DiskFullException.isBehind(other)).as("%s", other).isFalse();
        }
    }
}
