package io.delivery.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Records of a stream of bytes, in batches that one call takes: each line is one, as it is or in
 * base64. Empty lines are no records.
 */
final class LineBatches {
    static final int MAX_RECORDS = 500; // PutRecordBatch API reference
    static final int MAX_BYTES = 4 << 20; // PutRecordBatch API reference
    static final int MAX_RECORD_BYTES = 1_000 << 10; // Record API reference

    private final InputStream in;
    private final int longestLine;
    private final Decoder decoder;
    private final LongConsumer tooLong;
    private final LongConsumer malformed;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private Line carried;
    private long lineNumber;
    private long emptyLines;

    /**
     * The record of one line, without its line break.
     *
     * @param number from 1; empty lines count
     */
    record Line(long number, byte[] bytes) {}

    /**
     * @param tooLong told the number, from 1, of each line that is longer than a record may be;
     *     such a line is left out, and never held in memory
     */
    LineBatches(InputStream in, LongConsumer tooLong) {
        this(in, MAX_RECORD_BYTES, line -> line, tooLong, line -> {});
    }

    private LineBatches(
            InputStream in,
            int longestLine,
            Decoder decoder,
            LongConsumer tooLong,
            LongConsumer malformed) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.longestLine = longestLine;
        this.decoder = decoder;
        this.tooLong = tooLong;
        this.malformed = malformed;
    }

    /**
     * Of lines that are base64 (RFC 4648, section 4), with padding or without: records may hold any
     * bytes. Blanks and a carriage return around it are no part of it. The word {@code null} is
     * base64 as well, but what somebody sees who asks jq for a member that is not there: it is
     * none.
     *
     * @param tooLong told the number, from 1, of each line whose record is longer than one may be
     * @param notBase64 told the number of each line that is not base64
     */
    static LineBatches ofBase64(InputStream in, LongConsumer tooLong, LongConsumer notBase64) {
        int longestLine = (MAX_RECORD_BYTES + 2) / 3 * 4 + "\r".length();
        return new LineBatches(in, longestLine, new Base64Lines(), tooLong, notBase64);
    }

    /** Makes the record of a line; an {@link IllegalArgumentException} says that it is none. */
    @FunctionalInterface
    private interface Decoder {
        byte[] decode(byte[] line);

        default boolean isEmpty(byte[] line) {
            return line.length == 0;
        }
    }

    /** Base64 with blanks or a carriage return around it. */
    private static final class Base64Lines implements Decoder {
        @Override
        public byte[] decode(byte[] line) {
            String text = text(line);
            if (text.equals("null")) {
                throw new IllegalArgumentException("null is no record");
            }
            return Base64.getDecoder().decode(text);
        }

        @Override
        public boolean isEmpty(byte[] line) {
            return text(line).isEmpty();
        }

        private static String text(byte[] line) {
            return new String(line, StandardCharsets.ISO_8859_1).strip();
        }
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
                if (line.size() < longestLine) {
                    line.write(b);
                } else {
                    overlong = true;
                }
            }
            byte[] text = line.toByteArray();
            if (!overlong && decoder.isEmpty(text)) {
                emptyLines++;
                continue;
            }
            byte[] record = overlong ? null : decoded(text);
            if (overlong || (record != null && record.length > MAX_RECORD_BYTES)) {
                tooLong.accept(lineNumber);
            } else if (record == null) {
                malformed.accept(lineNumber);
            } else {
                return new Line(lineNumber, record);
            }
        }
    }

    /** Null when it is none. */
    private byte[] decoded(byte[] bytes) {
        try {
            return decoder.decode(bytes);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }
}
