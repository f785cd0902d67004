package io.delivery.loading;

import java.util.Optional;
import java.util.Set;

/** Tells whether a partitioning query is a program that can run here, and what it yields. */
@FunctionalInterface
public interface QueryCompiler {
    /**
     * @return the names of the object it yields, when its text tells them
     * @throws IllegalArgumentException when it cannot run; the message says why, in one sentence
     */
    Optional<Set<String>> keys(String query);
}
