package io.delivery.wiring;

import java.util.List;

/** The service does not start, for these reasons. */
public final class StartRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final transient List<String> reasons;

    /**
     * @param exitCode one of {@link io.delivery.cli.ExitCodes}
     */
    public StartRefusedException(int exitCode, List<String> reasons) {
        super(String.join("; ", reasons));
        this.exitCode = exitCode;
        this.reasons = List.copyOf(reasons);
    }

    public int exitCode() {
        return exitCode;
    }

    /** One sentence each. */
    public List<String> reasons() {
        return reasons;
    }
}
