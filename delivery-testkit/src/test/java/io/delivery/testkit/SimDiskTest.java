package io.delivery.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.testkit.contract.DiskContract;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimDiskTest extends DiskContract {
    private final Path root = Path.of("/data/stream");
    private SimDisk disk = onDisk(1);

    private SimDisk onDisk(long seed) {
        return new SimDisk(new SimEntropy(seed));
    }

    @BeforeEach
    void directory() throws IOException {
        disk.createDirectories(root);
        disk.syncDirectory(Path.of("/"));
        disk.syncDirectory(Path.of("/data"));
    }

    @Override
    protected Disk disk() {
        return disk;
    }

    @Override
    protected Path root() {
        return root;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private DiskFile durable(Path path, String text) throws IOException {
        DiskFile file = disk.create(path);
        file.write(bytes(text), 0);
        file.sync();
        disk.syncDirectory(path.getParent());
        return file;
    }

    private String text(Path path) throws IOException {
        return new String(disk.bytes(path), StandardCharsets.UTF_8);
    }

    @Test
    void a_killed_process_leaves_everything_it_wrote() throws IOException {
        Path path = root.resolve("a");
        disk.create(path).write(bytes("unsynced"), 0);

        disk.kill();
        disk.restart();

        assertThat(text(path)).isEqualTo("unsynced");
    }

    @Test
    void a_power_cut_leaves_what_was_synced() throws IOException {
        for (long seed = 0; seed < 50; seed++) {
            disk = onDisk(seed);
            directory();
            Path path = root.resolve("a");
            DiskFile file = durable(path, "0123456789");
            file.write(bytes("abc"), 20);
            disk.delete(path);
            disk.create(root.resolve("b"));
            disk.rename(root.resolve("b"), root.resolve("c"));

            disk.powerCutLosingAllUnsynced();
            disk.restart();

            assertThat(disk.list(root)).containsExactly(path);
            assertThat(text(path)).isEqualTo("0123456789");
        }
    }

    @Test
    void a_power_cut_may_lose_keep_or_tear_any_unsynced_write() throws IOException {
        Set<String> outcomes = new HashSet<>();
        for (long seed = 0; seed < 300; seed++) {
            disk = onDisk(seed);
            directory();
            Path path = root.resolve("a");
            DiskFile file = durable(path, "........");
            file.write(bytes("AAAA"), 0);
            file.write(bytes("BBBB"), 4);

            disk.powerCut();
            disk.restart();

            String text = text(path);
            assertThat(text).matches("A*\\.*B*\\.*").hasSize(8);
            outcomes.add(text);
        }
        assertThat(outcomes)
                .contains("........", "AAAABBBB", "AAAA....", "....BBBB", "AA......", "....B...");
    }

    @Test
    void a_power_cut_may_lose_any_unsynced_change_of_a_directory() throws IOException {
        Set<List<Path>> outcomes = new HashSet<>();
        Path a = root.resolve("a");
        Path b = root.resolve("b");
        Path c = root.resolve("c");
        for (long seed = 0; seed < 200; seed++) {
            disk = onDisk(seed);
            directory();
            durable(a, "a");
            disk.rename(a, b);
            disk.create(c).sync();

            disk.powerCut();
            disk.restart();

            outcomes.add(disk.list(root));
        }
        assertThat(outcomes)
                .containsExactlyInAnyOrder(List.of(a), List.of(b), List.of(a, c), List.of(b, c));
    }

    @Test
    void a_synced_file_in_a_directory_whose_name_was_not_synced_is_lost() throws IOException {
        Path below = root.resolve("new/below");
        disk.createDirectories(below);
        durable(below.resolve("a"), "a");

        disk.powerCutLosingAllUnsynced();
        disk.restart();

        assertThat(disk.list(root)).isEmpty();
    }

    @Test
    void a_second_sync_does_not_save_what_a_failed_one_gave_up() throws IOException {
        Set<String> outcomes = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            disk = onDisk(seed);
            directory();
            Path path = root.resolve("a");
            DiskFile file = durable(path, "....");
            file.write(bytes("AAAA"), 0);
            disk.failNextSync(new IOException("EIO on purpose"));
            assertThatThrownBy(file::sync).hasMessage("EIO on purpose");
            file.sync();
            assertThat(text(path)).isEqualTo("AAAA");

            disk.powerCut();
            disk.restart();

            outcomes.add(text(path));
        }
        assertThat(outcomes).contains("....", "AAAA");
    }

    @Test
    void the_process_dies_in_the_call_it_was_told_to_die_in() throws IOException {
        Path path = root.resolve("a");
        disk.crashAfter(3);

        DiskFile file = disk.create(path);
        file.write(bytes("abc"), 0);
        assertThatThrownBy(file::sync).isInstanceOf(SimulatedCrash.class);

        assertThat(disk.crashed()).isTrue();
        assertThatThrownBy(() -> disk.exists(path)).isInstanceOf(SimulatedCrash.class);
        assertThatThrownBy(() -> disk.create(path)).isInstanceOf(SimulatedCrash.class);
        disk.restart();
        assertThat(disk.exists(path)).isTrue();
        assertThatThrownBy(() -> file.write(bytes("x"), 0)).isInstanceOf(SimulatedCrash.class);
        assertThat(text(path)).isEqualTo("abc");
    }

    @Test
    void a_full_disk_takes_what_fits_and_refuses_until_there_is_room() throws IOException {
        DiskFile file = disk.create(root.resolve("a"));
        disk.fullAfter(5);

        assertThatThrownBy(() -> file.write(bytes("0123456789"), 0))
                .isInstanceOf(DiskFullException.class);
        assertThat(file.length()).isEqualTo(5);
        assertThat(disk.usableBytes(root)).hasValue(0);
        assertThatThrownBy(() -> file.allocate(6)).isInstanceOf(DiskFullException.class);
        file.write(bytes("fits"), 0);
        disk.roomAgain();
        file.write(bytes("0123456789"), 0);
        assertThat(text(root.resolve("a"))).isEqualTo("0123456789");
    }

    @Test
    void a_failing_write_may_leave_a_part() throws IOException {
        DiskFile file = disk.create(root.resolve("a"));
        disk.failNextWrite(new IOException("EIO on purpose"));

        assertThatThrownBy(() -> file.write(bytes("0123456789"), 0)).hasMessage("EIO on purpose");

        assertThat("0123456789").startsWith(text(root.resolve("a")));
        file.write(bytes("0123456789"), 0);
        assertThat(text(root.resolve("a"))).isEqualTo("0123456789");
    }

    @Test
    void bits_flip_and_files_shrink_for_good() throws IOException {
        Path path = root.resolve("a");
        durable(path, "abc");

        disk.flipBit(path, 8);
        disk.cut(path, 2);
        disk.powerCut();
        disk.restart();

        assertThat(text(path)).isEqualTo("ac");
    }

    @Test
    void a_disk_that_was_remounted_read_only_refuses_every_change_and_is_read_all_the_same()
            throws IOException {
        Path path = root.resolve("a");
        DiskFile file = durable(path, "kept");

        disk.remountReadOnly();

        assertThatThrownBy(() -> file.write(bytes("x"), 0)).hasMessage("Read-only file system");
        assertThatThrownBy(file::sync).hasMessage("Read-only file system");
        assertThatThrownBy(() -> disk.create(root.resolve("b")))
                .hasMessage("Read-only file system");
        assertThatThrownBy(() -> disk.delete(path)).hasMessage("Read-only file system");
        assertThat(text(path)).isEqualTo("kept");
        assertThat(disk.list(root)).containsExactly(path);

        disk.remountWritable();
        file.write(bytes("K"), 0);
        assertThat(text(path)).isEqualTo("Kept");
    }

    @Test
    void the_world_goes_on_while_a_sync_takes_its_time_and_may_end_in_it() throws IOException {
        Path path = root.resolve("a");
        DiskFile file = durable(path, "kept");
        file.write(bytes("lost"), 0);
        disk.duringNextSync(() -> disk.powerCutLosingAllUnsynced());

        assertThatThrownBy(file::sync).isInstanceOf(SimulatedCrash.class);

        disk.restart();
        assertThat(text(path)).isEqualTo("kept");
    }
}
