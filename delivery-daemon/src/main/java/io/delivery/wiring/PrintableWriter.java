package io.delivery.wiring;

import io.delivery.record.PrintableText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Optional;

/**
 * What the program prints for people and for scripts: names, keys and messages of others in it
 * cannot steer a terminal. Valid JSON stays valid JSON that says the same. It remembers what could
 * not be written, which a {@link PrintWriter} over it does not tell.
 */
final class PrintableWriter extends Writer {
    private final Writer out;
    private IOException failure;

    PrintableWriter(Writer out) {
        this.out = out;
    }

    /** What went wrong first; empty: everything was written. */
    Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Flushes at the end of each line. */
    static PrintWriter over(Writer out) {
        return new PrintWriter(new PrintableWriter(out), true);
    }

    /** A carriage return that begins a piece is the program's own: a line that tells progress. */
    @Override
    public void write(char[] characters, int offset, int length) throws IOException {
        String piece = new String(characters, offset, length);
        boolean overwrites = piece.startsWith("\r");
        String text = PrintableText.lines(overwrites ? piece.substring(1) : piece);
        kept(() -> out.write(overwrites ? "\r" + text : text));
    }

    @Override
    public void flush() throws IOException {
        kept(out::flush);
    }

    private interface Step {
        void run() throws IOException;
    }

    private void kept(Step step) throws IOException {
        try {
            step.run();
        } catch (IOException failed) {
            if (failure == null) {
                failure = failed;
            }
            throw failed;
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
