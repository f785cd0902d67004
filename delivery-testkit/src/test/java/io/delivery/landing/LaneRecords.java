package io.delivery.landing;

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

    /** A range of whole sequences, one object, committed. */
    public static List<LaneRecord> committed(long start, long end, long atMillis) {
        return List.of(
                object(start, end),
                new Seal(start, end, "size", 1, end - start, 0, 0, 0),
                new Commit(start, end, atMillis, List.of("etag")));
    }

    public static ObjectRecord object(long start, long end) {
        SequenceList.Builder list = new SequenceList.Builder();
        for (long sequence = start; sequence < end; sequence++) {
            list.add(sequence, 0, true);
        }
        return new ObjectRecord(
                start,
                0,
                Kind.MAIN,
                1,
                "whole/1",
                "lake",
                new ObjectName("bucket", "key-" + start),
                new ObjectAttributes("mark/" + start, end - start, ""),
                new StagedBytes("file", 0, 20, 30),
                40,
                list.build());
    }
}
