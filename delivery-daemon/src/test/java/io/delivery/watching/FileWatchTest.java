package io.delivery.watching;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.telemetry.PrometheusMetrics;
import io.delivery.testkit.SimWorld;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
    @TempDir Path folder;

    private final SimWorld sim = SimWorld.seeded(1);
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final FileWatch watch = new FileWatch(sim.world(), metrics);
    private final List<String> used = new ArrayList<>();
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("secret"), "first");
        watch.add("secret", FileContents.of(List.of(file)), this::use);
        watch.start();
    }

    @AfterEach
    void end() {
        watch.close();
    }

    /** Takes everything but what begins with bad. */
    private void use() throws IOException {
        String text = Files.readString(file);
        if (text.startsWith("bad")) {
            throw new IOException("it begins with bad");
        }
        used.add(text);
    }

    private void look() {
        sim.scheduler().runFor(FileWatch.PAUSE);
    }

    @Test
    void what_does_not_change_is_not_used_again() throws IOException {
        look();
        look();
        look();
        Files.setLastModifiedTime(file, FileTime.fromMillis(sim.clock().millis()));
        look();
        look();

        assertThat(used).isEmpty();
        assertThat(watch.troubles()).isEmpty();
    }

    @Test
    void other_contents_are_used_once_when_two_looks_have_seen_them() throws IOException {
        Files.writeString(file, "second");

        look();
        assertThat(used).isEmpty();
        look();
        look();
        look();

        assertThat(used).containsExactly("second");
        assertThat(page())
                .contains("delivery_reloaded_files_total{setting=\"secret\",stream=\"\"} 1.0");
    }

    @Test
    void an_error_with_one_file_keeps_no_other_from_being_used() throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "first");
        List<String> usedOfOther = new ArrayList<>();
        watch.removeIf("secret"::equals);
        watch.add(
                "secret",
                FileContents.of(List.of(file)),
                () -> {
                    throw new NoClassDefFoundError("of/a/Reader");
                });
        watch.add(
                "other",
                FileContents.of(List.of(other)),
                () -> usedOfOther.add(Files.readString(other)));
        Files.writeString(file, "second");
        Files.writeString(other, "second");

        look();
        look();

        assertThat(usedOfOther).containsExactly("second");
        assertThat(watch.troubles())
                .hasSize(1)
                .allMatch(trouble -> trouble.contains("of/a/Reader"));
    }

    @Test
    void a_file_that_is_still_being_written_is_left_alone() throws IOException {
        for (String part : List.of("s", "se", "sec", "seco")) {
            Files.writeString(file, part);
            look();
        }
        assertThat(used).isEmpty();

        Files.writeString(file, "second");
        look();
        look();

        assertThat(used).containsExactly("second");
    }

    @Test
    void another_file_that_is_moved_into_its_place_is_noticed_whatever_its_times()
            throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "moved");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

        look();
        look();

        assertThat(used).containsExactly("moved");
    }

    @Test
    void a_link_that_is_led_elsewhere_is_noticed_as_kubernetes_does_it() throws IOException {
        Path one = Files.createDirectory(folder.resolve("..one"));
        Path two = Files.createDirectory(folder.resolve("..two"));
        Files.writeString(one.resolve("key"), "one");
        Files.writeString(two.resolve("key"), "two");
        Path data = Files.createSymbolicLink(folder.resolve("..data"), one.getFileName());
        file = Files.createSymbolicLink(folder.resolve("key"), Path.of("..data", "key"));
        watch.add("mounted", FileContents.of(List.of(file)), this::use);

        Path next = Files.createSymbolicLink(folder.resolve("..tmp"), two.getFileName());
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(one.resolve("key"));
        look();
        look();

        assertThat(used).containsExactly("two");
    }

    @Test
    void what_cannot_be_used_is_told_and_recovers_by_itself() throws IOException {
        Files.writeString(file, "bad");
        look();
        look();

        assertThat(used).isEmpty();
        assertThat(watch.troubles())
                .containsExactly(
                        "secret: changed files are not in force, the former contents count: it begins with bad");
        assertThat(page()).contains("delivery_stale_files{stream=\"\"} 1.0");

        Files.writeString(file, "good");
        look();
        look();

        assertThat(used).containsExactly("good");
        assertThat(watch.troubles()).isEmpty();
        assertThat(page()).contains("delivery_stale_files{stream=\"\"} 0.0");
    }

    @Test
    void a_file_that_is_gone_is_told_and_its_return_is_no_change() throws IOException {
        Files.delete(file);
        look();
        look();

        assertThat(watch.troubles()).singleElement().asString().endsWith(file + " is not there");

        Files.writeString(file, "first");
        look();

        assertThat(watch.troubles()).isEmpty();
        assertThat(used).isEmpty();
    }

    @Test
    void a_folder_in_its_place_is_no_file() throws IOException {
        Files.delete(file);
        Files.createDirectory(file);
        look();
        look();

        assertThat(watch.troubles()).singleElement().asString().contains("is a folder");
    }

    @Test
    void a_reason_that_is_elsewhere_is_tried_again_although_the_file_stays() throws IOException {
        List<String> missing = new ArrayList<>(List.of("one", "two"));
        Path other = Files.writeString(folder.resolve("needs"), "a");
        watch.add(
                "needs",
                FileContents.of(List.of(other)),
                () -> {
                    if (!missing.isEmpty()) {
                        throw new IOException("lacks " + missing.remove(0));
                    }
                    used.add("needs");
                });
        Files.writeString(other, "b");

        look();
        look();
        look();
        assertThat(watch.troubles()).singleElement().asString().endsWith("lacks two");
        look();

        assertThat(used).containsExactly("needs");
        assertThat(watch.troubles()).isEmpty();
    }

    @Test
    void contents_that_change_while_they_are_used_are_used_once_more() throws IOException {
        Path moving = Files.writeString(folder.resolve("moving"), "one");
        List<String> read = new ArrayList<>();
        watch.add(
                "moving",
                FileContents.of(List.of(moving)),
                () -> {
                    read.add(Files.readString(moving));
                    Files.writeString(moving, "three");
                });
        Files.writeString(moving, "two");

        look();
        look();
        assertThat(read).containsExactly("two");
        look();
        look();

        assertThat(read).containsExactly("two", "three");
    }

    @Test
    void what_changes_back_while_it_is_used_is_used_once_more() throws IOException {
        Path moving = Files.writeString(folder.resolve("moving"), "one");
        List<String> read = new ArrayList<>();
        watch.add(
                "moving",
                FileContents.of(List.of(moving)),
                () -> {
                    read.add(Files.readString(moving));
                    Files.writeString(moving, "one");
                });
        Files.writeString(moving, "two");

        look();
        look();
        look();
        look();

        assertThat(read).containsExactly("two", "one");
    }

    @Test
    void the_former_contents_are_used_again_when_they_come_back_after_a_use_that_failed()
            throws IOException {
        Files.writeString(file, "bad");
        look();
        look();
        Files.writeString(file, "first");

        look();
        look();

        assertThat(used).containsExactly("first");
        assertThat(watch.troubles()).isEmpty();
    }

    @Test
    void what_is_watched_no_more_is_in_no_trouble() throws IOException {
        Files.writeString(file, "bad");
        look();
        look();
        watch.removeIf(setting -> setting.equals("secret"));

        assertThat(watch.troubles()).isEmpty();
    }

    @Test
    void a_use_that_takes_long_holds_no_other_file_up_and_is_asked_for_once() throws IOException {
        Path other = Files.writeString(folder.resolve("slow"), "one");
        List<CompletableFuture<Void>> begun = new ArrayList<>();
        watch.removeIf(setting -> setting.equals("secret"));
        watch.addAsync(
                "slow",
                FileContents.of(List.of(other)),
                () -> {
                    begun.add(new CompletableFuture<>());
                    return begun.get(begun.size() - 1);
                });
        watch.add("secret", FileContents.of(List.of(file)), this::use);
        Files.writeString(other, "two");
        look();
        look();
        look();
        assertThat(begun).hasSize(1);

        Files.writeString(file, "second");
        look();
        look();
        assertThat(used).containsExactly("second");
        assertThat(watch.troubles()).isEmpty();
        for (int second = 0; second < 60; second++) {
            look();
        }
        assertThat(watch.troubles())
                .singleElement()
                .asString()
                .startsWith("slow: changed files are not in force")
                .endsWith("has not ended yet, for more than 60 s");

        begun.get(0).complete(null);
        look();
        look();
        look();
        assertThat(watch.troubles()).isEmpty();
        assertThat(begun).hasSize(1);
        assertThat(page())
                .contains("delivery_reloaded_files_total{setting=\"slow\",stream=\"\"} 1.0");
    }

    @Test
    void a_use_that_fails_later_is_told_and_asked_for_again_and_so_is_one_that_was_overtaken()
            throws IOException {
        Path other = Files.writeString(folder.resolve("slow"), "one");
        List<CompletableFuture<Void>> begun = new ArrayList<>();
        watch.addAsync(
                "slow",
                FileContents.of(List.of(other)),
                () -> {
                    begun.add(new CompletableFuture<>());
                    return begun.get(begun.size() - 1);
                });
        Files.writeString(other, "two");
        look();
        look();

        begun.get(0).completeExceptionally(new IOException("no authority"));
        look();
        assertThat(watch.troubles()).singleElement().asString().endsWith("count: no authority");
        look();
        assertThat(begun).hasSize(2);
        Files.writeString(other, "three");
        begun.get(1).complete(null);
        look();
        look();
        look();

        assertThat(begun).as("nobody knows which contents the second one has read").hasSize(3);
        begun.get(2).complete(null);
        look();
        assertThat(watch.troubles()).isEmpty();
    }

    @Test
    void nothing_is_looked_at_after_the_end() throws IOException {
        watch.close();
        Files.writeString(file, "late");
        look();
        look();
        look();

        assertThat(used).isEmpty();
    }

    private String page() throws IOException {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        metrics.writeTo(page);
        return page.toString(StandardCharsets.UTF_8);
    }
}
