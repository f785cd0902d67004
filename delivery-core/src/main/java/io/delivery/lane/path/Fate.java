package io.delivery.lane.path;

import io.delivery.partition.BoundPrefix;
import io.delivery.record.Failure;

/**
 * What becomes of one part of a record. Every part that a lane reads meets exactly one of these,
 * and {@code OpenRange.settle} is the one place where it does.
 *
 * <p>A failure may be found later than on the path: when the limit of active partitions is reached,
 * or when the part does not convert while its object is encoded. It is a {@link Failed} then, as
 * any other.
 */
public sealed interface Fate {
    /**
     * The part goes into the buffer of the object that has this prefix, with the bytes that the
     * last processor gave it.
     */
    record Buffered(BoundPrefix prefix) implements Fate {}

    /**
     * The part goes to the error output for this reason, with the bytes that it had before the step
     * that failed.
     */
    record Failed(Failure failure) implements Fate {}

    /** A processor removed the part on purpose: it is counted, and in no object. */
    record Dropped() implements Fate {
        static final Dropped DROPPED = new Dropped();
    }
}
