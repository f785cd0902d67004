package io.delivery.stream;

import java.util.List;

/** A stream cannot be what somebody wants it to be; nothing has been changed. */
public final class DefinitionRefusedException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> reasons;

    /**
     * @param reasons one sentence each
     */
    public DefinitionRefusedException(List<String> reasons) {
        super(String.join("; ", reasons));
        this.reasons = List.copyOf(reasons);
    }

    public DefinitionRefusedException(String reason) {
        this(List.of(reason));
    }

    /** One sentence each. */
    public List<String> reasons() {
        return reasons;
    }
}
