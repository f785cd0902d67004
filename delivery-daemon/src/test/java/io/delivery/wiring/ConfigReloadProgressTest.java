package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.stream.StreamChange;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is told of a reload that takes its time, or that leaves something to be done. */
class ConfigReloadProgressTest extends KeptFile {
    // --- what takes its time, and what is left ---

    @Test
    void a_reload_that_does_not_end_is_told_until_it_has_ended() throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        gates.add(gate);
        Files.writeString(file, text("second"));
        looks(30);
        assertThat(reload.trouble()).isEmpty();
        looks(40);
        assertThat(reload.trouble().orElseThrow())
                .contains("what brings it into force has not ended yet, for more than 60 s");
        assertThat(stale()).isEqualTo("1.0");

        gate.complete(null);
        assertThat(inForce).containsExactly("second");
        assertThat(reload.trouble()).isEmpty();
    }

    @Test
    void what_was_read_last_is_told_although_what_was_read_before_ends_later() throws Exception {
        follow(text("first", ", reloadOnChange: false"));
        CompletableFuture<Void> gate = new CompletableFuture<>();
        gates.add(gate);
        Files.writeString(file, text("second", ", reloadOnChange: false"));
        reload.hangUp();
        Files.writeString(file, "streams: [");
        reload.hangUp();

        gate.complete(null);
        looks(5);

        assertThat(inForce).containsExactly("second");
        assertThat(reload.trouble().orElseThrow()).contains("is not YAML", "send SIGHUP then");
    }

    @Test
    void a_stream_that_could_not_be_changed_is_told_and_tried_again_every_30_s() throws Exception {
        StreamChange kept =
                new StreamChange("notes", StreamChange.Kind.NEW_VERSION, "the disk is full");
        changes = List.of(kept);
        Files.writeString(file, text("second"));
        looks(3);
        assertThat(reload.trouble().orElseThrow())
                .contains("streams are not changed yet: stream notes: the disk is full");
        assertThat(stale()).isEqualTo("1.0");
        looks(70);
        assertThat(inForce).containsExactly("second", "second", "second");
        assertThat(told("not changed yet: stream=notes reason=the disk is full")).hasSize(1);

        changes = List.of();
        looks(31);

        assertThat(reload.trouble()).isEmpty();
        assertThat(stale()).isEqualTo("0.0");
        looks(60);
        assertThat(inForce).hasSize(4);
    }

    @Test
    void a_stream_that_was_to_be_opened_and_is_closed_tells_that_itself() throws Exception {
        changes = List.of(new StreamChange("notes", StreamChange.Kind.OPENED, "it is damaged"));
        Files.writeString(file, text("second"));
        looks(3);

        assertThat(told("not changed yet: stream=notes reason=it is damaged")).hasSize(1);
        assertThat(reload.trouble()).isEmpty();
        looks(60);
        assertThat(inForce).containsExactly("second");
    }
}
