package io.delivery.verify;

import io.delivery.landing.ObjectListing;
import io.delivery.landing.ObjectListing.Upload;
import io.delivery.landing.ObjectListing.Uploads;
import io.delivery.partition.KeyForm;
import io.delivery.record.ObjectName;
import io.delivery.verify.Finding.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The multipart uploads of one bucket. One is ours when a record names its key: a key tells the
 * stream, and only the record which data directory. It is left behind when its object is not on the
 * way any more.
 */
final class UploadCheck {
    private final Place place;
    private final ObjectListing store;
    private final Scope scope;
    private final Findings findings;
    private final List<Strange> strange = new ArrayList<>();
    private Optional<String> unseen = Optional.empty();
    private long ofOthers;
    private long ended;

    private record Strange(String stream, Upload upload) {}

    UploadCheck(Place place, ObjectListing store, Scope scope, Findings findings) {
        this.place = place;
        this.store = store;
        this.scope = scope;
        this.findings = findings;
    }

    /**
     * Lists them.
     *
     * @return whether there is one that may be left behind
     */
    boolean list(KeyForm form, KeySet underWay) {
        Uploads uploads = store.uploads(place.bucket(), scope.prefix());
        unseen = uploads.unseen();
        for (Upload upload : uploads.all()) {
            form.streamOf(upload.key())
                    .filter(scope::includesStream)
                    .filter(stream -> !isIn(underWay, upload))
                    .ifPresent(stream -> strange.add(new Strange(stream, upload)));
        }
        return !strange.isEmpty();
    }

    private boolean isIn(KeySet keys, Upload upload) {
        return keys.contains(KeySet.ANY_STORE, place.bucket(), upload.key());
    }

    /** Asks after them, now that the records were read again. */
    void askAfter(KeySet knownNow, KeySet underWayNow, Marks marks) {
        for (Strange one : strange) {
            // Of an object that was recorded meanwhile: not left behind.
            if (!isIn(underWayNow, one.upload())) {
                judge(one, isIn(knownNow, one.upload()), marks.silence(one.stream()));
            }
        }
    }

    /** One that was completed or aborted meanwhile is not there any more. */
    private void judge(Strange one, boolean recorded, Optional<String> silence) {
        Uploads now = store.uploads(place.bucket(), one.upload().key());
        boolean there = now.all().contains(one.upload());
        if (!there) {
            now.unseen()
                    .ifPresent(
                            why ->
                                    found(
                                            Kind.UNSEEN,
                                            one,
                                            "a multipart upload, and whether it is still there could not be seen: "
                                                    + why));
        } else if (silence.isPresent()) {
            found(
                    Kind.UNSEEN,
                    one,
                    "a multipart upload that may be on its way; %s, so leave it alone"
                            .formatted(silence.get()));
        } else if (!recorded) {
            ofOthers++;
        } else if (scope.orphans() == Scope.Orphans.ENDED) {
            end(one);
        } else {
            found(
                    Kind.ORPHANED,
                    one,
                    "a multipart upload that nobody will complete: its object is settled. verify --abort-orphans ends it");
        }
    }

    private void end(Strange one) {
        try {
            store.endUpload(new ObjectName(place.bucket(), one.upload().key()), one.upload().id());
            ended++;
        } catch (IOException refused) {
            found(
                    Kind.ORPHANED,
                    one,
                    "a multipart upload that nobody will complete, and it could not be ended: "
                            + refused.getMessage());
        }
    }

    private void found(Kind kind, Strange one, String text) {
        findings.add(new Finding(kind, "", "", place + "/" + one.upload().key(), text));
    }

    Optional<String> unseen() {
        return unseen;
    }

    long ofOthers() {
        return ofOthers;
    }

    long ended() {
        return ended;
    }
}
