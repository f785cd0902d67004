package io.delivery.landing;

import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedBytes;
import java.util.List;

/** Decisions of a lane whose ranges hold one object each. */
public final class LaneRecords {
    private LaneRecords() {}

    /**
     * A range of whole sequences, one object, committed. The commit says so much that a short tail
     * is over.
     */
    public static List<LaneRecord> committed(long start, long end, long atMillis) {
        return List.of(
                object(start, end),
                new Seal(start, end, "size", 1, end - start, 0, 0, 0),
                new Commit(start, end, atMillis, List.of("etag".repeat(300))));
    }

    /** The first object of a range of whole sequences. */
    public static ObjectRecord object(long start, long end) {
        SequenceList.Builder list = new SequenceList.Builder();
        for (long sequence = start; sequence < end; sequence++) {
            list.add(sequence, 0, true);
        }
        return object(start, 0, Kind.MAIN, "key-" + start, end - start, list.build());
    }

    public static ObjectRecord object(
            long start, int number, Kind kind, String key, long records, SequenceList list) {
        return new ObjectRecord(
                start,
                number,
                kind,
                1,
                "whole/1",
                "lake",
                new ObjectName("bucket", key),
                new ObjectAttributes("mark/" + start + "/" + number, records, ""),
                new StagedBytes("file", 0, 20, 30),
                40,
                list);
    }

    /** The range that these decide. */
    public static RangePlan range(List<? extends LaneRecord> records) {
        LanePlan plan = new LanePlan(0);
        records.forEach(plan::apply);
        return plan.oldestRange();
    }
}
