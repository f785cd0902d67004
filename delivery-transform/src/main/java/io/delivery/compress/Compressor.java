package io.delivery.compress;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Makes one compressed object after the other, each of blocks that {@link BlockStream} gathers.
 * Never closes the stream. Not thread-safe.
 */
interface Compressor {
    /**
     * Begins an object.
     *
     * @param out takes its bytes until {@link #forget}
     */
    void begin(OutputStream out) throws IOException;

    /**
     * The next bytes of the object. Every block but the last of an object is full.
     *
     * @param length 1 to the size of a block
     */
    void compress(byte[] block, int length) throws IOException;

    /** Ends the object. */
    void finish() throws IOException;

    /** Makes this ready for the next object, whatever became of the last one. */
    void forget();

    /** Gives memory beyond the heap back; this is of no use any more. */
    void end();
}
