package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.Origin;
import io.delivery.config.StreamDefinition;
import io.delivery.home.KeptStream;
import io.delivery.home.StreamHome;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneState;
import io.delivery.landing.LocalLaneState;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.SequenceList;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedBytes;
import io.delivery.testkit.SimWorld;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneNeedsTest {
    private final SimWorld sim = SimWorld.seeded(3);

    @Test
    void an_earlier_version_that_cannot_be_used_for_whatever_reason_is_left_out() throws Exception {
        StreamHome home = StreamHome.fresh(Path.of("/data"), "clicks", Origin.YAML, sim.world());
        int version = home.define("an earlier document", List.of());
        LaneState state =
                LocalLaneState.recover(
                        home.lane("main-1"), home.incarnation(), "test", 0, sim.world());
        state.append(List.of(object(version)));

        for (RuntimeException why :
                List.of(new IllegalStateException("of a store"), new NullPointerException())) {
            assertThat(
                            new LaneNeeds(null, home, "clicks")
                                    .formerFolders(state, version + 1, failing(why)))
                    .isEmpty();
        }
    }

    private static ObjectRecord object(int version) {
        SequenceList.Builder sequences = new SequenceList.Builder();
        sequences.add(0, 0, true);
        return new ObjectRecord(
                0,
                0,
                Kind.MAIN,
                version,
                "json/1",
                "lake",
                new ObjectName("bucket", "key"),
                new ObjectAttributes("mark", 1, "gzip"),
                new StagedBytes("file", 10, 20, 30),
                40,
                sequences.build());
    }

    private static ComponentFactory failing(RuntimeException why) {
        return new ComponentFactory() {
            @Override
            public StreamComponents components(StreamDefinition definition) {
                throw why;
            }

            @Override
            public StreamComponents componentsOf(KeptStream old, int version) {
                throw why;
            }
        };
    }
}
