package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The key of a store in a file that is replaced while the program runs. */
class FileCredentialsTest {
    @TempDir private Path folder;

    private Path file() {
        return folder.resolve("credentials");
    }

    private FileCredentials holding(String text) throws IOException {
        Files.writeString(file(), text);
        return new FileCredentials(file());
    }

    private static String key(String id, String secret) {
        return "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n"
                .formatted(id, secret);
    }

    private void replace(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), text);
        Files.move(next, file(), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void the_key_is_that_of_the_default_profile() throws Exception {
        FileCredentials credentials =
                holding("[other]\naws_access_key_id = x\n" + key("first", "one"));

        AwsCredentials given = credentials.resolveCredentials();

        assertThat(given.accessKeyId()).isEqualTo("first");
        assertThat(given.secretAccessKey()).isEqualTo("one");
        assertThat(given).isNotInstanceOf(AwsSessionCredentials.class);
    }

    @Test
    void another_key_is_used_by_the_next_request() throws Exception {
        FileCredentials credentials = holding(key("first", "one"));
        credentials.resolveCredentials();

        replace(key("other", "two") + "aws_session_token = token\n");

        AwsCredentials given = credentials.resolveCredentials();
        assertThat(given.accessKeyId()).isEqualTo("other");
        assertThat(given)
                .isInstanceOfSatisfying(
                        AwsSessionCredentials.class,
                        session -> assertThat(session.sessionToken()).isEqualTo("token"));
    }

    @Test
    void an_empty_session_token_is_none() throws Exception {
        FileCredentials credentials = holding(key("first", "one") + "aws_session_token =\n");

        assertThat(credentials.resolveCredentials()).isNotInstanceOf(AwsSessionCredentials.class);
    }

    @Test
    void a_file_that_is_too_long_is_refused_and_not_read_to_its_end() throws Exception {
        Files.writeString(file(), key("first", "one") + "# x\n".repeat((4 << 20) / 4));

        assertThatThrownBy(() -> FileCredentials.check(file()))
                .isInstanceOf(IOException.class)
                .hasMessage(file() + " is longer than 4MB");
    }

    @Test
    void a_link_that_is_led_elsewhere_has_another_key() throws Exception {
        Files.writeString(
                Files.createDirectory(folder.resolve("..one")).resolve("key"), key("one", "s"));
        Files.writeString(
                Files.createDirectory(folder.resolve("..two")).resolve("key"), key("two", "s"));
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..one"));
        Path link = Files.createSymbolicLink(folder.resolve("key"), Path.of("..data", "key"));
        FileCredentials credentials = new FileCredentials(link);
        assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("one");

        Path next = Files.createSymbolicLink(folder.resolve("..next"), Path.of("..two"));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("two");
    }

    @Test
    void the_former_key_counts_while_the_file_is_broken_or_gone() throws Exception {
        FileCredentials credentials = holding(key("first", "one"));
        credentials.resolveCredentials();

        for (String broken :
                List.of(
                        "",
                        "[default",
                        "[default]\naws_access_key_id = other\n",
                        "[default]\naws_access_key_id = other\naws_secret_access_key =\n",
                        "[another]\naws_access_key_id = other\naws_secret_access_key = two\n")) {
            replace(broken);
            assertThat(credentials.resolveCredentials().accessKeyId())
                    .as(broken)
                    .isEqualTo("first");
        }
        Files.delete(file());
        assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("first");

        replace(key("other", "two"));
        assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("other");
    }

    @Test
    void a_file_that_never_had_a_key_is_named_and_nothing_of_it_is_shown() throws Exception {
        FileCredentials credentials = holding("[default]\nhidden-secret without equals\n");

        assertThatThrownBy(credentials::resolveCredentials)
                .isInstanceOf(SdkClientException.class)
                .hasMessageStartingWith("no credentials: ")
                .hasMessageContaining(file().toString())
                .hasMessageNotContaining("hidden-secret");
        assertThatThrownBy(() -> FileCredentials.check(folder.resolve("none")))
                .isInstanceOf(IOException.class)
                .hasMessage(folder.resolve("none") + " is no file that is there");
        Files.writeString(file(), "[default]\naws_access_key_id = a\n");
        assertThatThrownBy(() -> FileCredentials.check(file()))
                .hasMessage(file() + " has no aws_secret_access_key in [default]");
    }
}
