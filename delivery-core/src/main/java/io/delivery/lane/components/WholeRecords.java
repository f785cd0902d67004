package io.delivery.lane.components;

import io.delivery.processing.RecordSplitter;
import io.delivery.record.DeliveryRecord;

/** Makes one part of each record: the record. */
public final class WholeRecords implements RecordSplitter {
    @Override
    public String identity() {
        return Splitters.WHOLE;
    }

    @Override
    public void split(DeliveryRecord record, PartSink parts) {
        parts.part(record.array(), record.offset(), record.length());
    }
}
