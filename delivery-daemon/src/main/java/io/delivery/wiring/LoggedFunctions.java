package io.delivery.wiring;

import io.delivery.function.FunctionLog;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What functions write goes to the log: each function has a logger of its own. */
final class LoggedFunctions implements FunctionLog {
    /** What the names of the loggers begin with. */
    static final String LOGGERS = "function";

    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();

    @Override
    public void line(String function, Source source, String line) {
        Logger log =
                loggers.computeIfAbsent(
                        function, name -> LoggerFactory.getLogger(LOGGERS + "." + name));
        switch (source) {
            case STDOUT -> log.info("function wrote: function={} line={}", function, line);
            case STDERR -> log.warn("function wrote: function={} line={}", function, line);
        }
    }
}
