package io.delivery.landing;

import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Doubt;
import io.delivery.landing.LaneRecord.End;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneRecord.Snapshot;
import io.delivery.landing.LaneRecord.Totals;
import io.delivery.landing.LaneRecord.Upload;
import io.delivery.landing.LaneRecord.Void;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

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
    private boolean ended;

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

    /** Whether the lane was switched off and drained. */
    public boolean ended() {
        return ended;
    }

    /** Whether everything below this sequence is committed, and nothing else is decided. */
    public boolean isSettledUpTo(long sequence) {
        return checkpoint >= sequence && ranges.isEmpty();
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

    /** Bytes of the lists of sequences of all uncommitted objects: they stay in memory. */
    public long sequenceBytes() {
        long sum = 0;
        for (RangePlan range : ranges) {
            sum += range.sequenceBytes;
        }
        return sum;
    }

    /** The same, of sealed ranges: nothing but their commit gives it back. */
    public long sealedSequenceBytes() {
        long sum = 0;
        for (RangePlan range : ranges) {
            sum += range.sealed() ? range.sequenceBytes : 0;
        }
        return sum;
    }

    /** Whether the store's answer for this object was in doubt: it must be read back. */
    public boolean doubted(ObjectRecord object) {
        RangePlan range = rangeAt(object.rangeStart());
        return range != null && range.doubts.containsKey(object.number());
    }

    /**
     * Refuses objects, seals and commits that do not continue the plan, before they are written.
     *
     * @throws IllegalStateException when they do not: a defect of the program
     */
    void requireAppendable(List<? extends LaneRecord> records) {
        Map<Long, Growing> growing = new HashMap<>();
        long open = openStart;
        for (LaneRecord record : records) {
            if (record instanceof ObjectRecord object) {
                Growing range = growing.computeIfAbsent(object.rangeStart(), this::growing);
                require(
                        (object.rangeStart() == open || range.broken)
                                && object.number() == range.numbers,
                        () ->
                                "object %s does not continue its range, which has %d objects"
                                        .formatted(object.id(), range.numbers));
                range.numbers++;
                range.records += object.records();
            } else if (record instanceof Seal seal) {
                Growing range = growing.computeIfAbsent(seal.start(), this::growing);
                boolean first = seal.start() == open && seal.end() > open;
                boolean again = range.broken && seal.end() == range.end;
                require(
                        (first || again)
                                && seal.objects() == range.numbers
                                && seal.absent() >= 0
                                && seal.sequences() >= 0
                                && seal.mainRecords() + seal.errorRecords() == range.records,
                        () -> "seal [%d,%d) does not add up".formatted(seal.start(), seal.end()));
                open = first ? seal.end() : open;
            } else if (record instanceof Commit commit) {
                RangePlan range = rangeAt(commit.start());
                require(
                        range != null
                                && range.sealed()
                                && !range.broken()
                                && commit.end() == range.seal.end(),
                        () ->
                                "commit [%d,%d) is not of a sealed range"
                                        .formatted(commit.start(), commit.end()));
            }
        }
    }

    private Growing growing(long start) {
        return new Growing(rangeAt(start));
    }

    /** What a range would have, were the records appended. */
    private static final class Growing {
        private final boolean broken;
        private final long end;
        private int numbers;
        private long records;

        Growing(RangePlan range) {
            this.broken = range != null && range.broken();
            this.end = broken ? range.seal.end() : -1;
            this.numbers = range == null ? 0 : range.objects.size();
            this.records = range == null ? 0 : range.records;
        }
    }

    /**
     * Believes, without their being durable, what is true of the store whatever became of the
     * record that says so: answers in doubt, and uploads that were begun.
     *
     * @return whether any of these records is one
     */
    boolean believe(List<? extends LaneRecord> records) {
        boolean any = false;
        for (LaneRecord record : records) {
            if (record instanceof Doubt doubt && has(doubt.rangeStart(), doubt.number())
                    || record instanceof Upload upload
                            && has(upload.rangeStart(), upload.number())) {
                apply(record);
                any = true;
            }
        }
        return any;
    }

    private boolean has(long rangeStart, int number) {
        RangePlan range = rangeAt(rangeStart);
        return range != null && number < range.objects.size();
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
        } else if (record instanceof Void voided) {
            applyVoid(voided);
        } else if (record instanceof End end) {
            require(
                    ranges.isEmpty() && end.position() == checkpoint,
                    () ->
                            "a lane cannot end at %d, its checkpoint is %d"
                                    .formatted(end.position(), checkpoint));
            ended = true;
        } else if (record instanceof Doubt doubt) {
            RangePlan range = rangeAt(doubt.rangeStart());
            require(
                    range != null && doubt.number() < range.objects.size(),
                    () ->
                            "object %d/%d is doubted and was never recorded"
                                    .formatted(doubt.rangeStart(), doubt.number()));
            range.doubts.put(doubt.number(), doubt);
        }
    }

    private void applyObject(ObjectRecord object) {
        RangePlan range = rangeAt(object.rangeStart());
        require(
                object.rangeStart() == openStart || range != null && range.broken(),
                () -> "object %s is not of the open range %d".formatted(object.id(), openStart));
        if (range == null) {
            range = new RangePlan(openStart);
            ranges.addLast(range);
        }
        require(
                object.number() == range.objects.size(),
                () -> "object %s is not the next of its range".formatted(object.id()));
        range.objects.add(object);
        range.records += object.records();
        range.sequenceBytes += object.sequences().bytes();
        range.stagedBytes += object.staged().length();
    }

    private void applyVoid(Void voided) {
        RangePlan range = rangeAt(voided.rangeStart());
        require(
                range != null
                        && voided.number() < range.objects.size()
                        && range.voids.putIfAbsent(voided.number(), voided) == null,
                () ->
                        "object %d/%d cannot become void"
                                .formatted(voided.rangeStart(), voided.number()));
        range.records -= range.objects.get(voided.number()).records();
    }

    private void applySeal(Seal seal) {
        RangePlan range = rangeAt(seal.start());
        boolean first = seal.start() == openStart && seal.end() > seal.start();
        boolean again = range != null && range.broken() && seal.end() == range.seal.end();
        require(
                first || again,
                () ->
                        "seal [%d,%d) does not continue at %d"
                                .formatted(seal.start(), seal.end(), openStart));
        if (range == null) {
            range = new RangePlan(openStart);
            ranges.addLast(range);
        }
        require(
                seal.objects() == range.objects.size()
                        && seal.absent() >= 0
                        && seal.sequences() >= 0
                        && seal.mainRecords() + seal.errorRecords() == range.records,
                () -> "seal [%d,%d) does not add up".formatted(seal.start(), seal.end()));
        range.seal = seal;
        range.voidsUnderSeal = range.voids.size();
        if (first) {
            openStart = seal.end();
        }
    }

    private void applyCommit(Commit commit) {
        RangePlan range = ranges.peekFirst();
        require(
                range != null
                        && range.seal != null
                        && !range.broken()
                        && commit.start() == range.start
                        && commit.end() == range.seal.end(),
                () ->
                        "commit [%d,%d) is not of the oldest sealed range"
                                .formatted(commit.start(), commit.end()));
        ranges.removeFirst();
        long bytes = 0;
        List<ObjectRecord> landed = range.live();
        for (ObjectRecord object : landed) {
            bytes += object.staged().length();
        }
        for (ObjectRecord object : range.objects) {
            uploads.remove(object.id());
        }
        totals = totals.plus(range.seal, landed.size(), bytes);
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
        if (ended) {
            records.add(new End(checkpoint));
        }
        return records;
    }

    /** What was decided for a range, in an order in which it can be decided again. */
    static List<LaneRecord> recordsOf(RangePlan range) {
        List<LaneRecord> records = new ArrayList<>(range.objects);
        records.addAll(range.doubts.values());
        List<Void> voids = List.copyOf(range.voids.values());
        if (range.seal == null) {
            records.addAll(voids);
        } else {
            // The sums of the seal are those of its time.
            records.addAll(voids.subList(0, range.voidsUnderSeal));
            records.add(range.seal);
            records.addAll(voids.subList(range.voidsUnderSeal, voids.size()));
        }
        return records;
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new IllegalStateException("landing protocol: " + otherwise.get());
        }
    }

    /** One range: its objects so far, and its seal once it has one. */
    public static final class RangePlan {
        private final long start;
        private final List<ObjectRecord> objects = new ArrayList<>();
        private final Map<Integer, Void> voids = new LinkedHashMap<>();
        private final Map<Integer, Doubt> doubts = new LinkedHashMap<>();
        private long records;
        private long sequenceBytes;
        private long stagedBytes;
        private Seal seal;
        private int voidsUnderSeal;
        private int seen;

        RangePlan(long start) {
            this.start = start;
        }

        public long start() {
            return start;
        }

        /** All that were recorded, void ones included: the next number is their count. */
        public List<ObjectRecord> objects() {
            return objects;
        }

        /** Those that are not void, in the order of their numbers. */
        public List<ObjectRecord> live() {
            if (voids.isEmpty()) {
                return objects;
            }
            return objects.stream().filter(object -> !isVoid(object)).toList();
        }

        /** Those whose records are in no object by them. */
        public List<ObjectRecord> voided() {
            return objects.stream().filter(this::isVoid).toList();
        }

        /** Those that became void after the newest seal: it stands for what was void before. */
        public List<ObjectRecord> voidedSinceSeal() {
            return voids.keySet().stream().skip(voidsUnderSeal).map(objects::get).toList();
        }

        public boolean isVoid(ObjectRecord object) {
            return voids.containsKey(object.number());
        }

        /** The newest; null while the range is open. */
        public Seal seal() {
            return seal;
        }

        public boolean sealed() {
            return seal != null;
        }

        /**
         * Whether objects became void after the range was sealed: it needs others in their place,
         * and another seal, before it may be committed.
         */
        public boolean broken() {
            return seal != null && voids.size() > voidsUnderSeal;
        }

        /** One more of its objects was seen in the store. */
        public void objectSeen() {
            seen++;
        }

        /** Whether all objects that it has so far were seen, and stand for all its records. */
        public boolean allSeen() {
            return seen == objects.size() - voids.size() && !broken();
        }

        /** Bytes of its objects in the staging area, void ones counted. */
        public long stagedBytes() {
            return stagedBytes;
        }

        /** Records in its objects, void ones not counted. */
        public long records() {
            return records;
        }
    }
}
