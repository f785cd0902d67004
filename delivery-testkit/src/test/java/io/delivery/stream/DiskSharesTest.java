package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiskSharesTest {
    private static final long MIB = 1L << 20;

    @Test
    void one_stream_may_take_half_of_what_is_free_and_its_journal_four_fifths_of_that() {
        DiskShares shares = new DiskShares(1000 * MIB);

        DiskShares.Share only = shares.open(() -> 0);

        assertThat(only.bytes()).isEqualTo((1000 * MIB - 64 * MIB) / 2);
        assertThat(only.journalBytes()).isEqualTo(only.bytes() / 5 * 4);
    }

    @Test
    void a_stream_that_has_taken_everything_leaves_the_others_their_reserve() {
        DiskShares shares = new DiskShares(1000 * MIB);
        shares.open(() -> 900 * MIB);

        DiskShares.Share other = shares.open(() -> 0);

        assertThat(other.bytes()).isGreaterThanOrEqualTo(64 * MIB);
    }

    @Test
    void with_many_streams_the_reserve_shrinks_so_that_half_of_the_disk_stays_free_for_all() {
        DiskShares shares = new DiskShares(1000 * MIB);
        DiskShares.Share last = null;
        for (int i = 0; i < 100; i++) {
            last = shares.open(() -> 0);
        }

        assertThat(last.bytes()).isBetween(5 * MIB, 255 * MIB);
    }

    @Test
    void a_closed_share_counts_no_more() {
        DiskShares shares = new DiskShares(1000 * MIB);
        DiskShares.Share greedy = shares.open(() -> 900 * MIB);
        DiskShares.Share other = shares.open(() -> 0);
        long before = other.bytes();

        greedy.close();

        assertThat(other.bytes()).isGreaterThan(before);
    }
}
