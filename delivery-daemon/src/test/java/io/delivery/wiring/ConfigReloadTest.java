package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.stream.BrokenReloadException;
import io.delivery.stream.DefinitionRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When the configuration file is read again, and what is told of it; the clock is simulated. */
class ConfigReloadTest extends KeptFile {
    // --- when it is read ---

    @Test
    void other_contents_come_into_force_once_when_two_looks_have_seen_them() throws Exception {
        Files.writeString(file, text("second"));

        look();
        assertThat(inForce).isEmpty();
        looks(5);

        assertThat(inForce).containsExactly("second");
        assertThat(told("file changed: configuration in force: streams=1 stores=1")).hasSize(1);
        assertThat(stale()).isEqualTo("0.0");
        assertThat(reload.trouble()).isEmpty();
    }

    @Test
    void a_file_that_is_written_in_pieces_is_read_when_it_is_whole() throws Exception {
        String whole = text("second");
        for (int length = 0; length <= whole.length(); length += 20) {
            Files.writeString(file, whole.substring(0, length));
            look();
        }
        Files.writeString(file, whole);
        looks(3);

        assertThat(inForce).containsExactly("second");
        assertThat(told("refused")).isEmpty();
    }

    @Test
    void the_swap_of_a_link_above_it_is_a_change_as_kubernetes_does_it() throws Exception {
        Path volume = Files.createDirectory(folder.resolve("volume"));
        file = volume.resolve("delivery.yaml");
        Files.createDirectory(volume.resolve("..v1"));
        Files.createSymbolicLink(volume.resolve("..data"), Path.of("..v1"));
        Files.createSymbolicLink(file, Path.of("..data/delivery.yaml"));
        follow(text("first"));

        Files.createDirectory(volume.resolve("..v2"));
        Files.writeString(volume.resolve("..v2/delivery.yaml"), text("second"));
        Path link = Files.createSymbolicLink(volume.resolve("..data_tmp"), Path.of("..v2"));
        Files.move(
                link,
                volume.resolve("..data"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        looks(3);

        assertThat(inForce).containsExactly("second");
    }

    @Test
    void another_content_of_a_file_that_it_names_is_a_change() throws Exception {
        Files.writeString(folder.resolve("bucket"), "first\n");
        follow(text("'${file:bucket}'"));

        Files.writeString(folder.resolve("bucket"), "second\n");
        looks(3);

        assertThat(inForce).containsExactly("second");
    }

    @Test
    void a_file_that_another_version_names_is_watched_from_then_on() throws Exception {
        Files.writeString(folder.resolve("bucket"), "second\n");
        Files.writeString(file, text("'${file:bucket}'"));
        looks(3);
        Files.writeString(folder.resolve("bucket"), "third\n");
        looks(3);

        assertThat(inForce).containsExactly("second", "third");
    }

    @Test
    void a_signal_has_it_read_at_once_and_the_looks_do_not_read_it_again() throws Exception {
        Files.writeString(file, text("second"));

        reload.hangUp();
        assertThat(inForce).containsExactly("second");
        looks(5);

        assertThat(inForce).containsExactly("second");
        assertThat(told("SIGHUP: configuration in force")).hasSize(1);
    }

    @Test
    void a_signal_has_it_read_although_it_is_the_same() {
        reload.hangUp();

        assertThat(inForce).containsExactly("first");
    }

    @Test
    void without_reload_on_change_only_a_signal_has_it_read() throws Exception {
        follow(text("first", ", reloadOnChange: false"));
        Files.writeString(file, text("second", ", reloadOnChange: false"));
        looks(60);
        assertThat(inForce).isEmpty();

        Files.writeString(file, text("third"));
        reload.hangUp();
        assertThat(inForce).containsExactly("third");

        Files.writeString(file, text("fourth"));
        looks(3);
        assertThat(inForce).as("the switch is in force too").containsExactly("third", "fourth");
    }

    @Test
    void nothing_is_read_once_it_is_closed() throws Exception {
        reload.close();
        Files.writeString(file, text("second"));
        looks(5);
        reload.hangUp();

        assertThat(inForce).isEmpty();
    }

    @Test
    void what_changes_while_it_is_read_comes_into_force_when_two_looks_have_seen_it()
            throws Exception {
        Files.writeString(file, compiled("second"));
        whileItIsRead =
                () -> {
                    whileItIsRead = () -> {};
                    write(compiled("third"));
                };
        looks(2);
        assertThat(inForce).as("nobody knows which parts were read").isEmpty();
        looks(3);

        assertThat(inForce).containsExactly("third");
        assertThat(told("refused")).isEmpty();
    }

    @Test
    void what_is_wrong_with_a_file_that_changes_while_it_is_read_is_not_told() throws Exception {
        Files.writeString(file, compiled("second").replace("bucket:", "bukcet:"));
        whileItIsRead =
                () -> {
                    whileItIsRead = () -> {};
                    write(text("third"));
                };
        looks(5);

        assertThat(inForce).containsExactly("third");
        assertThat(told("refused")).isEmpty();
    }

    @Test
    void a_file_that_two_settings_name_is_the_same_for_both() throws Exception {
        Path bucket = Files.writeString(folder.resolve("bucket"), "first");
        String one = compiled("'${file:bucket}'");
        List<String> reads = new ArrayList<>();
        whileItIsRead =
                () -> {
                    reads.add("program");
                    if (reads.size() == 2) { // that of the other stream
                        try {
                            Files.writeString(bucket, "second");
                        } catch (IOException failed) {
                            throw new UncheckedIOException(failed);
                        }
                    }
                };
        follow(
                one.replace(
                        "}}}",
                        "}}, other: {processors: [{regex: '(?<a>.)'}], destination: {bucket: '${file:bucket}'}}}"));

        assertThat(config.streams())
                .extracting(stream -> stream.destination().bucket())
                .containsExactly("first", "first");
        looks(3);
        assertThat(inForce).as("and what has changed is noticed").containsExactly("second");
    }

    @Test
    void a_change_is_seen_although_a_file_that_was_named_is_gone() throws Exception {
        Path bucket = Files.writeString(folder.resolve("bucket"), "first\n");
        follow(text("'${file:bucket}'"));
        Files.delete(bucket);
        looks(5);
        assertThat(reload.trouble().orElseThrow())
                .contains("${file:bucket}: there is no such file");

        Files.writeString(file, text("second"));
        looks(3);

        assertThat(inForce).containsExactly("second");
        assertThat(reload.trouble()).isEmpty();
    }

    @Test
    void a_signal_that_comes_before_the_start_has_ended_counts_then() throws Exception {
        HangUp hangUp = new HangUp();
        hangUp.signal();
        Files.writeString(file, text("second"));

        hangUp.started(reload);

        assertThat(inForce).containsExactly("second");
    }

    @Test
    void a_signal_that_comes_while_the_service_stops_is_answered_in_the_log() {
        reload.close();
        reload.hangUp();

        assertThat(told("SIGHUP: the service is stopping; nothing has been changed")).hasSize(1);
    }

    // --- what is refused ---

    @Test
    void what_a_signal_finds_wrong_with_the_same_file_is_told_until_it_is_right() throws Exception {
        refusal = Optional.of(new DefinitionRefusedException("the code of enrich is not there"));
        reload.hangUp();
        looks(20);
        assertThat(reload.trouble().orElseThrow()).contains("the code of enrich is not there");
        assertThat(told("has its former contents again")).isEmpty();

        refusal = Optional.empty();
        looks(15);

        assertThat(reload.trouble()).isEmpty();
        assertThat(inForce).containsExactly("first");
    }

    @Test
    void an_error_of_the_program_ends_no_look_either() throws Exception {
        Files.writeString(file, compiled("second"));
        whileItIsRead =
                () -> {
                    throw new StackOverflowError();
                };
        looks(3);
        assertThat(reload.trouble().orElseThrow()).contains("StackOverflowError");

        Files.writeString(file, text("third"));
        looks(3);
        assertThat(inForce).containsExactly("third");
    }

    @Test
    void a_bad_file_changes_nothing_is_told_once_and_recovers_when_it_is_good() throws Exception {
        Files.writeString(file, text("second").replace("bucket:", "bukcet:"));
        looks(100);

        assertThat(inForce).isEmpty();
        assertThat(told("file changed: configuration refused, nothing has been changed"))
                .hasSize(2)
                .anyMatch(
                        line -> line.contains("delivery.yaml:3 streams.notes.destination.bukcet"));
        assertThat(stale()).isEqualTo("1.0");
        assertThat(reload.trouble().orElseThrow())
                .startsWith(file + ": its contents are not in force")
                .contains("streams.notes.destination.bukcet", "read again when it changes");

        Files.writeString(file, text("third"));
        looks(3);

        assertThat(inForce).containsExactly("third");
        assertThat(stale()).isEqualTo("0.0");
        assertThat(reload.trouble()).isEmpty();
    }

    @Test
    void a_bad_file_that_is_taken_back_is_no_trouble_any_more_and_nothing_is_read()
            throws Exception {
        String before = Files.readString(file);
        Files.writeString(file, "streams: [");
        looks(3);
        assertThat(reload.trouble()).isPresent();

        Files.writeString(file, before);
        looks(3);

        assertThat(reload.trouble()).isEmpty();
        assertThat(inForce).isEmpty();
        assertThat(told("has its former contents again")).hasSize(1);
    }

    @Test
    void a_file_that_is_empty_or_gone_changes_nothing() throws Exception {
        Files.writeString(file, "");
        looks(3);
        assertThat(reload.trouble().orElseThrow()).contains("is empty");

        Files.delete(file);
        looks(3);
        assertThat(reload.trouble().orElseThrow()).contains("there is no such file");
        assertThat(inForce).isEmpty();
    }

    @Test
    void what_is_refused_is_tried_again_after_30_s_for_what_it_names_may_come_later()
            throws Exception {
        refusal = Optional.of(new DefinitionRefusedException("the key is not mounted yet"));
        Files.writeString(file, text("second"));
        looks(20);
        assertThat(reload.trouble().orElseThrow()).contains("the key is not mounted yet");

        refusal = Optional.empty();
        looks(5);
        assertThat(inForce).isEmpty();
        looks(30);

        assertThat(inForce).containsExactly("second");
        assertThat(reload.trouble()).isEmpty();
        assertThat(told("refused")).hasSize(1);
    }

    @Test
    void whoever_sends_a_signal_hears_each_time_why_it_is_refused() throws Exception {
        refusal = Optional.of(new DefinitionRefusedException(List.of("one", "two")));
        reload.hangUp();
        reload.hangUp();

        assertThat(told("SIGHUP: configuration refused, nothing has been changed: error=one"))
                .hasSize(2);
        assertThat(told("error=two")).hasSize(2);
    }

    @Test
    void a_defect_of_the_program_ends_no_look_and_is_told() throws Exception {
        refusal = Optional.of(new IllegalStateException("a defect"));
        Files.writeString(file, text("second"));
        looks(3);
        assertThat(reload.trouble().orElseThrow()).contains("a defect");

        refusal = Optional.empty();
        Files.writeString(file, text("third"));
        looks(3);
        assertThat(inForce).containsExactly("third");
    }

    @Test
    void a_service_that_is_told_by_signals_is_told_to_send_one() throws Exception {
        follow(text("first", ", reloadOnChange: false"));
        Files.writeString(file, "nonsense");
        reload.hangUp();

        assertThat(reload.trouble().orElseThrow()).endsWith("send SIGHUP then");
    }

    @Test
    void an_error_while_the_files_are_looked_at_ends_no_look_either() throws Exception {
        // The second look has the file read; files are looked at before it is read, and after.
        for (int at = 3; at <= 4; at++) {
            String bucket = "second" + at;
            int[] left = {at};
            whileItIsLookedAt =
                    () -> {
                        left[0]--;
                        if (left[0] == 0) {
                            throw new StackOverflowError();
                        }
                    };
            Files.writeString(file, text(bucket));
            looks(2);
            assertThat(left[0]).as("it was thrown").isLessThanOrEqualTo(0);
            assertThat(reload.trouble().orElseThrow()).contains("StackOverflowError");

            looks(33);
            assertThat(inForce).last().isEqualTo(bucket);
            assertThat(reload.trouble()).isEmpty();
        }
    }

    @Test
    void a_reload_that_broke_off_is_told_so_and_the_former_contents_are_read_again()
            throws Exception {
        String before = Files.readString(file);
        refusal = Optional.of(new BrokenReloadException(new StackOverflowError()));
        Files.writeString(file, text("second"));
        looks(3);
        assertThat(told("configuration change broken off, part of it may be in force"))
                .hasSize(1)
                .allMatch(line -> line.contains("StackOverflowError"));
        assertThat(told("nothing has been changed")).isEmpty();
        assertThat(reload.trouble().orElseThrow()).contains("in force in part only");

        refusal = Optional.empty();
        Files.writeString(file, before);
        looks(3);

        assertThat(inForce).containsExactly("first");
        assertThat(reload.trouble()).isEmpty();
    }

    @Test
    void what_is_refused_after_a_reload_that_broke_off_is_not_said_to_leave_the_former_in_force()
            throws Exception {
        refusal = Optional.of(new BrokenReloadException(new StackOverflowError()));
        Files.writeString(file, text("second"));
        looks(3);
        for (String wrong : List.of("third", "fourth")) {
            refusal = Optional.of(new IllegalArgumentException(wrong + " is refused"));
            Files.writeString(file, text(wrong));
            looks(3);
            assertThat(reload.trouble().orElseThrow())
                    .contains(wrong + " is refused", "of those that were read before them a part")
                    .doesNotContain("the former configuration counts");
        }

        refusal = Optional.empty();
        Files.writeString(file, text("fifth"));
        looks(3);
        assertThat(reload.trouble()).isEmpty();
        refusal = Optional.of(new IllegalArgumentException("sixth is refused"));
        Files.writeString(file, text("sixth"));
        looks(3);
        assertThat(reload.trouble().orElseThrow()).contains("the former configuration counts");
    }
}
