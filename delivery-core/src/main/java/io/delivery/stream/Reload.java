package io.delivery.stream;

import io.delivery.config.Origin;
import io.delivery.config.StreamDefinition;
import io.delivery.engine.Engine;
import io.delivery.failure.FailureText;
import io.delivery.failure.OpenedSoFar;
import io.delivery.home.StreamFolders;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What a new configuration changes for each stream, and the components for it: everything that can
 * refuse it is asked before anything changes. What was made and not taken is closed with it.
 */
final class Reload implements AutoCloseable {
    private final List<Step> steps = new ArrayList<>();

    /**
     * @param stream null when there is none of this name yet
     * @param next as it is configured from now on; null when it is not
     * @param made for a stream that goes on with other components; null otherwise
     */
    record Step(StreamChange change, RegisteredStream stream, DefinedStream next, MadeBefore made) {
        /** It runs, and does so under what is configured now, with what was made for it. */
        StreamChange goOn() {
            stream.behind(); // unless all of it comes about
            DeliveryStream open = stream.stream().orElseThrow();
            int before = open.accepted().version();
            CompletionStage<?> inForce;
            if (next == null) { // made through the API
                inForce = open.replaceComponents(open.accepted(), made);
            } else {
                stream.configured(Optional.of(next));
                if (keepsDefinition(open, next)) {
                    inForce = open.replaceComponents(next.definition(), made);
                } else {
                    inForce = open.replaceDefinition(next.definition(), next.document(), made);
                    if (open.accepted().version() == before) {
                        return change.stays(
                                "its definition could not be written: " + reason(inForce));
                    }
                }
            }
            stream.upToDate();
            LateFailure.tell(stream, open.accepted().version(), inForce);
            return change;
        }

        /** It could not be done; a stream that runs goes on as it was. */
        StreamChange failed(String reason) {
            boolean goesOn = stream != null && stream.phase() == StreamPhase.ACTIVE;
            return goesOn ? change.stays(reason) : change.failed(reason);
        }

        /** Why it was refused: whoever refuses a definition does so at once. */
        private static String reason(CompletionStage<?> refused) {
            return refused.handle((done, failure) -> FailureText.of(failure))
                    .toCompletableFuture()
                    .getNow("");
        }
    }

    private Reload() {}

    private static List<StreamChange> changes(
            Collection<RegisteredStream> present,
            Collection<DefinedStream> configured,
            ComponentChange components) {
        Map<String, RegisteredStream> known = new HashMap<>();
        present.forEach(stream -> known.put(StreamFolders.key(stream.name()), stream));
        List<StreamChange> changes = new ArrayList<>();
        Set<String> named = new HashSet<>();
        for (DefinedStream next : configured) {
            named.add(StreamFolders.key(next.name()));
            RegisteredStream stream = known.get(StreamFolders.key(next.name()));
            requireName(next, stream);
            changes.add(new StreamChange(next.name(), kind(stream, next, components)));
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
        if (stream.origin() == Origin.API && stream.phase() == StreamPhase.DELETING) {
            throw new DefinitionRefusedException(
                    "stream %s is configured, and stream %s, which was made through the API, is still being deleted"
                            .formatted(next.name(), stream.name()));
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

    private static StreamChange.Kind kind(
            RegisteredStream stream, DefinedStream next, ComponentChange components) {
        if (stream == null || stream.phase() != StreamPhase.ACTIVE) {
            return StreamChange.Kind.OPENED;
        }
        DeliveryStream open = stream.stream().orElseThrow();
        return StreamChange.Kind.of(
                keepsDefinition(open, next),
                open.accepted(),
                next.definition(),
                present -> isReplaced(stream, present, components));
    }

    /** Whether what the definition names is another one than what the stream goes on with. */
    private static boolean isReplaced(
            RegisteredStream stream, StreamDefinition definition, ComponentChange components) {
        return stream.isBehind() || components.replaces(definition);
    }

    /** Whether the document that is configured now is that of the newest version. */
    static boolean keepsDefinition(DeliveryStream open, DefinedStream next) {
        return open.versionOf(next.document()) == open.accepted().version();
    }

    /**
     * Makes everything that the change needs, for those streams as well that callers of the API
     * have made: what they name must still be there, and may be another one.
     *
     * @throws IllegalArgumentException when one stream of the set cannot be what it is to be; what
     *     was made for the others is closed
     */
    static Reload prepare(
            Engine engine,
            Collection<RegisteredStream> present,
            Collection<DefinedStream> configured,
            ComponentChange components) {
        Map<String, RegisteredStream> known = new HashMap<>();
        present.forEach(stream -> known.put(stream.name(), stream));
        Map<String, DefinedStream> next = new HashMap<>();
        configured.forEach(stream -> next.put(stream.name(), stream));
        Reload reload = new Reload();
        try {
            for (StreamChange change : changes(present, configured, components)) {
                reload.steps.add(
                        step(
                                change,
                                known.get(change.name()),
                                next.get(change.name()),
                                components));
            }
            for (RegisteredStream stream : present) {
                if (stream.origin() == Origin.API && stream.phase() == StreamPhase.ACTIVE) {
                    reload.addMadeThroughTheApi(stream, components);
                }
            }
            reload.requireRoom(engine);
            return reload;
        } catch (Throwable refused) { // also errors
            OpenedSoFar.closeAfter(refused, reload::close);
            throw refused;
        }
    }

    /** The configuration does not name it, and tells of it only what changes. */
    private void addMadeThroughTheApi(RegisteredStream stream, ComponentChange components) {
        StreamDefinition definition = stream.stream().orElseThrow().accepted();
        if (isReplaced(stream, definition, components)) {
            StreamChange change = new StreamChange(stream.name(), StreamChange.Kind.NEW_COMPONENTS);
            steps.add(
                    new Step(change, stream, null, made(stream, definition, components.factory())));
        } else {
            components.factory().components(definition).close();
        }
    }

    private static Step step(
            StreamChange change,
            RegisteredStream stream,
            DefinedStream next,
            ComponentChange components) {
        ComponentFactory factory = components.factory();
        return switch (change.kind()) {
            case NOTHING -> {
                // What its definition names must still be there.
                factory.components(stream.stream().orElseThrow().accepted()).close();
                yield new Step(change, stream, next, null);
            }
            case DRAINED -> new Step(change, stream, next, null);
            case NEW_COMPONENTS, NEW_VERSION, NEW_LANE -> goingOn(change, stream, next, factory);
            case OPENED -> {
                if (stream != null && stream.canGoOn()) {
                    yield goingOn(change, stream, next, factory);
                }
                // Only whether they can be made: which version it is says its directory.
                factory.components(next.definition()).close();
                yield new Step(change, stream, next, null);
            }
        };
    }

    /**
     * It runs, and goes on with other components. One that drains gets them under the same
     * definition as well: what that names may have changed in any reload since it began to drain.
     */
    private static Step goingOn(
            StreamChange change,
            RegisteredStream stream,
            DefinedStream next,
            ComponentFactory factory) {
        int version = stream.stream().orElseThrow().versionOf(next.document());
        StreamDefinition definition = next.definition().withVersion(version);
        return new Step(change, stream, next, made(stream, definition, factory));
    }

    private static MadeBefore made(
            RegisteredStream stream, StreamDefinition definition, ComponentFactory factory) {
        int logs = stream.stream().orElseThrow().logNames().size();
        return MadeBefore.of(definition, logs, factory);
    }

    private void requireRoom(Engine engine) {
        int streams = 0;
        int lanes = 0;
        for (Step step : steps) {
            boolean backup = step.next() != null && step.next().definition().backup().isPresent();
            Optional<DeliveryStream> open =
                    Optional.ofNullable(step.stream()).flatMap(RegisteredStream::stream);
            if (open.isPresent()) { // it has a share already, also while it drains
                boolean more = backup && open.get().accepted().backup().isEmpty();
                lanes += more ? open.get().logNames().size() : 0;
            } else if (step.change().kind() == StreamChange.Kind.OPENED) {
                streams++;
                lanes += backup ? 2 : 1;
            }
        }
        engine.disk().requireRoom(streams, lanes);
    }

    List<Step> steps() {
        return steps;
    }

    /** Nobody can tell any more with which components the streams go on. */
    void broken() {
        steps.stream().map(Step::stream).filter(Objects::nonNull).forEach(RegisteredStream::behind);
    }

    /** Closes what nobody has taken. */
    @Override
    public void close() {
        OpenedSoFar left = new OpenedSoFar();
        steps.stream()
                .map(Step::made)
                .filter(Objects::nonNull)
                .forEach(made -> left.add(made::close));
        left.close();
    }
}
