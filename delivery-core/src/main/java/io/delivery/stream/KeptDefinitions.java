package io.delivery.stream;

import io.delivery.home.KeptStream;

/** Reads the definition of a stream that is kept in its directory. */
@FunctionalInterface
public interface KeptDefinitions {
    /**
     * The definition that a document tells; how it is written depends on the stream's origin.
     *
     * @throws DefinitionRefusedException when it cannot be used any more, for instance because it
     *     names a store that is gone
     */
    DefinedStream read(KeptStream kept);
}
