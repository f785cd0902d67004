package io.delivery.landing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneRecord.Snapshot;
import io.delivery.landing.LaneRecord.Totals;
import io.delivery.record.Incarnation;
import io.delivery.testkit.SimWorld;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sequences of a range that no record has, as a lane's state keeps them. */
class AbsentSequencesTest {
    private static final Path LANE = Path.of("/data/streams/s~00000000/lanes/main-1~orders");

    private final SimWorld sim = SimWorld.seeded(7);

    private LaneState recover() throws IOException {
        return LocalLaneState.recover(LANE, new Incarnation(1, 2), "test", 0, sim.world());
    }

    /** The sequences 0 and 4 of a range that ends before 5. */
    private static ObjectRecord object() {
        SequenceList.Builder list = new SequenceList.Builder();
        list.add(0, 0, true);
        list.add(4, 0, true);
        return LaneRecords.object(0, 0, Kind.MAIN, "key", 2, list.build());
    }

    private static Seal seal(long absent) {
        return new Seal(0, 5, "size", 1, 2, 0, 0, 0, absent);
    }

    @Test
    void a_sealed_range_says_after_a_restart_how_many_sequences_it_had_no_record_for()
            throws IOException {
        recover().append(List.of(object(), seal(3)));

        Seal found = recover().plan().oldestRange().seal();

        assertThat(found).isEqualTo(seal(3));
        assertThat(found.sequences()).isEqualTo(2);
    }

    @Test
    void the_sums_of_committed_ranges_say_it_in_every_later_file() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(), seal(3)));
        state.append(List.of(new Commit(0, 5, 99, List.of("etag"))));
        assertThat(state.plan().totals()).isEqualTo(new Totals(2, 2, 0, 0, 0, 3, 1, 20));

        recover().own();

        Totals totals = recover().plan().totals();
        assertThat(totals).isEqualTo(new Totals(2, 2, 0, 0, 0, 3, 1, 20));
        assertThat(totals.split()).isZero();
    }

    @Test
    void a_seal_with_more_of_them_than_sequences_is_refused() throws IOException {
        LaneState state = recover();
        for (long absent : new long[] {-1, 6}) {
            assertThatThrownBy(() -> state.append(List.of(object(), seal(absent))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("seal [0,5) does not add up");
        }
    }

    @Test
    void where_every_sequence_has_a_record_the_bytes_are_those_of_earlier_programs() {
        Totals totals = new Totals(5, 5, 0, 0, 0, 0, 1, 20);

        assertThat(typeOf(seal(0))).isEqualTo(5);
        assertThat(typeOf(new Snapshot(0, 5, 5, totals))).isEqualTo(2);
        assertThat(typeOf(seal(3))).isEqualTo(11);
        assertThat(typeOf(new Snapshot(0, 5, 5, new Totals(2, 2, 0, 0, 0, 3, 1, 20))))
                .isEqualTo(10);
    }

    private static int typeOf(LaneRecord record) {
        return LaneRecordCodec.encode(List.of(record))[0];
    }

    @Test
    void an_entry_of_the_ledger_has_them() throws IOException {
        LanePlan plan = new LanePlan(0);
        plan.apply(object());
        plan.apply(seal(3));
        CommittedRange range = CommittedRange.of(plan, new Commit(0, 5, 99, List.of("etag")));

        CommittedRange again = CommittedRange.decode(range.encode());

        assertThat(again.range().seal()).isEqualTo(seal(3));
        assertThat(again.totalsAfter()).isEqualTo(new Totals(2, 2, 0, 0, 0, 3, 1, 20));
    }
}
