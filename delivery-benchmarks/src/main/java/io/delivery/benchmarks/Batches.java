package io.delivery.benchmarks;

import io.delivery.format.RecordSource;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import io.delivery.record.SequencedRecord;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The records of batches, one after the other. */
final class Batches {
    private Batches() {}

    static long recordBytes(RecordBatch[] batches) {
        long bytes = 0;
        for (RecordBatch some : batches) {
            bytes += some.recordBytes();
        }
        return bytes;
    }

    static long count(RecordBatch[] batches) {
        long count = 0;
        for (RecordBatch some : batches) {
            count += some.count();
        }
        return count;
    }

    /**
     * The same bytes in records of another length, in batches of as many records.
     *
     * @param recordBytes of each record; the last one may be shorter
     * @param records of each batch; the last one may have fewer
     */
    static RecordBatch[] cut(RecordBatch[] batches, int recordBytes, int records) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (RecordBatch some : batches) {
            RecordBatch.Cursor cursor = some.cursor();
            DeliveryRecord record;
            while ((record = cursor.next()) != null) {
                all.write(record.array(), record.offset(), record.length());
            }
        }
        byte[] bytes = all.toByteArray();
        List<RecordBatch> cut = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            RecordBatch.Builder builder = new RecordBatch.Builder(recordBytes * records);
            for (int i = 0; i < records && at < bytes.length; i++) {
                int length = Math.min(recordBytes, bytes.length - at);
                int to = builder.reserve(length);
                System.arraycopy(bytes, at, builder.array(), to, length);
                builder.commit(length);
                at += length;
            }
            cut.add(builder.build(System.currentTimeMillis()));
        }
        return cut.toArray(RecordBatch[]::new);
    }

    /** As encoders read them; once. */
    static RecordSource source(RecordBatch[] batches) {
        SequencedRecord view = new SequencedRecord();
        return new RecordSource() {
            private RecordBatch.Cursor cursor = batches[0].cursor();
            private int next = 1;
            private long count;

            @Override
            public SequencedRecord next() {
                DeliveryRecord record = cursor.next();
                while (record == null) {
                    if (next == batches.length) {
                        return null;
                    }
                    cursor = batches[next++].cursor();
                    record = cursor.next();
                }
                return view.at(
                        count++, 0, true, record.array(), record.offset(), record.length(), 0);
            }
        };
    }

    /** Writes each as a line of a file. */
    static void writeLines(RecordBatch[] batches, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            for (RecordBatch some : batches) {
                RecordBatch.Cursor cursor = some.cursor();
                DeliveryRecord record;
                while ((record = cursor.next()) != null) {
                    out.write(record.array(), record.offset(), record.length());
                    out.write('\n');
                }
            }
        }
    }
}
