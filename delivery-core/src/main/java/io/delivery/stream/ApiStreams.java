package io.delivery.stream;

import io.delivery.config.EncryptionSettings;
import io.delivery.config.EncryptionStatus;
import io.delivery.config.Origin;
import io.delivery.engine.Engine;
import io.delivery.home.StreamFolder;
import io.delivery.home.StreamFolders;
import io.delivery.home.StreamHome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that callers of the API make, change and delete. Belongs to the registry's executor
 * of changes.
 */
final class ApiStreams {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);
    private static final Logger log = LoggerFactory.getLogger(ApiStreams.class);

    private final Engine engine;
    private final KnownStreams known;
    private final StreamOpening opening;
    private final Executor changes;

    /** Removals take as long as their directories are large. */
    private final Executor removals;

    ApiStreams(Engine engine, KnownStreams known, StreamOpening opening, Executor changes) {
        this.engine = engine;
        this.known = known;
        this.opening = opening;
        this.changes = changes;
        this.removals = engine.world().scheduler().serial("removals");
    }

    /** As {@link StreamRegistry#create} tells. */
    StreamStatus create(DefinedStream asked) throws IOException {
        known.requireFree(asked.name());
        DefinedStream defined = opening.inForce(asked);
        RegisteredStream stream =
                new RegisteredStream(engine, defined.name(), Origin.API, Optional.empty());
        stream.defined(defined);
        stream.encryption(Optional.of(StreamEncryption.asked(defined.definition())));
        known.put(stream);
        StreamHome home =
                StreamHome.fresh(
                        engine.dataDirectory(), stream.name(), stream.origin(), engine.world());
        try {
            stream.open(DeliveryStream.open(engine, home, defined, opening.components()));
        } catch (IOException | RuntimeException | Error failed) {
            takeBack(stream, home);
            throw failed;
        }
        log.info("stream created: stream={} home={}", stream.name(), home.directory());
        return stream.status();
    }

    /** What a creation that failed has left is removed: a second one must not find it. */
    private void takeBack(RegisteredStream stream, StreamHome home) {
        if (!home.takeBack()) {
            known.remove(stream);
            return;
        }
        stream.enter(StreamPhase.DELETING);
        DeletionMark.of(home, engine.world(), changes)
                .write()
                .thenCompose(done -> new Removal(engine, home.directory()).start(removals))
                .whenComplete((done, failure) -> takenBack(stream, home, failure));
    }

    private void takenBack(RegisteredStream stream, StreamHome home, Throwable failure) {
        if (failure == null) {
            known.remove(stream);
        } else {
            engine.world().scheduler().after(TRY_AGAIN, changes, () -> takeBack(stream, home));
        }
    }

    /** As {@link StreamRegistry#update} tells. */
    CompletionStage<Integer> update(DefinedStream asked, int expectedVersion) {
        RegisteredStream stream = madeThroughTheApi(asked.name());
        requireActive(stream);
        DeliveryStream open = stream.stream().orElseThrow();
        int version = open.accepted().version();
        if (version != expectedVersion) {
            throw new RegistryRefusal(
                    RegistryRefusal.Why.VERSION_CHANGED,
                    "stream %s has version %d, not %d"
                            .formatted(stream.name(), version, expectedVersion));
        }
        DefinedStream defined = opening.inForce(asked);
        CompletionStage<Integer> inForce =
                open.replaceDefinition(
                        defined.definition(), defined.document(), opening.components());
        int accepted = open.accepted().version();
        if (accepted == version) {
            return inForce; // it says the same, or it was refused
        }
        stream.defined(defined);
        LateFailure.tell(stream, accepted, inForce);
        return CompletableFuture.completedFuture(accepted);
    }

    private RegisteredStream madeThroughTheApi(String name) {
        Optional<RegisteredStream> stream = known.find(name);
        if (stream.isEmpty()) {
            throw new RegistryRefusal(
                    RegistryRefusal.Why.NO_SUCH_STREAM, "there is no stream " + name);
        }
        if (stream.get().origin() != Origin.API) {
            throw new RegistryRefusal(
                    RegistryRefusal.Why.DEFINED_ELSEWHERE,
                    "stream %s is defined by the configuration: change it there".formatted(name));
        }
        return stream.get();
    }

    /** One whose deletion is on its way to the disk may be gone at any moment. */
    private static void requireActive(RegisteredStream stream) {
        if (stream.phase() != StreamPhase.ACTIVE) {
            throw wrongPhase(stream);
        }
        if (stream.deletion().filter(deletion -> !deletion.isRefused()).isPresent()) {
            throw new RegistryRefusal(
                    RegistryRefusal.Why.WRONG_PHASE,
                    "stream %s is being deleted".formatted(stream.name()));
        }
    }

    private static RegistryRefusal wrongPhase(RegisteredStream stream) {
        return new RegistryRefusal(
                RegistryRefusal.Why.WRONG_PHASE,
                "stream %s is %s%s"
                        .formatted(
                                stream.name(),
                                stream.phase().name().toLowerCase(Locale.ROOT),
                                stream.reason().isEmpty() ? "" : ": " + stream.reason()));
    }

    /** As {@link StreamRegistry#tag} tells. */
    String tag(String name, UnaryOperator<Optional<String>> change) throws IOException {
        RegisteredStream stream = madeThroughTheApi(name);
        requireActive(stream);
        String tags = change.apply(stream.tags()).orElseThrow();
        stream.stream().orElseThrow().home().tags(tags);
        stream.tags(Optional.of(tags));
        return tags;
    }

    /** As {@link StreamRegistry#encryption} tells. */
    EncryptionStatus encryption(String name, Optional<EncryptionSettings> settings)
            throws IOException {
        RegisteredStream stream = madeThroughTheApi(name);
        requireActive(stream);
        return stream.stream().orElseThrow().encrypt(settings);
    }

    /** As {@link StreamRegistry#delete} tells. */
    Deletion delete(String name) throws IOException {
        RegisteredStream stream = madeThroughTheApi(name);
        if (!stream.name().equals(name)) {
            throw wrongPhase(stream); // whose it is, nobody can tell
        }
        Optional<Deletion> before = stream.deletion().filter(deletion -> !deletion.isRefused());
        if (before.isPresent()) {
            return before.get();
        }
        Deletion begun =
                switch (stream.phase()) {
                    case ACTIVE, DRAINING -> stream.stream().orElseThrow().delete();
                    case CLOSED -> deleteClosed(stream);
                    case CREATING, DELETING -> throw wrongPhase(stream);
                };
        Deletion deletion =
                new Deletion(
                        begun.marked()
                                .thenRunAsync(() -> stream.enter(StreamPhase.DELETING), changes),
                        begun.gone().thenApplyAsync(last -> gone(stream, last), changes));
        stream.deletion(deletion);
        return deletion;
    }

    private StreamStatus gone(RegisteredStream stream, StreamStatus last) {
        known.remove(stream);
        return last;
    }

    /** Nothing of it runs; nobody knows what it had not landed. */
    private Deletion deleteClosed(RegisteredStream stream) throws IOException {
        List<StreamFolder> folders =
                opening.look().getOrDefault(StreamFolders.key(stream.name()), List.of());
        if (folders.size() != 1) {
            throw wrongPhase(stream);
        }
        Path directory = folders.get(0).directory();
        stream.enter(StreamPhase.DELETING); // or it would be tried to open it
        CompletableFuture<Void> marked =
                DeletionMark.of(directory, engine.world(), changes)
                        .write()
                        .whenComplete((done, refused) -> stayClosed(stream, refused));
        return new Deletion(
                marked,
                marked.thenCompose(done -> removeClosed(stream.name(), directory))
                        .thenApply(
                                done -> {
                                    engine.metrics().remove(stream.name());
                                    return stream.status();
                                }));
    }

    private CompletionStage<Void> removeClosed(String name, Path directory) {
        Removal removal = new Removal(engine, directory);
        removal.tellUnknown(name);
        return removal.start(removals);
    }

    private static void stayClosed(RegisteredStream stream, Throwable refused) {
        if (refused != null) {
            stream.enter(StreamPhase.CLOSED);
        }
    }
}
