package io.delivery.format;

/**
 * A configured format. Thread-safe: its encoders work side by side, each on a thread of its own.
 */
public interface EncoderFactory {
    /** A fresh encoder for one object. */
    RecordEncoder encoder();

    /** Ending of the object's name, with its dot, e.g. {@code .parquet}; empty for none. */
    String extension();

    /** Content-Encoding of the object; empty for none. */
    String contentEncoding();

    /**
     * Memory that one encoder may need at a time, on the heap and beyond it, in bytes: reserved
     * before it starts. May be 0.
     */
    long memoryBytes();

    /** Whether there are records that its encoders refuse. */
    default boolean mayReject() {
        return true;
    }

    /**
     * How many bytes may an object of this many input bytes take at most, roughly: for the room it
     * needs on disk.
     */
    default long expectedBytes(long inputBytes) {
        return inputBytes + inputBytes / 8 + 4096;
    }
}
