package io.delivery.lane.range;

import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.SequenceList;
import io.delivery.partition.BoundPrefix;
import io.delivery.staging.StagedBytes;
import java.util.List;

/** Objects whose bytes are durable in one staging file and which no record names yet. */
public record StagedGroup(List<Member> members) {
    /** One of them. */
    public record Member(
            Kind kind,
            BoundPrefix prefix,
            long oldestMillis,
            String contentEncoding,
            StagedBytes bytes,
            long inputBytes,
            long records,
            SequenceList sequences) {}

    public long records() {
        long sum = 0;
        for (Member member : members) {
            sum += member.records();
        }
        return sum;
    }
}
