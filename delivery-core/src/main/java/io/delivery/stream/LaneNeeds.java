package io.delivery.stream;

import io.delivery.engine.Engine;
import io.delivery.home.KeptStream;
import io.delivery.home.LaneEntry;
import io.delivery.home.StreamHome;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneState;
import io.delivery.lane.components.LaneComponents;
import io.delivery.partition.OwnFolders;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a lane that was left needs to go on and the configuration may lack: the log that it reads,
 * the stores that its recorded objects name, how keys of earlier versions begin, and, when it was
 * switched off, components of the version that it ends under.
 */
final class LaneNeeds {
    private static final Logger log = LoggerFactory.getLogger(LaneNeeds.class);

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
            StreamComponents made = componentsOf(version, factory);
            made.main().close(); // the main lane works with others
            Optional<LaneComponents> own = made.backup();
            if (own.isPresent()) {
                requireStore(entry, own.get().store());
                return own.get();
            }
        }
        throw new IOException("stream %s has a backup that no version names".formatted(stream));
    }

    private StreamComponents componentsOf(int version, ComponentFactory factory)
            throws IOException {
        KeptStream old =
                new KeptStream(
                        stream, home.origin(), version, home.document(version), home.directory());
        return factory.componentsOf(old, version);
    }

    /**
     * The folders of the keys of earlier versions, for the objects of the main output that a lane
     * has not committed. A version that cannot be used any more is left out.
     *
     * @param inForce version that the lane works under
     */
    Map<Integer, OwnFolders> formerFolders(LaneState state, int inForce, ComponentFactory factory) {
        Set<Integer> versions = new TreeSet<>();
        for (RangePlan range : state.plan().ranges()) {
            range.objects().stream()
                    .filter(object -> object.kind() == Kind.MAIN)
                    .forEach(object -> versions.add(object.definitionVersion()));
        }
        versions.remove(inForce);
        Map<Integer, OwnFolders> folders = new HashMap<>();
        for (int version : versions) {
            folders(version, factory).ifPresent(found -> folders.put(version, found));
        }
        return folders;
    }

    private Optional<OwnFolders> folders(int version, ComponentFactory factory) {
        try (StreamComponents made = componentsOf(version, factory)) {
            return Optional.of(made.main().keys().ownFolders());
        } catch (IOException | RuntimeException notUsable) {
            log.debug(
                    "earlier definition is not known: stream={} version={}",
                    stream,
                    version,
                    notUsable);
            return Optional.empty();
        }
    }
}
