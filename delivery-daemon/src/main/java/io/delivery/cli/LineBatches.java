package io.delivery.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Lines of a stream of bytes, in batches that one call takes. Empty lines are no records. */
final class LineBatches {
    static final int MAX_RECORDS = 500; // PutRecordBatch API reference
    static final int MAX_BYTES = 4 << 20; // PutRecordBatch API reference
    static final int MAX_RECORD_BYTES = 1_000 << 10; // Record API reference

    private final InputStream in;
    private final LongConsumer tooLong;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private Line carried;
    private long lineNumber;
    private long emptyLines;

    /**
     * One line, without its line break.
     *
     * @param number from 1; empty lines count
     */
    record Line(long number, byte[] bytes) {}

    /**
     * @param tooLong told the number, from 1, of each line that is longer than a record may be;
     *     such a line is left out, and never held in memory
     */
    LineBatches(InputStream in, LongConsumer tooLong) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.tooLong = tooLong;
    }

    /** The next batch; empty at the end. The last line need not end in a line break. */
    List<Line> next() throws IOException {
        List<Line> batch = new ArrayList<>();
        int bytes = 0;
        while (batch.size() < MAX_RECORDS) {
            Line line = carried != null ? carried : nextLine();
            carried = null;
            if (line == null) {
                break;
            }
            if (bytes + line.bytes().length > MAX_BYTES) {
                carried = line;
                break;
            }
            batch.add(line);
            bytes += line.bytes().length;
        }
        return batch;
    }

    /** How many lines were empty, up to the end of the last batch. */
    long emptyLines() {
        return emptyLines;
    }

    private Line nextLine() throws IOException {
        while (true) {
            line.reset();
            boolean overlong = false;
            int b = in.read();
            if (b < 0) {
                return null;
            }
            lineNumber++;
            for (; b >= 0 && b != '\n'; b = in.read()) {
                if (line.size() < MAX_RECORD_BYTES) {
                    line.write(b);
                } else {
                    overlong = true;
                }
            }
            if (overlong) {
                tooLong.accept(lineNumber);
            } else if (line.size() > 0) {
                return new Line(lineNumber, line.toByteArray());
            } else {
                emptyLines++;
            }
        }
    }
}
