package io.delivery.runtime;

import io.delivery.function.FunctionLog.Source;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The lines that one process writes, on their way to those of its function. The last one of its
 * standard error is kept: it may say why the process ended. Thread-safe; never waits.
 */
final class ProcessLines {
    private final LogLines lines;
    private volatile String lastErrorLine = "";

    /**
     * @param lines of its function
     */
    ProcessLines(LogLines lines) {
        this.lines = lines;
    }

    /**
     * The process has written a line.
     *
     * @param bytes without the line feed; the buffer is not kept
     * @param whole false: the rest of the line is missing, it was longer than may be
     */
    void line(Source source, byte[] bytes, int length, boolean whole) {
        int end = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
        String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
        if (source == Source.STDERR && !text.isBlank()) {
            lastErrorLine = text;
        }
        lines.line(source, text, whole);
    }

    /** There is nothing to read any more. */
    void ended() {
        lines.tell();
    }

    /** The last line of its standard error, printable and short. */
    Optional<String> lastErrorLine() {
        return LogLines.shown(lastErrorLine);
    }
}
