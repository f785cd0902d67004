package io.delivery.runtime.code;

import io.delivery.failure.FailureText;
import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;

/**
 * The machine does not let it be done at present: it has no room on the disk, no memory, no
 * descriptors or no processes left. It says nothing about the function, and the same may succeed
 * later.
 */
public final class MachineRefusesException extends IOException {
    private static final long serialVersionUID = 1L;

    /** A chain of causes is never this long by intention. */
    private static final int DEEPEST = 20;

    /**
     * The texts of EAGAIN, ENOMEM, EMFILE and ENFILE: strerror(3) of glibc, musl and macOS. The JDK
     * gives no error numbers.
     */
    private static final List<String> WORDS =
            List.of(
                    "Resource temporarily unavailable",
                    "Cannot allocate memory",
                    "Out of memory",
                    "Too many open files",
                    "Too many open files in system",
                    "No file descriptors available");

    public MachineRefusesException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What failed although only the machine has a part in it. */
    public static MachineRefusesException of(Throwable failure) {
        return failure instanceof MachineRefusesException same
                ? same
                : new MachineRefusesException(FailureText.of(failure), failure);
    }

    /** Whether the machine is behind this failure of something that may fail for other reasons. */
    public static boolean isBehind(IOException failure) {
        if (DiskFullException.isBehind(failure)) {
            return true;
        }
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof MachineRefusesException || isSaidBy(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** The words are at the end: in front of them are names, which others have given. */
    private static boolean isSaidBy(Throwable failure) {
        if (!(failure instanceof IOException)) {
            return false;
        }
        String message =
                String.valueOf(
                        failure instanceof FileSystemException file
                                ? file.getReason()
                                : failure.getMessage());
        String said = message.endsWith(")") ? message.substring(0, message.length() - 1) : message;
        return WORDS.stream().anyMatch(said::endsWith);
    }
}
