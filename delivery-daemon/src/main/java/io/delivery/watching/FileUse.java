package io.delivery.watching;

import java.io.IOException;

/** What is done with files that have changed. */
@FunctionalInterface
public interface FileUse {
    /**
     * Reads them, and brings them into force.
     *
     * @throws IOException when they cannot be used: the former ones count, and the message says
     *     what to correct
     */
    void use() throws IOException;
}
