package io.delivery.runtime;

import io.delivery.failure.OpenedSoFar;
import io.delivery.function.FunctionLog.Source;
import io.delivery.runtime.code.MachineRefusesException;
import io.delivery.world.Scheduler;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process of a function, with everything that comes of it. A shell of ours stands above it
 * ({@code supervise.sh}): it gives the process a group of its own and kills that group when the
 * pipe from here ends, which it does also when this program is killed. Thread-safe.
 */
final class FunctionProcess {
    private static final Logger log = LoggerFactory.getLogger(FunctionProcess.class);

    /** The status of a supervisor that the machine did not let begin its work: supervise.sh. */
    static final int NOT_BEGUN = 219;

    /**
     * The status of a Java function's process that found no thread for one of its slots. A function
     * may end with it as well, so it means that only with {@link #NO_THREAD_LINE}.
     */
    static final int NO_THREAD = 217;

    /** What such a process writes last begins so. */
    static final String NO_THREAD_LINE = "The process ends, since it has";

    /** The text of E2BIG. */
    private static final String TOO_LONG = "Argument list too long";

    private static final long SUPERVISOR_SECONDS = 2;

    private final String function;
    private final Process supervisor;
    private final String mark;
    private final ProcessLines lines;
    private final CompletableFuture<Integer> ended;
    private boolean killed;

    private FunctionProcess(
            String function,
            Process supervisor,
            String mark,
            ProcessLines lines,
            CompletableFuture<Integer> ended) {
        this.function = function;
        this.supervisor = supervisor;
        this.mark = mark;
        this.lines = lines;
        this.ended = ended;
    }

    /**
     * Starts it.
     *
     * @param functionLines take what it writes
     * @param threads makes those that read it
     * @throws MachineRefusesException when the machine does not let it be started
     * @throws IOException when its environment is larger than the system takes
     * @throws OutOfMemoryError as {@link Children#start}
     */
    static FunctionProcess start(
            String function,
            Supervised command,
            LogLines functionLines,
            Scheduler scheduler,
            ThreadFactory threads)
            throws IOException {
        String name = "function/" + function;
        ProcessLines lines = new ProcessLines(functionLines);
        OpenedSoFar opened = new OpenedSoFar();
        try {
            // Before there is a process: that there is no thread shows then.
            OutputReader stdout =
                    OutputReader.start(name + "/stdout", Source.STDOUT, lines, threads);
            opened.add(stdout::cancel);
            OutputReader stderr =
                    OutputReader.start(name + "/stderr", Source.STDERR, lines, threads);
            opened.add(stderr::cancel);
            Process process = begin(command.builder(), command.mark(), threads);
            opened.add(() -> kill(function, process, command.mark()));
            CompletableFuture<Void> output =
                    CompletableFuture.allOf(
                            stdout.read(process.getInputStream()),
                            stderr.read(process.getErrorStream()));
            CompletableFuture<Integer> ended =
                    ProcessEnd.of(process, output, scheduler, scheduler.serial(name + "/end"));
            return new FunctionProcess(function, process, command.mark(), lines, ended);
        } catch (Throwable failed) { // such as: unable to create native thread
            opened.closeAfter(failed);
            throw failed;
        }
    }

    /** What is started is the shell: that it fails is the machine's doing, with one exception. */
    private static Process begin(ProcessBuilder builder, String mark, ThreadFactory threads)
            throws IOException {
        try {
            return Children.start(builder::start, mark, threads);
        } catch (IOException failed) {
            if (String.valueOf(failed.getMessage()).contains(TOO_LONG)) {
                throw failed; // the configuration's doing
            }
            throw MachineRefusesException.of(failed);
        }
    }

    /**
     * Its exit status, once it has ended and its output was read; above 128: a signal. Never fails.
     */
    CompletableFuture<Integer> ended() {
        return ended;
    }

    /** The last line that it wrote to its standard error, printable and short. */
    Optional<String> lastErrorLine() {
        return lines.lastErrorLine();
    }

    /**
     * Whether it tells that the machine did not let it begin its work.
     *
     * @param status with which it has ended
     */
    boolean isNotBegun(int status) {
        return status == NOT_BEGUN
                || status == NO_THREAD && lastErrorLine().orElse("").startsWith(NO_THREAD_LINE);
    }

    /**
     * Kills it and everything that came of it; waits until that is done, a few seconds at most. May
     * be called again, and when it has ended by itself.
     */
    synchronized void kill() {
        if (killed) {
            return;
        }
        kill(function, supervisor, mark);
        killed = true; // otherwise whoever ends it once more tries again
    }

    private static void kill(String function, Process supervisor, String mark) {
        close(function, supervisor.getOutputStream()); // its word: kill the group, and end
        try {
            if (!supervisor.waitFor(SUPERVISOR_SECONDS, TimeUnit.SECONDS)) {
                log.debug("supervisor is slow: function={}", function);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ProcessTree.Left left = ProcessTree.kill(supervisor.toHandle(), mark);
        if (!left.known()) {
            log.warn(
                    "processes of a function may go on, the machine does not let them be looked for: function={}",
                    function);
        } else if (left.processes() > 0) {
            log.warn(
                    "processes of a function go on, it starts them faster than they can be killed: function={} processes={}",
                    function,
                    left.processes());
        }
    }

    private static void close(String function, Closeable pipe) {
        try {
            pipe.close();
        } catch (IOException gone) {
            log.debug("supervisor gone: function={}", function, gone);
        }
    }
}
