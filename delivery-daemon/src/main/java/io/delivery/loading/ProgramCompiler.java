package io.delivery.loading;

import io.delivery.config.ProcessorSettings;
import java.util.Optional;
import java.util.Set;

/** Tells whether the programs that a configuration holds can run here. */
public interface ProgramCompiler {
    /** For files that hold no programs. */
    ProgramCompiler NONE =
            new ProgramCompiler() {
                @Override
                public Optional<Set<String>> queryKeys(String query) {
                    throw new IllegalStateException("this file holds no programs");
                }

                @Override
                public void check(ProcessorSettings processor) {
                    throw new IllegalStateException("this file holds no programs");
                }

                @Override
                public void checkTimestampFormat(String format) {
                    throw new IllegalStateException("this file holds no programs");
                }
            };

    /**
     * Compiles a partitioning query.
     *
     * @return the names of the object it yields, when its text tells them
     * @throws IllegalArgumentException when it cannot run; the message says why, in one sentence
     */
    Optional<Set<String>> queryKeys(String query);

    /**
     * Compiles what a processor runs: a jq program, a regular expression, paths.
     *
     * @throws IllegalArgumentException when it cannot run; the message says why, in one sentence
     */
    void check(ProcessorSettings processor);

    /**
     * Reads a timestamp format of the Hive deserializer.
     *
     * @throws IllegalArgumentException when no time can be read by it; the message says why, in one
     *     sentence
     */
    void checkTimestampFormat(String format);
}
