package io.delivery.landing;

import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneRecord.Snapshot;
import io.delivery.landing.LaneRecord.Totals;
import io.delivery.landing.LaneRecord.Upload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a lane has decided and not yet forgotten: its durable records, applied in order. Refuses
 * what the protocol forbids, so that a defect stops the lane before it reaches a store.
 */
public final class LanePlan {
    private final Deque<RangePlan> ranges = new ArrayDeque<>();
    private final Map<String, String> uploads = new HashMap<>();
    private long begin;
    private long checkpoint;
    private long openStart;
    private Totals totals = Totals.ZERO;

    /** A lane that begins at this sequence. */
    LanePlan(long begin) {
        this.begin = begin;
        this.checkpoint = begin;
        this.openStart = begin;
    }

    /** Where the lane began to read its log. */
    public long begin() {
        return begin;
    }

    /** Every sequence below is settled. */
    public long checkpoint() {
        return checkpoint;
    }

    /** Where the open range starts: the end of the last seal. */
    public long openStart() {
        return openStart;
    }

    public Totals totals() {
        return totals;
    }

    /** Uncommitted ranges that have objects or a seal, oldest first. */
    public Iterable<RangePlan> ranges() {
        return ranges;
    }

    /** The range that starts at {@link #openStart()}; null when it has no object yet. */
    public RangePlan openRange() {
        RangePlan last = ranges.peekLast();
        return last != null && last.start == openStart && last.seal == null ? last : null;
    }

    /** The uncommitted range that starts here; null when there is none. */
    public RangePlan rangeAt(long start) {
        for (RangePlan range : ranges) {
            if (range.start == start) {
                return range;
            }
        }
        return null;
    }

    public RangePlan oldestRange() {
        return ranges.peekFirst();
    }

    /** The id of a multipart upload that was begun for this object; null when none is known. */
    public String uploadOf(ObjectRecord object) {
        return uploads.get(object.id());
    }

    /** 1 + the highest sequence that any record names. */
    public long knownEnd() {
        long end = openStart;
        for (RangePlan range : ranges) {
            for (ObjectRecord object : range.objects) {
                end = Math.max(end, object.sequences().highestSequence() + 1);
            }
        }
        return end;
    }

    /**
     * Refuses objects and a seal that do not continue the plan, before they are written.
     *
     * @throws IllegalStateException when they do not: a defect of the program
     */
    void requireAppendable(List<? extends LaneRecord> records) {
        long start = openStart;
        RangePlan open = openRange();
        int objects = open == null ? 0 : open.objects.size();
        long count = open == null ? 0 : open.records();
        for (LaneRecord record : records) {
            if (record instanceof ObjectRecord object) {
                require(
                        object.rangeStart() == start && object.number() == objects,
                        "object %s does not continue range %d, which has %d objects"
                                .formatted(object.id(), start, objects));
                objects++;
                count += object.records();
            } else if (record instanceof Seal seal) {
                require(
                        seal.start() == start
                                && seal.end() > start
                                && seal.objects() == objects
                                && seal.mainRecords() + seal.errorRecords() == count,
                        "seal [%d,%d) does not add up".formatted(seal.start(), seal.end()));
                start = seal.end();
                objects = 0;
                count = 0;
            }
        }
    }

    void apply(LaneRecord record) {
        if (record instanceof Snapshot snapshot) {
            begin = snapshot.begin();
            checkpoint = snapshot.checkpoint();
            openStart = snapshot.checkpoint();
            totals = snapshot.totals();
            ranges.clear();
            uploads.clear();
        } else if (record instanceof ObjectRecord object) {
            applyObject(object);
        } else if (record instanceof Upload upload) {
            uploads.put(upload.rangeStart() + "/" + upload.number(), upload.uploadId());
        } else if (record instanceof Seal seal) {
            applySeal(seal);
        } else if (record instanceof Commit commit) {
            applyCommit(commit);
        }
    }

    private void applyObject(ObjectRecord object) {
        require(
                object.rangeStart() == openStart,
                "object %s is not of the open range %d".formatted(object.id(), openStart));
        RangePlan range = openRange();
        if (range == null) {
            range = new RangePlan(openStart);
            ranges.addLast(range);
        }
        require(
                object.number() == range.objects.size(),
                "object %s is not the next of its range".formatted(object.id()));
        range.objects.add(object);
        range.records += object.records();
    }

    private void applySeal(Seal seal) {
        require(
                seal.start() == openStart && seal.end() > seal.start(),
                "seal [%d,%d) does not continue at %d"
                        .formatted(seal.start(), seal.end(), openStart));
        RangePlan range = openRange();
        if (range == null) {
            range = new RangePlan(openStart);
            ranges.addLast(range);
        }
        require(
                seal.objects() == range.objects.size()
                        && seal.mainRecords() + seal.errorRecords() == range.records(),
                "seal [%d,%d) does not add up".formatted(seal.start(), seal.end()));
        range.seal = seal;
        openStart = seal.end();
    }

    private void applyCommit(Commit commit) {
        RangePlan range = ranges.peekFirst();
        require(
                range != null
                        && range.seal != null
                        && commit.start() == range.start
                        && commit.end() == range.seal.end(),
                "commit [%d,%d) is not of the oldest sealed range"
                        .formatted(commit.start(), commit.end()));
        ranges.removeFirst();
        long bytes = 0;
        for (ObjectRecord object : range.objects) {
            bytes += object.staged().length();
            uploads.remove(object.id());
        }
        totals = totals.plus(range.seal, range.objects.size(), bytes);
        checkpoint = commit.end();
    }

    /** Everything that must be written into a new state file, in order. */
    List<LaneRecord> toRecords() {
        List<LaneRecord> records = new ArrayList<>();
        records.add(new Snapshot(begin, checkpoint, openStart, totals));
        for (RangePlan range : ranges) {
            records.addAll(recordsOf(range));
            for (ObjectRecord object : range.objects) {
                String upload = uploads.get(object.id());
                if (upload != null) {
                    records.add(new Upload(object.rangeStart(), object.number(), upload));
                }
            }
        }
        return records;
    }

    /** What was decided for a range, in an order in which it can be decided again. */
    static List<LaneRecord> recordsOf(RangePlan range) {
        List<LaneRecord> records = new ArrayList<>(range.objects);
        if (range.seal != null) {
            records.add(range.seal);
        }
        return records;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("landing protocol: " + otherwise);
        }
    }

    /** One range: its objects so far, and its seal once it has one. */
    public static final class RangePlan {
        private final long start;
        private final List<ObjectRecord> objects = new ArrayList<>();
        private long records;
        private Seal seal;
        private int seen;

        RangePlan(long start) {
            this.start = start;
        }

        public long start() {
            return start;
        }

        public List<ObjectRecord> objects() {
            return objects;
        }

        /** Null while the range is open. */
        public Seal seal() {
            return seal;
        }

        public boolean sealed() {
            return seal != null;
        }

        /** One more of its objects was seen in the store. */
        public void objectSeen() {
            seen++;
        }

        /** Whether all objects it has so far were seen. */
        public boolean allSeen() {
            return seen == objects.size();
        }

        /** Records in its objects. */
        public long records() {
            return records;
        }
    }
}
