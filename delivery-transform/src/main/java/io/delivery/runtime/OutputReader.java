package io.delivery.runtime;

import io.delivery.function.FunctionLog.Source;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;

/**
 * Reads what a process writes, as fast as it writes, and makes lines of it. On a thread of its own:
 * a read of a pipe cannot be ended while any process has its other end.
 */
final class OutputReader implements Runnable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Source source;
    private final ProcessLines lines;
    private final byte[] line = new byte[LogLines.MAX_LINE_BYTES];
    private final CompletableFuture<InputStream> stream = new CompletableFuture<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private int length;
    private boolean cut;

    private OutputReader(Source source, ProcessLines lines) {
        this.source = source;
        this.lines = lines;
    }

    /**
     * Starts its thread, which waits for what it is to read.
     *
     * @throws OutOfMemoryError when the machine has no thread to give
     */
    static OutputReader start(
            String name, Source source, ProcessLines lines, ThreadFactory threads) {
        OutputReader reader = new OutputReader(source, lines);
        Thread thread = threads.newThread(reader);
        thread.setName(name);
        thread.setDaemon(true);
        thread.start();
        return reader;
    }

    /**
     * What it reads; called once.
     *
     * @return completes when there is nothing to read any more; never fails
     */
    CompletableFuture<Void> read(InputStream in) {
        stream.complete(in);
        return done;
    }

    /** There is nothing for it to read. */
    void cancel() {
        stream.complete(InputStream.nullInputStream());
    }

    @Override
    public void run() {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = stream.join()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                take(buffer, read);
            }
        } catch (IOException ended) {
            // The pipe was closed from this side.
        } finally {
            if (length > 0) {
                endLine();
            }
            lines.ended();
            done.complete(null);
        }
    }

    private void take(byte[] buffer, int read) {
        for (int i = 0; i < read; i++) {
            if (buffer[i] == '\n') {
                endLine();
            } else if (length < line.length) {
                line[length++] = buffer[i];
            } else {
                cut = true;
            }
        }
    }

    private void endLine() {
        lines.line(source, line, length, !cut);
        length = 0;
        cut = false;
    }
}
