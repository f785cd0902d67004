package io.delivery.jq;

/** What ended a query before it was done with a record. */
public enum JqLimit {
    /** Steps, nesting or sizes on one record. */
    RECORD("record"),

    /** Steps: the records before left no more of what the stream may take. */
    STREAM("stream");

    private final String label;

    JqLimit(String label) {
        this.label = label;
    }

    /** How the metric calls it. */
    public String label() {
        return label;
    }

    /** Hears of every record that a limit failed. */
    @FunctionalInterface
    public interface Listener {
        void reached(JqLimit limit);
    }
}
