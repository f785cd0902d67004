package io.delivery.wiring;

import io.delivery.record.PrintableText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * What the program prints for people and for scripts: names, keys and messages of others in it
 * cannot steer a terminal. Valid JSON stays valid JSON that says the same.
 */
final class PrintableWriter extends Writer {
    private final Writer out;

    private PrintableWriter(Writer out) {
        this.out = out;
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
        if (overwrites) {
            out.write('\r');
        }
        out.write(PrintableText.lines(overwrites ? piece.substring(1) : piece));
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
