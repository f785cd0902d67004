package io.delivery.runtime;

import io.delivery.runtime.code.CodeListing;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** How the processes of one runtime are started. Thread-safe. */
public interface Launcher {
    /**
     * What keeps a function from running: an interpreter that is missing or too old, a handler that
     * cannot be there. A cheap look, which runs nothing of the function's.
     *
     * @param handler as it was configured
     * @return empty when none is seen
     */
    List<FunctionProblem> problems(CodeListing code, Optional<String> handler);

    /**
     * The command line of one process, and what it adds to the environment.
     *
     * @throws IOException when it cannot be started: the message says what is missing
     */
    Launch launch(Deployment deployment) throws IOException;

    /**
     * How many events one process answers at a time: it asks for so many with requests of its own.
     *
     * @param concurrency of the function, over all its processes
     */
    default int eventsAtATime(int concurrency) {
        return 1;
    }
}
