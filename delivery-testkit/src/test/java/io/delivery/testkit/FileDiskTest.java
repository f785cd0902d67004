package io.delivery.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.machine.FileDisk;
import io.delivery.testkit.contract.DiskContract;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDiskTest extends DiskContract {
    private final FileDisk disk = new FileDisk();
    @TempDir private Path root;

    @Override
    protected Disk disk() {
        return disk;
    }

    @Override
    protected Path root() {
        return root;
    }

    /** Linux has a device for this: it opens, and every write to it fails with ENOSPC. */
    @Test
    void a_full_disk_is_told_from_other_failures() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "no /dev/full on this system");

        try (DiskFile file = disk.open(full)) {
            assertThatThrownBy(() -> file.write(ByteBuffer.allocate(10), 0))
                    .isInstanceOf(DiskFullException.class)
                    .hasMessage("no space left for /dev/full");
        }
    }

    @Test
    void what_is_written_to_all_files_is_counted_and_what_is_allocated_is_not() throws IOException {
        try (DiskFile one = disk.create(root.resolve("one"));
                DiskFile other = disk.create(root.resolve("other"))) {
            one.allocate(2 << 20);
            one.write(ByteBuffer.allocate(3 << 20), 0); // in pieces
            other.write(ByteBuffer.allocateDirect(5), 7);
        }

        assertThat(disk.bytesWritten()).isEqualTo((3 << 20) + 5);
        assertThat(new FileDisk().bytesWritten()).isZero();
    }

    @Test
    void what_a_full_disk_has_not_taken_is_not_counted() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "no /dev/full on this system");

        try (DiskFile file = disk.open(full)) {
            assertThatThrownBy(() -> file.write(ByteBuffer.allocate(10), 0))
                    .isInstanceOf(DiskFullException.class);
        }

        assertThat(disk.bytesWritten()).isZero();
    }

    @Test
    void a_large_heap_buffer_is_read_in_pieces() throws IOException {
        try (DiskFile file = disk.create(root.resolve("a"))) {
            file.allocate(3 << 20);
            ByteBuffer target = ByteBuffer.allocate(3 << 20);

            assertThat(file.read(target, 0)).isBetween(1, 1 << 20);
            assertThat(target.limit()).isEqualTo(3 << 20);
        }
    }
}
