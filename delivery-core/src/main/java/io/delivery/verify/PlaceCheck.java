package io.delivery.verify;

import io.delivery.failure.FailureText;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.ObjectListing;
import io.delivery.landing.ObjectListing.Depth;
import io.delivery.landing.ObjectListing.Listed;
import io.delivery.landing.ObjectListing.Look;
import io.delivery.partition.KeyForm;
import io.delivery.record.ObjectName;
import io.delivery.verify.Finding.Kind;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One bucket: what was recorded there, and what is there. */
final class PlaceCheck {
    /** Objects that a store is asked for at a time. */
    private static final int BATCH = 128;

    /** Keys that nobody recorded are asked after one by one; more than these are only counted. */
    private static final int MOST_STRANGE = 100_000;

    private final Place place;
    private final Optional<ObjectListing> store;
    private final Scope scope;
    private final Findings findings;
    private final Watcher watcher;
    private final List<Wanted> batch = new ArrayList<>();
    private final List<Strange> strange = new ArrayList<>();
    private final Optional<UploadCheck> uploads;
    private long looked;
    private long unseen;
    private String unseenReason = "";
    private boolean silent;
    private long notCompared;
    private long listed;
    private long ours;
    private long known;
    private long older;
    private long foreign;
    private long strangeNotKept;

    /**
     * An object that was recorded.
     *
     * @param settledMillis when its range was committed; empty when it is not yet
     */
    record Wanted(
            String stream,
            String lane,
            ObjectRecord object,
            OptionalLong settledMillis,
            Expected expected) {}

    /** Where the records say that an object is. */
    enum Expected {
        /** It landed. */
        THERE,
        /** It was given up. */
        NOWHERE
    }

    private record Strange(String stream, Listed listed) {}

    PlaceCheck(
            Place place,
            Optional<ObjectListing> store,
            Scope scope,
            Findings findings,
            Watcher watcher) {
        this.place = place;
        this.store = store;
        this.scope = scope;
        this.findings = findings;
        this.watcher = watcher;
        this.uploads = store.map(there -> new UploadCheck(place, there, scope, findings));
    }

    // --- what was recorded ---

    void look(Wanted wanted) {
        if (store.isEmpty() || silent) {
            unseen++;
            return;
        }
        batch.add(wanted);
        if (batch.size() == BATCH) {
            lookAtBatch();
        }
    }

    void finishLooking() {
        if (!batch.isEmpty()) {
            lookAtBatch();
        }
        if (unseen > 0) {
            String why = store.isPresent() ? unseenReason : notConfigured();
            unseen("%d recorded objects could not be looked at: %s".formatted(unseen, why));
        }
    }

    private String notConfigured() {
        return "store %s is not configured any more; configure it to look there"
                .formatted(place.store());
    }

    private void lookAtBatch() {
        List<ObjectName> names = batch.stream().map(wanted -> wanted.object().name()).toList();
        Depth depth = scope.depth() == Scope.Depth.BYTES ? Depth.BYTES : Depth.ATTRIBUTES;
        List<Look> looks = store.orElseThrow().look(names, depth);
        long unseenBefore = unseen;
        for (int i = 0; i < looks.size(); i++) {
            Wanted wanted = batch.get(i);
            looks.get(i)
                    .accept(
                            wanted.expected() == Expected.NOWHERE
                                    ? new GivenUp(wanted)
                                    : new Compared(wanted));
        }
        // Whoever answers none of so many will not answer the next ones.
        silent = unseen - unseenBefore == batch.size();
        batch.clear();
    }

    /** Compares one that landed with what the store shows. */
    private final class Compared implements Look.Visitor {
        private final Wanted wanted;

        Compared(Wanted wanted) {
            this.wanted = wanted;
        }

        @Override
        public void unseen(Look.Unseen none) {
            notSeen(none);
        }

        @Override
        public void absent() {
            looked++;
            found(
                    Kind.MISSING,
                    wanted,
                    "landed%s with %d records and is not there"
                            .formatted(
                                    wanted.settledMillis().isPresent()
                                            ? " by "
                                                    + Instant.ofEpochMilli(
                                                            wanted.settledMillis().getAsLong())
                                            : ", its range is not committed yet,",
                                    wanted.object().records()));
        }

        @Override
        public void present(Look.Present there) {
            looked++;
            String difference = difference(wanted.object(), there);
            if (!difference.isEmpty()) {
                found(Kind.CHANGED, wanted, difference);
            } else if (there.crc32().isEmpty()) {
                notCompared++;
            }
        }
    }

    private void notSeen(Look.Unseen none) {
        unseen++;
        unseenReason = unseenReason.isEmpty() ? none.reason() : unseenReason;
    }

    /** Looks for one that was given up: its records are in other objects, or on their way there. */
    private final class GivenUp implements Look.Visitor {
        private final Wanted wanted;

        GivenUp(Wanted wanted) {
            this.wanted = wanted;
        }

        @Override
        public void unseen(Look.Unseen none) {
            notSeen(none);
        }

        /** As it should be. */
        @Override
        public void absent() {}

        @Override
        public void present(Look.Present there) {
            String difference = difference(wanted.object(), there);
            found(
                    Kind.VOID,
                    wanted,
                    difference.isEmpty()
                            ? "was given up and is there all the same: its %d records are in the store twice. Remove exactly this object; nobody puts it there again"
                                    .formatted(wanted.object().records())
                            : "was given up, and something is there that " + difference);
        }
    }

    private void found(Kind kind, Wanted wanted, String text) {
        String subject = place + "/" + wanted.object().name().key();
        findings.add(new Finding(kind, wanted.stream(), wanted.lane(), subject, text));
    }

    /** How it differs from what landed; empty when it does not. */
    private String difference(ObjectRecord object, Look.Present there) {
        if (there.length() != object.staged().length()) {
            return "has %d bytes, and %d landed"
                    .formatted(there.length(), object.staged().length());
        }
        if (store.orElseThrow().keepsMarks()) {
            String mark = there.mark().orElse("none");
            if (!mark.equals(object.attributes().mark())) {
                return "carries the mark %s, and %s landed"
                        .formatted(mark, object.attributes().mark());
            }
            if (differs(there.markedCrc32(), object)) {
                return "is marked with the checksum %08x, and %08x landed"
                        .formatted(there.markedCrc32().getAsInt(), object.staged().crc32());
            }
        }
        return differs(there.crc32(), object)
                ? "holds bytes with the checksum %08x, and %08x landed"
                        .formatted(there.crc32().getAsInt(), object.staged().crc32())
                : "";
    }

    private static boolean differs(OptionalInt crc32, ObjectRecord object) {
        return crc32.isPresent() && crc32.getAsInt() != object.staged().crc32();
    }

    // --- what is there ---

    private void unseen(String what) {
        findings.add(new Finding(Kind.UNSEEN, "", "", place.toString(), what));
    }

    /**
     * Lists the bucket.
     *
     * @return whether something is there that is not known
     */
    boolean list(KeyForm form, KeySet knownKeys, KeySet underWay) {
        if (store.isEmpty() && unseen == 0) {
            unseen("could not be listed: " + notConfigured());
        }
        if (store.isEmpty() || silent) {
            return false;
        }
        try {
            store.get().list(place.bucket(), scope.prefix(), key -> listed(key, form, knownKeys));
        } catch (IOException failed) {
            unseen("could not be listed: " + FailureText.of(failed));
        }
        watcher.listed(place.toString(), listed, ours);
        boolean left = uploads.orElseThrow().list(form, underWay);
        return left || !strange.isEmpty();
    }

    private void listed(Listed object, KeyForm form, KeySet knownKeys) {
        listed++;
        Optional<String> stream = form.streamOf(object.key()).filter(scope::includesStream);
        if (stream.isEmpty()
                || object.modifiedMillis().isPresent()
                        && !scope.includesTime(object.modifiedMillis().getAsLong())) {
            return;
        }
        ours++;
        if (knownKeys.contains(KeySet.ANY_STORE, place.bucket(), object.key())) {
            known++;
        } else if (strange.size() < MOST_STRANGE) {
            strange.add(new Strange(stream.get(), object));
        } else {
            strangeNotKept++;
        }
    }

    /** Asks after what was not known when the bucket was listed. */
    void askAfter(KeySet knownNow, KeySet underWayNow, Marks marks) {
        List<Strange> left = new ArrayList<>();
        for (Strange one : strange) {
            if (knownNow.contains(KeySet.ANY_STORE, place.bucket(), one.listed().key())) {
                known++;
            } else {
                left.add(one);
            }
        }
        for (int from = 0; from < left.size(); from += BATCH) {
            List<Strange> some = left.subList(from, Math.min(left.size(), from + BATCH));
            List<Look> looks =
                    store.orElseThrow()
                            .look(
                                    some.stream()
                                            .map(
                                                    one ->
                                                            new ObjectName(
                                                                    place.bucket(),
                                                                    one.listed().key()))
                                            .toList(),
                                    Depth.ATTRIBUTES);
            for (int i = 0; i < looks.size(); i++) {
                looks.get(i).accept(new Judged(some.get(i), marks));
            }
        }
        if (strangeNotKept > 0) {
            findings.add(
                    new Finding(
                            marks.silence().isPresent() ? Kind.UNSEEN : Kind.UNKNOWN,
                            "",
                            "",
                            place.toString(),
                            "%d more keys with our form that no record names%s"
                                    .formatted(
                                            strangeNotKept,
                                            marks.silence().map(why -> "; " + why).orElse(""))));
        }
        uploads.ifPresent(check -> check.askAfter(knownNow, underWayNow, marks));
    }

    /** Judges one that nobody recorded. */
    private final class Judged implements Look.Visitor {
        private final Strange one;
        private final Marks marks;

        Judged(Strange one, Marks marks) {
            this.one = one;
            this.marks = marks;
        }

        @Override
        public void absent() {
            ours--; // gone since it was listed
        }

        @Override
        public void unseen(Look.Unseen none) {
            found(
                    Kind.UNSEEN,
                    one,
                    "has the form of our keys, no record names it, and its mark could not be seen: "
                            + none.reason());
        }

        @Override
        public void present(Look.Present there) {
            Optional<String> mark = there.mark();
            String carried = mark.map(m -> "it carries the mark " + m).orElse("it carries no mark");
            switch (marks.origin(one.stream(), mark, one.listed().modifiedMillis())) {
                case OLDER -> older++;
                case FOREIGN -> foreign++;
                case UNTOLD ->
                        found(
                                Kind.UNSEEN,
                                one,
                                "has the form of our keys and may have been recorded: %s; %s"
                                        .formatted(
                                                marks.silence(one.stream())
                                                        .or(marks::silence)
                                                        .orElseThrow(),
                                                carried));
                case UNKNOWN ->
                        found(
                                Kind.UNKNOWN,
                                one,
                                "has the form of our keys and was never recorded; " + carried);
            }
        }
    }

    private void found(Kind kind, Strange one, String text) {
        String subject = place + "/" + one.listed().key();
        findings.add(new Finding(kind, one.stream(), "", subject, text));
    }

    PlaceReport report() {
        return new PlaceReport(
                place.store(),
                place.bucket(),
                looked,
                listed,
                ours,
                known,
                older,
                foreign,
                notCompared,
                uploads.map(UploadCheck::ofOthers).orElse(0L),
                uploads.map(UploadCheck::ended).orElse(0L),
                uploads.flatMap(UploadCheck::unseen));
    }
}
