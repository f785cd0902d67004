package io.delivery.split;

import io.delivery.processing.RecordSplitter.PartSink;
import io.delivery.record.DeliveryRecord;

/** The places of a record's pieces, remembered until it is known that all of them are good. */
final class Pieces {
    /** 500 sub-records per record: Firehose developer guide, multi-record de-aggregation. */
    static final int MOST = 500;

    private final int[] begins = new int[MOST];
    private final int[] ends = new int[MOST];
    private int count;

    void clear() {
        count = 0;
    }

    /** Remembers a piece. False when there is no room for it: the record has too many. */
    boolean add(int begin, int end) {
        if (count == MOST) {
            return false;
        }
        begins[count] = begin;
        ends[count] = end;
        count++;
        return true;
    }

    boolean isEmpty() {
        return count == 0;
    }

    void give(DeliveryRecord record, PartSink parts) {
        for (int i = 0; i < count; i++) {
            parts.part(record.array(), begins[i], ends[i] - begins[i]);
        }
    }
}
