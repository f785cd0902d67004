package io.delivery.loading;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration was refused; the message has one line per problem. */
public final class InvalidConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<LocatedProblem> problems;

    public InvalidConfigException(List<LocatedProblem> problems) {
        super(problems.stream().map(LocatedProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** At least one, in the order of the file's lines. */
    public List<LocatedProblem> problems() {
        return problems;
    }
}
