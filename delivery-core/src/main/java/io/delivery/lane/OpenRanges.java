package io.delivery.lane;

import io.delivery.buffer.SpoolBuffers;
import io.delivery.buffer.SpoolFile;
import io.delivery.crypt.StreamKeys;
import io.delivery.engine.Engine;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.range.OpenRange;
import io.delivery.lane.range.RangeBuffers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ranges of a lane that are not sealed, the oldest first: one that is read into, and one before
 * it whose last objects are being encoded. Belongs to its lane's executor.
 */
final class OpenRanges implements Iterable<OpenRange> {
    private static final Logger log = LoggerFactory.getLogger(OpenRanges.class);

    private static final int MOST = 2; // design §5.1

    private final Engine engine;
    private final Path lane;
    private final StreamKeys keys;
    private final Deque<OpenRange> unsealed = new ArrayDeque<>(MOST);
    private final SpoolBuffers spoolBuffers = new SpoolBuffers();
    private long spools;

    OpenRanges(Engine engine, LanePlace place) {
        this.engine = engine;
        this.lane = place.directory();
        this.keys = place.keys();
    }

    /** Removes what an earlier process has spilled: the log has it. */
    void deleteSpools() throws IOException {
        SpoolFile.deleteAll(spool(), engine.world().disk());
    }

    /** A path takes more memory than all else of these ranges, so it is not kept. */
    private Path spool() {
        return lane.resolve("spool");
    }

    boolean isEmpty() {
        return unsealed.isEmpty();
    }

    boolean mayBegin() {
        return unsealed.size() < MOST;
    }

    /** The range that is read into; null when the next record begins one. */
    OpenRange reading() {
        OpenRange last = unsealed.peekLast();
        return last == null || last.sealing() ? null : last;
    }

    /** The range whose objects are recorded next; null when there is none. */
    OpenRange oldest() {
        return unsealed.peekFirst();
    }

    /** Whether one of them was begun under this definition. */
    boolean use(LaneComponents components) {
        return unsealed.stream().anyMatch(range -> range.components() == components);
    }

    void removeOldest() {
        unsealed.removeFirst();
    }

    OpenRange begin(long start, LaneComponents components) {
        OpenRange range =
                OpenRange.begin(
                        start,
                        components.splitter(),
                        buffers(start, components),
                        sizeHint(components));
        unsealed.addLast(range);
        return range;
    }

    void resume(RangePlan open, LaneComponents components) {
        unsealed.addLast(
                OpenRange.resume(open, buffers(open.start(), components), sizeHint(components)));
    }

    /**
     * Makes a range for a repair. It is not one of these: it makes other objects for those of a
     * sealed range that became void.
     */
    OpenRange repair(RangePlan broken, LaneComponents components) {
        return OpenRange.repair(broken, buffers(broken.start(), components), sizeHint(components));
    }

    private RangeBuffers buffers(long start, LaneComponents components) {
        return new RangeBuffers(
                components,
                engine.memory(),
                () ->
                        new SpoolFile(
                                spool().resolve(start + "-" + spools++),
                                engine.world().disk(),
                                keys,
                                engine.world().entropy(),
                                spoolBuffers),
                engine.world().clock());
    }

    /** Bytes of records that a buffer holds when it is full. */
    long sizeHint(LaneComponents components) {
        return components.hints().sizeInMBs() * engine.limits().hintUnitBytes();
    }

    /** Whether nothing stands before this range in the order in which ranges are recorded. */
    boolean isOldest(OpenRange range) {
        return range == oldest();
    }

    /**
     * Disk room that all of them hold for what is not recorded yet, in bytes.
     *
     * @param sideBySide bytes of objects that are to be encoded at a time
     */
    long roomHeld(long sideBySide) {
        long sum = 0;
        for (OpenRange range : unsealed) {
            sum += range.roomHeld(sideBySide);
        }
        return sum;
    }

    /** The same of the range that is read into. */
    long roomHeldByReading(long sideBySide) {
        OpenRange reading = reading();
        return reading == null ? 0 : reading.roomHeld(sideBySide);
    }

    /** Whether buffers must be spilled to the disk. */
    boolean memoryExceeded() {
        return engine.memory().exceeded();
    }

    void spill() throws IOException {
        for (OpenRange range : unsealed) {
            range.spill();
        }
    }

    void clear() {
        unsealed.clear();
    }

    @Override
    public Iterator<OpenRange> iterator() {
        return unsealed.iterator();
    }

    /** Gives back what a range holds that will be read again, once no encoder has it. */
    static void release(OpenRange range) {
        if (range.encoding()) {
            return;
        }
        try {
            range.release();
        } catch (IOException failed) {
            notRemoved(failed);
        }
    }

    static void closeSpool(OpenRange range) {
        try {
            range.closeSpool();
        } catch (IOException failed) {
            notRemoved(failed);
        }
    }

    /** Spool files that are left over are removed at the next start. */
    private static void notRemoved(IOException failed) {
        log.debug("spool not removed", failed);
    }
}
