package io.delivery.stream;

import io.delivery.engine.Engine;
import io.delivery.home.KeptStream;
import io.delivery.home.LaneEntry;
import io.delivery.home.StreamHome;
import io.delivery.landing.LaneState;
import io.delivery.lane.components.LaneComponents;
import java.io.IOException;
import java.util.Optional;

/**
 * What a lane that was left needs to go on and the configuration may lack: the log that it reads,
 * the stores that its recorded objects name, and, when it was switched off, components of the
 * version that it ends under.
 */
final class LaneNeeds {
    private final Engine engine;
    private final StreamHome home;
    private final String stream;

    LaneNeeds(Engine engine, StreamHome home, String stream) {
        this.engine = engine;
        this.home = home;
        this.stream = stream;
    }

    /**
     * @throws IllegalArgumentException when a recorded object needs a store that there is not
     */
    void requireStores(LaneEntry entry, LaneState state) {
        state.plan().stores().forEach(store -> requireStore(entry, store));
    }

    private void requireStore(LaneEntry entry, String store) {
        if (!engine.stores().isConfigured(store)) {
            throw new IllegalArgumentException(
                    "stream %s: lane %s still has objects to land in store %s, which is not configured any more: configure it until they have landed"
                            .formatted(stream, entry.name(), store));
        }
    }

    /**
     * @throws IllegalArgumentException when there is no such log
     */
    void requireLog(LaneEntry entry, Logs logs) {
        if (logs.of(entry.log()) == null) {
            throw new IllegalArgumentException(
                    "stream %s: lane %s has not delivered all of log %s, which is not configured any more: configure it until it has"
                            .formatted(stream, entry.name(), entry.log()));
        }
    }

    /**
     * The components of a lane that was switched off: those of the newest version up to its last
     * one that has a backup. A later version may have been written without its lanes.
     *
     * @throws IllegalArgumentException when that version cannot be used any more
     */
    LaneComponents kept(LaneEntry entry, ComponentFactory factory) throws IOException {
        for (int version = entry.lastVersion(); version > 0; version--) {
            KeptStream old =
                    new KeptStream(
                            stream,
                            home.origin(),
                            version,
                            home.document(version),
                            home.directory());
            StreamComponents made = factory.componentsOf(old, version);
            made.main().close(); // the main lane works with others
            Optional<LaneComponents> own = made.backup();
            if (own.isPresent()) {
                requireStore(entry, own.get().store());
                return own.get();
            }
        }
        throw new IOException("stream %s has a backup that no version names".formatted(stream));
    }
}
