package io.delivery.proof;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Head of an HTTP/1.1 request or answer, kept byte for byte, and where its body ends (RFC 9112).
 */
final class HttpMessage {
    private static final int MAX_HEAD_BYTES = 64 << 10;
    private static final int BUFFER_BYTES = 16 << 10;

    private final List<String> lines;

    private HttpMessage(List<String> lines) {
        this.lines = lines;
    }

    /**
     * Reads a head.
     *
     * @return null when the stream ends before its first byte
     */
    static HttpMessage read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.write(b);
            last = last << 8 | b;
            if (last == 0x0D0A0D0A) {
                String text = head.toString(StandardCharsets.ISO_8859_1);
                return new HttpMessage(List.of(text.split("\r\n")));
            }
            if (head.size() > MAX_HEAD_BYTES) {
                throw new IOException("a head without end");
            }
        }
        if (head.size() > 0) {
            throw new EOFException("the connection ended in a head");
        }
        return null;
    }

    String startLine() {
        return lines.get(0);
    }

    /** Of a request. */
    String method() {
        return startLine().substring(0, startLine().indexOf(' '));
    }

    /** Of a request: path and query. */
    String target() {
        String[] words = startLine().split(" ");
        return words.length > 1 ? words[1] : "";
    }

    /** Of an answer. */
    int status() {
        return Integer.parseInt(startLine().split(" ", 3)[1]);
    }

    /** The value of a header, without case; empty when it is not there. */
    String header(String name) {
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                return line.substring(colon + 1).strip();
            }
        }
        return "";
    }

    boolean says(String name, String value) {
        return header(name).toLowerCase(Locale.ROOT).contains(value);
    }

    HttpMessage without(String name) {
        List<String> kept = new ArrayList<>();
        for (String line : lines) {
            if (!line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
                kept.add(line);
            }
        }
        return new HttpMessage(kept);
    }

    byte[] bytes() {
        return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private boolean chunked() {
        return says("Transfer-Encoding", "chunked");
    }

    /** Announced length; 0 when a request announces none, -1 for chunks. */
    long length() {
        if (chunked()) {
            return -1;
        }
        String length = header("Content-Length");
        return length.isEmpty() ? 0 : Long.parseLong(length);
    }

    /** Whether the body of this answer ends with the connection. */
    boolean endsWithConnection() {
        return !chunked() && header("Content-Length").isEmpty();
    }

    /**
     * Copies a body.
     *
     * @param length as {@link #length} has it; {@link Long#MAX_VALUE}: until the stream ends
     */
    static void copyBody(InputStream in, OutputStream out, long length) throws IOException {
        if (length < 0) {
            copyChunks(in, out);
            return;
        }
        byte[] buffer = new byte[BUFFER_BYTES];
        for (long left = length; left > 0; ) {
            int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (read < 0) {
                if (length == Long.MAX_VALUE) {
                    return;
                }
                throw new EOFException("the connection ended in a body");
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    private static void copyChunks(InputStream in, OutputStream out) throws IOException {
        while (true) {
            String line = line(in, out);
            String size = line.split(";", 2)[0].strip();
            long length = Long.parseLong(size, 16);
            if (length == 0) {
                while (!line(in, out).isEmpty()) {
                    // trailers, up to the empty line
                }
                return;
            }
            copyBody(in, out, length);
            line(in, out);
        }
    }

    private static String line(InputStream in, OutputStream out) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the connection ended in a chunk");
            }
            out.write(b);
            if (b == '\n') {
                return line.toString();
            }
            if (b != '\r') {
                line.append((char) b);
            }
            if (line.length() > MAX_HEAD_BYTES) {
                throw new IOException("a line without end");
            }
        }
    }
}
