package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When exactly objects are made, by a clock that the test moves. */
class HintEdgesTest {
    private static final int MIB = 1 << 20;
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration MINUTE = Duration.ofSeconds(60);

    // --- interval ---

    @ParameterizedTest
    @ValueSource(ints = {60, 900})
    void an_interval_is_over_to_the_millisecond(int seconds) throws Exception {
        HintsWorld world = HintsWorld.of(128, seconds);
        world.put("a");

        world.pass(Duration.ofSeconds(seconds).minus(MILLISECOND));
        assertThat(world.objects("")).isEmpty();

        world.pass(MILLISECOND);
        assertThat(world.objects("main/")).containsExactly(1);
    }

    @Test
    void an_interval_begins_with_the_first_record_of_an_empty_range() throws Exception {
        HintsWorld world = HintsWorld.of(128, 60);
        world.put("a");
        world.pass(Duration.ofSeconds(100));
        assertThat(world.objects("main/")).containsExactly(1);

        world.put("bb");
        world.pass(Duration.ofSeconds(30));
        world.put("bb");
        world.pass(Duration.ofSeconds(30).minus(MILLISECOND));
        assertThat(world.objects("main/")).containsExactly(1);

        world.pass(MILLISECOND);
        assertThat(world.objects("main/")).containsExactly(1, 4);
    }

    @ParameterizedTest
    @ValueSource(longs = {-3600, -1, 1, 59, 3600})
    void an_interval_does_not_mind_a_jump_of_the_wall_clock(long jumpSeconds) throws Exception {
        HintsWorld world = HintsWorld.of(128, 60);
        world.put("a");
        world.pass(Duration.ofSeconds(30));

        world.jumpWall(Duration.ofSeconds(jumpSeconds));
        world.pass(Duration.ofSeconds(30).minus(MILLISECOND));
        assertThat(world.objects("")).isEmpty();

        world.pass(MILLISECOND);
        assertThat(world.objects("main/")).containsExactly(1);
    }

    @Test
    void a_restart_continues_the_interval() throws Exception {
        HintsWorld world = HintsWorld.of(128, 900);
        world.put("a");
        world.pass(Duration.ofSeconds(500));

        world.killAndRestart();
        world.pass(Duration.ofSeconds(400).minus(MILLISECOND));
        assertThat(world.objects("")).isEmpty();

        world.pass(MILLISECOND);
        assertThat(world.objects("main/")).containsExactly(1);
    }

    // --- size ---

    @ParameterizedTest
    @ValueSource(ints = {1, 128})
    void a_size_is_reached_to_the_byte(int sizeInMBs) throws Exception {
        HintsWorld world = HintsWorld.of(sizeInMBs, 900);

        world.putBytes("", (long) sizeInMBs * MIB - 1);
        world.pass(Duration.ofSeconds(1));
        assertThat(world.objects("")).isEmpty();

        world.put("x");
        world.pass(Duration.ofSeconds(1));
        assertThat(world.objects("main/")).containsExactly(sizeInMBs * MIB);
    }

    @Test
    void a_size_closes_one_partition_and_an_interval_all_of_them() throws Exception {
        HintsWorld world = HintsWorld.partitioned(1, 60, 500, 64 * MIB);
        world.put("small:1");
        world.putBytes("large:", MIB);
        world.pass(Duration.ofSeconds(1));
        assertThat(world.objects("p=large/")).containsExactly(MIB);
        assertThat(world.objects("p=small/")).isEmpty();

        world.put("large:1");
        world.pass(Duration.ofSeconds(59));

        assertThat(world.objects("p=small/")).containsExactly(7);
        assertThat(world.objects("p=large/")).containsExactly(MIB, 7);
    }

    // --- catching up ---

    /** 1 GiB, 60 s and 64 MB make at most 20 objects; here all sizes are a 64th of that. */
    @Test
    void catching_up_makes_large_objects_whatever_the_time_it_takes() throws Exception {
        HintsWorld world = HintsWorld.of(1, 60);
        world.storeGoesAway();
        world.putBytes("", 16 * MIB);
        world.pass(Duration.ofHours(1));
        assertThat(world.objects("")).isEmpty();

        world.storeComesBack();
        // Every step of the catching up takes as long as an interval.
        for (int step = 0; step < 4000; step++) {
            world.step();
            world.advance(MINUTE);
        }
        world.pass(MINUTE);

        assertThat(world.objects("main/").stream().filter(length -> length > 100))
                .hasSizeLessThanOrEqualTo(20)
                .hasSizeGreaterThan(10);
        assertThat(world.lane().books().settled()).isTrue();
    }

    @Test
    void the_partition_limit_makes_errors_of_further_partitions() throws Exception {
        HintsWorld world = HintsWorld.partitioned(1, 60, 4, 64 * MIB);
        for (int key = 0; key < 6; key++) {
            world.put("k" + key + ":x");
        }
        world.put("k0:y");
        world.pass(MINUTE);

        assertThat(world.objects("p=")).containsExactlyInAnyOrder(8, 4, 4, 4);
        assertThat(world.objects("err/processing-failed/")).hasSize(1);
        assertThat(world.lane().books().errorOutput()).isEqualTo(2);

        // The next range begins with no partition.
        world.put("k5:z");
        world.pass(MINUTE);
        assertThat(world.objects("p=k5/")).containsExactly(4);
    }

    /** Four partitions a minute, other ones each minute: without the outage they would fit. */
    @Test
    void an_outage_at_the_partition_limit_makes_no_errors() throws Exception {
        HintsWorld world = HintsWorld.partitioned(1, 60, 4, 64 * MIB);
        world.storeGoesAway();
        for (int minute = 0; minute < 10; minute++) {
            for (int key = 0; key < 4; key++) {
                world.putBytes("m" + minute + "k" + key + ":", 100_000);
            }
            world.pass(MINUTE);
        }

        world.storeComesBack();
        world.pass(Duration.ofMinutes(10));

        assertThat(world.objects("err/")).isEmpty();
        assertThat(world.lane().books().settled()).isTrue();
        assertThat(world.objects("p=m").stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(10 * 4 * 100_000);
        assertThat(world.objects("p=m")).hasSize(40);
    }

    /** A backlog that is smaller than the size hint is one nevertheless. */
    @Test
    void a_small_backlog_at_the_partition_limit_makes_no_errors() throws Exception {
        HintsWorld world = HintsWorld.partitioned(128, 60, 4, 64 * MIB);
        world.storeGoesAway();
        for (int minute = 0; minute < 10; minute++) {
            for (int key = 0; key < 4; key++) {
                world.put("m" + minute + "k" + key + ":x");
            }
            world.pass(MINUTE);
        }

        world.storeComesBack();
        world.pass(Duration.ofMinutes(10));

        assertThat(world.objects("err/")).isEmpty();
        assertThat(world.objects("p=m")).hasSize(40);
    }

    // --- many partitions ---

    @Test
    void ten_thousand_partitions_live_in_a_small_memory() throws Exception {
        int partitions = 10_000;
        HintsWorld world = HintsWorld.partitioned(128, 60, partitions, 4 * MIB);
        for (int from = 0; from < partitions; from += 500) {
            byte[][] records = new byte[500][];
            for (int i = 0; i < 500; i++) {
                records[i] =
                        ("k%05d:%500d".formatted(from + i, i)).getBytes(StandardCharsets.UTF_8);
            }
            world.put(records);
        }
        assertThat(world.lane().activePartitions()).isEqualTo(partitions);
        assertThat(world.lane().memoryBytes()).isLessThan(5L * MIB);
        assertThat(world.lane().spoolBytes()).isPositive();

        world.put("one-more:x");
        world.pass(MINUTE);

        assertThat(world.objects("p=k")).hasSize(partitions).containsOnly(507);
        assertThat(world.objects("err/processing-failed/")).hasSize(1);
        assertThat(world.lane().books().settled()).isTrue();
    }

    // --- spilled records ---

    @Test
    void spilled_records_that_were_changed_on_the_disk_are_read_from_the_journal_again()
            throws Exception {
        HintsWorld world = HintsWorld.partitioned(128, 60, 50, MIB);
        for (int i = 0; i < 400; i++) {
            world.putBytes("k%02d:%04d".formatted(i % 40, i), 8000);
        }
        assertThat(world.lane().spoolBytes()).isPositive();

        world.spoolRots();
        world.pass(MINUTE);
        assertThat(world.troubles()).anyMatch(trouble -> trouble.contains("spilled records"));
        world.pass(MINUTE.multipliedBy(2));

        assertThat(world.objects("p=k").stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(400 * 8000);
        assertThat(world.objects("err/")).isEmpty();
        assertThat(world.troubles()).isEmpty();
        assertThat(world.lane().books().settled()).isTrue();
        assertThat(world.lane().spoolBytes()).isZero();
        assertThat(world.lane().memoryBytes()).isZero();
    }

    // --- lists of sequences ---

    @Test
    void lists_of_other_lanes_count_but_never_keep_a_lane_from_reading_that_waits_for_nothing()
            throws Exception {
        HintsWorld world = HintsWorld.of(128, 60);
        world.othersHold(150 << 20);
        world.storeRefuses();
        world.put("one");
        world.pass(MINUTE.plusSeconds(1));
        assertThat(world.lane().waitingObjects()).isEqualTo(1);

        world.put("two");
        world.pass(MINUTE.plusSeconds(1));
        assertThat(world.lane().waitingObjects()).as("nothing more was read").isEqualTo(1);
        world.storeComesBack();
        world.pass(MINUTE.multipliedBy(5));

        assertThat(world.objects("main/")).containsExactly(3, 3);
        assertThat(world.lane().books().settled()).isTrue();
    }

    @Test
    void a_store_that_is_away_lets_lists_of_sequences_take_only_a_part_of_the_memory()
            throws Exception {
        HintsWorld world = HintsWorld.partitioned(128, 600, 50, 256 << 10);
        world.storeRefuses();
        byte[][] records = new byte[500][];
        for (int i = 0; i < records.length; i++) {
            records[i] = (i % 2 == 0 ? "a:x" : "b:x").getBytes(StandardCharsets.UTF_8);
        }

        for (int batch = 0; batch < 200; batch++) {
            world.put(records);
        }

        // Two objects a range: some were sealed long before the interval, then nothing was read.
        assertThat(world.lane().waitingObjects()).isBetween(2, 12);
        world.storeComesBack();
        world.pass(Duration.ofMinutes(30));
        assertThat(world.lane().books().settled()).isTrue();
        assertThat(world.objects("p=").stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(200 * 500 * 3);
    }

    @Test
    void a_start_that_is_refused_holds_no_memory() throws Exception {
        HintsWorld world = HintsWorld.of(128, 900);
        world.storeGoesAway();
        assertThat(world.held()).isPositive();
        world.kill();
        world.hasLane("backup-1,0,1,1"); // switched off, and nobody knows its definition any more

        assertThatThrownBy(world::killAndRestart)
                .isInstanceOf(IOException.class)
                .hasMessage("stream clicks has a backup that no version names");
        world.pass(MINUTE);

        assertThat(world.held()).isZero();
    }
}
