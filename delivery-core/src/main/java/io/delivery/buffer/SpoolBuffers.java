package io.delivery.buffer;

/**
 * What the encrypted spools of a lane gather and encrypt a block in: two arrays for all of them,
 * because the lane writes one block at a time. There while any of them may be written to. Belongs
 * to the lane's executor.
 */
public final class SpoolBuffers {
    private byte[] gathered;
    private byte[] sealed;

    byte[] gathered() {
        if (gathered == null) {
            gathered = new byte[MemoryBudget.FULL_BLOCK_BYTES];
        }
        return gathered;
    }

    byte[] sealed() {
        if (sealed == null) {
            sealed = new byte[SpoolFile.READ_BYTES];
        }
        return sealed;
    }

    /** Gives the memory back until the next block. */
    void release() {
        gathered = null;
        sealed = null;
    }

    /** Whether it takes any memory. */
    boolean isEmpty() {
        return gathered == null && sealed == null;
    }
}
