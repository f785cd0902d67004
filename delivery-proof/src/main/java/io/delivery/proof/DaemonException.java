package io.delivery.proof;

/** The program did what it must not: ended, did not start, did not answer. */
public final class DaemonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String what;

    /**
     * @param log all that it has said; part of the message
     */
    DaemonException(String what, String log) {
        super(what + ":\n" + log);
        this.what = what;
    }

    /** The message without the log. */
    String what() {
        return what;
    }
}
