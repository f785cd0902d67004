package io.delivery.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.proof.BrokenPromises.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectWatchTest {
    private static final String KEY =
            "main/k=1/lines-1-2026-11-21-07-44-30-ddcb27a3-955f-4c0b-b938-6648affa1e21";

    @TempDir private Path bucket;

    private final BrokenPromises violations = new BrokenPromises();
    private ObjectWatch watch;

    @BeforeEach
    void see() throws Exception {
        Files.createDirectories(bucket.resolve("main/k=1"));
        Files.writeString(bucket.resolve(KEY), "first");
        Files.writeString(bucket.resolve("elsewhere"), "not ours");
        Files.writeString(
                bucket.resolve(KEY + "-97ebad9a-d4c7-4b15-9eb4-d1c6250669db"), "being written");
        watch = new ObjectWatch(new DirectoryLake(bucket), "main/", violations);
        watch.look();
    }

    @Test
    void only_what_has_the_prefix_and_a_name_of_ours_is_watched() {
        assertThat(watch.objects()).isEqualTo(1);
    }

    @Test
    void the_same_bytes_are_no_violation() {
        watch.compare(KEY, "first".getBytes(UTF_8));
        watch.compare(KEY + ".gz", "second".getBytes(UTF_8));
        watch.allThere(Set.of(KEY, KEY + ".gz"));

        assertThat(violations.none()).isTrue();
    }

    @Test
    void other_bytes_of_the_same_length_are_found_at_the_end() {
        watch.compare(KEY, "fIrst".getBytes(UTF_8));

        assertThat(violations.counts()).containsOnly(Map.entry(Kind.OBJECT_CHANGED, 1L));
    }

    @Test
    void another_length_is_found_while_it_runs() throws Exception {
        Files.writeString(bucket.resolve(KEY), "longer");

        watch.look();

        assertThat(violations.counts()).containsOnly(Map.entry(Kind.OBJECT_CHANGED, 1L));
    }

    @Test
    void what_has_gone_is_found() throws Exception {
        Files.delete(bucket.resolve(KEY));

        watch.look();
        watch.allThere(Set.of());

        assertThat(violations.counts()).containsOnly(Map.entry(Kind.OBJECT_GONE, 1L));
    }

    @Test
    void a_look_that_the_end_interrupts_is_no_trouble_of_the_store() throws Exception {
        CountDownLatch looking = new CountDownLatch(1);
        Lake slow =
                new Lake() {
                    @Override
                    public Map<String, Long> list(String prefix) throws IOException {
                        looking.countDown();
                        try {
                            new CountDownLatch(1).await();
                            return Map.of();
                        } catch (InterruptedException stopped) {
                            throw new InterruptedIOException("interrupted");
                        }
                    }

                    @Override
                    public Optional<byte[]> read(String key) {
                        return Optional.empty();
                    }

                    @Override
                    public Optional<Map<String, Integer>> versions(String prefix) {
                        return Optional.empty();
                    }

                    @Override
                    public void remove(String key) {}

                    @Override
                    public void close() {}
                };
        ObjectWatch interrupted = new ObjectWatch(slow, "main/", violations);
        interrupted.start();
        looking.await();

        interrupted.stop();

        assertThat(interrupted.lastTrouble()).isEmpty();
    }
}
