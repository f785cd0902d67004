package io.delivery.stream;

import io.delivery.config.StreamDefinition;
import io.delivery.crypt.StreamKeys;
import io.delivery.engine.DiskShares;
import io.delivery.engine.Engine;
import io.delivery.failure.OpenedSoFar;
import io.delivery.failure.RepeatedFailure;
import io.delivery.home.LaneEntry;
import io.delivery.home.StreamHome;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneState;
import io.delivery.landing.LocalLaneState;
import io.delivery.lane.Lane;
import io.delivery.lane.LanePlace;
import io.delivery.lane.LaneStatus;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.LaneName;
import io.delivery.ledger.Ledger;
import io.delivery.log.Log;
import io.delivery.partition.OwnFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of one stream. For each log that it reads – its journal, and others it may have – there
 * is a main one, a backup while a definition asks for one, and backups that were switched off and
 * are not drained yet.
 *
 * <p>A backup that comes begins at its log's end and one that goes ends there; both are durable in
 * {@code stream.meta} before the first record that they are about. Each log may forget what all
 * lanes that read it have committed.
 */
final class Lanes {
    private static final Duration TRY_AGAIN = Duration.ofMillis(500);
    private static final Logger log = LoggerFactory.getLogger(Lanes.class);

    private final Engine engine;
    private final StreamHome home;
    private final String stream;
    private final LaneNeeds needs;

    /** What was recovered, until the lanes are open. */
    private final Map<String, LaneState> states;

    private final Executor ends;
    private final StreamKeys keys;
    private DiskShares.Share share;
    private Logs logs;
    private Runnable committed;

    private final RepeatedFailure noting;

    /**
     * The main one first; replaced as a whole when lanes come and go. Empty until all are there:
     * other streams ask for the bytes of these from the start.
     */
    private volatile List<Lane> present = List.of();

    private Lanes(Engine engine, StreamHome home, String stream, StreamKeys keys) {
        this.keys = keys;
        this.engine = engine;
        this.home = home;
        this.stream = stream;
        this.needs = new LaneNeeds(engine, home, stream);
        this.states = new HashMap<>();
        this.noting =
                RepeatedFailure.of(
                        log,
                        "noting which lanes there are",
                        engine.world().clock()::nanoTime,
                        "stream",
                        stream);
        this.ends = engine.world().scheduler().serial(stream + "/lanes");
    }

    /**
     * Reads what earlier processes decided.
     *
     * @param keys what its lanes' files are encrypted with
     * @throws IllegalArgumentException when an object that was begun needs a store that the
     *     configuration lacks
     */
    static Lanes recover(Engine engine, StreamHome home, String stream, StreamKeys keys)
            throws IOException {
        Lanes lanes = new Lanes(engine, home, stream, keys);
        for (LaneEntry entry : home.lanes()) {
            LaneState state = lanes.recover(entry);
            lanes.needs.requireStores(entry, state);
            lanes.states.put(entry.name(), state);
        }
        return lanes;
    }

    /** The journal had reached this sequence when a lane last decided, came or was switched off. */
    long knownEndOfJournal() {
        long known = 0;
        for (LaneEntry entry : home.lanes()) {
            if (!entry.log().equals(LaneEntry.JOURNAL)) {
                continue;
            }
            long decided = states.get(entry.name()).plan().knownEnd();
            known = Math.max(known, Math.max(entry.knownEnd(), decided));
        }
        return known;
    }

    /**
     * Opens the lanes that a definition asks for and those that are not drained yet.
     *
     * @param logs by their names, the journal first
     * @param document of the definition; durable, with the lanes it asks for, at return
     * @param components of each log's lanes, by the log's name
     * @param committed called whenever a lane's checkpoint has moved
     * @throws IllegalArgumentException when the disk limit is too small for one more lane, a
     *     version that a lane is drained under cannot be used any more, or a log is gone that a
     *     lane reads
     */
    void open(
            Map<String, Log> logs,
            DiskShares.Share share,
            StreamDefinition definition,
            String document,
            Map<String, StreamComponents> components,
            ComponentFactory factory,
            Runnable committed)
            throws IOException {
        this.logs = new Logs(logs, () -> present);
        this.share = share;
        this.committed = committed;
        List<LaneEntry> entries = after(home.lanes(), definition);
        List<LaneEntry> drained = entries.stream().filter(this::isDrained).toList();
        List<LaneEntry> left = new ArrayList<>(entries);
        left.removeAll(drained);
        left.forEach(entry -> needs.requireLog(entry, this.logs));
        share.lanes(left.size());
        List<Lane> opened = new ArrayList<>();
        try {
            for (LaneEntry entry : left) {
                LaneComponents its =
                        entry.isOn() ? of(entry, components) : needs.kept(entry, factory);
                LaneState known = states.get(entry.name());
                LaneState state = known == null ? recover(entry) : known;
                int version = its.definitionVersion();
                opened.add(open(entry, its, state, needs.formerFolders(state, version, factory)));
            }
            // The change is written last, because a start that is refused must leave nothing of it
            // on the disk. It is written before the ends of lanes: a later process must not find a
            // lane switched on that has ended.
            home.define(document, entries);
            if (!noteEnds(drained, left)) {
                share.lanes(entries.size());
                for (LaneEntry entry : drained) {
                    opened.add(open(entry, needs.kept(entry, factory), recover(entry), Map.of()));
                }
            }
            home.clearEnded();
            if (logs.size() > 1) {
                home.create(); // another log than the journal may hold records already
            }
        } catch (Throwable failed) { // also errors
            // Their lists take memory of the whole process.
            OpenedSoFar.closeAfter(failed, () -> opened.forEach(Lane::stop));
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
            noting.failed(failed);
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

    /** The main one of each log, that of the journal first. */
    List<Lane> mains() {
        return present.stream().filter(lane -> LaneEntry.kindOf(lane.name()) == Kind.MAIN).toList();
    }

    List<Lane> all() {
        return present;
    }

    /** As {@link Lane#storesToLandIn}, of all of them. */
    CompletionStage<Set<String>> storesToLandIn() {
        CompletionStage<Set<String>> all = CompletableFuture.completedFuture(Set.of());
        for (Lane lane : present) {
            all = all.thenCombine(lane.storesToLandIn(), Lanes::union);
        }
        return all;
    }

    static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> both = new TreeSet<>(some);
        both.addAll(others);
        return both;
    }

    /** What each of them looked like after its last step. */
    List<LaneStatus> status() {
        return present.stream().map(lane -> lane.snapshot().status()).toList();
    }

    /** What they look like when their stream is deleted, after they and the logs have stopped. */
    List<LaneStatus> discarded() {
        return present.stream().map(lane -> lane.snapshot().status().afterDeletion()).toList();
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

    // --- the logs forget ---

    /** Lets each log forget what all lanes that read it have committed for good. */
    void forgetCommitted() {
        logs.forgetCommitted();
    }

    /** Lets the logs forget again, unless it is in doubt which lanes a later process would find. */
    private void unpin() {
        if (!home.inDoubt()) {
            logs.unpin();
            forgetCommitted(); // a full journal may have no later commit that would do it
        }
    }

    // --- they come and go ---

    /**
     * Goes over to another definition: lanes that stay switch at their own position, others come or
     * begin to go.
     *
     * @param document of the definition; durable, with the lanes it asks for, at return
     * @param components of each log's lanes, by the log's name
     * @return what the lanes that stay are to go over to; nothing of that has begun
     * @throws IllegalArgumentException when the disk limit is too small for one more lane: nothing
     *     was written
     * @throws IOException when the change may not be on disk
     */
    synchronized GoingOver change(
            StreamDefinition next, String document, Map<String, StreamComponents> components)
            throws IOException {
        List<LaneEntry> before = home.lanes();
        comeAndGo(before, next, document, components);
        return goingOver(home.lanes().stream().filter(before::contains), components);
    }

    /** Other components of the same definition for every lane that is not switched off. */
    synchronized GoingOver goingOver(Map<String, StreamComponents> components) {
        return goingOver(home.lanes().stream(), components);
    }

    private GoingOver goingOver(
            Stream<LaneEntry> entries, Map<String, StreamComponents> components) {
        return GoingOver.of(
                entries.filter(LaneEntry::isOn).map(entry -> lane(entry.name())).toList(),
                components);
    }

    private void comeAndGo(
            List<LaneEntry> before,
            StreamDefinition next,
            String document,
            Map<String, StreamComponents> components)
            throws IOException {
        logs.pin();
        try {
            List<LaneEntry> after = after(before, next);
            // Before anything is written: each lane has what it is to work with.
            after.stream().filter(LaneEntry::isOn).forEach(entry -> of(entry, components));
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
    private List<Lane> write(
            List<LaneEntry> entries, String document, Map<String, StreamComponents> components)
            throws IOException {
        List<Lane> coming = new ArrayList<>();
        try {
            for (LaneEntry entry : entries) {
                if (present.stream().noneMatch(lane -> lane.name().equals(entry.name()))) {
                    coming.add(open(entry, of(entry, components), recover(entry), Map.of()));
                }
            }
            home.define(document, entries);
            return coming;
        } catch (Throwable failed) { // also errors
            OpenedSoFar.closeAfter(failed, () -> coming.forEach(Lane::stop));
            OpenedSoFar.closeAfter(failed, () -> share.lanes(present.size()));
            throw failed;
        }
    }

    /** Whether a change of lanes has failed half-way. */
    boolean isInDoubt() {
        return logs.pinned() || home.inDoubt();
    }

    /**
     * Writes the present lanes again after a change of them has failed half-way. Nothing is left to
     * do when another change has written them meanwhile.
     */
    void settleDoubt() {
        if (!isInDoubt()) {
            return;
        }
        synchronized (this) {
            try {
                home.settleDoubt();
                unpin();
                noting.worked();
            } catch (IOException failed) {
                noting.failed(failed);
            }
        }
    }

    /**
     * The lanes under a definition: a backup that it asks for begins at its log's end, one that it
     * does not ask for ends there.
     */
    private List<LaneEntry> after(List<LaneEntry> before, StreamDefinition next) {
        List<LaneEntry> after = new ArrayList<>();
        for (String log : logs.names()) {
            after.addAll(
                    after(log, before.stream().filter(e -> e.log().equals(log)).toList(), next));
        }
        before.stream().filter(entry -> logs.of(entry.log()) == null).forEach(after::add);
        return after;
    }

    /**
     * The lanes of one log. When the log itself is new to the stream, its lanes begin at the first
     * sequence that it still has.
     */
    private List<LaneEntry> after(String log, List<LaneEntry> before, StreamDefinition next) {
        Log source = logs.of(log);
        long now = before.isEmpty() ? source.begin() : source.nextSequence();
        List<LaneEntry> after = new ArrayList<>();
        if (before.isEmpty()) {
            after.add(LaneEntry.opened(Kind.MAIN, next.version(), log, now));
        }
        boolean wanted = next.backup().isPresent();
        for (LaneEntry entry : before) {
            boolean backup = entry.isOn() && entry.kind() == Kind.BACKUP;
            after.add(backup && !wanted ? entry.switchedOff(now, home.version()) : entry);
            wanted &= !backup;
        }
        if (wanted) {
            after.add(LaneEntry.opened(Kind.BACKUP, next.version(), log, now));
        }
        return after;
    }

    private void drain(LaneEntry entry) {
        Lane lane = lane(entry.name());
        lane.endAt(entry.until(), () -> ends.execute(() -> ended(lane)));
    }

    /**
     * A lane that was switched off has committed everything: it is closed, and its directory stays.
     */
    private void ended(Lane lane) {
        if (home.isDeleted()) {
            return;
        }
        if (!leave(lane)) {
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
            noting.worked();
        } catch (IOException failed) {
            noting.failed(failed);
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
        return LocalLaneState.recover(
                directory,
                home.incarnation(),
                engine.programVersion(),
                entry.begin(),
                engine.limits().stateTailBytes(),
                Ledger.open(directory, engine.ledger(), engine.world()),
                engine.world());
    }

    private Lane open(
            LaneEntry entry,
            LaneComponents components,
            LaneState state,
            Map<Integer, OwnFolders> former)
            throws IOException {
        LaneName name = new LaneName(stream, home.incarnation(), entry.name());
        Path directory = home.lane(entry.name());
        Log source = logs.of(entry.log());
        LanePlace place = new LanePlace(name, directory, share, source, keys, state, former);
        return Lane.open(engine, place, components, committed);
    }

    // --- the components it works with ---

    private static LaneComponents of(LaneEntry entry, Map<String, StreamComponents> components) {
        return components.get(entry.log()).of(entry.kind());
    }
}
