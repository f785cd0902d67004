package io.delivery.wiring;

import io.delivery.config.ConfigChange;
import io.delivery.config.FunctionSettings;
import io.delivery.function.FunctionStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The functions of the configuration, by name: one for all streams that use it. A function is the
 * next generation of its name when its settings or its code have changed; components work with the
 * generation that they were made with, so a former one ends with the last of them. Thread-safe.
 */
final class FunctionRegistry implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FunctionRegistry.class);

    private final NamedGenerations<FunctionSource, MadeFunction> made;

    /** Of each name the generation that is in force, for whoever looks. */
    private final Map<String, MadeFunction> newest = new ConcurrentHashMap<>();

    /**
     * @param maker makes a function; it starts nothing before somebody uses it
     */
    FunctionRegistry(NamedGenerations.Maker<FunctionSource, MadeFunction> maker) {
        this.made = new NamedGenerations<>("function", maker, MadeFunction::close);
    }

    /**
     * Makes what other settings of the functions, or other code, need. One change at a time.
     *
     * @param plugins the folder of plugins
     * @throws IOException when the code of one cannot be read; nothing has changed
     */
    Change prepare(List<FunctionSettings> settings, Path plugins) throws IOException {
        Map<String, FunctionSource> byName = new LinkedHashMap<>();
        for (FunctionSettings function : settings) {
            byName.put(function.name(), FunctionSource.of(function, plugins));
        }
        return new Change(made.prepare(byName));
    }

    /**
     * What functions are made of, as far as it is on this machine: a function with another one is
     * another one.
     */
    static Map<String, FunctionSource> byName(List<FunctionSettings> settings, Path plugins) {
        Map<String, FunctionSource> byName = new LinkedHashMap<>();
        for (FunctionSettings function : settings) {
            try {
                byName.put(function.name(), FunctionSource.of(function, plugins));
            } catch (IOException elsewhere) {
                log.debug("code is not here: function={}", function.name(), elsewhere);
                byName.put(function.name(), new FunctionSource(function, plugins, ""));
            }
        }
        return byName;
    }

    /**
     * What a function is like now.
     *
     * @return empty when there is none with this name, and when nobody can tell
     */
    Optional<FunctionStatus> status(String name) {
        return Optional.ofNullable(newest.get(name)).flatMap(MadeFunction::status);
    }

    /** Another configuration of the functions. */
    final class Change implements AutoCloseable {
        private final NamedGenerations<FunctionSource, MadeFunction>.Prepared next;

        private Change(NamedGenerations<FunctionSource, MadeFunction>.Prepared next) {
            this.next = next;
        }

        /**
         * Leases a function for components.
         *
         * @throws IllegalArgumentException when this configuration has no such function
         */
        Generation.Lease<MadeFunction> lease(String name) {
            return next.lease(name);
        }

        /** Whether components that were made with the present one need others. */
        boolean replaces(String name) {
            return next.makesAnew(name);
        }

        /** What it changes; to be asked for before it takes effect. */
        List<ConfigChange> changes() {
            return next.changes(
                    ConfigChange.Part.FUNCTION,
                    name -> false,
                    ConfigChange.Kind.NEW_CODE_OR_SETTINGS);
        }

        void takeEffect() {
            for (String gone :
                    next.takeEffect((name, generation) -> newest.put(name, generation.value()))) {
                newest.remove(gone);
                made.remove(gone).ifPresent(Generation::retire);
            }
        }

        /** Closes what was made for it, unless it has taken effect. */
        @Override
        public void close() {
            next.close();
        }
    }

    /** Ends all of them, whatever is under way: the process ends. */
    @Override
    public void close() {
        made.end();
        newest.clear();
    }
}
