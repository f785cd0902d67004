package io.delivery.verify;

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
    private final List<StrangeUpload> strangeUploads = new ArrayList<>();
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
    private Optional<String> uploadsUnseen = Optional.empty();

    /** An object that landed. */
    record Wanted(String stream, String lane, ObjectRecord object, long landedMillis) {}

    private record Strange(String stream, Listed listed) {}

    private record StrangeUpload(String stream, String key) {}

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
            unseen("%d landed objects could not be looked at: %s".formatted(unseen, why));
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
            looks.get(i).accept(new Compared(batch.get(i)));
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
            unseen++;
            unseenReason = unseenReason.isEmpty() ? none.reason() : unseenReason;
        }

        @Override
        public void absent() {
            looked++;
            found(
                    Kind.MISSING,
                    wanted,
                    "landed by %s with %d records and is not there"
                            .formatted(
                                    Instant.ofEpochMilli(wanted.landedMillis()),
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
            unseen("could not be listed: " + failed.getMessage());
        }
        watcher.listed(place.toString(), listed, ours);
        ObjectListing.Uploads uploads = store.get().uploads(place.bucket(), scope.prefix());
        uploadsUnseen = uploads.unseen();
        for (String key : uploads.keys()) {
            Optional<String> stream = form.streamOf(key).filter(scope::includesStream);
            if (stream.isPresent() && !underWay.contains(place.store(), place.bucket(), key)) {
                strangeUploads.add(new StrangeUpload(stream.get(), key));
            }
        }
        return !strange.isEmpty() || !strangeUploads.isEmpty();
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
        if (knownKeys.contains(place.store(), place.bucket(), object.key())) {
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
            if (knownNow.contains(place.store(), place.bucket(), one.listed().key())) {
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
        for (StrangeUpload upload : strangeUploads) {
            // Of an object that was recorded meanwhile: not left behind.
            if (!underWayNow.contains(place.store(), place.bucket(), upload.key())) {
                judge(upload, marks);
            }
        }
    }

    /** One that was completed or aborted meanwhile is not there any more. */
    private void judge(StrangeUpload upload, Marks marks) {
        ObjectListing.Uploads now = store.orElseThrow().uploads(place.bucket(), upload.key());
        boolean there = now.keys().contains(upload.key());
        Optional<String> silence = marks.silence(upload.stream());
        if (there && silence.isEmpty()) {
            foundUpload(
                    Kind.ORPHANED,
                    upload,
                    "a multipart upload that nobody will complete; abort it");
        } else if (there) {
            foundUpload(
                    Kind.UNSEEN,
                    upload,
                    "a multipart upload that no record names; %s, so leave it alone"
                            .formatted(silence.get()));
        } else if (now.unseen().isPresent()) {
            foundUpload(
                    Kind.UNSEEN,
                    upload,
                    "a multipart upload that no record names, and whether it is still there could"
                            + " not be seen: "
                            + now.unseen().get());
        }
    }

    private void foundUpload(Kind kind, StrangeUpload upload, String text) {
        findings.add(new Finding(kind, "", "", place + "/" + upload.key(), text));
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
                uploadsUnseen);
    }
}
