package io.delivery.wiring;

import io.delivery.record.PrintableText;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Records on a screen: what would steer the terminal, and what is no UTF-8, is shown and not done.
 * Each piece that is written is a text of its own.
 */
final class PrintableOutput extends FilterOutputStream {
    PrintableOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        out.write(PrintableText.lines(text).getBytes(StandardCharsets.UTF_8));
    }
}
