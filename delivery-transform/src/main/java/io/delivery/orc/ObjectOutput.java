package io.delivery.orc;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** The object's stream, which belongs to somebody else: ORC closes what it writes to. */
final class ObjectOutput extends FilterOutputStream {
    ObjectOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
        out.flush();
    }
}
