package io.delivery.runtime;

import io.delivery.function.FunctionLog.Source;
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

    private static final String PATH = "PATH";
    private static final String STANDARD_PATH = "/usr/local/bin:/usr/bin:/bin";
    private static final long SUPERVISOR_SECONDS = 2;
    private static final long OUTPUT_SECONDS = 1;

    private final String function;
    private final Process supervisor;
    private final String mark;
    private final CompletableFuture<Integer> ended;
    private boolean killed;

    private FunctionProcess(
            String function, Process supervisor, String mark, CompletableFuture<Void> output) {
        this.function = function;
        this.supervisor = supervisor;
        this.mark = mark;
        // What it said last is read by then, unless something holds its output open.
        ended =
                supervisor
                        .onExit()
                        .thenCompose(
                                exited ->
                                        output.copy()
                                                .completeOnTimeout(
                                                        null, OUTPUT_SECONDS, TimeUnit.SECONDS)
                                                .thenApply(read -> exited.exitValue()));
    }

    /**
     * Starts it.
     *
     * @param script supervise.sh
     * @param environment all of it, but what the mark and the libraries become
     * @param mark a text that no other process has, becomes AWS_LAMBDA_LOG_STREAM_NAME
     * @param libraries becomes LD_LIBRARY_PATH
     */
    static FunctionProcess start(
            String function,
            Path script,
            List<String> command,
            Map<String, String> environment,
            String mark,
            String libraries,
            Path folder,
            LogLines lines)
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
        Process process = builder.start();
        String name = "function/" + function;
        CompletableFuture<Void> output =
                CompletableFuture.allOf(
                        OutputReader.start(
                                name + "/stdout", process.getInputStream(), Source.STDOUT, lines),
                        OutputReader.start(
                                name + "/stderr", process.getErrorStream(), Source.STDERR, lines));
        return new FunctionProcess(function, process, mark, output);
    }

    /** Its exit status, once it has ended and its output was read; above 128: a signal. */
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
        killed = true;
        try {
            supervisor.getOutputStream().close(); // its word: kill the group, and end
        } catch (IOException gone) {
            log.debug("supervisor gone: function={}", function, gone);
        }
        try {
            if (!supervisor.waitFor(SUPERVISOR_SECONDS, TimeUnit.SECONDS)) {
                log.debug("supervisor is slow: function={}", function);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int left = ProcessTree.kill(supervisor.toHandle(), mark);
        if (left > 0) {
            log.warn(
                    "processes of a function go on, it starts them faster than they can be killed: function={} processes={}",
                    function,
                    left);
        }
    }
}
