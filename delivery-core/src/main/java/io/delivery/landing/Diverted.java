package io.delivery.landing;

import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.record.ObjectName;

/**
 * What a {@link Diversion} did with one object.
 *
 * @param object as it was before, with the place where it did not land
 */
public record Diverted(String lane, ObjectRecord object, Outcome outcome) {

    /** What became of it. */
    public sealed interface Outcome {
        /** It lands here; that is durable. */
        record Redirected(String store, ObjectName name) implements Outcome {}

        /** Its records go to the error output; that is durable. */
        record ToErrorOutput() implements Outcome {}

        /** It goes into the folder below the data directory; that is durable. */
        record ToLocalFolder(ObjectName name) implements Outcome {}

        /** It would go into the folder below the data directory; nothing was changed. */
        record AsksFirst() implements Outcome {}

        /** Nothing was changed, for this reason. */
        record Unchanged(String reason) implements Outcome {}
    }
}
