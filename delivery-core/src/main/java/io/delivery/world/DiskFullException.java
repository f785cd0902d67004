package io.delivery.world;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;

/** No space left on the device. Back-pressure, not a crash: space may come back. */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    /** A chain of causes is never this long by intention. */
    private static final int DEEPEST = 20;

    /** The texts of ENOSPC and EDQUOT: strerror(3) of glibc, musl and macOS. */
    private static final List<String> WORDS =
            List.of(
                    "No space left on device",
                    "Disk quota exceeded",
                    "Disc quota exceeded",
                    "Quota exceeded");

    public DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Whether this failure of a call to the system says that the disk is full: the JDK gives no
     * error numbers. What others say, and a path that has such words, counts for nothing.
     */
    public static boolean isSaidBy(IOException failure) {
        if (failure instanceof DiskFullException) {
            return true;
        }
        if (failure instanceof FileSystemException said) {
            return endsWithWords(said.getReason());
        }
        if (failure instanceof FileNotFoundException said) { // "path (reason)"
            String message = String.valueOf(said.getMessage());
            return message.endsWith(")")
                    && endsWithWords(message.substring(0, message.length() - 1));
        }
        return failure.getClass() == IOException.class && endsWithWords(failure.getMessage());
    }

    private static boolean endsWithWords(String reason) {
        return reason != null && WORDS.stream().anyMatch(reason::endsWith);
    }

    /**
     * Whether a full disk is behind this failure, whatever others have wrapped around what the disk
     * said.
     */
    public static boolean isBehind(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof IOException said && isSaidBy(said)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
