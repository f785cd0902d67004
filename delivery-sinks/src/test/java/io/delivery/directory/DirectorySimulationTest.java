package io.delivery.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.landing.ObjectStore;
import io.delivery.record.ObjectName;
import io.delivery.testkit.SimDisk;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.simulation.Counts;
import io.delivery.testkit.simulation.SimulatedLake;
import io.delivery.testkit.simulation.SimulationRunner;
import io.delivery.world.DiskFile;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Whole streams that land in a folder of the disk that crashes with them: the process dies between
 * any two steps of the store, and a power cut forgets links and directories that were not synced.
 */
class DirectorySimulationTest {
    private static final Path LAKE = Path.of("/lake");
    private static final int STEPS = 120;

    /** The lake on the simulated disk. */
    private static final class Folder implements SimulatedLake {
        private final SimDisk disk;

        Folder(SimWorld sim) {
            this.disk = sim.disk();
            try {
                disk.createDirectories(LAKE);
                disk.syncDirectory(LAKE.getParent());
            } catch (IOException impossible) {
                throw new AssertionError(impossible);
            }
        }

        @Override
        public ObjectStore open(World world) {
            return DirectoryStore.open(new DirectorySettings(LAKE), world);
        }

        @Override
        public Map<ObjectName, byte[]> visible() throws IOException {
            Map<ObjectName, byte[]> visible = new LinkedHashMap<>();
            for (Path bucket : disk.list(LAKE)) {
                if (!bucket.getFileName().toString().equals(".delivery")) {
                    collect(bucket, bucket, visible);
                }
            }
            return visible;
        }

        private void collect(Path bucket, Path at, Map<ObjectName, byte[]> visible)
                throws IOException {
            for (Path entry : disk.list(at)) {
                if (isFile(entry)) {
                    visible.put(
                            new ObjectName(
                                    bucket.getFileName().toString(),
                                    bucket.relativize(entry).toString()),
                            disk.bytes(entry));
                } else {
                    collect(bucket, entry, visible);
                }
            }
        }

        private boolean isFile(Path path) throws IOException {
            try (DiskFile file = disk.openReadOnly(path)) {
                file.read(ByteBuffer.allocate(1), 0);
                return true;
            } catch (IOException directory) {
                return false;
            }
        }

        @Override
        public void badWeather(SimEntropy chance) {
            disk.failNextDirectorySync(new IOException("injected: directory sync failed"));
        }

        @Override
        public void heal() {
            // The disk's faults are the simulation's to end.
        }
    }

    @Test
    void no_accepted_record_is_lost_or_doubled_in_a_folder_whatever_fails() {
        Counts counts =
                SimulationRunner.runAsAsked(
                        "Simulated worlds with a folder", 100, STEPS, Folder::new);

        long seeds = counts.of("seeds");
        assertThat(counts.of("records accepted")).isGreaterThan(10 * seeds);
        assertThat(counts.of("crashes")).isGreaterThan(seeds);
    }
}
