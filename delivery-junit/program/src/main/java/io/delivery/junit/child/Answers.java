package io.delivery.junit.child;

import java.util.Map;

/**
 * What a child process does when it is asked. An implementation is public and has a public
 * constructor without parameters. Called by several threads at once.
 */
@FunctionalInterface
public interface Answers {
    /**
     * Does something and says what came of it.
     *
     * @param arguments and the answer are values as {@link ChildProcess#ask} lists them
     * @throws Exception when it could not be done; its message is told to whoever asked
     */
    Object answer(String command, Map<String, Object> arguments) throws Exception;
}
