package io.delivery.wiring;

import io.delivery.cli.ExitCodes;
import io.delivery.config.ConfigProblems;
import io.delivery.loading.LocatedProblem;
import java.util.List;

/** The service does not start, for these reasons. */
public final class StartRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final transient List<String> reasons;
    private final transient List<String> lines;

    /**
     * @param exitCode one of {@link io.delivery.cli.ExitCodes}
     */
    public StartRefusedException(int exitCode, List<String> reasons) {
        this(exitCode, reasons, reasons.stream().map(reason -> "delivery: " + reason).toList());
    }

    private StartRefusedException(int exitCode, List<String> reasons, List<String> lines) {
        super(String.join("; ", reasons));
        this.exitCode = exitCode;
        this.reasons = List.copyOf(reasons);
        this.lines = lines;
    }

    /** Refused for what the configuration says. */
    static StartRefusedException of(List<LocatedProblem> problems) {
        List<String> told = problems.stream().map(LocatedProblem::toString).toList();
        return new StartRefusedException(ExitCodes.CONFIG_REFUSED, told, told);
    }

    /** Refuses the start when there is a problem with the configuration. */
    static void requireNone(ConfigProblems problems) throws StartRefusedException {
        if (!problems.isEmpty()) {
            throw new StartRefusedException(
                    ExitCodes.CONFIG_REFUSED,
                    problems.all().stream().map(ConfigProblems.Problem::toString).toList());
        }
    }

    public int exitCode() {
        return exitCode;
    }

    /**
     * What the program prints: each begins with the file that it is about, or with its own name.
     */
    List<String> lines() {
        return lines;
    }

    /** One sentence each. */
    public List<String> reasons() {
        return reasons;
    }
}
