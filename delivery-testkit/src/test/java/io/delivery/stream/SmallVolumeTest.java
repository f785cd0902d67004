package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A volume that is smaller than the disk limit: full, and nothing that people have to do by hand.
 */
class SmallVolumeTest {
    private static final long VOLUME = 160L << 20;
    private static final Path RESERVE = HintsWorld.DATA.resolve("reserve");

    /** More of them by {@code make proof}. */
    private static final int SEEDS = Boolean.getBoolean("crash.everything") ? 50 : 8;

    private static byte[] record(int fill) {
        byte[] record = new byte[900 << 10];
        Arrays.fill(record, (byte) fill);
        return record;
    }

    private static int fill(HintsWorld world) {
        int accepted = 0;
        while (world.tryPut(record(accepted))) {
            accepted++;
            world.pass(Duration.ofMillis(100));
        }
        return accepted;
    }

    @Test
    void streams_take_no_more_than_the_volume_has_and_leave_the_reserve() throws IOException {
        HintsWorld world = HintsWorld.of(5, 60);
        world.volumeHasRoomFor(VOLUME);
        world.storeRefuses();

        int accepted = fill(world);

        assertThat(accepted).isGreaterThan(50);
        assertThat(world.disk().exists(RESERVE)).isTrue();
        assertThat(world.disk().usableBytes(HintsWorld.DATA).getAsLong()).isGreaterThan(1 << 20);
        world.storeComesBack();
        world.flush();
        assertThat(world.lane().books().landed()).isEqualTo(accepted);
    }

    @Test
    void killed_on_a_volume_without_a_free_byte_it_starts_and_drains_when_the_store_is_back()
            throws IOException {
        for (long left : new long[] {0, 1, 4000, 100_000}) {
            HintsWorld world = HintsWorld.of(5, 60);
            world.volumeHasRoomFor(VOLUME);
            world.storeRefuses();
            int accepted = fill(world);
            world.kill();
            world.disk().fullAfter(left); // somebody else has taken the rest

            world.killAndRestart();
            assertThat(world.disk().exists(RESERVE)).as("given up first").isFalse();
            accepted += fill(world);
            world.storeComesBack();
            world.flush();

            assertThat(world.lane().books().landed()).as("%d left", left).isEqualTo(accepted);
            assertThat(world.lane().books().settled()).isTrue();
            assertThat(world.tryPut(record(1))).as("it takes records again").isTrue();
            world.pass(Duration.ofSeconds(5));
            assertThat(world.disk().exists(RESERVE)).as("kept again").isTrue();
        }
    }

    /** It kept no reserve, and knew of no volume. */
    @Test
    void a_volume_that_an_earlier_program_has_filled_drains_as_well() throws IOException {
        HintsWorld world = HintsWorld.of(5, 60);
        world.storeRefuses();
        world.disk().fullAfter(VOLUME);
        int accepted = fill(world);
        assertThat(accepted).isGreaterThan(50);

        world.volumeHasRoomFor(0);
        accepted += fill(world);
        world.storeComesBack();
        world.flush();

        assertThat(world.lane().books().landed()).isEqualTo(accepted);
        world.pass(Duration.ofSeconds(5));
        assertThat(world.disk().exists(RESERVE)).isTrue();
    }

    /** Whatever happens before: in the end the store is back, and nobody makes room by hand. */
    @Test
    void killed_at_any_moment_on_a_volume_that_others_fill_at_any_moment_it_drains()
            throws IOException {
        for (long seed = 1; seed <= SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            HintsWorld world = HintsWorld.of(5, 60);
            world.volumeHasRoomFor((40 + random.nextInt(120)) << 20);
            int accepted = 0;
            int othersFillIt = random.nextInt(30);
            for (int step = 0; step < 30; step++) {
                if (step == othersFillIt) {
                    world.disk().fullAfter(random.nextInt(1 << 20));
                }
                switch (random.nextInt(5)) {
                    case 0 -> world.storeRefuses();
                    case 1 -> world.storeComesBack();
                    case 2 -> world.killAndRestart();
                    case 3 -> world.pass(Duration.ofSeconds(random.nextInt(90)));
                    default -> accepted += put(world, random.nextInt(40));
                }
            }
            world.killAndRestart();
            world.storeComesBack();
            world.flush();

            assertThat(world.lane().books().landed())
                    .as(
                            "seed %d, %d bytes left, %s",
                            seed,
                            world.disk().usableBytes(HintsWorld.DATA).getAsLong(),
                            world.status())
                    .isEqualTo(accepted);
            takesRecordsWhereTheReserveIsKept(world, seed);
        }
    }

    /** Others may have left so little that only their room opens the journals again. */
    private static void takesRecordsWhereTheReserveIsKept(HintsWorld world, long seed)
            throws IOException {
        boolean kept = world.disk().exists(RESERVE);
        assertThat(world.tryPut(record(1))).as("seed %d takes records", seed).isEqualTo(kept);
        world.disk().roomAgain();
        world.pass(Duration.ofSeconds(5));
        assertThat(world.tryPut(record(2))).as("seed %d, others make room", seed).isTrue();
    }

    /** Puts so many records at most; how many were accepted. */
    private static int put(HintsWorld world, int most) {
        int accepted = 0;
        while (accepted < most && world.tryPut(record(accepted))) {
            accepted++;
        }
        return accepted;
    }

    @Test
    void what_others_take_of_the_volume_while_it_runs_costs_the_reserve_and_nothing_else()
            throws IOException {
        HintsWorld world = HintsWorld.of(5, 60);
        world.volumeHasRoomFor(VOLUME);
        world.storeRefuses();
        int accepted = 20;
        for (int i = 0; i < accepted; i++) {
            assertThat(world.tryPut(record(i))).isTrue();
        }
        world.disk().fullAfter(0);
        world.pass(Duration.ofSeconds(5));
        assertThat(world.disk().exists(RESERVE)).isFalse();
        long left = world.disk().usableBytes(HintsWorld.DATA).getAsLong();
        assertThat(left).isGreaterThanOrEqualTo(Limits.VOLUME_RESERVE_BYTES / 2);

        world.storeComesBack();
        world.flush();

        assertThat(world.lane().books().landed()).isEqualTo(accepted);
    }

    @Test
    void a_start_on_a_volume_that_others_have_filled_is_not_refused() throws IOException {
        HintsWorld world = HintsWorld.of(5, 60);

        world.volumeHasRoomFor(0);

        assertThat(world.tryPut(record(1))).as("no room, and it says so").isFalse();
        world.disk().roomAgain();
        world.pass(Duration.ofSeconds(5));
        assertThat(world.tryPut(record(2))).isTrue();
        world.flush();
        assertThat(world.lane().books().landed()).isEqualTo(1);
    }

    @Test
    void a_volume_that_is_larger_than_the_limit_changes_nothing() throws IOException {
        HintsWorld world = HintsWorld.of(5, 60);
        world.volumeHasRoomFor(40L << 30);
        Set<Path> files = new TreeSet<>(world.disk().list(HintsWorld.DATA));

        assertThat(files).contains(RESERVE);
        assertThat(world.tryPut(record(1))).isTrue();
    }
}
