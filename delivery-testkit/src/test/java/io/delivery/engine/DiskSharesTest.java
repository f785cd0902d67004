package io.delivery.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DiskSharesTest {
    private static final long MIB = 1L << 20;

    @Test
    void one_stream_may_take_half_of_what_is_free_and_its_journal_four_fifths_of_that() {
        DiskShares shares = new DiskShares(1000 * MIB);

        DiskShares.Share only = shares.open(() -> 0, 1);

        assertThat(only.bytes()).isEqualTo((1000 * MIB - 64 * MIB) / 2);
        assertThat(only.journalBytes()).isEqualTo(only.bytes() - only.bytes() / 5);
    }

    @Test
    void a_stream_that_has_taken_everything_leaves_the_others_their_reserve() {
        DiskShares shares = new DiskShares(1000 * MIB);
        shares.open(() -> 900 * MIB, 1);

        DiskShares.Share other = shares.open(() -> 0, 1);

        assertThat(other.bytes()).isGreaterThanOrEqualTo(64 * MIB);
    }

    @Test
    void with_many_streams_the_reserve_shrinks_so_that_half_of_the_disk_stays_free_for_all() {
        DiskShares shares = new DiskShares(1000 * MIB);
        DiskShares.Share last = null;
        for (int i = 0; i < 30; i++) {
            last = shares.open(() -> 0, 1);
        }

        assertThat(last.bytes()).isBetween(24 * MIB, 255 * MIB);
    }

    @Test
    void each_lane_has_a_fifth_that_the_journal_is_never_given() {
        DiskShares shares = new DiskShares(1000 * MIB);

        DiskShares.Share two = shares.open(() -> 0, 2);

        assertThat(two.journalBytes()).isEqualTo(two.bytes() - 2 * two.laneBytes());
        assertThat(two.laneBytes()).isEqualTo(two.bytes() / 5);
    }

    @Test
    void many_lanes_and_the_journal_together_never_have_more_than_the_share() {
        DiskShares shares = new DiskShares(1000 * MIB);

        DiskShares.Share many = shares.open(() -> 0, 2);
        many.lanes(7);

        assertThat(7 * many.laneBytes() + many.journalBytes()).isLessThanOrEqualTo(many.bytes());
        assertThat(many.journalBytes()).isGreaterThanOrEqualTo(many.laneBytes());
    }

    @Test
    void the_smallest_limit_holds_the_floors_of_every_journal_and_lane() {
        DiskShares shares = new DiskShares(32 * MIB + 24 * MIB);
        DiskShares.Share first = shares.open(() -> 0, 2);
        DiskShares.Share second = shares.open(() -> 0, 1);

        assertThat(first.bytes()).isGreaterThanOrEqualTo(32 * MIB);
        assertThat(second.bytes()).isGreaterThanOrEqualTo(24 * MIB);
        assertThat(first.laneBytes()).isGreaterThanOrEqualTo(8 * MIB);
        assertThat(second.journalBytes()).isGreaterThanOrEqualTo(16 * MIB);
        assertThatThrownBy(() -> shares.open(() -> 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limits.disk")
                .hasMessageContaining("3 streams");
    }

    @Test
    void a_closed_share_counts_no_more() {
        DiskShares shares = new DiskShares(1000 * MIB);
        DiskShares.Share greedy = shares.open(() -> 900 * MIB, 1);
        DiskShares.Share other = shares.open(() -> 0, 1);
        long before = other.bytes();

        greedy.close();

        assertThat(other.bytes()).isGreaterThan(before);
    }
}
