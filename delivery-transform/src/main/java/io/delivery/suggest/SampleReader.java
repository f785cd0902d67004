package io.delivery.suggest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads samples from text, compressed with gzip or not: a line with one or several JSON objects is
 * a sample, and so are the lines that one object goes over. A line that is no JSON is a sample of
 * its own, so that the decoder can say why; the ones behind it are read as if it were not there.
 * Blank lines are none.
 */
public final class SampleReader {
    /** Record API reference: a record has at most 1,000 KiB. */
    public static final int MAX_SAMPLE_BYTES = 1_000 << 10;

    private final InputStream in;
    private final Sample.Taker taker;
    private final long arrivalMillis;
    private final JsonNesting nesting = new JsonNesting();

    /** Lines that were read and belong to no sample after all. */
    private final Deque<Line> again = new ArrayDeque<>();

    /** Lines of an object that has not ended. */
    private final List<Line> open = new ArrayList<>();

    private long openBytes;
    private long lastLine;

    /** One line, without its line feed. */
    private record Line(long number, byte[] bytes) {
        /** Whether an object may begin in it. */
        boolean opens() {
            int at = firstInk();
            return at < bytes.length && bytes[at] == '{';
        }

        boolean isBlank() {
            return firstInk() == bytes.length;
        }

        private int firstInk() {
            int at = hasByteOrderMark() ? 3 : 0;
            while (at < bytes.length && isBlank(bytes[at])) {
                at++;
            }
            return at;
        }

        private boolean hasByteOrderMark() {
            return bytes.length >= 3
                    && bytes[0] == (byte) 0xEF
                    && bytes[1] == (byte) 0xBB
                    && bytes[2] == (byte) 0xBF;
        }

        private static boolean isBlank(byte b) {
            return b == ' ' || b == '\t' || b == '\r';
        }
    }

    private SampleReader(InputStream in, long arrivalMillis, Sample.Taker taker) {
        this.in = in;
        this.arrivalMillis = arrivalMillis;
        this.taker = taker;
    }

    /**
     * Reads all samples of a stream of bytes, which stays open.
     *
     * @param arrivalMillis of each of them
     * @throws IOException when it cannot be read; compressed data that is damaged or ends too early
     *     is told to the taker instead, behind the samples before it
     */
    public static void read(InputStream in, long arrivalMillis, Sample.Taker taker)
            throws IOException {
        InputStream plain;
        try {
            plain = unpacked(in);
        } catch (EOFException | ZipException damaged) {
            taker.unreadable("line 1", "The gzip data is damaged: " + reason(damaged));
            return;
        }
        new SampleReader(new BufferedInputStream(plain, 1 << 16), arrivalMillis, taker).read();
    }

    private static InputStream unpacked(InputStream in) throws IOException {
        PushbackInputStream looked = new PushbackInputStream(in, 2);
        byte[] head = looked.readNBytes(2);
        looked.unread(head);
        boolean packed = head.length == 2 && head[0] == 0x1f && head[1] == (byte) 0x8b; // RFC 1952
        return packed ? new GZIPInputStream(looked, 1 << 16) : looked;
    }

    private void read() throws IOException {
        String damage = null;
        while (true) {
            Line line;
            try {
                line = damage == null || !again.isEmpty() ? next() : null;
            } catch (EOFException | ZipException damaged) {
                damage = reason(damaged);
                continue;
            }
            if (line != null) {
                take(line);
            } else if (open.isEmpty()) {
                break;
            } else {
                giveUp();
            }
        }
        if (damage != null) {
            taker.unreadable("line " + (lastLine + 1), "The gzip data is damaged here: " + damage);
        }
    }

    /** An end that comes too early has no message of its own. */
    private static String reason(IOException damaged) {
        return damaged.getMessage() == null ? "it ends too early" : damaged.getMessage();
    }

    private void take(Line line) {
        if (open.isEmpty()) {
            if (line.isBlank()) {
                return;
            }
            nesting.begin();
        }
        boolean possible = nesting.read(line.bytes);
        if (possible && !nesting.isOpen()) {
            open.add(line);
            give(open);
            close();
        } else if (possible && openBytes + line.bytes.length < MAX_SAMPLE_BYTES) {
            open.add(line);
            openBytes += line.bytes.length + 1;
        } else if (open.isEmpty()) {
            give(List.of(line));
        } else {
            again.addFirst(line);
            giveUp();
        }
    }

    /** What is open is no object: its first lines are no JSON, the others are looked at anew. */
    private void giveUp() {
        int end = 1;
        while (end < open.size() && !open.get(end).opens()) {
            end++;
        }
        for (int i = open.size() - 1; i >= end; i--) {
            again.addFirst(open.get(i));
        }
        give(open.subList(0, end));
        close();
    }

    private void close() {
        open.clear();
        openBytes = 0;
    }

    private void give(List<Line> lines) {
        long first = lines.get(0).number;
        long last = lines.get(lines.size() - 1).number;
        byte[] bytes = lines.get(0).bytes;
        if (lines.size() > 1) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (Line line : lines) {
                all.writeBytes(line.bytes);
                all.write('\n');
            }
            bytes = all.toByteArray();
        }
        String place = first == last ? "line " + first : "lines " + first + " to " + last;
        taker.sample(new Sample(place, bytes, arrivalMillis));
    }

    /** The next line; null at the end. Those that are too long are told and passed. */
    private Line next() throws IOException {
        if (!again.isEmpty()) {
            return again.removeFirst();
        }
        while (true) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            long length = 0;
            int b = in.read();
            if (b < 0) {
                return null;
            }
            lastLine++;
            for (; b >= 0 && b != '\n'; b = in.read()) {
                length++;
                if (length <= MAX_SAMPLE_BYTES) {
                    line.write(b);
                }
            }
            if (length <= MAX_SAMPLE_BYTES) {
                return new Line(lastLine, line.toByteArray());
            }
            taker.unreadable(
                    "line " + lastLine,
                    "The line has %d bytes; a record has at most %d"
                            .formatted(length, MAX_SAMPLE_BYTES));
        }
    }
}
