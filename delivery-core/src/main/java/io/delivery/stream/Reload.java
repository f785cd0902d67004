package io.delivery.stream;

import io.delivery.config.Origin;
import io.delivery.config.StreamDefinition;
import io.delivery.engine.Engine;
import io.delivery.home.StreamFolders;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a new set of configured streams changes, and the components for it: everything that can
 * refuse the set is asked before anything changes. Closed without having been applied, it gives
 * back what it made.
 */
final class Reload implements AutoCloseable {
    private final List<Step> steps = new ArrayList<>();

    /**
     * @param stream null when there is none of this name yet
     * @param next as it is configured from now on; null when it is not
     * @param made for a stream that goes on with another version; null otherwise
     */
    record Step(
            StreamChange change,
            RegisteredStream stream,
            DefinedStream next,
            StreamComponents made) {}

    private Reload() {}

    /** What would change; nothing is made for it. */
    static List<StreamChange> changes(
            Collection<RegisteredStream> present, Collection<DefinedStream> configured) {
        Map<String, RegisteredStream> known = new HashMap<>();
        present.forEach(stream -> known.put(StreamFolders.key(stream.name()), stream));
        List<StreamChange> changes = new ArrayList<>();
        Set<String> named = new HashSet<>();
        for (DefinedStream next : configured) {
            named.add(StreamFolders.key(next.name()));
            RegisteredStream stream = known.get(StreamFolders.key(next.name()));
            requireName(next, stream);
            changes.add(new StreamChange(next.name(), kind(stream, next)));
        }
        for (RegisteredStream stream : present) {
            if (stream.configured().isPresent()
                    && !named.contains(StreamFolders.key(stream.name()))) {
                changes.add(new StreamChange(stream.name(), StreamChange.Kind.DRAINED));
            }
        }
        return changes;
    }

    private static void requireName(DefinedStream next, RegisteredStream stream) {
        if (stream == null) {
            return;
        }
        if (stream.origin() == Origin.API) {
            throw new DefinitionRefusedException(
                    "stream %s is configured, and stream %s was made through the API: delete that one or give this one another name"
                            .formatted(next.name(), stream.name()));
        }
        if (!stream.name().equals(next.name())) {
            throw new DefinitionRefusedException(
                    "stream %s differs from stream %s, which is still there, only by case"
                            .formatted(next.name(), stream.name()));
        }
    }

    private static StreamChange.Kind kind(RegisteredStream stream, DefinedStream next) {
        if (stream == null || stream.phase() != StreamPhase.ACTIVE) {
            return StreamChange.Kind.OPENED;
        }
        DeliveryStream open = stream.stream().orElseThrow();
        if (open.versionOf(next.document()) == open.definition().version()) {
            return StreamChange.Kind.NOTHING;
        }
        boolean hadBackup = open.definition().backup().isPresent();
        return next.definition().backup().isPresent() == hadBackup
                ? StreamChange.Kind.NEW_VERSION
                : StreamChange.Kind.NEW_LANE;
    }

    /**
     * Makes everything that the change needs.
     *
     * @throws IllegalArgumentException when one stream of the set cannot be what it is to be; what
     *     was made for the others is closed
     */
    static Reload prepare(
            Engine engine,
            Collection<RegisteredStream> present,
            Collection<DefinedStream> configured,
            ComponentFactory factory) {
        Map<String, RegisteredStream> known = new HashMap<>();
        present.forEach(stream -> known.put(stream.name(), stream));
        Map<String, DefinedStream> next = new HashMap<>();
        configured.forEach(stream -> next.put(stream.name(), stream));
        Reload reload = new Reload();
        try {
            for (StreamChange change : changes(present, configured)) {
                reload.steps.add(
                        step(change, known.get(change.name()), next.get(change.name()), factory));
            }
            reload.requireRoom(engine);
            return reload;
        } catch (RuntimeException refused) {
            reload.close();
            throw refused;
        }
    }

    private static Step step(
            StreamChange change,
            RegisteredStream stream,
            DefinedStream next,
            ComponentFactory factory) {
        return switch (change.kind()) {
            case NOTHING, DRAINED -> new Step(change, stream, next, null);
            case NEW_VERSION, NEW_LANE -> {
                int version = stream.stream().orElseThrow().versionOf(next.document());
                StreamDefinition definition = next.definition().withVersion(version);
                yield new Step(change, stream, next, factory.components(definition));
            }
            case OPENED -> {
                // Only whether they can be made: which version it is says its directory.
                factory.components(next.definition()).close();
                yield new Step(change, stream, next, null);
            }
        };
    }

    private void requireRoom(Engine engine) {
        int streams = 0;
        int lanes = 0;
        for (Step step : steps) {
            boolean backup = step.next() != null && step.next().definition().backup().isPresent();
            boolean hasShare =
                    Optional.ofNullable(step.stream())
                            .flatMap(RegisteredStream::stream)
                            .isPresent();
            if (step.change().kind() == StreamChange.Kind.OPENED && !hasShare) {
                streams++;
                lanes += backup ? 2 : 1;
            } else if (step.change().kind() == StreamChange.Kind.NEW_LANE && backup) {
                lanes++;
            }
        }
        engine.disk().requireRoom(streams, lanes);
    }

    List<Step> steps() {
        return steps;
    }

    @Override
    public void close() {
        for (Step step : steps) {
            if (step.made() != null) {
                step.made().close();
            }
        }
    }
}
