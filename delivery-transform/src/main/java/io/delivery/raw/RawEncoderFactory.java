package io.delivery.raw;

import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordEncoder;
import io.delivery.format.RecordSource;
import io.delivery.format.RejectedRecords;
import io.delivery.record.SequencedRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * The records' own bytes, one after the other. Rejects none. Each record is handed to the stream as
 * it lies in its view, so the stream should be a buffered one.
 */
public final class RawEncoderFactory implements EncoderFactory {
    private final RecordDelimiter delimiter;

    public RawEncoderFactory(RecordDelimiter delimiter) {
        this.delimiter = Objects.requireNonNull(delimiter, "delimiter");
    }

    @Override
    public RecordEncoder encoder(long memoryBytes) {
        return switch (delimiter) {
            case NONE -> RawEncoderFactory::concatenate;
            case NEWLINE -> RawEncoderFactory::join;
            case LINES -> RawEncoderFactory::writeLines;
        };
    }

    @Override
    public boolean mayReject() {
        return false;
    }

    /** Empty: Firehose gives uncompressed objects no extension. */
    @Override
    public String extension() {
        return "";
    }

    @Override
    public String contentEncoding() {
        return "";
    }

    /** None: records go from their view to the stream. */
    @Override
    public long memoryBytes() {
        return 0;
    }

    private static void concatenate(
            RecordSource records, OutputStream out, RejectedRecords rejected) throws IOException {
        SequencedRecord record;
        while ((record = records.next()) != null) {
            out.write(record.array(), record.offset(), record.length());
        }
    }

    private static void join(RecordSource records, OutputStream out, RejectedRecords rejected)
            throws IOException {
        boolean first = true;
        SequencedRecord record;
        while ((record = records.next()) != null) {
            if (!first) {
                out.write('\n');
            }
            first = false;
            out.write(record.array(), record.offset(), record.length());
        }
    }

    private static void writeLines(RecordSource records, OutputStream out, RejectedRecords rejected)
            throws IOException {
        SequencedRecord record;
        while ((record = records.next()) != null) {
            out.write(record.array(), record.offset(), record.length());
            if (!endsInLineFeed(record)) {
                out.write('\n');
            }
        }
    }

    private static boolean endsInLineFeed(SequencedRecord record) {
        return record.length() > 0 && record.array()[record.offset() + record.length() - 1] == '\n';
    }
}
