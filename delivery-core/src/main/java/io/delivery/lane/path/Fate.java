package io.delivery.lane.path;

import io.delivery.partition.BoundPrefix;
import io.delivery.record.Failure;

/**
 * What the path of a record decides for one of its parts. The lane hands every part with its fate
 * to {@code OpenRange.settle}, which puts the part where it belongs and counts it in the books of
 * its range ({@code RangeBooks}).
 *
 * <p>A buffered part may still fail later: it opens one partition too many, or it does not convert
 * when {@code GroupEncoder} encodes its object. It gets the fate {@link Failed} then, leaves its
 * object for the error output, and is counted there only.
 *
 * <p>An accepted record has five ends, in each lane that reads it. The books of the lane count
 * them. The first four are final when the lane commits the range; the last one is counted when the
 * stream is deleted:
 *
 * <pre>
 * landed        its parts are in objects of the destination       (Buffered)
 * error output  its parts are in objects of the error output      (Failed)
 * dropped       a processor removed its parts on purpose          (Dropped)
 * damaged       the log has lost the record: it never gets here   (LogReader.Entry.Lost)
 * discarded     its stream was deleted before it had landed       (stream.Removal)
 * </pre>
 *
 * <p>A void object is no end: its parts are read from the log again and land in another object.
 */
public sealed interface Fate {
    /**
     * The part goes into the buffer of the object that has this prefix, with the bytes that the
     * last processor gave it.
     */
    record Buffered(BoundPrefix prefix) implements Fate {}

    /**
     * The part goes to the error output for this reason, with the bytes that it had before the
     * first processor; a record that was only decompressed with those that were put. One that does
     * not convert shows the bytes that its object would have had.
     */
    record Failed(Failure failure) implements Fate {}

    /** A processor removed the part on purpose: it is counted, and in no object. */
    record Dropped() implements Fate {
        static final Dropped DROPPED = new Dropped();
    }
}
