package io.delivery.wiring;

import io.delivery.config.ConfigChange;
import io.delivery.config.StoreDefinition.S3;
import io.delivery.config.StoreSettings;
import io.delivery.directory.DirectorySettings;
import io.delivery.directory.DirectoryStore;
import io.delivery.engine.Stores;
import io.delivery.failure.FailureText;
import io.delivery.failure.RepeatedFailure;
import io.delivery.file.BoundedFile;
import io.delivery.file.FileDigest;
import io.delivery.landing.ObjectStore;
import io.delivery.landing.StoreProbe;
import io.delivery.landing.StoreProbe.BucketState;
import io.delivery.s3.S3Settings;
import io.delivery.s3.S3Store;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stores of the configuration, by name. One whose settings change, or whose file of certificate
 * authorities has other contents ({@link #reopen}), is the next generation of its name. One that is
 * not configured any more stays until no components are made with it and nothing that was recorded
 * has to land there; then it is closed. Thread-safe.
 */
public final class StoreRegistry implements Stores, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StoreRegistry.class);

    /** How often it is looked whether a store that is gone is needed. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final World world;
    private final Executor looks;

    /** The question which stores are still needed. */
    private final RepeatedFailure asking;

    private final NamedGenerations<Entry, ObjectStore> made;
    private final Map<String, SharedStore> shared = new ConcurrentHashMap<>();
    private final LeasedNames leased = new LeasedNames();

    /** Not configured any more, and by which change. */
    private final Map<String, Integer> gone = new HashMap<>();

    /** What a change counts on that is prepared and neither in force nor refused. */
    private Set<String> claimed = Set.of();

    private int changes;
    private boolean looking;
    private boolean closed;
    private Runnable afterClosing = () -> {};

    private Supplier<CompletionStage<Set<String>>> needed =
            () -> CompletableFuture.completedFuture(Set.of());

    /**
     * What a store is opened from: the same path of a file may have new contents.
     *
     * @param authorities SHA-256 of the file with certificate authorities to trust
     */
    private record Entry(StoreSettings settings, Optional<String> authorities) {
        static Entry of(StoreSettings settings) throws IOException {
            Optional<Path> file = caFile(settings);
            return new Entry(
                    settings,
                    file.isPresent() ? Optional.of(sha256(file.get())) : Optional.empty());
        }

        private static String sha256(Path file) throws IOException {
            try {
                return FileDigest.of(BoundedFile.read(file, BoundedFile.OF_SECRETS));
            } catch (IOException unreadable) {
                throw new IOException(
                        "caFile %s cannot be read: %s".formatted(file, FailureText.of(unreadable)),
                        unreadable);
            }
        }
    }

    /**
     * A file with certificate authorities that a store trusts.
     *
     * @param digest SHA-256 of what was in it when the store was opened, hexadecimal
     */
    record Authorities(String store, Path file, String digest) {}

    StoreRegistry(World world, Intervention intervention) {
        this(world, settings -> intervention.store(open(settings, world)));
    }

    /**
     * @param maker opens a store
     */
    StoreRegistry(World world, NamedGenerations.Maker<StoreSettings, ObjectStore> maker) {
        this.world = world;
        this.looks = world.scheduler().serial("stores");
        this.asking =
                RepeatedFailure.of(
                        log, "asking which stores are still needed", world.clock()::nanoTime);
        this.made =
                new NamedGenerations<>(
                        "store", entry -> maker.make(entry.settings()), ObjectStore::close);
    }

    /**
     * @throws IOException when a store's files, such as its CA, cannot be read
     */
    public static StoreRegistry open(List<StoreSettings> settings, World world) throws IOException {
        StoreRegistry registry = new StoreRegistry(world, Intervention.NONE);
        registry.prepare(settings).takeEffect();
        return registry;
    }

    /** A store without a registry; whoever opens it closes it. */
    static ObjectStore open(StoreSettings store, World world) throws IOException {
        boolean createBuckets = store.createBuckets();
        return store.definition()
                .choose(
                        directory ->
                                DirectoryStore.open(
                                        new DirectorySettings(directory.path(), createBuckets),
                                        world),
                        s3 -> S3Store.open(S3Settings.of(s3, createBuckets), world));
    }

    /**
     * @param names tells where recorded objects still have to land, each time it is asked: those
     *     that were recorded before are among them
     */
    synchronized void neededAre(Supplier<CompletionStage<Set<String>>> names) {
        needed = names;
    }

    /** Calls this each time when a store that was not configured any more has been closed. */
    synchronized void onClosed(Runnable then) {
        afterClosing = then;
    }

    @Override
    public ObjectStore store(String name) {
        return shared.get(name);
    }

    @Override
    public synchronized boolean isConfigured(String name) {
        return shared.containsKey(name) && !gone.containsKey(name);
    }

    /**
     * Whether a bucket is certainly not there, as the store says that has this name now; false when
     * nobody can tell. Blocking, for as long as the store takes.
     */
    boolean isMissing(String store, String bucket) {
        Optional<Generation.Lease<ObjectStore>> present = made.leaseNow(store);
        if (present.isEmpty()) {
            return false; // it is not configured any more
        }
        try (Generation.Lease<ObjectStore> lease = present.get()) {
            return lease.value() instanceof StoreProbe probe
                    && probe.bucket(bucket) == BucketState.MISSING;
        } catch (RuntimeException unseen) {
            return false; // the stream will say what is wrong with its store
        }
    }

    // --- change ---

    /**
     * Opens what other settings of the stores need. One change at a time. The authorities of a
     * store that stays the same are not looked at: they have a change of their own.
     *
     * @throws IOException when a store's files, such as its CA, cannot be read; nothing has changed
     */
    Change prepare(List<StoreSettings> settings) throws IOException {
        Map<String, Entry> byName = new LinkedHashMap<>();
        for (StoreSettings store : settings) {
            byName.put(store.name(), sameOrNew(asStore(store)));
        }
        return prepare(byName);
    }

    /**
     * Opens a store again when its file of certificate authorities has other contents: also one
     * that is not configured any more and still needed. One that is closed by now stays closed. One
     * change at a time, as above.
     *
     * @throws IOException when the file cannot be used; nothing has changed
     */
    void reopen(String name) throws IOException {
        if (!claimIfOpen(name)) {
            return;
        }
        try {
            StoreSettings settings = made.settingsNow(name).orElseThrow().settings();
            made.prepare(Map.of(name, Entry.of(settings))).takeEffect(this::isNow);
        } finally {
            claim(Set.of());
        }
    }

    /** It is not closed until it is claimed no more. */
    private synchronized boolean claimIfOpen(String name) {
        boolean open = shared.containsKey(name);
        claimed = open ? Set.of(name) : Set.of();
        return open;
    }

    private Entry sameOrNew(StoreSettings store) throws IOException {
        Optional<Entry> same =
                made.settingsNow(store.name()).filter(now -> now.settings().equals(store));
        return same.isPresent() ? same.get() : Entry.of(store);
    }

    private Change prepare(Map<String, Entry> byName) throws IOException {
        claim(byName.keySet());
        try {
            return new Change(made.prepare(byName));
        } catch (Throwable failed) { // also errors
            claim(Set.of());
            throw failed;
        }
    }

    /** A store of these that is about to go stays, for it may be configured again. */
    private synchronized void claim(Set<String> names) {
        claimed = Set.copyOf(names);
    }

    /** The settings of all that are open: configured, or not any more and still needed. */
    List<StoreSettings> openStores() {
        return shared.keySet().stream()
                .sorted()
                .flatMap(name -> made.settingsNow(name).stream())
                .map(Entry::settings)
                .toList();
    }

    /** The files of authorities that they trust: what is in force. */
    List<Authorities> authorities() {
        List<Authorities> all = new ArrayList<>();
        for (StoreSettings store : openStores()) {
            Optional<String> digest = made.settingsNow(store.name()).flatMap(Entry::authorities);
            caFile(store)
                    .filter(file -> digest.isPresent())
                    .ifPresent(file -> all.add(new Authorities(store.name(), file, digest.get())));
        }
        return all;
    }

    static Optional<Path> caFile(StoreSettings store) {
        return store.definition().choose(directory -> Optional.empty(), S3::caFile);
    }

    /** What stores are made of: a store with another one is another one. */
    static Map<String, StoreSettings> byName(List<StoreSettings> settings) {
        Map<String, StoreSettings> byName = new LinkedHashMap<>();
        settings.forEach(store -> byName.put(store.name(), asStore(store)));
        return byName;
    }

    /** Whether a stream means it when it names none is no matter of the store. */
    private static StoreSettings asStore(StoreSettings settings) {
        return new StoreSettings(
                settings.name(), settings.definition(), false, settings.createBuckets());
    }

    /** Another configuration of the stores. */
    final class Change implements AutoCloseable {
        private final NamedGenerations<Entry, ObjectStore>.Prepared next;

        private Change(NamedGenerations<Entry, ObjectStore>.Prepared next) {
            this.next = next;
        }

        /** What it changes; to be asked for before it takes effect. */
        List<ConfigChange> changes() {
            List<String> notConfigured = goneAndOpen();
            return next.changes(
                    ConfigChange.Part.STORE,
                    notConfigured::contains,
                    ConfigChange.Kind.NEW_SETTINGS);
        }

        /**
         * Leases a store for components, which will record objects that name it.
         *
         * @return gives it back
         * @throws IllegalArgumentException when this configuration has no such store
         */
        Runnable lease(String name) {
            if (!next.names(name)) {
                throw new IllegalArgumentException("store %s is not configured".formatted(name));
            }
            return leased.lease(name);
        }

        void takeEffect() {
            Set<String> left = next.takeEffect(StoreRegistry.this::isNow);
            noteGone(left, next);
        }

        /** Closes what was opened for it, unless it has taken effect. */
        @Override
        public void close() {
            next.close();
            claim(Set.of());
        }
    }

    private void isNow(String name, Generation<ObjectStore> newest) {
        SharedStore present = shared.get(name);
        if (present == null) {
            shared.put(name, new SharedStore(world.clock(), newest));
        } else if (present.goOverTo(newest)) {
            log.info(
                    "store changed, requests that are under way end as they began: store={}", name);
        }
    }

    // --- stores that are not configured any more ---

    private synchronized void noteGone(
            Set<String> left, NamedGenerations<Entry, ObjectStore>.Prepared next) {
        changes++;
        claimed = Set.of();
        gone.keySet().removeIf(next::names);
        for (String name : left) {
            if (gone.putIfAbsent(name, changes) == null) {
                log.info("store is closed when nothing has to land there any more: store={}", name);
            }
        }
        lookLater();
    }

    private synchronized void lookLater() {
        if (!gone.isEmpty() && !looking && !closed) {
            looking = true;
            world.scheduler().after(LOOK, looks, this::look);
        }
    }

    /**
     * A name that is leased by nobody turns up in nothing that is recorded from now on. So the
     * leases are looked at before it is asked what has been recorded.
     */
    private void look() {
        Map<String, Integer> unused;
        CompletionStage<Set<String>> names;
        synchronized (this) {
            unused = new HashMap<>(gone);
            unused.keySet().removeIf(leased::isLeased);
            names = unused.isEmpty() ? CompletableFuture.completedFuture(Set.of()) : needed.get();
        }
        names.whenCompleteAsync((needs, failure) -> looked(unused, needs, failure), looks);
    }

    private void looked(Map<String, Integer> unused, Set<String> needs, Throwable failure) {
        if (failure == null) {
            unused.keySet().removeAll(needs);
            asking.worked();
            unused.forEach(this::closeGone);
        } else {
            asking.failed(failure);
        }
        synchronized (this) {
            looking = false;
        }
        lookLater();
    }

    private void closeGone(String name, Integer change) {
        Optional<Generation<ObjectStore>> last;
        synchronized (this) {
            if (claimed.contains(name) || !gone.remove(name, change)) {
                return; // it may be configured again, or is
            }
            shared.remove(name);
            last = made.remove(name);
        }
        last.ifPresent(Generation::retire);
        log.info("store closed: store={}", name);
        Runnable then;
        synchronized (this) {
            then = afterClosing;
        }
        then.run();
    }

    /** The names of those that are not configured any more and not closed yet. */
    synchronized List<String> goneAndOpen() {
        return new ArrayList<>(gone.keySet());
    }

    /** Closes all of them, whatever is under way: the process ends. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        made.end();
    }
}
