package io.delivery.lane.record;

import io.delivery.landing.LaneRecord;
import java.io.IOException;
import java.util.List;

/** What follows, for the lane, from a step of recording and landing. */
public sealed interface Recorded {
    /** Commits are durable: the checkpoint has moved. */
    record Committed() implements Recorded {}

    /** It is recorded that nobody will see these objects: their records must be read again. */
    record Voided(List<LaneRecord.Voided> objects) implements Recorded {}

    /** The state could not be written; what was to be decided will be decided again. */
    record NotWritten(IOException reason) implements Recorded {}

    /** Something else is visible under a key of ours: the lane must stop. */
    record Occupied(String reason) implements Recorded {}

    /** What the matter is with a store has changed. */
    record TroubleChanged() implements Recorded {}
}
