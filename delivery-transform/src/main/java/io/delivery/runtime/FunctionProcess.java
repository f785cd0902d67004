package io.delivery.runtime;

import io.delivery.function.FunctionLog.Source;
import io.delivery.runtime.code.MachineRefusesException;
import io.delivery.world.Scheduler;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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

    /** The text of E2BIG. */
    private static final String TOO_LONG = "Argument list too long";

    private static final String PATH = "PATH";
    private static final String STANDARD_PATH = "/usr/local/bin:/usr/bin:/bin";
    private static final long SUPERVISOR_SECONDS = 2;

    private final String function;
    private final Process supervisor;
    private final String mark;
    private final CompletableFuture<Integer> ended;
    private boolean killed;

    private FunctionProcess(
            String function, Process supervisor, String mark, CompletableFuture<Integer> ended) {
        this.function = function;
        this.supervisor = supervisor;
        this.mark = mark;
        this.ended = ended;
    }

    /**
     * Starts it.
     *
     * @param script supervise.sh
     * @param environment all of it, but what the mark and the libraries become
     * @param mark a text that no other process has, becomes AWS_LAMBDA_LOG_STREAM_NAME
     * @param libraries becomes LD_LIBRARY_PATH
     * @throws MachineRefusesException when the machine does not let it be started
     * @throws IOException when its environment is larger than the system takes
     */
    static FunctionProcess start(
            String function,
            Path script,
            List<String> command,
            Map<String, String> environment,
            String mark,
            String libraries,
            Path folder,
            LogLines lines,
            Scheduler scheduler)
            throws IOException {
        List<String> supervised =
                new ArrayList<>(
                        List.of(
                                "/bin/sh",
                                script.toString(),
                                mark,
                                libraries,
                                environment.getOrDefault(PATH, "")));
        supervised.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(supervised).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        // The script's own programs are found where this program finds them.
        builder.environment().put(PATH, System.getenv().getOrDefault(PATH, STANDARD_PATH));
        Process process = begin(builder);
        String name = "function/" + function;
        try {
            CompletableFuture<Void> output =
                    CompletableFuture.allOf(
                            OutputReader.start(
                                    name + "/stdout",
                                    process.getInputStream(),
                                    Source.STDOUT,
                                    lines),
                            OutputReader.start(
                                    name + "/stderr",
                                    process.getErrorStream(),
                                    Source.STDERR,
                                    lines));
            CompletableFuture<Integer> ended =
                    ProcessEnd.of(process, output, scheduler, scheduler.serial(name + "/end"));
            return new FunctionProcess(function, process, mark, ended);
        } catch (RuntimeException | Error e) { // such as: unable to create native thread
            kill(function, process, mark);
            close(function, process.getInputStream());
            close(function, process.getErrorStream());
            throw e;
        }
    }

    /** What is started is the shell: that it fails is the machine's doing, with one exception. */
    private static Process begin(ProcessBuilder builder) throws IOException {
        try {
            return builder.start();
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
