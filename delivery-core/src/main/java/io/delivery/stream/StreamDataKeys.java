package io.delivery.stream;

import io.delivery.config.EncryptionSettings;
import io.delivery.crypt.DataKey;
import io.delivery.crypt.StreamKeys;
import io.delivery.crypt.WrappedKey;
import io.delivery.engine.Engine;
import io.delivery.home.StreamFolder;
import io.delivery.home.StreamHome;
import io.delivery.home.StreamKeyFile;
import io.delivery.home.StreamMeta;
import io.delivery.journal.JournalInspection;
import io.delivery.record.Incarnation;
import io.delivery.staging.SealedObject;
import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Unwraps the data keys of streams, and says why that cannot be. */
final class StreamDataKeys {
    private static final Logger log = LoggerFactory.getLogger(StreamDataKeys.class);

    private StreamDataKeys() {}

    /**
     * All keys of a stream, the newest last.
     *
     * @throws DefinitionRefusedException when a master key is missing or another one
     */
    static List<DataKey> unwrap(Engine engine, StreamHome home, StreamKeyFile file) {
        List<DataKey> keys = new ArrayList<>();
        for (WrappedKey wrapped : file.keys()) {
            keys.add(
                    unwrap(engine, home, wrapped)
                            .orElseThrow(
                                    () ->
                                            new DefinitionRefusedException(
                                                    whyNotUnwrapped(
                                                            engine, home.name(), wrapped))));
        }
        return keys;
    }

    /**
     * Finds keys that somebody has put back into the file of a stream that runs.
     *
     * @param known keys of the stream; those that it lacks are added
     * @return what the file says
     * @throws IOException when the file is damaged, or has a key that cannot be unwrapped: it must
     *     not be replaced then
     */
    static StreamKeyFile readAgain(Engine engine, StreamHome home, StreamKeys known)
            throws IOException {
        StreamKeyFile file = home.keys();
        for (WrappedKey wrapped : file.keys()) {
            if (!known.has(wrapped.number())) {
                Optional<DataKey> key = unwrap(engine, home, wrapped);
                if (key.isEmpty()) {
                    throw new IOException(whyNotUnwrapped(engine, home.name(), wrapped));
                }
                log.info("a key was put back: stream={} key={}", home.name(), wrapped.number());
                known.add(key.get());
            }
        }
        return file;
    }

    /**
     * Why the file of its keys must have been there; empty when nothing of the stream says that it
     * was ever encrypted.
     */
    static Optional<String> whyMissing(Engine engine, StreamHome home) throws IOException {
        Disk disk = engine.world().disk();
        boolean was =
                JournalInspection.mayBeEncrypted(home.journal(), disk)
                        || isStagedEncrypted(home.directory().resolve("lanes"), disk);
        return was
                ? Optional.of(
                        "%s is missing, and the journal or the staging area may hold records that are encrypted with keys in it: put it back from a copy"
                                .formatted(home.directory().resolve("keys")))
                : Optional.empty();
    }

    private static boolean isStagedEncrypted(Path lanes, Disk disk) throws IOException {
        for (Path lane : disk.list(lanes)) {
            for (Path file : disk.list(lane.resolve("staging"))) {
                if (SealedObject.keyOf(file.getFileName().toString()) > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Optional<DataKey> unwrap(Engine engine, StreamHome home, WrappedKey wrapped) {
        return wrapped.unwrap(engine.masterKeys(), home.incarnation());
    }

    private static String whyNotUnwrapped(Engine engine, String stream, WrappedKey wrapped) {
        return engine.masterKeys().find(wrapped.masterKey()).isEmpty()
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
                    .filter(wrapped -> wrapped.unwrap(engine.masterKeys(), incarnation).isEmpty())
                    .findFirst()
                    .map(wrapped -> whyNotUnwrapped(engine, folder.name(), wrapped));
        } catch (IOException damaged) {
            return Optional.empty();
        }
    }
}
