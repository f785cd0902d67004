package io.delivery.stream;

import io.delivery.config.EncryptionSettings;
import io.delivery.crypt.DataKey;
import io.delivery.crypt.MasterKey;
import io.delivery.crypt.WrappedKey;
import io.delivery.engine.Engine;
import io.delivery.home.StreamFolder;
import io.delivery.home.StreamHome;
import io.delivery.home.StreamKeyFile;
import io.delivery.home.StreamMeta;
import io.delivery.record.Incarnation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Unwraps the data keys of streams, and says why that cannot be. */
final class StreamDataKeys {
    private StreamDataKeys() {}

    /**
     * All keys of a stream, the newest last.
     *
     * @throws DefinitionRefusedException when a master key is missing or another one
     */
    static List<DataKey> unwrap(Engine engine, StreamHome home, StreamKeyFile file) {
        List<DataKey> keys = new ArrayList<>();
        for (WrappedKey wrapped : file.keys()) {
            Optional<DataKey> key =
                    master(engine, wrapped)
                            .flatMap(master -> wrapped.unwrap(master, home.incarnation()));
            keys.add(
                    key.orElseThrow(
                            () ->
                                    new DefinitionRefusedException(
                                            whyNotUnwrapped(engine, home.name(), wrapped))));
        }
        return keys;
    }

    private static Optional<MasterKey> master(Engine engine, WrappedKey wrapped) {
        return engine.masterKeys().find(wrapped.masterKey());
    }

    private static String whyNotUnwrapped(Engine engine, String stream, WrappedKey wrapped) {
        return master(engine, wrapped).isEmpty()
                ? "encryption.keys: the master key %s is missing, and key %d of stream %s is wrapped with it: configure it again"
                        .formatted(wrapped.masterKey(), wrapped.number(), stream)
                : "encryption.keys: the master key %s is not the one that key %d of stream %s was wrapped with: configure the one that it was"
                        .formatted(wrapped.masterKey(), wrapped.number(), stream);
    }

    /** Why a stream cannot be encrypted with these settings. */
    static String whyNoKey(String stream, EncryptionSettings settings) {
        return settings.masterKey().isEmpty()
                ? "stream %s is to be encrypted, and there is no master key: name one under encryption.keys"
                        .formatted(stream)
                : "stream %s is to be encrypted with %s, and no key under encryption.keys has the id %s"
                        .formatted(
                                stream,
                                settings.keyArn().orElseThrow(),
                                settings.masterKey().orElseThrow());
    }

    /**
     * Why the keys of a stream that is on the disk cannot be unwrapped; empty when they can, and
     * when its files are damaged: that is a matter of this stream, and told when it is opened.
     */
    static Optional<String> whyNotOpen(Engine engine, StreamFolder folder) {
        if (!(folder instanceof StreamFolder.Kept)) {
            return Optional.empty();
        }
        Path directory = folder.directory();
        try {
            Optional<StreamKeyFile> file = StreamKeyFile.read(engine.world().disk(), directory);
            if (file.isEmpty() || file.get().keys().isEmpty()) {
                return Optional.empty();
            }
            Incarnation incarnation =
                    StreamMeta.read(engine.world().disk(), directory).incarnation();
            return file.get().keys().stream()
                    .filter(
                            wrapped ->
                                    master(engine, wrapped)
                                            .flatMap(m -> wrapped.unwrap(m, incarnation))
                                            .isEmpty())
                    .findFirst()
                    .map(wrapped -> whyNotUnwrapped(engine, folder.name(), wrapped));
        } catch (IOException damaged) {
            return Optional.empty();
        }
    }
}
