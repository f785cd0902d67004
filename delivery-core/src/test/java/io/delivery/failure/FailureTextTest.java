package io.delivery.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTextTest {
    private static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new NoSuchFileException("/lake/a"), "/lake/a does not exist"),
                Arguments.of(
                        new AccessDeniedException("/lake/a"),
                        "/lake/a may not be read or written by this process (permission denied)"),
                Arguments.of(new FileAlreadyExistsException("/a"), "/a is already there"),
                Arguments.of(new NotDirectoryException("/a"), "/a is not a directory"),
                Arguments.of(
                        new DirectoryNotEmptyException("/a"),
                        "/a is a directory that is not empty"),
                Arguments.of(
                        new FileSystemException("/a", null, "No space left on device"),
                        "/a: No space left on device"),
                Arguments.of(
                        new FileSystemException("/a", "/b", "Invalid cross-device link"),
                        "/a -> /b: Invalid cross-device link"),
                Arguments.of(new NoSuchFileException(null, null, null), "failed with no such file"),
                Arguments.of(
                        new UncheckedIOException(new NoSuchFileException("/a")),
                        "/a does not exist"),
                Arguments.of(
                        new CompletionException(new IOException(new NoSuchFileException("/a"))),
                        "/a does not exist"),
                Arguments.of(
                        new UnknownHostException("minio"),
                        "the host name cannot be resolved: minio"),
                Arguments.of(new ConnectException(), "the connection was refused"),
                Arguments.of(new ConnectException("Connection refused"), "Connection refused"),
                Arguments.of(
                        new IOException("PKIX: java.security.cert.CertPathException: no path"),
                        "PKIX: no path"),
                Arguments.of(new SocketTimeoutException(), "no answer came within the time"),
                Arguments.of(new ClosedChannelException(), "the connection or file was closed"),
                Arguments.of(new EOFException(), "the data ended too early"),
                Arguments.of(new TimeoutException(), "it was not done within the time"),
                Arguments.of(new IOException(), "an input or output error"),
                Arguments.of(
                        new IOException("Connection reset by peer"), "Connection reset by peer"),
                Arguments.of(
                        new IOException("/lake/a", new EOFException()),
                        "an input or output error: /lake/a: the data ended too early"),
                Arguments.of(new OutOfMemoryError(), "the memory of the process is used up"),
                Arguments.of(
                        new IllegalStateException("the range is not sealed"),
                        "the range is not sealed"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void an_exception_is_told_in_words(Throwable failure, String words) {
        assertThat(FailureText.of(failure)).isEqualTo(words);
    }

    @Test
    void a_defect_without_a_message_tells_its_place() {
        assertThat(FailureText.of(new NullPointerException()))
                .startsWith("a defect of the program, null pointer at FailureTextTest.java:");
        assertThat(FailureText.of(new ArrayIndexOutOfBoundsException("7")))
                .startsWith("a defect of the program, array index out of bounds: 7 at Failure");
    }

    @Test
    void causes_that_lead_in_a_circle_end_somewhere() {
        IOException first = new IOException("/a");
        IOException second = new IOException("/b", first);
        first.initCause(second);

        assertThat(FailureText.of(first)).startsWith("an input or output error: /a: ");
    }

    @Test
    void a_defect_is_called_one_once() {
        assertThat(FailureText.ofDefect(new IllegalStateException("the range is sealed")))
                .isEqualTo("a defect of the program: the range is sealed");
        assertThat(FailureText.ofDefect(new NullPointerException()))
                .startsWith("a defect of the program, null pointer at ");
    }

    @Test
    void what_the_file_system_says_is_never_a_path_alone(@TempDir Path folder) {
        Path missing = folder.resolve("missing");

        String words = "";
        try {
            Files.newInputStream(missing).close();
        } catch (IOException failure) {
            words = FailureText.of(failure);
        }

        assertThat(words).isEqualTo(missing + " does not exist");
    }
}
