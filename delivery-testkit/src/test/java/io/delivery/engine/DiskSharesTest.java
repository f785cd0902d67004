package io.delivery.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DiskSharesTest {
    private static final long MIB = 1L << 20;

    @Test
    void a_stream_that_is_alone_may_take_all_and_its_journal_holds_more_than_its_lane() {
        DiskShares shares = new DiskShares(1000 * MIB);

        DiskShares.Share only = shares.open(() -> 0, 1);

        assertThat(only.bytes()).isEqualTo(1000 * MIB);
        assertThat(only.journalBytes() + only.laneBytes()).isEqualTo(only.bytes());
        assertThat(only.journalBytes()).isBetween(549 * MIB, 551 * MIB);
    }

    @Test
    void one_of_two_streams_may_take_half_of_what_is_free() {
        DiskShares shares = new DiskShares(1000 * MIB);
        shares.open(() -> 100 * MIB, 1);

        DiskShares.Share other = shares.open(() -> 0, 1);

        assertThat(other.bytes()).isEqualTo((1000 - 100 - 64) * MIB / 2);
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
    void each_lane_has_nine_parts_to_the_eleven_of_the_journal() {
        DiskShares shares = new DiskShares(1000 * MIB);

        DiskShares.Share two = shares.open(() -> 0, 2);

        assertThat(two.journalBytes()).isEqualTo(two.bytes() - 2 * two.laneBytes());
        assertThat(two.laneBytes()).isEqualTo(two.bytes() / 29 * 9);
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
                .hasMessageContaining("disk limit")
                .hasMessageContaining("3 streams");
    }

    @Test
    void room_for_more_can_be_asked_for_before_it_is_taken() {
        DiskShares shares = new DiskShares(2 * 24 * MIB);
        shares.open(() -> 0, 1);

        shares.requireRoom(1, 1);
        assertThatThrownBy(() -> shares.requireRoom(1, 2)).isInstanceOf(DiskLimitException.class);
        assertThatThrownBy(() -> shares.requireRoom(2, 2))
                .hasMessageContaining("3 streams: they need at least");
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

    @Test
    void a_question_asks_no_other_stream_what_it_takes() {
        DiskShares shares = new DiskShares(1000 * MIB);
        int[] asked = new int[3];
        List<DiskShares.Share> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int stream = i;
            all.add(shares.open(() -> asked[stream]++, 1));
        }

        for (int i = 0; i < 10; i++) {
            all.get(1).bytes();
        }

        assertThat(asked).containsExactly(1, 11, 1);
    }

    @Test
    void whatever_streams_come_and_go_and_take_the_rule_holds() {
        for (long seed = 0; seed < 50; seed++) {
            Random chance = new Random(seed);
            long limit = (500 + chance.nextInt(4000)) * MIB;
            DiskShares shares = new DiskShares(limit);
            List<Known> known = new ArrayList<>();
            for (int step = 0; step < 300; step++) {
                int dice = chance.nextInt(10);
                if (known.isEmpty() || dice < 2) {
                    Known one = new Known(1 + chance.nextInt(2), chance.nextInt(200) * MIB);
                    if (floors(known) + one.floor() <= limit) {
                        one.share = shares.open(() -> one.used, one.lanes);
                        known.add(one);
                    }
                    continue;
                }
                Known one = known.get(chance.nextInt(known.size()));
                if (dice == 2) {
                    one.share.close();
                    known.remove(one);
                } else if (dice == 3 && floors(known) + 8 * MIB <= limit) {
                    one.share.lanes(++one.lanes);
                } else {
                    one.used = chance.nextInt(chance.nextBoolean() ? 60 : 600) * MIB;
                    assertThat(one.share.bytes())
                            .as("seed %d, step %d", seed, step)
                            .isEqualTo(byTheRule(limit, known, one));
                }
            }
        }
    }

    private static long floors(List<Known> known) {
        return known.stream().mapToLong(Known::floor).sum();
    }

    private static long byTheRule(long limit, List<Known> known, Known asked) {
        long reserve = Math.min(64 * MIB, limit / (2L * known.size()));
        long free = limit;
        for (Known one : known) {
            free -= Math.max(Math.max(reserve, one.floor()), one.used);
        }
        return known.size() == 1
                ? Math.max(limit, asked.used)
                : Math.max(Math.max(reserve, asked.floor()), asked.used + Math.max(0, free) / 2);
    }

    private static final class Known {
        private int lanes;
        private long used;
        private DiskShares.Share share;

        Known(int lanes, long used) {
            this.lanes = lanes;
            this.used = used;
        }

        long floor() {
            return (16 + lanes * 8L) * MIB;
        }
    }

    @Test
    void the_smaller_of_limit_and_volume_counts_and_the_limit_alone_says_how_many_streams_fit() {
        DiskShares.Volume volume =
                new DiskShares.Volume() {
                    @Override
                    public long streamBytes() {
                        return 200 * MIB;
                    }

                    @Override
                    public boolean mayGrow() {
                        return true;
                    }
                };
        DiskShares small = new DiskShares(10_000 * MIB, volume);
        DiskShares limited = new DiskShares(200 * MIB);

        assertThat(small.open(() -> 50 * MIB, 1).bytes())
                .isEqualTo(limited.open(() -> 50 * MIB, 1).bytes());
        for (int i = 0; i < 20; i++) {
            small.open(() -> 0, 1); // more floors than the volume has room for
        }
    }

    @Test
    void while_the_volume_may_not_grow_a_stream_keeps_what_it_has() {
        boolean[] grows = {true};
        DiskShares.Volume volume =
                new DiskShares.Volume() {
                    @Override
                    public long streamBytes() {
                        return 1000 * MIB;
                    }

                    @Override
                    public boolean mayGrow() {
                        return grows[0];
                    }
                };
        DiskShares.Share share = new DiskShares(1000 * MIB, volume).open(() -> 300 * MIB, 1);
        assertThat(share.bytes()).isGreaterThan(600 * MIB);

        grows[0] = false;

        assertThat(share.bytes()).isEqualTo(300 * MIB);
    }
}
