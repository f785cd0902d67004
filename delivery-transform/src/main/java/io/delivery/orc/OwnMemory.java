package io.delivery.orc;

import org.apache.hadoop.fs.Path;
import org.apache.orc.MemoryManager;

/**
 * Lets each file have the stripe size that it was given. ORC's own manager makes stripes smaller
 * when other files are written at the same time, so that the bytes of a file would depend on its
 * neighbours; here memory is shared out before a file is begun.
 */
enum OwnMemory implements MemoryManager {
    EACH_FILE;

    @Override
    public void addWriter(Path path, long requestedAllocation, Callback callback) {}

    @Override
    public void removeWriter(Path path) {}

    /** Nobody calls it any more, and it must be there. */
    @Override
    @Deprecated
    public void addedRow(int rows) {}

    /** The writer compares what it holds with its stripe size itself, after each batch. */
    @Override
    public long checkMemory(long previousAllocation, Callback writer) {
        return previousAllocation;
    }
}
