package io.delivery.wiring;

import io.delivery.loading.LocatedProblem;

/**
 * Something that {@code run} finds when it reads what a configuration names.
 *
 * @param remedy what would help
 * @param problem where it is, the rule and the value seen
 */
record StartProblem(Remedy remedy, LocatedProblem problem) {
    /** What would help. */
    enum Remedy {
        /** Nothing gets better before somebody corrects it: the service does not start. */
        CORRECT,
        /**
         * It may get better by itself, or some callers can do without it: the service starts and
         * says so.
         */
        WAIT
    }
}
