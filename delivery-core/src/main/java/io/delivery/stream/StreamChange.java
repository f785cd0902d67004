package io.delivery.stream;

import io.delivery.config.StreamDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What becomes of one stream when the configuration changes.
 *
 * @param problem why that could not be done yet; empty when it could, or when nobody has tried. A
 *     stream that was to be opened is closed then, and tried again by itself; any other goes on as
 *     it was
 */
public record StreamChange(String name, Kind kind, String problem) {
    StreamChange(String name, Kind kind) {
        this(name, kind, "");
    }

    /**
     * What would become of each stream if one configuration followed another one, whatever runs:
     * {@link StreamRegistry#tryOut} asks the streams that there are.
     *
     * @param replaced whether what a definition names is another one in the second configuration
     */
    public static List<StreamChange> between(
            Collection<DefinedStream> before,
            Collection<DefinedStream> next,
            Predicate<StreamDefinition> replaced) {
        Map<String, DefinedStream> gone = new LinkedHashMap<>();
        before.forEach(stream -> gone.put(stream.name(), stream));
        List<StreamChange> changes = new ArrayList<>();
        for (DefinedStream stream : next) {
            DefinedStream former = gone.remove(stream.name());
            changes.add(
                    new StreamChange(
                            stream.name(),
                            former == null
                                    ? Kind.OPENED
                                    : Kind.of(
                                            former.document().equals(stream.document()),
                                            former.definition(),
                                            stream.definition(),
                                            replaced)));
        }
        gone.keySet().forEach(name -> changes.add(new StreamChange(name, Kind.DRAINED)));
        return changes;
    }

    StreamChange failed(String reason) {
        return new StreamChange(name, kind, reason);
    }

    /**
     * It runs, and goes on under its former definition; one that had drained, and goes on, is open.
     */
    StreamChange stays(String reason) {
        return new StreamChange(name, kind == Kind.OPENED ? Kind.NEW_VERSION : kind, reason);
    }

    /** How much changes. */
    public enum Kind {
        /** It is what it was. */
        NOTHING,
        /**
         * Its definition stays as it is written, and what it names has changed, or the value of a
         * {@code ${…}} in it: its lanes get new components.
         */
        NEW_COMPONENTS,
        /** The next version of its definition; its lanes stay. */
        NEW_VERSION,
        /** The next version, with which a lane comes or goes. */
        NEW_LANE,
        /** It is not configured any more: what it has accepted lands, then it ends. */
        DRAINED,
        /** It was not there, was draining, or was closed. */
        OPENED;

        /**
         * What another definition means to a stream that runs: the one place where that is decided.
         *
         * @param same whether it is written as the definition that is in force: what stands for the
         *     same {@code ${…}} may be another value
         * @param replaced whether what the present definition names is another one from now on
         */
        static Kind of(
                boolean same,
                StreamDefinition present,
                StreamDefinition next,
                Predicate<StreamDefinition> replaced) {
            if (same) {
                boolean other = replaced.test(present) || !present.sameSettingsAs(next);
                return other ? NEW_COMPONENTS : NOTHING;
            }
            return next.backup().isPresent() == present.backup().isPresent()
                    ? NEW_VERSION
                    : NEW_LANE;
        }
    }
}
