package io.delivery.runtime;

import io.delivery.function.FunctionLog;
import io.delivery.function.FunctionLog.Source;
import io.delivery.world.Clock;
import io.delivery.world.Scheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The lines that the processes of one function write, on their way to the log: so many a second,
 * and none longer than may be. What is too much is left out and counted. Thread-safe; never waits.
 *
 * <p>A log that takes every line gets every line, but none longer than may be.
 */
final class LogLines {
    static final int MAX_LINE_BYTES = 16 << 10;
    static final int LINES_PER_SECOND = 100;
    static final int BURST_LINES = 1000;

    private static final int MAX_SHOWN = 300;
    private static final long NANOS_PER_LINE = 1_000_000_000L / LINES_PER_SECOND;
    private static final Duration TELL_EVERY = Duration.ofSeconds(1);

    private final String function;
    private final FunctionLog log;
    private final Clock clock;
    private final Scheduler scheduler;
    private final Executor telling;

    /** When the lines that were let through would be paid for, at the rate that may be. */
    private long paidForNanos;

    private long leftOut;
    private volatile String lastErrorLine = "";

    LogLines(String function, FunctionLog log, Clock clock, Scheduler scheduler) {
        this.function = function;
        this.log = log;
        this.clock = clock;
        this.scheduler = scheduler;
        telling = scheduler.serial("function/" + function + "/log");
        paidForNanos = clock.nanoTime();
    }

    /**
     * A process has written a line.
     *
     * @param text without the line feed
     * @param whole false: the rest of the line is missing, it was longer than may be
     */
    void line(Source source, String text, boolean whole) {
        if (source == Source.STDERR && !text.isBlank()) {
            lastErrorLine = text;
        }
        if (!mayPass()) {
            return;
        }
        log.line(function, source, whole ? text : text + " … [cut at 16 KiB]");
    }

    private synchronized boolean mayPass() {
        if (log.takesEveryLine()) {
            return true;
        }
        long now = clock.nanoTime();
        if (now - paidForNanos > 0) {
            paidForNanos = now;
        }
        if (paidForNanos - now >= BURST_LINES * NANOS_PER_LINE) {
            leaveOut();
            return false;
        }
        paidForNanos += NANOS_PER_LINE;
        return true;
    }

    /** The first one that is left out has all of them told a second later. */
    private void leaveOut() {
        if (leftOut++ == 0) {
            scheduler.after(TELL_EVERY, telling, this::tell);
        }
    }

    /** Tells how many lines were left out since it was told the last time. */
    void tell() {
        long lines;
        synchronized (this) {
            lines = leftOut;
            leftOut = 0;
        }
        if (lines > 0) {
            log.line(
                    function,
                    Source.STDERR,
                    "%d lines left out: a function may write %d lines a second"
                            .formatted(lines, LINES_PER_SECOND));
        }
    }

    /** The last line of the standard error of any of them, printable and short. */
    Optional<String> lastErrorLine() {
        return shown(lastErrorLine);
    }

    /** A line, printable and short; empty when nothing of it is left. */
    static Optional<String> shown(String line) {
        return Optional.of(printable(line)).filter(text -> !text.isEmpty());
    }

    /** A text of somebody else's for one line of a log: no control characters, and not for ever. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .map(c -> isPrintable(c) ? c : ' ')
                .dropWhile(c -> c == ' ')
                .limit(MAX_SHOWN)
                .forEach(shown::appendCodePoint);
        return shown.toString().strip();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
