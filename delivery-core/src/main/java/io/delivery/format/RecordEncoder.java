package io.delivery.format;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes the bytes of one object. Used once, by one thread, which need not be the one that asked
 * for it. Nothing is to be closed: what it needs it gives back before it returns or throws.
 */
public interface RecordEncoder {
    /**
     * Writes every record of the source, in order. A record that does not convert leaves no trace
     * in the object, is reported, and the rest is written.
     *
     * <p>When there was no record, or every one was rejected, the bytes written do not matter:
     * there will be no object.
     *
     * @param records pulled one by one, up to the end
     * @param out not closed here; nothing written may be believed when this throws
     * @param rejected called on this thread, for the record that was pulled last, at most once for
     *     each: before the next one is pulled, or before this returns
     * @throws IOException when reading or writing fails: the object will be encoded again, by
     *     another encoder
     */
    void encode(RecordSource records, OutputStream out, RejectedRecords rejected)
            throws IOException;

    /**
     * The object is durable and will not be encoded again: now others may be told what was seen in
     * its records. Called at most once, after {@link #encode} has returned, and never when the
     * object, or another one of the same staging file, has failed.
     */
    default void staged() {}
}
