package io.delivery.lane.record;

import io.delivery.landing.LaneRecord;
import io.delivery.landing.LaneRecord.ObjectRecord;
import java.io.IOException;
import java.util.List;

/** What follows, for the lane, from a step of recording and landing. */
public sealed interface Recorded {
    /** Commits are durable: the checkpoint has moved. */
    record Committed() implements Recorded {}

    /** It is recorded that nobody will see these objects: their records must be read again. */
    record Voided(List<LaneRecord.GivenUp> objects) implements Recorded {}

    /** The store takes no object under this key: it will not land as it is. */
    record KeyRefused(ObjectRecord object, String said) implements Recorded {}

    /** An object has been seen in the store: its staged bytes may go if room is short. */
    record Landed() implements Recorded {}

    /** The state could not be written; what was to be decided will be decided again. */
    record NotWritten(IOException reason) implements Recorded {}

    /** Something else is visible under a key of ours: the lane must stop. */
    record Occupied(String reason) implements Recorded {
        /** It carries our mark or was ours to write, and is not what was sent. */
        static Occupied byOtherBytes(ObjectRecord object, String seen) {
            return new Occupied(
                    "%s/%s holds other bytes than were sent to it (%s); nothing was overwritten. Find out what changes them (check --online tries the store), move the object away and start again"
                            .formatted(object.store(), object.name(), seen));
        }

        /** Nobody of ours has written it. */
        static Occupied byAStranger(ObjectRecord object, String seen) {
            return new Occupied(
                    "%s/%s is occupied by an object that is not ours (%s): two looks have seen it, and nothing was overwritten. Find out who wrote it, move it away and start again"
                            .formatted(object.store(), object.name(), seen));
        }
    }

    /** What the matter is with a store has changed. */
    record TroubleChanged() implements Recorded {}
}
