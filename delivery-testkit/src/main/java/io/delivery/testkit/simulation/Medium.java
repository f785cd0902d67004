package io.delivery.testkit.simulation;

import io.delivery.home.LaneEntry;
import io.delivery.home.StreamMeta;
import io.delivery.mark.FoundMark;
import io.delivery.mark.MarkFile;
import io.delivery.testkit.SimDisk;
import io.delivery.testkit.SimEntropy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the medium loses or changes of the files of a data directory, while nobody reads them. */
final class Medium {
    private final SimDisk disk;
    private final SimEntropy chance;
    private final Path data;

    Medium(SimDisk disk, SimEntropy chance, Path data) {
        this.disk = disk;
        this.chance = chance;
        this.data = data;
    }

    /**
     * Damages a file of staged bytes.
     *
     * @return its name; empty when there is none
     */
    String damageStagedBytes() throws IOException {
        List<Path> staged = new ArrayList<>();
        for (Path home : disk.list(data.resolve("streams"))) {
            for (Path lane : disk.list(home.resolve("lanes"))) {
                staged.addAll(disk.list(lane.resolve("staging")));
            }
        }
        if (staged.isEmpty()) {
            return "";
        }
        Path file = staged.get(chance.below(staged.size()));
        int length = disk.bytes(file).length;
        if (length == 0 || chance.chance(0.2)) {
            disk.cut(file, 0);
        } else if (chance.chance(0.3)) {
            disk.cut(file, chance.below(length));
        } else {
            disk.flipBit(file, chance.below(length * 8));
        }
        return file.getFileName().toString();
    }

    /** A file that was lost, and what was in it. */
    record Lost(Path file, byte[] bytes) {
        /** It is there again, as it was. */
        void putBack(SimDisk disk) throws IOException {
            disk.plant(file, bytes);
        }
    }

    /**
     * Loses a file without which a start must be refused.
     *
     * @return what was lost; empty when there is none yet
     */
    List<Lost> loseWhatAStartNeeds() throws IOException {
        List<Path> needed = new ArrayList<>();
        for (Path home : disk.list(data.resolve("streams"))) {
            if (home.toString().endsWith(".new") || !disk.exists(StreamMeta.in(home))) {
                continue; // it is being made
            }
            StreamMeta meta = StreamMeta.read(disk, home);
            needed.add(StreamMeta.in(home));
            needed.add(home.resolve("definitions").resolve(Integer.toString(meta.version())));
            for (LaneEntry lane : meta.lanes()) {
                addFilesOf(home, lane.name(), needed);
            }
        }
        if (needed.isEmpty()) {
            return List.of();
        }
        Path file = needed.get(chance.below(needed.size()));
        Lost lost = new Lost(file, disk.bytes(file));
        disk.lose(file);
        return List.of(lost);
    }

    /** A lane that has never had a mark of a state may begin anew: nothing rested on it. */
    private void addFilesOf(Path home, String lane, List<Path> needed) throws IOException {
        Path state = home.resolve("lanes").resolve(lane).resolve("state");
        Path mark = home.resolve("marks").resolve(lane);
        FoundMark found = MarkFile.read(disk, mark);
        if (disk.exists(state)) {
            needed.add(mark);
            if (found.said().isPresent() && found.said().get().epoch() > 0) {
                needed.add(state);
            }
        }
    }
}
