package io.delivery.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.LocalStaging;
import io.delivery.staging.StagedBytes;
import io.delivery.staging.Staging;
import io.delivery.staging.Staging.StagingFile;
import io.delivery.testkit.contract.StagingContract;
import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalStagingTest extends StagingContract {
    private static final Path DIRECTORY = Path.of("/data/streams/clicks/main-1/staging");

    private SimDisk disk = new SimDisk(new SimEntropy(1));
    private Staging staging;

    @BeforeEach
    void open() throws IOException {
        staging = LocalStaging.open(DIRECTORY, disk, 0x5a17L);
    }

    @Override
    protected Staging staging() {
        return staging;
    }

    @Override
    protected void flipBit(String file, long bit) throws IOException {
        disk.flipBit(DIRECTORY.resolve(file), bit);
    }

    @Override
    protected void cut(String file, long length) throws IOException {
        disk.cut(DIRECTORY.resolve(file), length);
    }

    @Test
    void the_directory_comes_with_the_first_file() throws IOException {
        assertThat(disk.exists(DIRECTORY)).isFalse();
        assertThat(staging.files()).isEmpty();
        assertThat(staging.bytes()).isZero();

        stage(text("x"));

        assertThat(disk.list(DIRECTORY)).hasSize(1);
    }

    @Test
    void staging_costs_one_sync_of_the_file_and_one_of_the_directory() throws IOException {
        stage(text("the first one also makes the directory"));
        long before;
        try (StagingFile file = staging.open()) {
            for (int i = 0; i < 1000; i++) {
                write(file, text("small " + i));
            }
            before = disk.mutations();
            file.stage();
        }

        assertThat(disk.mutations() - before).as("write, sync, sync of the directory").isEqualTo(3);
    }

    @Test
    void large_objects_are_synced_piece_by_piece_and_a_failed_piece_spoils_the_file()
            throws IOException {
        byte[] large = new byte[5 << 20];
        try (StagingFile file = staging.open()) {
            write(file, large);
            disk.failNextSync(new IOException("EIO"));
            OutputStream second = file.begin();
            assertThatThrownBy(() -> second.write(large)).hasMessageContaining("EIO");

            file.discard();

            assertThatThrownBy(file::stage).hasMessageContaining("could not be synced");
        }
        assertThat(staging.files()).isEmpty();

        StagedBytes staged = stage(large);
        assertThat(read(staged)).isEqualTo(large);
    }

    @Test
    void a_later_process_finds_the_bytes_and_gives_other_names() throws IOException {
        StagedBytes before = stage(text("before"));
        disk.kill();
        disk.restart();

        staging = LocalStaging.open(DIRECTORY, disk, 0x5a18L);
        StagedBytes after = stage(text("after"));

        assertThat(after.file()).isNotEqualTo(before.file());
        assertThat(staging.files()).containsExactlyInAnyOrder(before.file(), after.file());
        assertThat(staging.bytes()).isEqualTo(11);
        assertThat(read(before)).isEqualTo(text("before"));
    }

    @Test
    void nothing_staged_is_lost_and_nothing_else_is_believed_whenever_the_power_goes()
            throws IOException {
        long steps = steps();
        assertThat(steps).isGreaterThan(20);
        for (long step = 1; step <= steps; step++) {
            for (long seed = 0; seed < 10; seed++) {
                disk = new SimDisk(new SimEntropy(seed * 1_000 + step));
                open();
                Map<StagedBytes, byte[]> durable = new LinkedHashMap<>();
                List<StagedBytes> unsure = new ArrayList<>();
                disk.crashAfter(step);
                assertThatThrownBy(() -> work(durable, unsure)).isInstanceOf(SimulatedCrash.class);
                disk.powerCut();
                disk.restart();
                staging = LocalStaging.open(DIRECTORY, disk, seed);

                for (Map.Entry<StagedBytes, byte[]> staged : durable.entrySet()) {
                    assertThat(read(staged.getKey()))
                            .as("step %d, seed %d", step, seed)
                            .isEqualTo(staged.getValue());
                }
                for (StagedBytes staged : unsure) {
                    assertWholeOrDamaged(staged);
                }
            }
        }
    }

    private long steps() throws IOException {
        work(new LinkedHashMap<>(), new ArrayList<>());
        long steps = disk.mutations();
        disk = new SimDisk(new SimEntropy(1));
        open();
        return steps;
    }

    /** Stages three files; tells of each object when it ended and when it was staged. */
    private void work(Map<StagedBytes, byte[]> durable, List<StagedBytes> unsure)
            throws IOException {
        for (int round = 0; round < 3; round++) {
            Map<StagedBytes, byte[]> ended = new LinkedHashMap<>();
            try (StagingFile file = staging.open()) {
                for (int length : new int[] {40, 100_000, 0, 70_000}) {
                    byte[] bytes = randomBytes(length + round);
                    StagedBytes staged = write(file, bytes);
                    ended.put(staged, bytes);
                    unsure.add(staged);
                }
                file.stage();
                durable.putAll(ended);
                unsure.removeAll(ended.keySet());
            }
        }
    }

    private void assertWholeOrDamaged(StagedBytes staged) throws IOException {
        try {
            assertThat(read(staged)).hasSize((int) staged.length());
        } catch (DamagedStagingException expected) {
            assertThat(expected).hasMessageContaining(staged.file());
        }
    }

    @Test
    void a_file_whose_sync_failed_is_never_staged() throws IOException {
        try (StagingFile file = staging.open()) {
            write(file, text("lost"));
            disk.failNextSync(new IOException("EIO on purpose"));

            assertThatThrownBy(file::stage).hasMessage("EIO on purpose");
            assertThatThrownBy(file::stage)
                    .hasMessageContaining("could not be synced")
                    .hasRootCauseMessage("EIO on purpose");
        }

        assertThat(staging.files()).isEmpty();
        assertThat(staging.bytes()).isZero();
    }

    @Test
    void a_file_whose_name_could_not_be_synced_is_never_staged() throws IOException {
        try (StagingFile file = staging.open()) {
            write(file, text("lost"));
            disk.failNextDirectorySync(new IOException("EIO on purpose"));

            assertThatThrownBy(file::stage).hasMessage("EIO on purpose");
            assertThatThrownBy(file::stage).isInstanceOf(IOException.class);
        }

        assertThat(staging.files()).isEmpty();
    }

    @Test
    void a_directory_that_could_not_be_made_durable_is_tried_again() throws IOException {
        disk.failNextDirectorySync(new IOException("EIO on purpose"));
        assertThatThrownBy(() -> staging.open()).hasMessage("EIO on purpose");

        StagedBytes staged = stage(text("x"));
        disk.powerCutLosingAllUnsynced();
        disk.restart();

        assertThat(read(staged)).isEqualTo(text("x"));
    }

    @Test
    void a_directory_found_unsynced_is_made_durable() throws IOException {
        disk.createDirectories(DIRECTORY.getParent());
        for (Path path = DIRECTORY.getParent(); path != null; path = path.getParent()) {
            disk.syncDirectory(path);
        }
        disk.createDirectories(DIRECTORY);
        disk.kill();
        disk.restart();
        open();

        StagedBytes staged = stage(text("x"));
        disk.powerCutLosingAllUnsynced();
        disk.restart();

        assertThat(read(staged)).isEqualTo(text("x"));
    }

    @Test
    void an_object_the_disk_had_no_room_for_is_taken_back_and_the_others_stay() throws IOException {
        StagedBytes first;
        StagedBytes second;
        try (StagingFile file = staging.open()) {
            first = write(file, randomBytes(80_000));
            disk.fullAfter(100_000);
            OutputStream out = file.begin();
            assertThatThrownBy(() -> out.write(randomBytes(200_000)))
                    .isInstanceOf(DiskFullException.class);
            assertThatThrownBy(() -> out.write(1)).hasMessageContaining("a write failed before");
            assertThatThrownBy(file::end).hasMessageContaining("a write failed before");
            file.discard();
            second = write(file, text("small"));
            file.stage();
        }

        assertThat(read(first)).isEqualTo(randomBytes(80_000));
        assertThat(read(second)).isEqualTo(text("small"));
        assertThat(staging.bytes()).isEqualTo(80_005);
    }
}
