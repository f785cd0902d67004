package io.delivery.cli;

import io.delivery.loading.LocatedProblem;
import io.delivery.loading.ObjectBytes;
import java.util.List;

/**
 * What a start would find.
 *
 * @param problems everything for which {@code run} would refuse to start, or start with a trouble
 * @param objectBytes what objects may take, by the tables that were read
 */
public record ForeseenStart(List<LocatedProblem> problems, ObjectBytes objectBytes) {
    public ForeseenStart {
        problems = List.copyOf(problems);
    }
}
