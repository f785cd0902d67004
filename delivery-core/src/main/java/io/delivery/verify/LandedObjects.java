package io.delivery.verify;

import io.delivery.inspection.StreamInspection;
import io.delivery.landing.CommittedRange;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The objects that the lanes of a stream have landed, as its ledgers and states tell. */
public final class LandedObjects {
    private LandedObjects() {}

    /**
     * Every object of a committed range that is not void, of all lanes: lane by lane, the oldest
     * range first. Also beside the process that owns the directory, which may commit more
     * meanwhile.
     *
     * @param stream the stream's directory: {@link StreamInspection#directories}
     * @throws IOException when a state or a ledger cannot be read or is damaged; the message says
     *     which
     */
    public static List<ObjectRecord> of(Path stream, Disk disk) throws IOException {
        List<ObjectRecord> objects = new ArrayList<>();
        for (String lane : new TreeSet<>(StreamInspection.identify(stream, disk).laneNames())) {
            Path directory = stream.resolve("lanes").resolve(lane);
            List<String> damage = new ArrayList<>();
            LaneWalk.of(directory, disk, new Collecting(objects, damage));
            if (!damage.isEmpty()) {
                throw new IOException(String.join("; ", damage));
            }
        }
        return objects;
    }

    private record Collecting(List<ObjectRecord> objects, List<String> damage)
            implements LaneWalk.Visitor {
        @Override
        public void committed(CommittedRange range) {
            objects.addAll(range.range().live());
        }

        @Override
        public void damaged(Path file, long fromByte, long toByte, String reason) {
            damage.add("%s, byte %d: %s".formatted(file, fromByte, reason));
        }

        @Override
        public void lost(Path ledger, String what) {
            damage.add(ledger + " " + what);
        }
    }
}
