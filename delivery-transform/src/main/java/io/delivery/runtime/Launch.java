package io.delivery.runtime;

import java.util.List;
import java.util.Map;

/**
 * How one process is started.
 *
 * @param command the executable and its arguments
 * @param environment beside what Lambda sets for every runtime; the configured one wins over it
 */
public record Launch(List<String> command, Map<String, String> environment) {
    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
