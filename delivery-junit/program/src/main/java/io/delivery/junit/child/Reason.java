package io.delivery.junit.child;

import java.net.UnknownHostException;
import java.nio.file.FileSystemException;

/** Why something has failed, as one text for people. */
public final class Reason {
    private Reason() {}

    /** The message, and the name of the exception where the message alone is no sentence. */
    public static String of(Throwable failed) {
        boolean nameOnly =
                failed instanceof FileSystemException file && file.getReason() == null
                        || failed instanceof UnknownHostException;
        return failed.getMessage() == null || nameOnly ? failed.toString() : failed.getMessage();
    }
}
