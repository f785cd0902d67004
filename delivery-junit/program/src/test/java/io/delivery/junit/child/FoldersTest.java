package io.delivery.junit.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
    private static final int WRITERS = 2;

    @TempDir private Path temporary;

    /** They write for as long as the folder is there, however long that is. */
    @Test
    void a_folder_is_removed_while_others_write_into_it() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("service"));
        CountDownLatch writing = new CountDownLatch(WRITERS);
        AtomicBoolean stopped = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            for (int i = 0; i < WRITERS; i++) {
                Path lane = Files.createDirectories(folder.resolve("streams/orders/lanes/" + i));
                threads.execute(() -> write(lane, stopped, writing));
            }
            assertThat(writing.await(60, TimeUnit.SECONDS)).isTrue();

            Folders.remove(folder);

            assertThat(temporary).isEmptyDirectory();
        } finally {
            stopped.set(true);
            threads.shutdown();
            assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void write(Path lane, AtomicBoolean stopped, CountDownLatch writing) {
        for (int i = 0; !stopped.get(); i++) {
            try {
                // Makes the folder anew where only that is gone, as a service does with a lane.
                if (Files.exists(lane.getParent()) && Files.notExists(lane)) {
                    Files.createDirectory(lane);
                }
                Files.createFile(lane.resolve("file-" + i));
            } catch (IOException removed) {
                // As it was meant to be.
            }
            writing.countDown();
        }
    }

    /** Its own name is gone before anything that is in it. */
    @Test
    void a_folder_has_another_name_while_it_is_removed() throws Exception {
        Path folder = Files.createDirectories(temporary.resolve("service"));
        Files.createFile(folder.resolve("file"));
        List<String> names = new ArrayList<>();
        try (WatchService watch = temporary.getFileSystem().newWatchService()) {
            temporary.register(
                    watch,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_DELETE);

            Folders.remove(folder);

            while (names.size() < 3) {
                WatchKey key = watch.poll(60, TimeUnit.SECONDS);
                assertThat(key).as("what has become of it after %s", names).isNotNull();
                key.pollEvents()
                        .forEach(event -> names.add(event.kind().name() + " " + event.context()));
                key.reset();
            }
        }
        assertThat(names.get(0)).isEqualTo("ENTRY_DELETE service");
        assertThat(names.get(1)).startsWith("ENTRY_CREATE service-removed-");
        assertThat(names.get(2)).startsWith("ENTRY_DELETE service-removed-");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void what_cannot_be_removed_stays_under_its_own_name() throws Exception {
        Path folder = Files.createDirectories(temporary.resolve("service"));
        Files.createFile(folder.resolve("held"));

        Folders.remove(folder, 0);

        assertThat(folder.resolve("held")).exists();
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).containsExactly(folder);
        }
    }

    @Test
    void a_folder_that_is_gone_already_is_no_matter() {
        Folders.remove(temporary.resolve("never-there"));
    }

    @Test
    void what_a_link_leads_to_stays() throws Exception {
        Path kept = Files.writeString(temporary.resolve("kept"), "kept");
        Path others = Files.createDirectory(temporary.resolve("others"));
        Files.createFile(others.resolve("kept-too"));
        Path folder = Files.createDirectory(temporary.resolve("service"));
        Files.createSymbolicLink(folder.resolve("link"), kept);
        Files.createSymbolicLink(folder.resolve("folder-link"), others);

        Folders.remove(folder);

        assertThat(folder).doesNotExist();
        assertThat(kept).exists();
        assertThat(others.resolve("kept-too")).exists();
    }
}
