package io.delivery.lane.components;

import io.delivery.partition.OwnFolders;
import java.util.Optional;

/** Which folders the keys of a main output have of the configuration. */
@FunctionalInterface
public interface FoldersOfVersions {
    /**
     * Those of a version of the definition.
     *
     * @return empty when it is not known any more
     */
    Optional<OwnFolders> of(int version);
}
