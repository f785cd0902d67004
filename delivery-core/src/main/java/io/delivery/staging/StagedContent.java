package io.delivery.staging;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of one staged object, as a store reads them. Thread-safe. */
public interface StagedContent {
    /** Length in bytes. */
    long length();

    /** The recorded CRC-32 of the whole. */
    int crc32();

    /**
     * Reads {@code length} bytes from {@code offset} of the object. A stream that ends at the
     * object's last byte and began at its first compares the recorded checksum before it gives the
     * last bytes away.
     *
     * @throws DamagedStagingException (also from the stream) when the bytes are missing or are not
     *     those that were recorded
     */
    InputStream open(long offset, long length) throws IOException;

    /** The whole object. */
    default InputStream open() throws IOException {
        return open(0, length());
    }
}
