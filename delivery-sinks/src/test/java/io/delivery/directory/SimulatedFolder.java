package io.delivery.directory;

import io.delivery.landing.ObjectStore;
import io.delivery.record.ObjectName;
import io.delivery.testkit.SimDisk;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.simulation.SimulatedLake;
import io.delivery.world.DiskFile;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A lake in a folder of the simulated disk, which crashes with the process. */
final class SimulatedFolder implements SimulatedLake {
    private static final Path LAKE = Path.of("/lake");

    private final SimDisk disk;

    SimulatedFolder(SimWorld sim) {
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

    private void collect(Path bucket, Path at, Map<ObjectName, byte[]> visible) throws IOException {
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
