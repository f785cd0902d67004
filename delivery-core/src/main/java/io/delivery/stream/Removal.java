package io.delivery.stream;

import io.delivery.engine.Engine;
import io.delivery.failure.FailureText;
import io.delivery.failure.RepeatedFailure;
import io.delivery.home.LaneEntry;
import io.delivery.home.StreamMeta;
import io.delivery.home.StreamRemoval;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneState;
import io.delivery.landing.LocalLaneState;
import io.delivery.landing.ObjectStore;
import io.delivery.lane.Books;
import io.delivery.lane.LaneStatus;
import io.delivery.ledger.Ledger;
import io.delivery.ledger.LedgerArchive;
import io.delivery.metrics.Metric;
import io.delivery.record.Incarnation;
import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away the directory of one stream that is marked as deleted: ends its uploads, keeps its
 * ledgers in the archive, and removes the rest. Tried until it succeeds; a later process goes on
 * where this one dies.
 */
final class Removal {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(Removal.class);

    private final Engine engine;
    private final LedgerArchive archive;
    private final Path directory;
    private final RepeatedFailure removing;
    private volatile String trouble = "";

    Removal(Engine engine, Path directory) {
        this.engine = engine;
        this.archive = new LedgerArchive(engine.dataDirectory(), engine.ledger(), engine.world());
        this.directory = directory;
        this.removing =
                RepeatedFailure.of(
                        log,
                        "removing a deleted stream",
                        engine.world().clock()::nanoTime,
                        "directory",
                        directory);
    }

    /** What is in its way, at most one sentence; none while nothing is. */
    List<String> troubles() {
        String present = trouble;
        return present.isEmpty() ? List.of() : List.of(present);
    }

    /** Writes down how a lane's books end; of records, those that the main lanes discard count. */
    void tell(Incarnation incarnation, String stream, LaneStatus lane) {
        Books books = lane.books();
        log.info(
                "stream deleted: stream={} incarnation={} lane={} accepted={} split={} landed={} dropped={} errorOutput={} damaged={} discarded={}",
                stream,
                incarnation.hex(),
                lane.lane(),
                books.accepted(),
                books.split(),
                books.landed(),
                books.dropped(),
                books.errorOutput(),
                books.damaged(),
                books.discarded());
        if (LaneEntry.kindOf(lane.lane()) == Kind.MAIN) {
            engine.metrics().add(Metric.DISCARDED_RECORDS, "", books.discarded());
        }
    }

    /**
     * The same of a stream whose books nobody has: it was closed, or the process that deleted it
     * has died, maybe after it had written them down.
     */
    void tellUnknown(String stream) {
        log.info(
                "stream deleted: stream={} directory={} discarded={}",
                stream,
                directory,
                "unknown");
    }

    /**
     * Removes what is there, as often as it takes.
     *
     * @param executor does the disk work
     * @return completes when nothing is left, durably; never fails
     */
    CompletionStage<Void> start(Executor executor) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        executor.execute(() -> attempt(executor, gone));
        return gone;
    }

    private void attempt(Executor executor, CompletableFuture<Void> gone) {
        try {
            removeNow();
        } catch (IOException failed) {
            notYet(failed);
            engine.world().scheduler().after(TRY_AGAIN, executor, () -> attempt(executor, gone));
            return;
        }
        trouble = "";
        removing.worked();
        gone.complete(null);
    }

    /** An attempt has failed. */
    void notYet(IOException failed) {
        trouble = "its directory could not be removed yet: " + FailureText.of(failed);
        removing.failed(failed);
    }

    /** One attempt, on the calling thread. */
    void removeNow() throws IOException {
        Disk disk = engine.world().disk();
        StreamRemoval.removeBytes(directory, disk); // first: what follows may need room
        Optional<StreamMeta> meta = meta();
        for (Path lane : StreamRemoval.lanes(directory, disk)) {
            if (meta.isPresent() && disk.exists(lane.resolve("state"))) {
                settle(meta.get(), lane);
            }
            archive.take(directory.getFileName().toString(), lane);
        }
        StreamRemoval.removeRest(directory, disk);
    }

    private Optional<StreamMeta> meta() {
        try {
            return Optional.of(StreamMeta.read(engine.world().disk(), directory));
        } catch (IOException damaged) {
            return Optional.empty(); // it was damaged before, or an earlier attempt removed it
        }
    }

    /**
     * Ends the uploads of a lane and moves what it has committed last to its ledger. What cannot be
     * told any more, or written for want of room, does not keep a stream from being deleted.
     */
    private void settle(StreamMeta meta, Path lane) {
        try {
            LaneState state =
                    LocalLaneState.recover(
                            lane,
                            meta.incarnation(),
                            engine.programVersion(),
                            begin(meta, lane),
                            engine.limits().stateTailBytes(),
                            Ledger.open(lane, engine.ledger(), engine.world()),
                            engine.world());
            for (RangePlan range : state.plan().ranges()) {
                for (ObjectRecord object : range.live()) {
                    endUpload(object, state.plan().uploadOf(object));
                }
            }
            state.own();
            state.close();
        } catch (IOException | IllegalStateException untold) {
            log.warn(
                    "the last entries of an archived ledger are missing: directory={} error={}",
                    lane,
                    FailureText.of(untold));
        }
    }

    private static long begin(StreamMeta meta, Path lane) {
        String name = lane.getFileName().toString();
        return meta.lanes().stream()
                .filter(entry -> entry.name().equals(name))
                .mapToLong(LaneEntry::begin)
                .findAny()
                .orElse(0);
    }

    private void endUpload(ObjectRecord object, String upload) {
        ObjectStore store = engine.stores().store(object.store());
        if (upload == null || store == null) {
            return;
        }
        store.abort(object.name(), upload)
                .whenComplete(
                        (done, failure) -> {
                            if (failure != null) {
                                log.warn(
                                        "upload of a deleted stream not ended: store={} object={} error={}",
                                        object.store(),
                                        object.name(),
                                        FailureText.of(failure));
                            }
                        });
    }
}
