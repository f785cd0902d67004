package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.engine.DataVolume;
import io.delivery.engine.DiskShares;
import io.delivery.testkit.SimWorld;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is around the data directory, and file systems that do not answer as others do. */
class DataVolumeTest {
    private static final long GIB = 1L << 30;
    private static final Path DATA = Path.of("/data");

    private final SimWorld sim = SimWorld.seeded(1);
    private OptionalLong usable = OptionalLong.of(GIB);

    /** Has a folder of the owner of the volume, and says how much room there is. */
    private final class Volume extends ForwardingDisk {
        Volume(Disk real) {
            super(real);
        }

        @Override
        DiskFile written(Path path, DiskFile file) {
            return file;
        }

        @Override
        public List<Path> list(Path directory) throws IOException {
            if (directory.endsWith("lost+found")) {
                throw new AccessDeniedException(directory.toString());
            }
            return super.list(directory);
        }

        @Override
        public OptionalLong usableBytes(Path directory) {
            return usable;
        }
    }

    private DataVolume open(long limit) throws IOException {
        World world = sim.world();
        Disk disk = new Volume(world.disk());
        return DataVolume.open(
                new World(world.clock(), disk, world.scheduler(), world.entropy()), DATA, limit);
    }

    private void write(String name, int bytes) throws IOException {
        Path path = DATA.resolve(name);
        Disk disk = sim.world().disk();
        disk.createDirectories(path.getParent());
        try (DiskFile file = disk.create(path)) {
            file.write(ByteBuffer.allocate(bytes), 0);
        }
    }

    @Test
    void what_others_keep_beside_the_streams_is_neither_counted_nor_needed() throws IOException {
        write("lost+found/secret", 100);
        write("somebodys.tar", 1 << 20);
        write("streams/clicks/journal/1", 4096);

        DataVolume volume = open(10 * GIB);

        assertThat(volume.roomBytes()).isEqualTo(GIB + 4096);
    }

    @Test
    void a_file_system_that_does_not_tell_its_room_leaves_the_limit_in_force() throws IOException {
        usable = OptionalLong.empty();

        DataVolume volume = open(10 * GIB);
        DiskShares.Share share = new DiskShares(10 * GIB, volume).open(() -> 0, 1);

        assertThat(volume.mayGrow()).isTrue();
        assertThat(share.bytes()).isEqualTo(10 * GIB);
        assertThat(volume.ledgerBytes(10 * GIB)).isGreaterThan(10 * GIB);
    }

    @Test
    void an_answer_that_is_missing_once_changes_nothing() throws IOException {
        DataVolume volume = open(GIB / 2);
        usable = OptionalLong.empty();
        sim.scheduler().runFor(Duration.ofSeconds(10));
        assertThat(volume.mayGrow()).isTrue();

        usable = OptionalLong.of(1000);
        sim.scheduler().runFor(Duration.ofSeconds(10));
        assertThat(volume.mayGrow()).isFalse();

        usable = OptionalLong.empty();
        sim.scheduler().runFor(Duration.ofSeconds(10));
        assertThat(volume.mayGrow()).isFalse();
    }

    @Test
    void ledgers_take_what_a_small_volume_has_for_them() throws IOException {
        DataVolume volume = open(10 * GIB);

        assertThat(volume.ledgerBytes(10 * GIB)).isEqualTo(GIB / 16);
        assertThat(volume.streamBytes() + volume.ledgerBytes(10 * GIB)).isLessThan(GIB);
    }

    @Test
    void ledgers_take_what_streams_leave_on_a_large_volume() throws IOException {
        DataVolume volume = open(GIB / 4);

        assertThat(volume.ledgerBytes(GIB / 4)).isGreaterThan(GIB / 2);
    }
}
