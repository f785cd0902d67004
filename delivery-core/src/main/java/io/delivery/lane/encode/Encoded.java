package io.delivery.lane.encode;

import io.delivery.buffer.SpoolLostException;
import io.delivery.lane.range.OpenRange;
import io.delivery.lane.range.PartitionBuffer;
import java.util.List;

/** What became of one attempt to encode a group of closed buffers. */
public sealed interface Encoded {
    /** The range that the buffers are of. */
    OpenRange range();

    /**
     * The objects are staged. The buffers must be released when the rejected records have been
     * read.
     */
    record Staged(OpenRange range, List<PartitionBuffer> group, GroupEncoder.Result result)
            implements Encoded {
        /** How many records did not convert. */
        public long rejected() {
            return result.rejects().stream().mapToLong(GroupEncoder.Rejects::count).sum();
        }

        /** Gives the memory of the buffers back. */
        public void release() {
            group.forEach(buffer -> buffer.records().release());
        }
    }

    /** The disk or the encoder failed; the buffers are still there and are encoded again. */
    record Failed(OpenRange range, Throwable reason) implements Encoded {}

    /** Spilled records are not what they were: the range must be read from the log again. */
    record SpoolLost(OpenRange range, SpoolLostException reason) implements Encoded {}

    /**
     * The range had been given up, or the lane has stopped: the buffers are released, and nothing
     * of them is staged.
     */
    record TooLate(OpenRange range) implements Encoded {}
}
