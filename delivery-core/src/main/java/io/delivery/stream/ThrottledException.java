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
        JOURNAL_FULL(
                "the journal has reached its share of the disk",
                "Mend the store, or raise the disk limit"),
        DISK_FULL("the disk is full", "Make room on the disk of the data directory"),
        MEMORY(
                "requests take all the memory there is for them",
                "Raise the memory limit, or let producers send smaller batches"),
        DISK_FAILED("the journal cannot be written", "Mend the disk of the data directory"),
        STOPPING("the stream is stopping", "Wait for the next start"),
        CLOSED("the stream cannot be opened", "Mend what its trouble names");

        private final String message;
        private final String remedy;

        Cause(String message, String remedy) {
            this.message = message;
            this.remedy = remedy;
        }

        /** What producers hear, why, and what to do. */
        public String sentence() {
            return "producers get 503: %s. %s.".formatted(message, remedy);
        }
    }
}
