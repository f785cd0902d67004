package io.delivery.function;

/** Takes what functions write. Thread-safe and quick. */
@FunctionalInterface
public interface FunctionLog {
    /** Which of a process's streams a line comes from. */
    enum Source {
        STDOUT,
        STDERR
    }

    /**
     * @param function its name in the configuration
     * @param line without its line feed, as the function wrote it: it may hold anything
     */
    void line(String function, Source source, String line);

    /**
     * Whether it takes all that functions write, as fast as they write it. Otherwise lines beyond a
     * rate are left out before they get here, and one line says how many.
     */
    default boolean takesEveryLine() {
        return false;
    }
}
