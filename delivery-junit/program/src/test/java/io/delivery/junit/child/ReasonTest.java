package io.delivery.junit.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ReasonTest {
    @Test
    void a_message_that_is_a_name_alone_has_the_exception_with_it() {
        assertThat(Reason.of(new NoSuchFileException("/tmp/x")))
                .isEqualTo("java.nio.file.NoSuchFileException: /tmp/x");
        assertThat(Reason.of(new UnknownHostException("s3.example")))
                .isEqualTo("java.net.UnknownHostException: s3.example");
        assertThat(Reason.of(new NullPointerException()))
                .isEqualTo("java.lang.NullPointerException");
    }

    @Test
    void a_message_that_is_a_sentence_stands_alone() {
        assertThat(Reason.of(new IllegalStateException("it is so"))).isEqualTo("it is so");
        assertThat(Reason.of(new FileSystemException("/tmp/x", null, "No space left on device")))
                .isEqualTo("/tmp/x: No space left on device");
    }
}
