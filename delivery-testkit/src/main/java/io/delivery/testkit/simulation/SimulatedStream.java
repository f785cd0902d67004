package io.delivery.testkit.simulation;

import io.delivery.config.EncryptionSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.home.KeptStream;
import io.delivery.landing.Diversion;
import io.delivery.landing.DiversionAnswer;
import io.delivery.lane.Books;
import io.delivery.lane.LaneStatus;
import io.delivery.log.Log;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.ObjectName;
import io.delivery.record.RecordBatch;
import io.delivery.stream.ComponentFactory;
import io.delivery.stream.DeliveryStream;
import io.delivery.stream.Stopping;
import io.delivery.stream.StreamComponents;
import io.delivery.stream.StreamStatus;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimWorld;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * One stream over all the lives of its process: what it was sent, and what must hold of what became
 * of it.
 */
final class SimulatedStream {
    /** Within so many tasks a stream has said that a room of it has broken down. */
    private static final int TASKS_UNTIL_TOLD = 200;

    private static final List<String> WORDS_OF_A_DEFECT =
            List.of("defect", "landing protocol", "books", "stranger", "not ours");

    private final Shape shape;
    private final SimEntropy chance;
    private final Oracle oracle = new Oracle();
    private final Optional<SimulatedLog> otherLog;
    private final Optional<GivenProcessor> given;

    private SimWorld sim;
    private int run;
    private DeliveryStream stream;
    private String document = "document 1";
    private int documents = 1;
    private boolean brokenDown;
    private int tasksSinceBreakdown;
    private boolean backup;
    private boolean encrypted;
    private long acceptedEncrypted;
    private int backupSwitches;
    private boolean refused;
    private boolean oldVersionsUsable = true;
    private int lanes;
    private long acceptedByJournal;
    private final Map<String, Boolean> backupOfDocument = new HashMap<>();
    private final Set<String> backedUp = new HashSet<>();
    private final Set<String> notBackedUp = new HashSet<>();

    /** One that reads its journal. */
    SimulatedStream(Shape shape, SimEntropy chance) {
        this(shape, chance, Sources.JOURNAL, Optional.empty());
    }

    SimulatedStream(
            Shape shape, SimEntropy chance, Sources sources, Optional<GivenProcessor> given) {
        this.given = given;
        this.shape = shape;
        this.chance = chance;
        this.backup = shape.backup();
        this.encrypted = shape.encrypted();
        this.otherLog =
                sources == Sources.JOURNAL
                        ? Optional.empty()
                        : Optional.of(new SimulatedLog(chance.fork(), oracle));
        this.lanes = 2 * logs();
    }

    // --- the process ---

    /** Opens the stream in a process. */
    void start(SimulatedProcess process) throws IOException {
        sim = process.sim();
        run = process.number();
        otherLog.ifPresent(other -> other.log().readersAreGone());
        brokenDown = false;
        backupOfDocument.put(document, backup);
        refused = false;
        stream = DeliveryStream.start(process.engine(), definition(backup), document, factory());
    }

    private ComponentFactory factory() {
        SimulatedComponents components = components();
        return new ComponentFactory() {
            @Override
            public StreamComponents components(StreamDefinition definition) {
                return components.components(definition);
            }

            @Override
            public Map<String, Log> logs(StreamDefinition definition) {
                return otherLog.isEmpty()
                        ? Map.of()
                        : Map.of(SimulatedLog.NAME, otherLog.get().log());
            }

            @Override
            public StreamComponents componentsOf(KeptStream old, int version) {
                if (!oldVersionsUsable) {
                    throw new IllegalArgumentException(
                            "version " + version + " names a store that is gone");
                }
                boolean hadBackup = backupOfDocument.get(old.document());
                return components.components(definition(hadBackup).withVersion(version));
            }
        };
    }

    /** The process is dead. */
    void gone() {
        stream = null;
        brokenDown = false;
    }

    boolean running() {
        return stream != null;
    }

    StreamStatus status() {
        return stream.status();
    }

    /** Of all its main lanes together. */
    Books books() {
        return MainBooks.of(status());
    }

    Optional<SimulatedLog> otherLog() {
        return otherLog;
    }

    private int logs() {
        return otherLog.isPresent() ? 2 : 1;
    }

    Oracle oracle() {
        return oracle;
    }

    private SimulatedComponents components() {
        return new SimulatedComponents(
                chance.fork(),
                sim.world().scheduler(),
                shape,
                run,
                () -> {
                    brokenDown = true;
                    tasksSinceBreakdown = 0;
                },
                () -> given.orElseThrow().processor(sim.world(), chance.fork()));
    }

    private StreamDefinition definition(boolean withBackup) {
        return shape.definition(withBackup)
                .withEncryption(
                        encrypted ? Optional.of(EncryptionSettings.DEFAULT) : Optional.empty());
    }

    // --- what is done to it ---

    /** Puts one record per list of keys, each with one piece per key. */
    CompletionStage<AcceptedBatch> put(List<List<String>> recordsOfKeys) {
        byte[][] records = new byte[recordsOfKeys.size()][];
        String[] ids = new String[records.length];
        for (int i = 0; i < records.length; i++) {
            ids[i] = oracle.newId(shape.name());
            records[i] = oracle.sent(ids[i], recordsOfKeys.get(i)).getBytes(StandardCharsets.UTF_8);
        }
        int switchesBefore = backupSwitches;
        boolean unsure = refused;
        Set<String> expectedIn = backup ? backedUp : notBackedUp;
        return stream.accept(RecordBatch.of(sim.clock().millis(), records))
                .whenComplete(
                        (accepted, failure) -> {
                            if (failure == null) {
                                acceptedByJournal += ids.length;
                                acceptedEncrypted += accepted.encrypted() ? ids.length : 0;
                                List.of(ids).forEach(oracle::accepted);
                                if (switchesBefore == backupSwitches && !unsure) {
                                    // Otherwise it raced with the switch: either is right.
                                    expectedIn.addAll(List.of(ids));
                                }
                            }
                        });
    }

    /** Appends such records to the log that it reads beside its journal. */
    void append(List<List<String>> recordsOfKeys) {
        Set<String> expectedIn = refused ? new HashSet<>() : backup ? backedUp : notBackedUp;
        otherLog.orElseThrow()
                .append(shape.name(), sim.clock().millis(), recordsOfKeys, expectedIn);
    }

    CompletionStage<Void> flush() {
        return stream.flush();
    }

    /** Leads objects that may not have landed elsewhere. */
    CompletionStage<DiversionAnswer> divert(Diversion diversion) {
        return stream.divert(diversion);
    }

    /** Where an object is to be looked for that is a file of the folder of skipped objects. */
    ObjectName nameOfSkipped(String file) {
        return new ObjectName(
                file.contains("-backup-") ? shape.backupBucket() : shape.name(), "err/" + file);
    }

    /** Changes the definition to one that never was; its splitter is another one. */
    CompletionStage<Integer> redefine() {
        return redefine("document " + ++documents);
    }

    /** Changes the definition to this document. */
    CompletionStage<Integer> redefine(String nextDocument) {
        document = nextDocument;
        backupOfDocument.put(document, backup);
        CompletionStage<Integer> changed =
                stream.replaceDefinition(definition(backup), document, factory());
        // Refused by the disk: it must be asked for again, or the next start does it.
        refused = changed.toCompletableFuture().isCompletedExceptionally();
        return changed;
    }

    /** Whether the disk has room for one more lane beside those that are drained. */
    boolean maySwitchBackup() {
        return lanes <= 2 * logs() && !refused;
    }

    /** Changes the definition to one with a backup, if it has none, or without the one it has. */
    CompletionStage<Integer> switchBackup() {
        backup = !backup;
        lanes += logs();
        backupSwitches++;
        CompletionStage<Integer> changed = redefine();
        // What is accepted from here on is under the new definition.
        backupSwitches++;
        return changed;
    }

    /** The next process starts with a backup, if this one had none, or without the one it had. */
    void switchBackupAtNextStart() {
        backup = !backup;
        lanes += logs();
        backupSwitches++;
        redefineAtNextStart();
    }

    /** Whether documents of earlier versions still name what there is. */
    void oldVersionsUsable(boolean usable) {
        oldVersionsUsable = usable;
    }

    /** The next definition is encrypted, if the present one is not, or is not, if it is. */
    void toggleEncryption() {
        encrypted = !encrypted;
    }

    /** Records whose producers heard that they are encrypted. */
    long acceptedEncrypted() {
        return acceptedEncrypted;
    }

    /** The next process starts with another definition. */
    void redefineAtNextStart() {
        document = "document " + ++documents;
    }

    CompletionStage<Void> stop(Stopping how, Duration grace) {
        return stream.stop(how, grace);
    }

    // --- what must hold ---

    /** Asserts what must hold after every step, on a healthy medium and without strangers. */
    void check() {
        StreamStatus status = stream.status();
        lanes = status.lanes().size();
        boolean told = false;
        for (String trouble : status.troubles()) {
            if (trouble.contains(SimulatedComponents.DEFECT)) {
                told = true;
            } else {
                require(WORDS_OF_A_DEFECT.stream().noneMatch(trouble::contains), () -> trouble);
            }
        }
        for (LaneStatus lane : status.lanes()) {
            // Between the breakdown of a room and the stop of its lane, a record is half counted.
            require(
                    lane.books().balanced() || brokenDown && !told,
                    () -> "the books do not balance: " + lane);
            require(
                    lane.books().damaged() <= mayBeDamaged(lane),
                    () -> "records were given up on a healthy disk: " + lane);
        }
        brokenDown |= told;
        if (brokenDown && !told && ++tasksSinceBreakdown == TASKS_UNTIL_TOLD) {
            // Then what broke down had been given up, and is done again: from here on the books
            // must balance, and the stream must drain.
            brokenDown = false;
        }
    }

    private long mayBeDamaged(LaneStatus lane) {
        return readsOtherLog(lane) ? otherLog.orElseThrow().mayBeMissing() : 0;
    }

    private static boolean readsOtherLog(LaneStatus lane) {
        return lane.lane().endsWith("~" + SimulatedLog.NAME);
    }

    /** Whether a room has broken down and the stream has said so: it must be started again. */
    boolean brokenDown() {
        return brokenDown
                && stream.status().troubles().stream()
                        .anyMatch(trouble -> trouble.contains(SimulatedComponents.DEFECT));
    }

    /** Whether everything accepted is committed and nothing is the matter. */
    boolean settled() {
        if (refused) {
            redefine(document);
            backupSwitches++;
            return false;
        }
        StreamStatus status = stream.status();
        for (LaneStatus lane : status.lanes()) {
            if (!lane.books().settled() || lane.waitingObjects() > 0) {
                return false;
            }
        }
        return nothingIsTheMatter(status)
                && books().accepted() + mayBeMissing() >= oracle.accepted().size()
                && status.lanes().size() == (backup ? 2 : 1) * logs();
    }

    /** A function whose last records failed does not hold the stream up. */
    private static boolean nothingIsTheMatter(StreamStatus status) {
        return status.healthy()
                || !status.troubles().isEmpty()
                        && status.troubles().stream()
                                .allMatch(trouble -> trouble.startsWith("function "));
    }

    private long mayBeMissing() {
        return otherLog.map(SimulatedLog::mayBeMissing).orElse(0L);
    }

    private boolean mayBeMissing(String id) {
        return otherLog.map(other -> other.mayBeMissing(id)).orElse(false);
    }

    /**
     * Asserts that every piece of every accepted record is in exactly one object, or dropped.
     *
     * @return objects of this stream
     */
    int audit(Map<ObjectName, byte[]> visible) {
        Map<String, Integer> parts = new HashMap<>();
        Map<String, Integer> sources = new HashMap<>();
        int landed = 0;
        int errors = 0;
        int objects = 0;
        for (Map.Entry<ObjectName, byte[]> entry : visible.entrySet()) {
            byte[] bytes = entry.getValue();
            ObjectName name = entry.getKey();
            if (name.bucket().equals(shape.backupBucket())) {
                objects++;
                oracle.recordsInBackup(bytes).forEach(id -> sources.merge(id, 1, Integer::sum));
            } else if (name.bucket().equals(shape.name())) {
                objects++;
                boolean error = name.key().startsWith("err/") || name.key().contains("/err/");
                List<String> found =
                        error ? Oracle.partsInErrors(name.key(), bytes) : Oracle.partsInMain(bytes);
                found.forEach(part -> parts.merge(part, 1, Integer::sum));
                landed += error ? 0 : Oracle.lines(bytes).length;
                errors += error ? Oracle.lines(bytes).length : 0;
            }
        }
        parts.forEach((part, times) -> require(times == 1, () -> part + " is there twice"));
        sources.forEach((id, times) -> require(times == 1, () -> id + " is backed up twice"));
        Books books = books();
        requireBooks(landed, errors, books);
        nothingIsMissing(parts, sources, books);
        otherLog.ifPresent(other -> holesAreNowhere(other, parts.keySet(), sources.keySet()));
        return objects;
    }

    private static void requireBooks(long landed, long errors, Books books) {
        require(books.landed() == landed, () -> landed + " records landed, the books say " + books);
        require(
                books.errorOutput() == errors,
                () -> errors + " error records landed, the books say " + books);
    }

    private void nothingIsMissing(
            Map<String, Integer> parts, Map<String, Integer> sources, Books books) {
        long missing = 0;
        for (String id : oracle.accepted()) {
            if (mayBeMissing(id)) {
                continue;
            }
            for (int part = 0; part < oracle.piecesOf(id); part++) {
                missing += parts.containsKey(id + "." + part) ? 0 : 1;
            }
            require(
                    !backedUp.contains(id) || sources.containsKey(id),
                    () -> "%s was accepted and not backed up: %s".formatted(id, status().lanes()));
            require(
                    !notBackedUp.contains(id) || !sources.containsKey(id),
                    () -> id + " was accepted without a backup and is in one");
        }
        requireDropped(missing, books);
        require(
                status().lanes().get(0).books().accepted() >= acceptedByJournal,
                () -> "fewer records in the books than were accepted: " + status().lanes());
    }

    /** What the other log never gave is in no object and in no books; what it lost is damaged. */
    private void holesAreNowhere(SimulatedLog other, Set<String> pieces, Set<String> sources) {
        for (String piece : pieces) {
            require(
                    !other.wasAborted(piece.substring(0, piece.indexOf('.'))),
                    () -> piece + " is of a transaction that was aborted, and is in an object");
        }
        for (String id : sources) {
            require(!other.wasAborted(id), () -> id + " was aborted, and is backed up");
        }
        Books books =
                status().lanes().stream()
                        .filter(lane -> lane.lane().startsWith("main-") && readsOtherLog(lane))
                        .findAny()
                        .orElseThrow()
                        .books();
        require(
                books.accepted() <= other.given()
                        && books.accepted() + other.mayBeMissing() >= other.given(),
                () -> "the log gave %d records, the books say %s".formatted(other.given(), books));
        require(
                books.damaged() + books.dropped() >= other.lostBefore(pieces),
                () -> "more records were lost than the books say: " + books);
    }

    private void requireDropped(long missing, Books books) {
        require(
                missing <= oracle.mostPieces() * books.dropped() && (shape.drops() || missing == 0),
                () ->
                        "%d accepted pieces are nowhere, %d were dropped, of %d accepted records: %s"
                                .formatted(
                                        missing,
                                        books.dropped(),
                                        oracle.accepted().size(),
                                        status()));
    }

    /** A stream that was drained and stopped leaves nothing behind in these rooms, or in memory. */
    static void requireNothingLeftBehind(SimulatedProcess process, List<String> rooms)
            throws IOException {
        long bytes = process.engine().memory().usedBytes();
        require(bytes == 0, () -> bytes + " bytes of buffers were not given back");
        SimWorld sim = process.sim();
        for (Path home : sim.disk().list(process.engine().dataDirectory().resolve("streams"))) {
            for (Path lane : sim.disk().list(home.resolve("lanes"))) {
                for (String room : rooms) {
                    List<Path> left = sim.disk().list(lane.resolve(room));
                    require(left.isEmpty(), () -> room + " still holds " + left);
                }
            }
        }
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }
}
