package io.delivery.format;

import java.io.IOException;
import java.io.OutputStream;

/** Writes the bytes of one object. Used once, by one thread. */
public interface RecordEncoder {
    /**
     * Writes every record of the source, in order. A record that does not convert leaves no trace
     * in the object, is reported, and the rest is written.
     *
     * <p>When every record was rejected the bytes written do not matter: there will be no object.
     *
     * @param records pulled one by one
     * @param out not closed here; nothing written may be believed when this throws
     * @param rejected called between two pulls, at most once for each record
     * @throws IOException when reading or writing fails: the object will be encoded again
     */
    void encode(RecordSource records, OutputStream out, RejectedRecords rejected)
            throws IOException;
}
