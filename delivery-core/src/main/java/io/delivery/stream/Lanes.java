package io.delivery.stream;

import io.delivery.config.StreamDefinition;
import io.delivery.engine.DiskShares;
import io.delivery.engine.Engine;
import io.delivery.home.KeptStream;
import io.delivery.home.LaneEntry;
import io.delivery.home.StreamHome;
import io.delivery.journal.Journal;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneState;
import io.delivery.lane.Lane;
import io.delivery.lane.LaneStatus;
import io.delivery.lane.components.LaneComponents;
import io.delivery.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of one stream: the main one, the backup while a definition asks for one, and backups
 * that were switched off and are not drained yet.
 *
 * <p>A lane that comes begins at the journal's end and one that goes ends there; both are durable
 * in {@code stream.meta} before the first record that they are about. What they all have committed
 * the journal may forget.
 */
final class Lanes {
    private static final Duration TRY_AGAIN = Duration.ofMillis(500);
    private static final long NOTHING = Long.MAX_VALUE;
    private static final Logger log = LoggerFactory.getLogger(Lanes.class);

    private final Engine engine;
    private final StreamHome home;
    private final String stream;

    /** What was recovered, until the lanes are open. */
    private final Map<String, LaneState> states;

    private final Executor ends;
    private DiskShares.Share share;
    private Journal journal;
    private Runnable committed;

    /**
     * The main one first; replaced as a whole when lanes come and go. Empty until all are there:
     * other streams ask for the bytes of these from the start.
     */
    private volatile List<Lane> present = List.of();

    /** Which lanes there are, and what they let go of, is looked at in one. */
    private final Object forgetting = new Object();

    /** Not forgotten while a lane is about to come; {@link #NOTHING} otherwise. */
    private volatile long pinned = NOTHING;

    private Lanes(Engine engine, StreamHome home, String stream, Map<String, LaneState> states) {
        this.engine = engine;
        this.home = home;
        this.stream = stream;
        this.states = states;
        this.ends = engine.world().scheduler().serial(stream + "/lanes");
    }

    /**
     * Reads what earlier processes decided.
     *
     * @throws IllegalArgumentException when an object that was begun needs a store that the
     *     configuration lacks
     */
    static Lanes recover(Engine engine, StreamHome home, String stream) throws IOException {
        Lanes lanes = new Lanes(engine, home, stream, new HashMap<>());
        for (LaneEntry entry : home.lanes()) {
            LaneState state = lanes.recover(entry);
            lanes.requireStores(entry, state);
            lanes.states.put(entry.name(), state);
        }
        return lanes;
    }

    /** The log had reached this sequence when a lane last decided, came or was switched off. */
    long knownEnd() {
        long known = 0;
        for (LaneEntry entry : home.lanes()) {
            long decided = states.get(entry.name()).plan().knownEnd();
            known = Math.max(known, Math.max(entry.knownEnd(), decided));
        }
        return known;
    }

    /**
     * Opens the lanes that a definition asks for and those that are not drained yet.
     *
     * @param document of the definition; durable, with the lanes it asks for, at return
     * @param committed called whenever a lane's checkpoint has moved
     * @throws IllegalArgumentException when the disk limit is too small for one more lane, or a
     *     version that a lane is drained under cannot be used any more
     */
    void open(
            Journal journal,
            DiskShares.Share share,
            StreamDefinition definition,
            String document,
            StreamComponents components,
            ComponentFactory factory,
            Runnable committed)
            throws IOException {
        this.journal = journal;
        this.share = share;
        this.committed = committed;
        List<LaneEntry> entries = after(home.lanes(), definition);
        List<LaneEntry> drained = entries.stream().filter(this::isDrained).toList();
        List<LaneEntry> left = new ArrayList<>(entries);
        left.removeAll(drained);
        share.lanes(left.size());
        List<Lane> opened = new ArrayList<>();
        try {
            for (LaneEntry entry : left) {
                LaneState state = states.get(entry.name());
                opened.add(
                        open(
                                entry,
                                entry.isOn() ? of(entry, components) : kept(entry, factory),
                                state == null ? recover(entry) : state));
            }
            // Last: a start that is refused must leave nothing of the change on the disk. A lane
            // that has ended must not be found switched on: first that it was switched off.
            home.define(document, entries);
            if (!noteEnds(drained, left)) {
                share.lanes(entries.size());
                for (LaneEntry entry : drained) {
                    opened.add(open(entry, kept(entry, factory), recover(entry)));
                }
            }
            home.clearEnded();
        } catch (IOException | RuntimeException failed) {
            opened.forEach(Lane::stop); // their lists take memory of the whole process
            throw failed;
        }
        states.clear();
        present = List.copyOf(opened);
    }

    /**
     * Makes durable which lanes are left. A full disk must not keep a stream from starting for ends
     * that are left to note down.
     *
     * @return false when they could not be noted: those lanes go on being drained
     */
    private boolean noteEnds(List<LaneEntry> drained, List<LaneEntry> left) {
        try {
            for (LaneEntry entry : drained) {
                states.get(entry.name()).end();
            }
            home.lanes(left);
            return true;
        } catch (IOException failed) {
            log.warn("ends of lanes not noted yet: stream={} reason={}", stream, failed.toString());
            return false;
        }
    }

    /** Whether nothing is left to do for a lane that was switched off: it needs no components. */
    private boolean isDrained(LaneEntry entry) {
        LaneState state = states.get(entry.name());
        return !entry.isOn() && state != null && state.plan().isSettledUpTo(entry.until());
    }

    /** Lets them work. */
    void start() {
        home.lanes().stream().filter(entry -> !entry.isOn()).forEach(this::drain);
        present.forEach(Lane::start);
    }

    // --- what is seen of them ---

    Lane main() {
        return present.get(0);
    }

    List<Lane> all() {
        return present;
    }

    /**
     * What they look like when their stream is deleted, after they have stopped: what was buffered
     * is discarded, and so is what they have not read yet.
     */
    synchronized List<LaneStatus> discarded() {
        List<LaneStatus> last = new ArrayList<>();
        for (Lane lane : present) {
            LaneEntry entry = entry(lane.name());
            LaneStatus status = lane.snapshot().status();
            long seen = entry.begin() + status.books().accepted();
            long end = Math.min(journal.durableEnd(), entry.until());
            last.add(status.discarded(Math.max(0, end - seen)));
        }
        return last;
    }

    private LaneEntry entry(String name) {
        return home.lanes().stream()
                .filter(entry -> entry.name().equals(name))
                .findAny()
                .orElseThrow();
    }

    /** Bytes of their files, those of the journal apart. */
    long diskBytes() {
        long sum = 0;
        for (Lane lane : present) {
            sum += lane.snapshot().diskBytes();
        }
        return sum;
    }

    /** Completes when every lane has done this. */
    CompletionStage<Void> each(Function<Lane, CompletionStage<Void>> what) {
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (Lane lane : present) {
            all = all.thenCombine(what.apply(lane), (a, b) -> null);
        }
        return all;
    }

    // --- the journal forgets ---

    /** Lets the journal forget what all of them have committed for good. */
    void letForget() {
        synchronized (forgetting) {
            long slowest = pinned;
            for (Lane lane : present) {
                slowest = Math.min(slowest, lane.durableCheckpoint());
            }
            journal.forgetBelow(slowest);
        }
    }

    /** Nothing that a lane will read from here on is forgotten before it is present. */
    private void pin() {
        synchronized (forgetting) {
            pinned = Math.min(pinned, journal.nextSequence());
        }
    }

    /** Unless nobody knows which lanes a later process would find. */
    private void unpin() {
        if (!home.inDoubt()) {
            synchronized (forgetting) {
                pinned = NOTHING;
            }
            letForget(); // a full journal has no commit that would
        }
    }

    // --- they come and go ---

    /**
     * Goes over to another definition: lanes that stay switch at their own position, others come or
     * begin to go.
     *
     * @param document of the definition; durable, with the lanes it asks for, at return
     * @return completes when the lanes that stay have switched
     * @throws IllegalArgumentException when the disk limit is too small for one more lane: nothing
     *     was written
     * @throws IOException when the change may not be on disk
     */
    synchronized CompletionStage<Void> change(
            StreamDefinition next, String document, StreamComponents components)
            throws IOException {
        List<LaneEntry> before = home.lanes();
        comeAndGo(before, next, document, components);
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (LaneEntry entry : home.lanes()) {
            if (entry.isOn() && before.contains(entry)) {
                Lane lane = lane(entry.name());
                all = all.thenCombine(lane.replace(of(entry, components)), (a, b) -> null);
            }
        }
        return all;
    }

    private void comeAndGo(
            List<LaneEntry> before,
            StreamDefinition next,
            String document,
            StreamComponents components)
            throws IOException {
        pin();
        try {
            List<LaneEntry> after = after(before, next);
            share.lanes(after.size());
            List<Lane> coming = write(after, document, components);
            List<Lane> all = new ArrayList<>(present);
            all.addAll(coming);
            present = List.copyOf(all);
            coming.forEach(Lane::start);
            after.stream()
                    .filter(entry -> !entry.isOn() && !before.contains(entry))
                    .forEach(this::drain);
        } finally {
            unpin();
        }
    }

    /**
     * Makes a definition and its lanes durable; gives back the room that was asked for them when
     * that fails.
     *
     * @return the lanes that come, not started
     */
    private List<Lane> write(List<LaneEntry> entries, String document, StreamComponents components)
            throws IOException {
        try {
            List<Lane> coming = new ArrayList<>();
            for (LaneEntry entry : entries) {
                if (present.stream().noneMatch(lane -> lane.name().equals(entry.name()))) {
                    coming.add(open(entry, of(entry, components), recover(entry)));
                }
            }
            home.define(document, entries);
            return coming;
        } catch (IOException | RuntimeException failed) {
            share.lanes(present.size());
            throw failed;
        }
    }

    /**
     * Writes the lanes again that are, after a change of them failed half-way. Whoever else has
     * written them meanwhile has settled it, too.
     */
    void settleDoubt() {
        if (pinned == NOTHING && !home.inDoubt()) {
            return;
        }
        synchronized (this) {
            try {
                home.settleDoubt();
                unpin();
            } catch (IOException failed) {
                log.warn(
                        "lanes not written again yet: stream={} reason={}",
                        stream,
                        failed.toString());
            }
        }
    }

    /**
     * The lanes under a definition: a backup that it asks for begins at the journal's end, one that
     * it does not ask for ends there.
     */
    private List<LaneEntry> after(List<LaneEntry> before, StreamDefinition next) {
        long now = journal.nextSequence();
        List<LaneEntry> after = new ArrayList<>();
        if (before.isEmpty()) {
            after.add(LaneEntry.opened(Kind.MAIN, next.version(), now));
        }
        boolean wanted = next.backup().isPresent();
        for (LaneEntry entry : before) {
            boolean backup = entry.isOn() && entry.is(Kind.BACKUP);
            after.add(backup && !wanted ? entry.switchedOff(now, home.version()) : entry);
            wanted &= !backup;
        }
        if (wanted) {
            after.add(LaneEntry.opened(Kind.BACKUP, next.version(), now));
        }
        return after;
    }

    private void drain(LaneEntry entry) {
        Lane lane = lane(entry.name());
        lane.endAt(entry.until(), () -> ends.execute(() -> ended(lane)));
    }

    /** A lane that was switched off has committed everything; its directory stays. */
    private void ended(Lane lane) {
        if (home.isDeleted()) {
            return;
        }
        if (!leave(lane)) {
            log.warn("end of a lane not noted yet: stream={} lane={}", stream, lane.name());
            engine.world().scheduler().after(TRY_AGAIN, ends, () -> ended(lane));
            return;
        }
        lane.stop();
        committed.run();
    }

    private synchronized boolean leave(Lane lane) {
        try {
            home.lanes(
                    home.lanes().stream()
                            .filter(entry -> !entry.name().equals(lane.name()))
                            .toList());
        } catch (IOException failed) {
            return false;
        }
        present = present.stream().filter(other -> other != lane).toList();
        share.lanes(present.size());
        return true;
    }

    private Lane lane(String name) {
        return present.stream().filter(lane -> lane.name().equals(name)).findAny().orElseThrow();
    }

    // --- one of them ---

    private LaneState recover(LaneEntry entry) throws IOException {
        Path directory = home.lane(entry.name());
        return LaneState.recover(
                directory,
                home.incarnation(),
                engine.programVersion(),
                entry.begin(),
                engine.limits().stateTailBytes(),
                Ledger.open(directory, engine.ledger(), engine.world()),
                engine.world());
    }

    private Lane open(LaneEntry entry, LaneComponents components, LaneState state)
            throws IOException {
        return Lane.recover(
                engine,
                stream,
                entry.name(),
                home.lane(entry.name()),
                home.incarnation(),
                components,
                share,
                journal,
                state,
                committed);
    }

    // --- the components it works with ---

    private static LaneComponents of(LaneEntry entry, StreamComponents components) {
        return entry.is(Kind.BACKUP) ? components.backup().orElseThrow() : components.main();
    }

    /**
     * Those under the version that was in force when it was switched off: the newest by then that
     * has a backup, for a version may have been written whose lanes never were.
     */
    private LaneComponents kept(LaneEntry entry, ComponentFactory factory) throws IOException {
        for (int version = entry.lastVersion(); version > 0; version--) {
            KeptStream old =
                    new KeptStream(
                            stream,
                            home.origin(),
                            version,
                            home.document(version),
                            home.directory());
            Optional<LaneComponents> own = factory.componentsOf(old, version).backup();
            if (own.isPresent()) {
                requireStore(entry, own.get().store());
                return own.get();
            }
        }
        throw new IOException("stream %s has a backup that no version names".formatted(stream));
    }

    private void requireStores(LaneEntry entry, LaneState state) {
        for (LanePlan.RangePlan range : state.plan().ranges()) {
            range.live().forEach(object -> requireStore(entry, object.store()));
        }
    }

    private void requireStore(LaneEntry entry, String store) {
        if (engine.stores().store(store) == null) {
            throw new IllegalArgumentException(
                    "stream %s: lane %s still has objects to land in store %s, which is not configured any more: configure it until they have landed"
                            .formatted(stream, entry.name(), store));
        }
    }
}
