package io.delivery.stream;

/** There is no room for these records now: nothing was accepted, come again later. */
public final class ThrottledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Cause why;

    public ThrottledException(Cause why) {
        super(why.message, null, false, false);
        this.why = why;
    }

    public Cause why() {
        return why;
    }

    /** What there was no room in; the metric's label. */
    public enum Cause {
        JOURNAL_FULL("the journal has reached its share of the disk"),
        DISK_FULL("the disk is full"),
        MEMORY("too many requests are in memory"),
        DISK_FAILED("the journal could not be written"),
        STOPPING("the stream is stopping"),
        CLOSED("the stream cannot be opened");

        private final String message;

        Cause(String message) {
            this.message = message;
        }
    }
}
