package io.delivery.format;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A configured format. Thread-safe: its encoders work side by side, each on a thread of its own.
 */
public interface EncoderFactory {
    /**
     * Before each object: lets those be asked whom an encoder would have to wait for otherwise,
     * such as a catalog that is far away. Returns at once and never fails. Meanwhile the object has
     * neither a thread nor memory for an encoder; its records are kept, and its room on the disk.
     *
     * @return completes when an encoder waits for nobody, within a bounded time; on a thread that
     *     must not be kept
     */
    default CompletionStage<Void> ready() {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * A fresh encoder for one object.
     *
     * @param memoryBytes that are reserved for it. Its {@code encode} fails with a {@link
     *     MemoryNeededException} when the object needs more, before it has read a record; what it
     *     has written by then is worth nothing. {@link #memoryBytes} tells the same from then on
     */
    RecordEncoder encoder(long memoryBytes);

    /** The same, for somebody who reserves nothing: it takes what it needs. */
    default RecordEncoder encoder() {
        return encoder(Long.MAX_VALUE);
    }

    /** Ending of the object's name, with its dot, e.g. {@code .parquet}; empty for none. */
    String extension();

    /** Content-Encoding of the object; empty for none. */
    String contentEncoding();

    /**
     * Memory that one encoder may need at a time, on the heap and beyond it, in bytes: reserved
     * before it starts. May be 0. It follows the table of the objects, where they have one: the
     * newest that an encoder has seen.
     */
    long memoryBytes();

    /** Whether there are records that its encoders refuse. */
    default boolean mayReject() {
        return true;
    }

    /**
     * How many bytes may an object of this many input bytes take at most, roughly: for the room it
     * needs on disk. Not less for more input bytes; it follows the table of the objects as {@link
     * #memoryBytes} does.
     */
    default long expectedBytes(long inputBytes) {
        return inputBytes + inputBytes / 8 + 4096;
    }
}
