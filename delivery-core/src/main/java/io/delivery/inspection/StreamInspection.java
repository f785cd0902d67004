package io.delivery.inspection;

import io.delivery.crypt.MasterKeys;
import io.delivery.crypt.StreamKeys;
import io.delivery.failure.FailureText;
import io.delivery.home.ChecksummedText;
import io.delivery.home.LaneEntry;
import io.delivery.home.StreamFolders;
import io.delivery.home.StreamMeta;
import io.delivery.journal.JournalDamage;
import io.delivery.journal.JournalInspection;
import io.delivery.journal.JournalVisitor;
import io.delivery.landing.CommittedRange;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneStateInspection;
import io.delivery.landing.SequenceFate;
import io.delivery.record.Incarnation;
import io.delivery.staging.StagingSeal;
import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * What is in one stream's directory and where it is damaged, without changing anything. Works
 * without the process that owns the data directory and beside it: what looks wrong is looked at a
 * second time, since the owner may have moved on in between. Whatever is in the files, it answers.
 */
public final class StreamInspection {
    private final Path directory;
    private final Disk disk;
    private StreamKeys keys = StreamKeys.none();
    private final List<Damage> damage = new ArrayList<>();
    private final List<Definition> definitions = new ArrayList<>();
    private final Map<String, Long> laneBegins = new HashMap<>();
    private final List<LaneInspection> lanes = new ArrayList<>();
    private String name;
    private Optional<Incarnation> incarnation = Optional.empty();
    private long createdMillis;
    private Set<String> laneNames = new TreeSet<>();
    private long lanesKnow;
    private JournalInspection journal;

    /**
     * Something that was durable and is not to be believed any more.
     *
     * @param place the byte in the file; empty when no place in it is concerned
     * @param from the first sequence that is lost
     * @param to the sequence behind the last one that is lost; {@code from} when none is
     */
    public record Damage(Path file, OptionalLong place, long from, long to, String reason) {}

    /** A version of the stream's definition. */
    public record Definition(int version, Path file, boolean damaged) {}

    /**
     * One lane.
     *
     * @param staged every uncommitted object that is not void, and whether its bytes can be landed
     *     if they are still needed
     */
    public record LaneInspection(
            String name, LaneStateInspection state, List<StagedObject> staged) {}

    /** An object that is decided and not committed, and the bytes it will be landed from. */
    public record StagedObject(ObjectRecord object, StagedState state) {}

    private StreamInspection(Path directory, Disk disk) {
        this.directory = directory;
        this.disk = disk;
    }

    /** The directories of all streams. */
    public static List<Path> directories(Path dataDirectory, Disk disk) throws IOException {
        return StreamFolders.directories(dataDirectory, disk);
    }

    /** Looks at one stream's directory, without any key: checksums tell what is damaged. */
    public static StreamInspection of(Path directory, Disk disk) throws IOException {
        return of(directory, disk, MasterKeys.NONE);
    }

    /** Looks at one stream's directory, also into what these master keys open. */
    public static StreamInspection of(Path directory, Disk disk, MasterKeys masters)
            throws IOException {
        StreamInspection inspection = identify(directory, disk).with(masters);
        inspection.lookAtDefinitions();
        inspection.lookAtLanes();
        inspection.lookAtJournal();
        return inspection;
    }

    /** Reads only whose directory it is: name, incarnation, names of lanes. */
    public static StreamInspection identify(Path directory, Disk disk) throws IOException {
        StreamInspection inspection = new StreamInspection(directory, disk);
        inspection.readMeta();
        inspection.findLanes();
        return inspection;
    }

    /** Reads what is encrypted with these keys as well. */
    public StreamInspection with(MasterKeys masters) {
        try {
            keys = InspectedKeys.of(directory, incarnation, masters, disk);
        } catch (IOException unreadable) {
            damaged(directory.resolve("keys"), FailureText.of(unreadable));
        }
        return this;
    }

    // --- whose it is ---

    private void readMeta() throws IOException {
        name = StreamFolders.nameOf(directory);
        Path path = StreamMeta.in(directory);
        try {
            Optional<String> lost = StreamFolders.lostMeta(directory, disk);
            if (lost.isPresent()) {
                damaged(path, lost.get());
            } else if (disk.exists(path)) {
                believe(StreamMeta.read(disk, directory));
            }
        } catch (IOException unreadable) {
            damaged(path, "cannot be read: " + FailureText.of(unreadable));
        }
        if (!damage.isEmpty() && !entries(journalDirectory()).isEmpty()) {
            incarnation = JournalInspection.incarnationOf(journalDirectory(), disk);
        }
    }

    private void believe(StreamMeta meta) {
        name = meta.name();
        incarnation = Optional.of(meta.incarnation());
        createdMillis = meta.createdMillis();
        for (LaneEntry entry : meta.lanes()) {
            laneNames.add(entry.name());
            laneBegins.put(entry.name(), entry.begin());
            if (readsJournal(entry.name())) {
                lanesKnow = Math.max(lanesKnow, entry.knownEnd());
            }
        }
    }

    /** Also lanes that {@code stream.meta} does not know, or cannot tell. */
    private void findLanes() {
        for (Path entry : entries(directory.resolve("lanes"))) {
            laneNames.add(entry.getFileName().toString());
        }
    }

    /** What cannot be listed is damaged, and looks empty. */
    private List<Path> entries(Path listed) {
        try {
            return disk.list(listed);
        } catch (IOException unreadable) {
            if (damage.stream().noneMatch(known -> known.file().equals(listed))) {
                damaged(listed, "cannot be listed: " + unreadable);
            }
            return List.of();
        }
    }

    private void lookAtDefinitions() {
        TreeMap<Integer, Path> versions = new TreeMap<>();
        for (Path entry : entries(directory.resolve("definitions"))) {
            String file = entry.getFileName().toString();
            if (file.matches("[0-9]{1,9}")) {
                versions.put(Integer.parseInt(file), entry);
            }
        }
        for (var version : versions.entrySet()) {
            boolean bad = false;
            try {
                ChecksummedText.read(disk, version.getValue());
            } catch (IOException unreadable) {
                bad = true;
                damaged(version.getValue(), "cannot be read: " + FailureText.of(unreadable));
            }
            definitions.add(new Definition(version.getKey(), version.getValue(), bad));
        }
    }

    // --- lanes ---

    private void lookAtLanes() {
        for (String lane : laneNames) {
            try {
                lookAtLane(lane, lane(lane));
            } catch (IOException unreadable) {
                damaged(directory.resolve("lanes").resolve(lane), "cannot be read: " + unreadable);
            }
        }
    }

    /**
     * Whether a lane was switched off and drained: it says so itself, or, when it never had
     * anything to read, by being none of the stream's lanes any more.
     */
    public boolean hasEnded(String lane, LanePlan plan) {
        boolean nothingLeft = plan.checkpoint() == plan.knownEnd();
        return plan.ended()
                || !laneBegins.isEmpty() && !laneBegins.containsKey(lane) && nothingLeft;
    }

    /** The names of all lanes, those included that cannot be read. */
    public Set<String> laneNames() {
        return Set.copyOf(laneNames);
    }

    /** The first sequence that a lane reads, as {@code stream.meta} tells it. */
    public long beginOf(String lane) {
        return laneBegins.getOrDefault(lane, 0L);
    }

    /** The state of each lane that reads the journal as it is now, by the lane's name. */
    public SortedMap<String, LaneStateInspection> journalLanes() throws IOException {
        SortedMap<String, LaneStateInspection> states = new TreeMap<>();
        for (String lane : laneNames) {
            if (readsJournal(lane)) {
                states.put(lane, lane(lane));
            }
        }
        return states;
    }

    /** Other logs are not in the directory: what is lost of them cannot be seen from here. */
    private static boolean readsJournal(String lane) {
        return LaneEntry.logOf(lane).equals(LaneEntry.JOURNAL);
    }

    /**
     * The end of the log that a lane reads, as far as it can be told without asking that log.
     *
     * @param known the lane knows that it reaches so far
     */
    public long endOf(String lane, long known) {
        return readsJournal(lane) ? Math.max(journal.end(), known) : known;
    }

    /**
     * What became of a sequence that a lane's state has forgotten, as the lane's ledger tells;
     * empty when that does not know it either, or not any more.
     */
    public Optional<SequenceFate> fateInLedger(String lane, long sequence) throws IOException {
        AtomicReference<SequenceFate> fate = new AtomicReference<>();
        readLedger(
                lane,
                Long.MAX_VALUE,
                range -> {
                    if (range.start() <= sequence && sequence < range.end()) {
                        fate.set(range.fateOf(sequence));
                    }
                },
                bad -> {});
        return Optional.ofNullable(fate.get());
    }

    /** Reads all ledgers, up to gigabytes, and adds what is damaged in them to the damage. */
    public void lookAtLedgers() throws IOException {
        for (String lane : laneNames) {
            readLedger(lane, lane(lane).firstCheckpoint(), range -> {}, damage::add);
        }
    }

    private void readLedger(
            String lane,
            long durableEnd,
            Consumer<CommittedRange> committed,
            Consumer<Damage> damaged)
            throws IOException {
        LaneLedgers.read(
                directory.resolve("lanes").resolve(lane),
                disk,
                beginOf(lane),
                durableEnd,
                committed,
                (file, place, reason) ->
                        damaged.accept(new Damage(file, OptionalLong.of(place), 0, 0, reason)));
    }

    private LaneStateInspection lane(String lane) throws IOException {
        return LaneStateInspection.of(directory.resolve("lanes").resolve(lane), disk);
    }

    private void lookAtLane(String lane, LaneStateInspection state) throws IOException {
        state.damage().ifPresent(bad -> damaged(bad.file(), bad.place(), bad.reason()));
        if (state.owner().isPresent()
                && incarnation.isPresent()
                && !state.owner().get().incarnation().equals(incarnation.get().hex())) {
            damaged(
                    state.path(),
                    "belongs to another incarnation, " + state.owner().get().incarnation());
        }
        Path staging = directory.resolve("lanes").resolve(lane).resolve("staging");
        List<StagedObject> staged = new ArrayList<>();
        boolean bad = false;
        for (RangePlan range : state.plan().ranges()) {
            for (ObjectRecord object : range.live()) {
                StagedObject one = new StagedObject(object, staged(range, object, staging, lane));
                bad |= one.state().isDamage();
                staged.add(one);
            }
        }
        if (bad) {
            // What was committed or has landed meanwhile is deleted.
            Set<String> still = new HashSet<>();
            for (RangePlan range : lane(lane).plan().ranges()) {
                range.toLand().forEach(object -> still.add(object.id()));
            }
            staged.removeIf(one -> one.state().isDamage() && !still.contains(one.object().id()));
        }
        for (StagedObject one : staged) {
            if (one.state().isDamage()) {
                damaged(
                        StagedState.file(one.object().staged(), staging).orElse(staging),
                        OptionalLong.of(one.object().staged().offset()),
                        "the staged bytes of object %s %s"
                                .formatted(one.object().id(), one.state().text()));
            }
        }
        lanes.add(new LaneInspection(lane, state, staged));
    }

    private StagedState staged(RangePlan range, ObjectRecord object, Path staging, String lane) {
        return range.hasLanded(object)
                ? StagedState.NOT_NEEDED
                : StagedState.of(object.staged(), staging, disk, new StagingSeal(keys, lane));
    }

    // --- the journal ---

    private void lookAtJournal() throws IOException {
        journal = new JournalInspection(List.of(), List.of(), Optional.empty(), 0, 0, 0);
        boolean any = !entries(journalDirectory()).isEmpty();
        if (incarnation.isEmpty()) {
            if (any) {
                damaged(
                        journalDirectory(),
                        "cannot be read: neither stream.meta nor a segment tells its incarnation");
            }
            return;
        }
        if (damage.stream().anyMatch(bad -> bad.file().equals(journalDirectory()))) {
            return;
        }
        // Lanes were read first: what they know was durable before the journal is read.
        long known = lanesKnow;
        for (LaneInspection lane : journalReaders()) {
            known = Math.max(known, lane.state().plan().knownEnd());
        }
        journal = JournalInspection.of(journalDirectory(), incarnation.get(), known, keys, disk);
        long needed = needed();
        for (JournalDamage bad : journal.damage()) {
            // What all lanes have settled is nobody's loss: a segment that was forgotten may be
            // gone while an older one came back with a power cut.
            boolean followed =
                    journal.files().stream().anyMatch(file -> file.firstSequence() >= bad.to());
            if (!followed || bad.from() == bad.to() || bad.to() > needed) {
                OptionalLong place = OptionalLong.of(bad.offset());
                damage.add(new Damage(bad.file(), place, bad.from(), bad.to(), bad.reason()));
            }
        }
        for (LaneInspection lane : journalReaders()) {
            requireReadable(lane.name(), lane.state());
        }
    }

    private List<LaneInspection> journalReaders() {
        return lanes.stream().filter(lane -> readsJournal(lane.name())).toList();
    }

    /** The lowest sequence that a lane has not settled; 0 when that cannot be told. */
    private long needed() {
        return journalReaders().stream().mapToLong(this::needs).min().orElse(0);
    }

    private long needs(LaneInspection lane) {
        return lane.state().damage().isPresent() ? 0 : readsFrom(lane.name(), lane.state());
    }

    private void requireReadable(String lane, LaneStateInspection state) throws IOException {
        if (state.damage().isPresent() || readsFrom(lane, state) >= journal.begin()) {
            return;
        }
        LaneStateInspection now = lane(lane); // it may have committed, and the journal forgotten
        if (now.damage().isEmpty() && readsFrom(lane, now) < journal.begin()) {
            damage.add(
                    new Damage(
                            journalDirectory(),
                            OptionalLong.empty(),
                            readsFrom(lane, now),
                            journal.begin(),
                            "lane %s has not settled these, and the journal begins behind them"
                                    .formatted(lane)));
        }
    }

    /** The first sequence that a start would read: of the open range, or of a sealed one again. */
    private long readsFrom(String lane, LaneStateInspection state) {
        if (hasEnded(lane, state.plan())) {
            return Long.MAX_VALUE;
        }
        for (RangePlan range : state.plan().ranges()) {
            if (range.broken()) {
                return range.start();
            }
        }
        // A lane that came later has no state before its first object.
        return Math.max(state.plan().openStart(), beginOf(lane));
    }

    /**
     * Shows the records from {@code from} up to, not including, {@code to}, and where they are
     * damaged.
     *
     * @throws IOException when the disk fails, or the incarnation is unknown
     */
    public JournalInspection read(long from, long to, JournalVisitor visitor) throws IOException {
        long known = lanesKnow;
        for (LaneStateInspection lane : journalLanes().values()) {
            known = Math.max(known, lane.plan().knownEnd());
        }
        return JournalInspection.read(
                journalDirectory(),
                incarnation.orElseThrow(
                        () -> new IOException(directory + " does not tell its incarnation")),
                known,
                from,
                to,
                keys,
                disk,
                visitor);
    }

    private void damaged(Path file, String reason) {
        damaged(file, OptionalLong.empty(), reason);
    }

    private void damaged(Path file, OptionalLong place, String reason) {
        damage.add(new Damage(file, place, 0, 0, reason));
    }

    private Path journalDirectory() {
        return directory.resolve("journal");
    }

    public String name() {
        return name;
    }

    public Path directory() {
        return directory;
    }

    /** Empty when nothing in the directory tells it. */
    public Optional<Incarnation> incarnation() {
        return incarnation;
    }

    /** Milliseconds since the epoch; 0 when that is not known. */
    public long createdMillis() {
        return createdMillis;
    }

    /** Oldest first. */
    public List<Definition> definitions() {
        return definitions;
    }

    public Collection<LaneInspection> lanes() {
        return lanes;
    }

    public JournalInspection journal() {
        return journal;
    }

    /** Everything that is damaged. */
    public List<Damage> damage() {
        return damage;
    }
}
