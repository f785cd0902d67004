package io.delivery.lane.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.buffer.RecordBuffer;
import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordEncoder;
import io.delivery.landing.LaneRecord.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Room that is held for objects whose table becomes known while they are encoded. */
class StagingRoomTest {
    /** Of each object, as far as the encoder knows. */
    private long expected = 1000;

    private final StagingRoom room =
            new StagingRoom(
                    new EncoderFactory() {
                        @Override
                        public RecordEncoder encoder(long memoryBytes) {
                            throw new AssertionError("nothing is encoded");
                        }

                        @Override
                        public String extension() {
                            return "";
                        }

                        @Override
                        public String contentEncoding() {
                            return "";
                        }

                        @Override
                        public long memoryBytes() {
                            return 0;
                        }

                        @Override
                        public long expectedBytes(long inputBytes) {
                            return expected;
                        }
                    });

    private static List<PartitionBuffer> group() {
        return List.of(new PartitionBuffer(Kind.MAIN, null, new RecordBuffer(null, null)));
    }

    @Test
    void a_group_that_is_encoded_again_holds_what_is_expected_by_then() {
        List<PartitionBuffer> group = group();
        room.opened();
        room.encodingStarted(group);
        assertThat(room.taken()).isEqualTo(1000);

        expected = 40;
        assertThat(room.taken()).as("its encoder has not ended").isEqualTo(1000);
        room.encodingStarted(group);

        assertThat(room.taken()).isEqualTo(40);
        assertThat(room.reserved(Long.MAX_VALUE)).as("for those that wait").isZero();
        expected = 7;
        room.encodingEnded(group);
        assertThat(room.taken()).isZero();
    }

    @Test
    void other_groups_keep_what_they_hold() {
        List<PartitionBuffer> one = group();
        List<PartitionBuffer> other = group();
        room.opened();
        room.opened();
        room.encodingStarted(one);
        room.encodingStarted(other);

        expected = 40;
        room.encodingStarted(other);
        room.encodingEnded(one);

        assertThat(room.taken()).isEqualTo(40);
    }
}
