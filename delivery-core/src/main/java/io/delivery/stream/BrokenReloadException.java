package io.delivery.stream;

/**
 * A reload has failed when part of the new configuration may have been in force already. The next
 * one brings all streams to what is in force then.
 */
public final class BrokenReloadException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public BrokenReloadException(Throwable defect) {
        super("a defect of the program: " + defect, defect);
    }
}
