package io.delivery.inspection;

import io.delivery.crypt.MasterKeys;
import io.delivery.crypt.StreamKeys;
import io.delivery.crypt.WrappedKey;
import io.delivery.home.StreamKeyFile;
import io.delivery.record.Incarnation;
import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The data keys of a stream, as far as the master keys that were given unwrap them. */
final class InspectedKeys {
    private InspectedKeys() {}

    /**
     * @param incarnation of the stream; without it nothing can be unwrapped
     * @throws IOException when the file of its keys is damaged
     */
    static StreamKeys of(
            Path directory, Optional<Incarnation> incarnation, MasterKeys masters, Disk disk)
            throws IOException {
        StreamKeys keys = StreamKeys.none();
        Optional<StreamKeyFile> file = StreamKeyFile.read(disk, directory);
        if (file.isEmpty() || incarnation.isEmpty()) {
            return keys;
        }
        for (WrappedKey wrapped : file.get().keys()) {
            wrapped.unwrap(masters, incarnation.get()).ifPresent(keys::add);
        }
        return keys;
    }
}
