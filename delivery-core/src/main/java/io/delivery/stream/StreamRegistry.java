package io.delivery.stream;

import io.delivery.config.EncryptionSettings;
import io.delivery.config.EncryptionStatus;
import io.delivery.config.Origin;
import io.delivery.engine.Engine;
import io.delivery.failure.FailureText;
import io.delivery.failure.RepeatedFailure;
import io.delivery.home.StreamFolder;
import io.delivery.home.StreamFolders;
import io.delivery.ledger.LedgerArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of a process, and the only way in which they come and go: opened at the start,
 * created, updated and deleted by callers of the API, changed and drained as the configuration
 * says.
 *
 * <p>One change at a time, on an executor of its own; whoever looks waits for none. A stream that
 * is damaged, or that the disk does not let open, is closed with its reason and tried again from
 * time to time; the others run. A name belongs to one stream, whatever its case, and to whoever
 * defines it. Thread-safe.
 */
public final class StreamRegistry {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);
    private static final Logger log = LoggerFactory.getLogger(StreamRegistry.class);

    private final Engine engine;
    private final StreamOpening opening;
    private final Changes changes;
    private final RepeatedFailure looking;

    private final KnownStreams known = new KnownStreams();
    private final ApiStreams api;
    private final Draining draining;

    /** Belongs to the changes. */
    private boolean tryingAgain;

    /**
     * @param components makes what a definition names
     * @param definitions reads the documents of streams that nobody defines at the moment
     */
    public StreamRegistry(Engine engine, ComponentFactory components, KeptDefinitions definitions) {
        this.engine = engine;
        this.opening = new StreamOpening(engine, components, definitions);
        this.changes = new Changes(engine.world().scheduler().serial("streams"));
        this.looking =
                RepeatedFailure.of(
                        log, "trying closed streams again", engine.world().clock()::nanoTime);
        this.api = new ApiStreams(engine, known, opening, changes.executor());
        this.draining = new Draining(engine, known, changes, this::openNow);
    }

    // --- what is seen of them ---

    /** The stream of this name, in whatever phase it is; case matters. */
    public Optional<RegisteredStream> find(String name) {
        return known.find(name);
    }

    /** All of them, by name. */
    public List<RegisteredStream> all() {
        return known.all();
    }

    // --- open ---

    /**
     * Opens every stream that the configuration names and every one that a caller of the API made,
     * drains those that the configuration does not name any more, and finishes deletions that a
     * dead process has begun. On the calling thread, before anything else is asked of it.
     *
     * @param configured whose names differ in more than their case
     * @throws IllegalArgumentException when one of them cannot be what it is to be: some may be
     *     open then
     * @throws IOException when the data directory cannot be read
     */
    public void open(Collection<DefinedStream> configured) throws IOException {
        Map<String, List<StreamFolder>> found = opening.look();
        opening.requireKeys(found.values());
        tidy();
        openArchive();
        opening.deleted().forEach(this::remove);
        for (DefinedStream stream : configured) {
            Origins.refuseTwo(stream, found.getOrDefault(key(stream), List.of()));
        }
        for (DefinedStream stream : configured) {
            List<StreamFolder> folders = found.remove(key(stream));
            open(configured(stream), folders == null ? List.of() : folders);
        }
        for (List<StreamFolder> folders : found.values()) {
            open(opening.kept(folders), folders);
        }
        tryAgainLater();
    }

    private static String key(DefinedStream stream) {
        return StreamFolders.key(stream.name());
    }

    private static String key(RegisteredStream stream) {
        return StreamFolders.key(stream.name());
    }

    private RegisteredStream configured(DefinedStream stream) {
        return new RegisteredStream(engine, stream.name(), Origin.YAML, Optional.of(stream));
    }

    /** What a creation has left that did not come about keeps no stream from opening. */
    private void tidy() {
        try {
            StreamFolders.tidy(engine.dataDirectory(), engine.world().disk());
        } catch (IOException failed) {
            log.warn(
                    "what dead processes have left is not removed yet: error={}",
                    FailureText.of(failed));
        }
    }

    private void openArchive() {
        try {
            new LedgerArchive(engine.dataDirectory(), engine.ledger(), engine.world()).open();
        } catch (IOException unreadable) {
            log.warn(
                    "ledgers of deleted streams not counted: error={}", FailureText.of(unreadable));
        }
    }

    /** At once if that can be; otherwise beside everything else, as often as it takes. */
    private void remove(Path directory) {
        log.info("removing what is left of a deleted stream: directory={}", directory);
        Removal removal = new Removal(engine, directory);
        removal.tellUnknown(StreamFolders.nameOf(directory));
        try {
            removal.removeNow();
        } catch (IOException failed) {
            removal.notYet(failed);
            removal.start(engine.world().scheduler().serial("removals"));
        }
    }

    /** Opens it, or closes it with the reason; drains it when nobody defines it any more. */
    private void open(RegisteredStream stream, List<StreamFolder> folders) {
        opening.open(stream, folders);
        known.put(stream);
        if (stream.origin() == Origin.YAML && stream.configured().isEmpty()) {
            draining.begin(stream);
        }
    }

    /** What the disk did not let open may open later, and somebody may mend what is damaged. */
    private void tryAgainLater() {
        boolean any = all().stream().anyMatch(StreamRegistry::isClosed);
        if (any && !tryingAgain && !changes.stopped()) {
            tryingAgain = true;
            engine.world().scheduler().after(TRY_AGAIN, changes.executor(), this::tryAgain);
        }
    }

    private static boolean isClosed(RegisteredStream stream) {
        return stream.phase() == StreamPhase.CLOSED;
    }

    private void tryAgain() {
        tryingAgain = false;
        if (changes.stopped()) {
            return;
        }
        try {
            Map<String, List<StreamFolder>> found = opening.look();
            looking.worked();
            for (RegisteredStream stream : all()) {
                if (isClosed(stream)) {
                    tryAgain(stream, found.getOrDefault(key(stream), List.of()));
                }
            }
        } catch (IOException unreadable) {
            looking.failed(unreadable);
        }
        tryAgainLater();
    }

    private void tryAgain(RegisteredStream closed, List<StreamFolder> folders) throws IOException {
        if (closed.configured().isEmpty() && folders.isEmpty()) {
            forget(closed);
            return;
        }
        RegisteredStream again = closed.configured().isPresent() ? closed : opening.kept(folders);
        again.close(closed.reason());
        openOrClose(again, folders);
        if (!isClosed(again)) {
            log.info("stream opened: stream={}", again.name());
        }
    }

    /** Nobody defines it, and somebody has taken its directory away. */
    private void forget(RegisteredStream closed) throws IOException {
        if (StreamFolders.areThere(engine.dataDirectory(), engine.world().disk())) {
            known.remove(closed);
            engine.metrics().remove(closed.name());
            log.info("closed stream is gone with its directory: stream={}", closed.name());
        }
    }

    // --- create, update, delete ---

    /**
     * Makes a stream that a caller of the API defines.
     *
     * @return completes when it accepts records, durably. Fails with {@link RegistryRefusal}, with
     *     {@link IllegalArgumentException} when it cannot be what it is to be, with {@link
     *     IOException} when the disk does not take it; then it is not there, or on its way out
     */
    public CompletionStage<StreamStatus> create(DefinedStream defined) {
        return changes.make(() -> CompletableFuture.completedFuture(api.create(defined)));
    }

    /**
     * Changes the definition of a stream that was made through the API.
     *
     * @param expectedVersion the one that the caller has seen
     * @return the version, once it is durable; it takes effect between two ranges. The present one
     *     when nothing changes. Fails as {@link #create} does
     */
    public CompletionStage<Integer> update(DefinedStream defined, int expectedVersion) {
        return changes.make(() -> api.update(defined, expectedVersion));
    }

    /**
     * Changes the tags of a stream that was made through the API.
     *
     * @param change of what was written before, empty when nothing was, to what is written; what it
     *     throws refuses the change
     * @return completes with what is durable. Fails as {@link #create} does
     */
    public CompletionStage<String> tag(String name, UnaryOperator<Optional<String>> change) {
        return changes.make(() -> CompletableFuture.completedFuture(api.tag(name, change)));
    }

    /**
     * Starts to encrypt what such a stream keeps on the disk, with a new key, or stops it.
     *
     * @param settings empty: it stops
     * @return completes when it is durable; it takes effect soon after. Fails as {@link #create}
     */
    public CompletionStage<EncryptionStatus> encryption(
            String name, Optional<EncryptionSettings> settings) {
        return changes.make(
                () -> CompletableFuture.completedFuture(api.encryption(name, settings)));
    }

    /**
     * Deletes a stream that was made through the API: what has not landed is discarded. Whoever
     * asks again while it goes is told the same.
     *
     * @return fails with {@link RegistryRefusal}, or with {@link IOException} when the disk does
     *     not take the mark: then the stream goes on
     */
    public Deletion delete(String name) {
        CompletionStage<Deletion> begun =
                changes.make(() -> CompletableFuture.completedFuture(api.delete(name)));
        return new Deletion(begun.thenCompose(Deletion::marked), begun.thenCompose(Deletion::gone));
    }

    /**
     * Runs what changes something beside the streams and must not meet a change of theirs: when the
     * one before it has been made. The next one waits for it.
     *
     * @return fails with what {@code what} throws, and with {@link RegistryRefusal} while the
     *     process stops
     */
    public <T> CompletionStage<T> between(Callable<T> what) {
        return changes.make(() -> CompletableFuture.completedFuture(what.call()));
    }

    // --- reload, stop ---

    /**
     * What {@link #reload} would change: everything is made and asked for that a reload makes and
     * asks for, and nothing of it takes effect.
     *
     * @return fails as {@code reload} does
     */
    public CompletionStage<List<StreamChange>> tryOut(
            Collection<DefinedStream> configured, Callable<? extends ComponentChange> asked) {
        return changes.make(
                () -> {
                    try (ComponentChange components = asked.call();
                            Reload reload = Reload.prepare(engine, all(), configured, components)) {
                        return CompletableFuture.completedFuture(
                                reload.steps().stream().map(Reload.Step::change).toList());
                    }
                });
    }

    /** As the other one, where streams are all that changes. */
    public CompletionStage<List<StreamChange>> reload(
            Collection<DefinedStream> configured, ComponentFactory components) {
        return reload(configured, () -> ComponentChange.to(components));
    }

    /**
     * Goes over to another configuration: each stream is what it was, gets other components, goes
     * on under the next version, is opened, or is drained. All or nothing: what can refuse one of
     * them is asked before anything changes. What one stream meets later, such as a disk that
     * fails, is told with that stream's change.
     *
     * @param asked begins the change of what components are made with, when the changes before this
     *     one have been made; closed here
     * @return completes when every change is durable. Fails with {@link IllegalArgumentException}
     *     when a stream refuses it, and with what {@code asked} throws: nothing has changed then.
     *     Fails with {@link BrokenReloadException} when part of it may be in force
     */
    public CompletionStage<List<StreamChange>> reload(
            Collection<DefinedStream> configured, Callable<? extends ComponentChange> asked) {
        return changes.make(
                () -> {
                    Map<String, List<StreamFolder>> found = opening.look();
                    try (ComponentChange components = asked.call();
                            Reload reload = Reload.prepare(engine, all(), configured, components)) {
                        changes.requireNotStopping(); // it may have begun meanwhile
                        try {
                            components.takeEffect();
                            return CompletableFuture.completedFuture(
                                    goOver(reload, components.factory(), found));
                        } catch (Throwable defect) { // also errors
                            log.error("reload broken off", defect);
                            reload.broken();
                            throw new BrokenReloadException(defect);
                        }
                    }
                });
    }

    private List<StreamChange> goOver(
            Reload reload, ComponentFactory components, Map<String, List<StreamFolder>> found) {
        opening.components(components);
        List<StreamChange> made = new ArrayList<>();
        for (Reload.Step step : reload.steps()) {
            made.add(applyOrTell(step, found));
        }
        tryAgainLater();
        return List.copyOf(made);
    }

    /**
     * The names of the stores that recorded objects, which are not committed, land in: of all
     * streams that are open, and of deleted ones that are not gone. What was recorded before this
     * is asked is among them.
     */
    public CompletionStage<Set<String>> storesToLandIn() {
        CompletionStage<Set<String>> all = CompletableFuture.completedFuture(Set.of());
        for (RegisteredStream stream : all()) {
            if (stream.stream().isPresent()) {
                all = all.thenCombine(stream.stream().get().storesToLandIn(), Lanes::union);
            }
        }
        return all;
    }

    /**
     * The configuration is in force: what one stream meets now must not keep it from the others.
     */
    private StreamChange applyOrTell(Reload.Step step, Map<String, List<StreamFolder>> found) {
        try {
            return apply(step, found);
        } catch (Throwable defect) { // also errors
            log.error("stream not changed: stream={}", step.change().name(), defect);
            return step.failed("a defect of the program: " + defect);
        }
    }

    private StreamChange apply(Reload.Step step, Map<String, List<StreamFolder>> found) {
        StreamChange change = step.change();
        if (change.kind() != StreamChange.Kind.NOTHING) {
            log.info("configuration changed: stream={} change={}", change.name(), change.kind());
        }
        return switch (change.kind()) {
            case NOTHING -> change;
            case DRAINED -> {
                draining.begin(step.stream());
                yield change;
            }
            case NEW_COMPONENTS, NEW_VERSION, NEW_LANE -> step.goOn();
            case OPENED -> openAgain(step, found.getOrDefault(key(step.next()), List.of()));
        };
    }

    private StreamChange openAgain(Reload.Step step, List<StreamFolder> folders) {
        RegisteredStream before = step.stream();
        if (before != null && before.canGoOn()) {
            before.enter(StreamPhase.ACTIVE);
            return step.goOn();
        }
        if (before != null && before.ends()) {
            before.configured(Optional.of(step.next())); // opened when its former life has ended
            return step.change();
        }
        RegisteredStream stream = configured(step.next());
        openOrClose(stream, folders);
        return stream.reason().isEmpty() ? step.change() : step.change().failed(stream.reason());
    }

    /** Its former life has ended meanwhile. */
    private void openNow(DefinedStream next) {
        RegisteredStream stream = configured(next);
        try {
            openOrClose(stream, opening.look().getOrDefault(key(next), List.of()));
        } catch (IOException unreadable) {
            StreamOpening.close(stream, unreadable);
            known.put(stream);
        }
        tryAgainLater();
    }

    /** The configuration has been accepted: from now on only this stream can be at fault. */
    private void openOrClose(RegisteredStream stream, List<StreamFolder> folders) {
        try {
            open(stream, folders);
        } catch (IllegalArgumentException refused) {
            StreamOpening.close(stream, refused);
            known.put(stream);
        } catch (Error defect) {
            log.error("stream not opened: stream={}", stream.name(), defect);
            StreamOpening.close(stream, new IOException("a defect of the program: " + defect));
            known.put(stream);
        }
    }

    /**
     * Stops every stream; nothing changes any more.
     *
     * @return completes when nothing of any of them runs; a deletion that is under way is finished
     *     at the next start
     */
    public CompletionStage<Void> stop(Stopping how, Duration grace) {
        changes.stop();
        StreamsStop stop = new StreamsStop(known, how, grace, engine.world().clock());
        CompletionStage<Void> present = stop.begin();
        // The change that is under way may open others.
        CompletionStage<Void> later =
                CompletableFuture.runAsync(() -> {}, changes.executor())
                        .thenCompose(made -> stop.begin());
        return present.thenCombine(later, (stopped, others) -> null);
    }
}
