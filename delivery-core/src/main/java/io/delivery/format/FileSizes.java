package io.delivery.format;

/** What a file of rows takes, by its table. */
public interface FileSizes {
    /** Heap that one file may need while it is written, in bytes. */
    long memoryBytes();

    /**
     * Bytes of texts, binaries and decimals that the rows of one record may have at most: a record
     * with more does not fit into the memory.
     */
    long rowBytes();

    /**
     * How many bytes a file of this many bytes of records may take at most, roughly; not less for
     * more bytes of records.
     */
    long expectedBytes(long inputBytes);
}
