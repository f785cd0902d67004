package io.delivery.compress;

import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordSource;
import io.delivery.record.SequencedRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Objects of records that a test gives. */
final class Objects {
    private Objects() {}

    /** What is done before a record is given. */
    interface Action {
        void run() throws IOException;
    }

    static byte[] encode(EncoderFactory factory, List<byte[]> records) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        factory.encoder()
                .encode(
                        source(records),
                        out,
                        failure -> {
                            throw new AssertionError(failure.message());
                        });
        return out.toByteArray();
    }

    static RecordSource source(List<byte[]> records) {
        Iterator<byte[]> next = records.iterator();
        SequencedRecord view = new SequencedRecord();
        return () -> {
            if (!next.hasNext()) {
                return null;
            }
            byte[] bytes = next.next();
            return view.at(0, 0, true, bytes, 0, bytes.length, 0);
        };
    }

    static RecordSource repeated(byte[] record, int times, AtomicInteger given) {
        SequencedRecord view = new SequencedRecord();
        return () ->
                given.getAndIncrement() < times
                        ? view.at(0, 0, true, record, 0, record.length, 0)
                        : null;
    }

    /** Does something before the first record is given. */
    static RecordSource onceBefore(RecordSource records, Action action) {
        AtomicInteger asked = new AtomicInteger();
        return () -> {
            if (asked.getAndIncrement() == 0) {
                action.run();
            }
            return records.next();
        };
    }

    /** Words in no order: as a rule a fifth or a third is left of it. */
    static byte[] text(int length) {
        Random random = new Random(42);
        byte[] text = new byte[length];
        int at = 0;
        while (at < length) {
            byte[] word =
                    ("{\"word\":" + Integer.toString(random.nextInt(5_000), 36) + "},")
                            .getBytes(StandardCharsets.US_ASCII);
            int fits = Math.min(word.length, length - at);
            System.arraycopy(word, 0, text, at, fits);
            at += fits;
        }
        return text;
    }

    /** Takes so many bytes and no more. */
    static OutputStream full(int room) {
        return new OutputStream() {
            private int written;

            @Override
            public void write(int b) throws IOException {
                write(new byte[1], 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                written += length;
                if (written > room) {
                    throw new IOException("disk is full");
                }
            }
        };
    }
}
