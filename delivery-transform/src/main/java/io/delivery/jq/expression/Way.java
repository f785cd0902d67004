package io.delivery.jq.expression;

import java.util.ArrayList;
import java.util.List;

/**
 * Names from the input on, and what going there takes.
 *
 * @param optional for each name whether what has no members yields nothing there instead of an
 *     error
 * @param steps that its value takes for an expression that yields one
 * @param stepsOfRun that a run takes beside its waiting steps
 * @param waiting steps of a run that wait for each other
 */
record Way(
        List<String> names,
        List<Boolean> optional,
        int steps,
        int stepsOfRun,
        int waiting,
        boolean yieldsOne) {
    /** {@code .} */
    static final Way NOWHERE = new Way(List.of(), List.of(), 0, 0, 1, true);

    /** {@code .name}: see {@link Terms.Field}, which counts a run that yields one as one. */
    Way field(String name, boolean isOptional) {
        boolean one = yieldsOne && !isOptional;
        return then(
                name, isOptional, steps + 1, one ? steps + 1 : stepsOfRun, one ? 1 : waiting + 1);
    }

    /** {@code .["name"]}: see {@link Terms.Index}. Its key takes a step of its own. */
    Way index(String name, boolean isOptional) {
        return then(name, isOptional, steps + 2, stepsOfRun + 1, waiting + 1);
    }

    private Way then(String name, boolean isOptional, int steps, int stepsOfRun, int waiting) {
        List<String> names = new ArrayList<>(this.names);
        List<Boolean> optional = new ArrayList<>(this.optional);
        names.add(name);
        optional.add(isOptional);
        return new Way(
                List.copyOf(names),
                List.copyOf(optional),
                steps,
                stepsOfRun,
                waiting,
                yieldsOne && !isOptional);
    }
}
