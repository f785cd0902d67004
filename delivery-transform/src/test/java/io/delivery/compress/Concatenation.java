package io.delivery.compress;

import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordEncoder;
import io.delivery.record.SequencedRecord;

/** Writes records in pieces of all kinds: bytes one by one, and arrays. */
class Concatenation implements EncoderFactory {
    static final long MEMORY_BYTES = 1000;

    private final String extension;
    private final String contentEncoding;

    Concatenation(String extension, String contentEncoding) {
        this.extension = extension;
        this.contentEncoding = contentEncoding;
    }

    @Override
    public RecordEncoder encoder(long memoryBytes) {
        return (records, out, rejected) -> {
            SequencedRecord record;
            while ((record = records.next()) != null) {
                int single = Math.min(3, record.length());
                for (int i = 0; i < single; i++) {
                    out.write(record.array()[record.offset() + i]);
                }
                out.write(record.array(), record.offset() + single, record.length() - single);
            }
        };
    }

    @Override
    public String extension() {
        return extension;
    }

    @Override
    public String contentEncoding() {
        return contentEncoding;
    }

    @Override
    public long memoryBytes() {
        return MEMORY_BYTES;
    }

    @Override
    public long expectedBytes(long inputBytes) {
        return inputBytes;
    }
}
