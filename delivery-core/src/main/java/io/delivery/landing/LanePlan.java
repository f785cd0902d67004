package io.delivery.landing;

import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Doubt;
import io.delivery.landing.LaneRecord.End;
import io.delivery.landing.LaneRecord.GivenUp;
import io.delivery.landing.LaneRecord.Landed;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Own;
import io.delivery.landing.LaneRecord.Redirect;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneRecord.Skip;
import io.delivery.landing.LaneRecord.Snapshot;
import io.delivery.landing.LaneRecord.Totals;
import io.delivery.landing.LaneRecord.Upload;
import io.delivery.landing.LaneRecord.Voided;
import io.delivery.record.ObjectName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a lane has decided and not yet forgotten: its durable records, applied in order. Refuses
 * what the protocol forbids ({@link LaneGrammar}), so that a defect stops the lane before it
 * reaches a store.
 */
public final class LanePlan {
    /** Of a lane that keeps up: one that is being made, and one that lands. */
    private static final int UNCOMMITTED = 2;

    private final Deque<RangePlan> ranges = new ArrayDeque<>(UNCOMMITTED);
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

    /** The oldest range, if it is sealed; null otherwise. */
    public RangePlan oldestSealed() {
        RangePlan oldest = ranges.peekFirst();
        return oldest != null && oldest.sealed() ? oldest : null;
    }

    /** The names of the stores that objects of uncommitted ranges land in. */
    public Set<String> stores() {
        Set<String> names = new TreeSet<>();
        for (RangePlan range : ranges) {
            range.live().stream()
                    .filter(object -> !object.isKeptLocally())
                    .forEach(object -> names.add(object.store()));
        }
        return names;
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
     * Bytes of the lists of sequences of all uncommitted objects. The lists stay in memory until
     * their range is committed.
     */
    public long sequenceBytes() {
        long sum = 0;
        for (RangePlan range : ranges) {
            sum += range.sequenceBytes;
        }
        return sum;
    }

    /** Bytes of the lists of sequences of sealed ranges. Only the commit of a range frees them. */
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
     * Takes those of these records that tell what has happened at the store: answers in doubt, and
     * uploads that were begun. They are true although the records could not be made durable.
     *
     * @return whether there was such a record
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

    /**
     * Takes the next durable record.
     *
     * @throws IllegalStateException when it must not come here
     */
    void apply(LaneRecord record) {
        new LaneGrammar(this).next(record);
        record.accept(new Change());
    }

    /** What each type of record changes, once the grammar has let it pass. */
    private final class Change implements LaneRecord.Visitor<RuntimeException> {
        @Override
        public void own(Own own) {
            throw new IllegalStateException("the grammar has let an owner pass");
        }

        @Override
        public void snapshot(Snapshot snapshot) {
            begin = snapshot.begin();
            checkpoint = snapshot.checkpoint();
            openStart = snapshot.checkpoint();
            totals = snapshot.totals();
        }

        @Override
        public void object(ObjectRecord object) {
            RangePlan range = rangeFrom(object.rangeStart());
            range.objects.add(object);
            range.records += object.records();
            range.sequenceBytes += object.sequences().bytes();
            range.staged.toLand(object);
        }

        @Override
        public void upload(Upload upload) {
            uploads.put(upload.rangeStart() + "/" + upload.number(), upload.uploadId());
        }

        @Override
        public void seal(Seal seal) {
            RangePlan range = rangeFrom(seal.start());
            range.seal = seal;
            range.voidsUnderSeal = range.voids.size();
            openStart = Math.max(openStart, seal.end()); // a range that is sealed again ends before
        }

        @Override
        public void commit(Commit commit) {
            RangePlan range = ranges.removeFirst();
            List<ObjectRecord> landed = range.live();
            long bytes = 0;
            for (ObjectRecord object : landed) {
                bytes += object.staged().length();
            }
            for (ObjectRecord object : range.objects) {
                uploads.remove(object.id());
            }
            totals = totals.plus(range.seal, landed.size(), bytes);
            checkpoint = commit.end();
        }

        @Override
        public void voided(Voided voided) {
            givenUp(voided);
        }

        @Override
        public void skip(Skip skip) {
            givenUp(skip);
        }

        private void givenUp(GivenUp gone) {
            RangePlan range = rangeAt(gone.rangeStart());
            ObjectRecord object = range.objects.get(gone.number());
            range.voids.put(gone.number(), gone);
            range.records -= object.records();
            range.staged.notToLand(object);
        }

        /** What was doubted and uploaded concerns the place that it has no more. */
        @Override
        public void redirect(Redirect redirect) {
            RangePlan range = rangeAt(redirect.rangeStart());
            ObjectRecord object = range.objects.get(redirect.number());
            range.redirects
                    .computeIfAbsent(object.number(), number -> new ArrayList<>(1))
                    .add(new Redirected(object, redirect));
            range.objects.set(redirect.number(), object.at(redirect));
            range.doubts.remove(redirect.number());
            uploads.remove(object.id());
        }

        @Override
        public void doubt(Doubt doubt) {
            rangeAt(doubt.rangeStart()).doubts.put(doubt.number(), doubt);
        }

        @Override
        public void landed(Landed landed) {
            RangePlan range = rangeAt(landed.rangeStart());
            ObjectRecord object = range.objects.get(landed.number());
            range.landed.put(landed.number(), landed);
            range.staged.notToLand(object);
            range.objectSeen(object);
        }

        @Override
        public void end(End end) {
            ended = true;
        }

        /** Begins the open range with the first record that is of it. */
        private RangePlan rangeFrom(long start) {
            RangePlan range = rangeAt(start);
            if (range == null) {
                range = new RangePlan(start);
                ranges.addLast(range);
            }
            return range;
        }
    }

    /** An object with the place that it had before a redirect. */
    record Redirected(ObjectRecord before, Redirect by) {}

    /** One range: its objects so far, and its seal once it has one. */
    public static final class RangePlan {
        private final long start;
        private final List<ObjectRecord> objects = new ArrayList<>();
        private final Map<Integer, GivenUp> voids = new LinkedHashMap<>();
        private final Map<Integer, List<Redirected>> redirects = new LinkedHashMap<>();
        private final Map<Integer, Doubt> doubts = new LinkedHashMap<>();
        private final Map<Integer, Landed> landed = new LinkedHashMap<>();
        private final BitSet seen = new BitSet();
        private final NeededFiles staged = new NeededFiles();
        private long records;
        private long sequenceBytes;
        private Seal seal;
        private int voidsUnderSeal;

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

        /** The void ones, which will never be in the store. */
        public List<ObjectRecord> voided() {
            return objects.stream().filter(this::isVoid).toList();
        }

        /**
         * Those that became void after the newest seal. That seal accounts for those that were void
         * before it.
         */
        public List<ObjectRecord> voidedSinceSeal() {
            return voids.keySet().stream().skip(voidsUnderSeal).map(objects::get).toList();
        }

        /** Why the records of this void object have failed; empty when they are read anew. */
        public Optional<Skip> skipOf(ObjectRecord object) {
            return voids.get(object.number()) instanceof Skip skip
                    ? Optional.of(skip)
                    : Optional.empty();
        }

        /**
         * Objects with the places that they had before redirects, where nobody puts them. A place
         * with the bucket and the key of the present one is left out: another name of a store may
         * mean the same store, and what is visible there is the object itself.
         */
        public List<ObjectRecord> abandoned() {
            return redirects.values().stream()
                    .flatMap(List::stream)
                    .map(Redirected::before)
                    .filter(before -> !before.name().equals(objects.get(before.number()).name()))
                    .toList();
        }

        /** Whether the object was to land under this name before a redirect, in any store. */
        public boolean wasToLandAs(ObjectRecord object, ObjectName name) {
            return redirectsOf(object).stream()
                    .anyMatch(moved -> moved.before().name().equals(name));
        }

        public boolean isVoid(ObjectRecord object) {
            return voids.containsKey(object.number());
        }

        /**
         * Whether it is durable in the state that this object has been seen in the store. Nothing
         * is requested for it any more, and its staged bytes may be gone.
         */
        public boolean hasLanded(ObjectRecord object) {
            return landed.containsKey(object.number());
        }

        /** What the store said of this object, if that is durable in the state. */
        public Optional<String> saidOf(ObjectRecord object) {
            return Optional.ofNullable(landed.get(object.number())).map(Landed::said);
        }

        /** Neither void nor landed: it is to be landed from its staged bytes, which are needed. */
        public boolean undecided(ObjectRecord object) {
            return !isVoid(object) && !hasLanded(object);
        }

        /** The objects that are to be landed from their staged bytes. */
        public List<ObjectRecord> toLand() {
            return objects.stream().filter(this::undecided).toList();
        }

        /** The newest seal; null while the range is open. */
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
            return seal != null && voidsSinceSeal() > 0;
        }

        /** Void objects and skipped ones, in the order in which that was decided. */
        List<GivenUp> givenUp() {
            return List.copyOf(voids.values());
        }

        Collection<Doubt> doubts() {
            return doubts.values();
        }

        Collection<Landed> landings() {
            return landed.values();
        }

        /** Where the object was to land before, the oldest place first. */
        List<Redirected> redirectsOf(ObjectRecord object) {
            return redirects.getOrDefault(object.number(), List.of());
        }

        int voidsSinceSeal() {
            return voids.size() - voidsUnderSeal;
        }

        /** One of its objects was seen in the store. */
        public void objectSeen(ObjectRecord object) {
            seen.set(object.number());
        }

        /** Whether this object was seen in the store, by this process or one before. */
        public boolean seen(ObjectRecord object) {
            return seen.get(object.number());
        }

        /** Whether all objects that it has so far were seen, and stand for all its records. */
        public boolean allSeen() {
            return seen.cardinality() == objects.size() - voids.size() && !broken();
        }

        /** Bytes of its files in the staging area from which an object is to be landed. */
        public long stagedBytes() {
            return staged.bytes();
        }

        /** Bytes of this file; 0 when no object is to be landed from it. */
        public long stagedBytes(String file) {
            return staged.bytes(file);
        }

        /** Whether an object is to be landed from this file. */
        public boolean needs(String stagedFile) {
            return staged.needs(stagedFile);
        }

        /** Records in its objects, void ones not counted. */
        public long records() {
            return records;
        }
    }
}
