package io.delivery.cli;

import java.nio.file.Path;
import java.util.Optional;

/** Says whether a data directory can be looked at, without touching it. */
@FunctionalInterface
public interface DataDirectoryCheck {
    /** Why it cannot, and what to do; empty when it can. */
    Optional<String> refusal(Path directory);
}
