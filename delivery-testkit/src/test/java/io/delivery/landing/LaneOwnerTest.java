package io.delivery.landing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.LaneRecord.Seal;
import io.delivery.record.Incarnation;
import io.delivery.testkit.SimWorld;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two owners of one lane, which the lock of the data directory keeps apart. */
class LaneOwnerTest {
    private static final Path LANE = Path.of("/data/streams/s~00000000/lanes/main-1");

    private final SimWorld sim = SimWorld.seeded(7);

    private LaneState recover() throws IOException {
        return LocalLaneState.recover(LANE, new Incarnation(1, 2), "test", 0, sim.world());
    }

    private static List<LaneRecord> range(long start) {
        return List.of(
                LaneRecords.object(start, start + 1),
                new Seal(start, start + 1, "size", 1, 1, 0, 0, 0));
    }

    @Test
    void nothing_that_a_former_owner_appends_becomes_part_of_the_state() throws IOException {
        LaneState former = recover();
        former.append(range(0));
        LaneState owner = recover();
        owner.own();

        former.appendUnsynced(range(1));
        owner.append(range(1));

        assertThat(recover().plan().openStart()).isEqualTo(2);
        assertThat(recover().plan().rangeAt(1).objects()).hasSize(1);
    }

    @Test
    void a_former_owner_never_becomes_the_owner_again() throws IOException {
        LaneState former = recover();
        former.append(range(0));
        recover().own();
        sim.disk().failNextSync(new IOException("injected"));
        assertThatThrownBy(() -> former.append(range(1))).hasMessageContaining("injected");

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(former::own)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(
                            "taken over by a later owner, of epoch 2; this one's is 1");
        }

        assertThat(recover().plan().openStart()).isEqualTo(1);
    }

    @Test
    void an_owner_that_has_not_yet_written_is_no_owner_once_another_has() throws IOException {
        recover().append(range(0));
        LaneState slow = recover();
        LaneState owner = recover();
        owner.append(range(1));

        assertThatThrownBy(() -> slow.append(range(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("taken over by a later owner");

        assertThat(recover().plan().openStart()).isEqualTo(2);
    }
}
