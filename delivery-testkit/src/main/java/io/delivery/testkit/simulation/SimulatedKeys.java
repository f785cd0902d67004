package io.delivery.testkit.simulation;

import io.delivery.crypt.DataKey;
import io.delivery.crypt.MasterKey;
import io.delivery.crypt.MasterKeys;
import io.delivery.crypt.StreamKeys;
import io.delivery.crypt.WrappedKey;
import io.delivery.home.StreamKeyFile;
import io.delivery.home.StreamMeta;
import io.delivery.record.Incarnation;
import io.delivery.staging.LocalStaging;
import io.delivery.staging.StagedBytes;
import io.delivery.staging.StagingSeal;
import io.delivery.world.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The master keys of the simulated world: every third process begins with another first one. */
final class SimulatedKeys {
    private static final int PROCESSES_OF_A_KEY = 3;

    private SimulatedKeys() {}

    /** What the process of this number is configured with: the newest first, and all before. */
    static MasterKeys of(int process) {
        List<MasterKey> keys = new ArrayList<>();
        for (int number = process / PROCESSES_OF_A_KEY; number >= 0; number--) {
            byte[] bytes = new byte[MasterKey.BYTES];
            Arrays.fill(bytes, (byte) (number + 1));
            keys.add(new MasterKey("k" + number, bytes));
        }
        return new MasterKeys(keys);
    }

    /**
     * Whether the bytes of a staged object are there and are those that were recorded.
     *
     * @param lane its directory
     */
    static boolean isWhole(Disk disk, Path lane, StagedBytes staged) {
        try {
            StagingSeal seal =
                    new StagingSeal(keys(disk, home(lane)), lane.getFileName().toString());
            try (InputStream in =
                    LocalStaging.look(lane.resolve("staging"), disk, staged, seal).open()) {
                in.transferTo(OutputStream.nullOutputStream());
                return true;
            }
        } catch (IOException missingOrDifferent) {
            return false;
        }
    }

    private static Path home(Path lane) {
        return lane.getParent().getParent();
    }

    private static StreamKeys keys(Disk disk, Path home) throws IOException {
        StreamKeys keys = StreamKeys.none();
        Optional<StreamKeyFile> file = StreamKeyFile.read(disk, home);
        if (file.isPresent()) {
            Incarnation incarnation = StreamMeta.read(disk, home).incarnation();
            for (WrappedKey wrapped : file.get().keys()) {
                keys.add(unwrapped(wrapped, incarnation));
            }
        }
        return keys;
    }

    private static DataKey unwrapped(WrappedKey wrapped, Incarnation incarnation) {
        int number = Integer.parseInt(wrapped.masterKey().substring(1));
        MasterKey master = of(PROCESSES_OF_A_KEY * number).first();
        return wrapped.unwrap(master, incarnation).orElseThrow();
    }
}
