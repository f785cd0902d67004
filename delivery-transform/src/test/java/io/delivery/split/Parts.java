package io.delivery.split;

import io.delivery.processing.RecordSplitter;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects the parts of a record; the record lies in the middle of a larger array. */
final class Parts {
    private Parts() {}

    static List<String> of(RecordSplitter splitter, String record) {
        return of(splitter, record.getBytes(StandardCharsets.UTF_8)).stream()
                .map(part -> new String(part, StandardCharsets.UTF_8))
                .toList();
    }

    static List<byte[]> of(RecordSplitter splitter, byte[] record) {
        byte[] around = new byte[record.length + 20];
        Arrays.fill(around, (byte) '}');
        System.arraycopy(record, 0, around, 10, record.length);
        List<byte[]> parts = new ArrayList<>();
        splitter.split(
                new DeliveryRecord().at(around, 10, record.length, 0),
                new RecordSplitter.PartSink() {
                    @Override
                    public void part(byte[] array, int offset, int length) {
                        parts.add(Arrays.copyOfRange(array, offset, offset + length));
                    }

                    @Override
                    public void failed(byte[] array, int offset, int length, Failure failure) {
                        throw new AssertionError(failure.message());
                    }
                });
        return parts;
    }
}
