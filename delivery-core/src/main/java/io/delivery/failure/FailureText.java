package io.delivery.failure;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * What an exception means, in words for an operator. The message of many exceptions of the JDK is a
 * bare path or host name, or is missing: this class says what is wrong with that path or host.
 */
public final class FailureText {
    private static final String DEFECT = "a defect of the program";

    /** A chain of causes is never this long by intention. */
    private static final int DEEPEST = 20;

    /** By name, because the core does not touch sockets. */
    private static final Map<String, String> BY_CLASS_NAME =
            Map.of(
                    "java.net.UnknownHostException", "the host name cannot be resolved",
                    "java.net.ConnectException", "the connection was refused",
                    "java.net.NoRouteToHostException", "there is no route to the host",
                    "java.net.http.HttpConnectTimeoutException",
                            "no connection was made within the time",
                    "java.net.http.HttpTimeoutException", "no answer came within the time",
                    "java.net.SocketTimeoutException", "no answer came within the time",
                    "java.nio.channels.ClosedChannelException", "the connection or file was closed",
                    "java.nio.channels.AsynchronousCloseException",
                            "the connection or file was closed",
                    "java.nio.channels.ClosedByInterruptException",
                            "the connection or file was closed",
                    "java.nio.channels.UnresolvedAddressException",
                            "the host name cannot be resolved");

    /** In the message of a wrapper stands what its cause is called: of no use to an operator. */
    private static final Pattern EXCEPTION_NAME =
            Pattern.compile("\\b(?:[a-z][a-z0-9]*\\.)+[A-Z][A-Za-z0-9]*(?:Exception|Error): ");

    private FailureText() {}

    /**
     * One sentence without a period. Never null, never empty, and never a path, a host name or a
     * class name alone. Wrappers that say nothing of their own are left out.
     */
    public static String of(Throwable failure) {
        return words(unwrapped(failure), 0);
    }

    /** As {@link #of}, for what only a mistake in this program can have thrown. */
    public static String ofDefect(Throwable failure) {
        String words = of(failure);
        return words.startsWith(DEFECT) ? words : DEFECT + ": " + words;
    }

    /**
     * Whether it tells of a mistake in this program, so that the stack trace is of use: what the
     * JDK throws at code that is wrong. Libraries have unchecked exceptions of their own for
     * everything else that can happen.
     */
    public static boolean isDefect(Throwable failure) {
        Throwable cause = unwrapped(failure);
        boolean unchecked =
                cause instanceof RuntimeException
                        || cause instanceof Error && !(cause instanceof VirtualMachineError);
        return unchecked
                && cause.getClass().getName().startsWith("java.")
                && !(cause instanceof CancellationException);
    }

    /** Without the wrappers that a future or a stream puts around an exception. */
    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; depth < DEEPEST; depth++) {
            boolean wrapper =
                    cause instanceof CompletionException
                            || cause instanceof ExecutionException
                            || cause instanceof UncheckedIOException
                            || isOnlyAround(cause);
            if (!wrapper || cause.getCause() == null) {
                return cause;
            }
            cause = cause.getCause();
        }
        return cause;
    }

    /** Made as {@code new IOException(cause)}, which copies the cause's {@code toString}. */
    private static boolean isOnlyAround(Throwable failure) {
        return failure.getClass() == IOException.class
                && failure.getCause() != null
                && (failure.getMessage() == null
                        || failure.getMessage().equals(failure.getCause().toString()));
    }

    private static String words(Throwable failure, int depth) {
        if (failure instanceof FileSystemException ofAFile) {
            return ofAFile(ofAFile);
        }
        String own = own(failure);
        String known = known(failure);
        if (!known.isEmpty()) {
            return own.isEmpty() ? known : isSpoken(own) ? own : known + ": " + own;
        }
        if (!own.isEmpty() && !isBareName(failure, own)) {
            return own;
        }
        String named = own.isEmpty() ? inName(failure) : inName(failure) + ": " + own;
        Throwable cause = failure.getCause();
        return cause == null || depth == DEEPEST
                ? named + at(failure)
                : named + ": " + words(unwrapped(cause), depth + 1);
    }

    /** What these exceptions of the JDK mean, whatever their message is. */
    private static String known(Throwable failure) {
        for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
            String words = BY_CLASS_NAME.get(type.getName());
            if (words != null) {
                return words;
            }
        }
        if (failure instanceof FileNotFoundException) {
            return own(failure).endsWith(")")
                    ? ""
                    : "the file does not exist"; // the JDK's has both
        }
        if (failure instanceof EOFException) {
            return own(failure).isEmpty() ? "the data ended too early" : "";
        }
        if (failure instanceof CharacterCodingException) {
            return "the text is not valid in its encoding";
        }
        if (failure instanceof TimeoutException) {
            return "it was not done within the time";
        }
        if (failure instanceof CancellationException) {
            return "it was cancelled";
        }
        if (failure instanceof InterruptedException) {
            return "it was interrupted";
        }
        if (failure instanceof OutOfMemoryError) {
            return "the memory of the process is used up";
        }
        if (failure instanceof StackOverflowError) {
            return "the calls are nested too deep";
        }
        if (failure instanceof ReadOnlyFileSystemException) {
            return "the file system is read-only";
        }
        return "";
    }

    /** The message of these is the path alone; some have a reason of the operating system. */
    private static String ofAFile(FileSystemException failure) {
        String path = failure.getFile();
        String other = failure.getOtherFile() == null ? "" : " -> " + failure.getOtherFile();
        if (path == null) {
            String reason = failure.getReason();
            return reason == null || reason.isBlank() ? inName(failure) + at(failure) : reason;
        }
        String what;
        if (failure instanceof NoSuchFileException) {
            what = "does not exist";
        } else if (failure instanceof AccessDeniedException) {
            what = "may not be read or written by this process (permission denied)";
        } else if (failure instanceof FileAlreadyExistsException) {
            what = "is already there";
        } else if (failure instanceof NotDirectoryException) {
            what = "is not a directory";
        } else if (failure instanceof DirectoryNotEmptyException) {
            what = "is a directory that is not empty";
        } else if (failure instanceof NotLinkException) {
            what = "is not a symbolic link";
        } else if (failure instanceof FileSystemLoopException) {
            what = "is a link that leads back to itself";
        } else {
            String reason = failure.getReason();
            boolean none = reason == null || reason.isBlank();
            return path + other + ": " + (none ? inName(failure) : reason);
        }
        String reason = failure.getReason();
        return path + other + " " + what + (reason == null ? "" : ": " + reason);
    }

    private static String own(Throwable failure) {
        return failure.getMessage() == null
                ? ""
                : EXCEPTION_NAME.matcher(failure.getMessage()).replaceAll("").strip();
    }

    /** A path, a host or a class by itself is no reason. */
    private static boolean isBareName(Throwable failure, String own) {
        return own.indexOf(' ') < 0
                && (own.indexOf('/') >= 0
                        || own.indexOf('\\') >= 0
                        || own.indexOf('.') > 0
                        || isDefect(failure));
    }

    /** Words, and not the name alone of a host or a file. */
    private static boolean isSpoken(String own) {
        return own.indexOf(' ') > 0;
    }

    /** The name of the class as words: NullPointerException is "null pointer". */
    private static String inName(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        if (name.isEmpty()) {
            name = failure.getClass().getSuperclass().getSimpleName();
        }
        String bare = name.replaceFirst("(Exception|Error)$", "");
        String words = bare.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
        if (bare.isEmpty() || words.equals("io")) {
            return "an input or output error";
        }
        return (isDefect(failure) ? DEFECT + ", " : "failed with ") + words;
    }

    /** Where it was thrown: for whoever looks for a defect without its stack trace. */
    private static String at(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return isDefect(failure) && trace.length > 0
                ? " at " + trace[0].getFileName() + ":" + trace[0].getLineNumber()
                : "";
    }
}
