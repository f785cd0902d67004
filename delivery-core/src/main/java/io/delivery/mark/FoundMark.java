package io.delivery.mark;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is found where a mark should be.
 *
 * @param path where it is, or would be
 * @param said what it says; empty unless it is readable
 * @param reason why it cannot be believed; empty unless it is unreadable
 */
public record FoundMark(Path path, State state, Optional<Mark> said, String reason) {
    /** Whether there is a mark. */
    public enum State {
        /** There is no such file. */
        ABSENT,
        /** There is a file, and neither of its two copies can be believed. */
        UNREADABLE,
        /** One copy is whole at least: the younger one counts. */
        READABLE
    }

    /** No mark: for whoever does not ask how far a file was durable. */
    public static FoundMark absent(Path path) {
        return new FoundMark(path, State.ABSENT, Optional.empty(), "");
    }

    static FoundMark unreadable(Path path, String reason) {
        return new FoundMark(path, State.UNREADABLE, Optional.empty(), reason);
    }

    static FoundMark of(Path path, Mark mark) {
        return new FoundMark(path, State.READABLE, Optional.of(mark), "");
    }
}
