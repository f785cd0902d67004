package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.engine.DiskShares;
import io.delivery.metrics.Metric;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of accept when objects cannot land for long, and of the neighbours. */
class JournalPressureTest {
    private static final long MIB = 1 << 20;
    private static final Duration TICK = Duration.ofMillis(500);

    @Test
    void at_the_journals_limit_a_call_is_refused_as_a_whole_and_nothing_accepted_is_lost()
            throws Exception {
        PressureWorld world = new PressureWorld(40 * MIB);
        world.open("sick");
        world.storeGoesAway("sick");

        long accepted = fill(world, "sick", Duration.ofMillis(100));

        assertThat(world.put("sick")).contains(ThrottledException.Cause.JOURNAL_FULL);
        assertThat(world.counter(Metric.THROTTLED_RECORDS, "sick", "journal_full")).isEqualTo(2);
        assertThat(world.status("sick").journalBytes())
                .isLessThanOrEqualTo(world.status("sick").journalLimitBytes());
        assertThat(world.books("sick").accepted()).isEqualTo(accepted);
        assertThat(world.books("sick").balanced()).isTrue();
        assertThat(world.status("sick").refusal()).contains("producers get 503 until objects land");
        world.pass(Duration.ofSeconds(20)); // producers that try again wait for so long
        assertThat(world.status("sick").refusal()).contains("producers get 503");

        world.storeComesBack("sick");
        world.pass(Duration.ofMinutes(5));
        assertThat(world.status("sick").refusal()).isEmpty();
        assertThat(world.books("sick").landed()).isEqualTo(accepted);
    }

    @Test
    void before_the_first_call_is_refused_a_warning_and_a_time_are_given() throws Exception {
        PressureWorld world = new PressureWorld(40 * MIB);
        world.open("sick");
        world.storeGoesAway("sick");
        assertThat(secondsUntilFull(world, "sick")).isInfinite();

        // One record every 500 ms, as long as they are taken.
        double warnedAt = -1;
        double halfWay = -1;
        double estimate = Double.NaN;
        double seconds = 0;
        while (world.put("sick").isEmpty()) {
            world.pass(TICK);
            seconds += 0.5;
            StreamStatus status = world.status("sick");
            double used = (double) status.journalBytes() / status.journalLimitBytes();
            assertThat(world.gauge(Metric.JOURNAL_HELD_BYTES, "sick"))
                    .isBetween(1.0, world.gauge(Metric.JOURNAL_LIMIT_BYTES, "sick"));
            if (halfWay < 0 && used > 0.5) {
                halfWay = seconds;
                estimate = secondsUntilFull(world, "sick");
            }
            if (warnedAt < 0 && !status.healthy()) {
                String trouble = String.join("\n", status.troubles());
                warnedAt = trouble.contains("% full") ? seconds : -1;
            }
        }

        // The limit rises meanwhile: rather too short than too long.
        assertThat(estimate).isBetween((seconds - halfWay) * 0.3, (seconds - halfWay) * 1.1);
        assertThat(warnedAt).isBetween(seconds * 0.6, seconds - 5);
        assertThat(secondsUntilFull(world, "sick")).isZero();
        assertThat(world.status("sick").troubles())
                .anySatisfy(
                        trouble ->
                                assertThat(trouble)
                                        .contains("% full")
                                        .contains("producers get 503 until objects land")
                                        .contains("disk limit"));
    }

    @Test
    void when_the_store_is_back_accept_works_again_and_the_warning_is_gone_without_a_hand()
            throws Exception {
        PressureWorld world = new PressureWorld(40 * MIB);
        world.open("sick");
        world.storeGoesAway("sick");
        long accepted = fill(world, "sick", TICK);

        world.storeComesBack("sick");
        world.pass(Duration.ofMinutes(3));

        assertThat(world.put("sick")).isEmpty();
        assertThat(world.status("sick").healthy()).isTrue();
        assertThat(secondsUntilFull(world, "sick")).isPositive();
        world.pass(Duration.ofMinutes(3));
        assertThat(world.books("sick").landed()).isEqualTo(accepted + 1);
        assertThat(secondsUntilFull(world, "sick")).isInfinite();
        assertThat(world.gauge(Metric.JOURNAL_HELD_BYTES, "sick"))
                .as("the files of the journal are larger than what is held")
                .isLessThan(world.gauge(Metric.JOURNAL_BYTES, "sick"));
    }

    @Test
    void one_sick_stream_leaves_the_others_their_share_of_the_disk() throws Exception {
        PressureWorld world = new PressureWorld(100 * MIB);
        world.open("sick");
        world.open("well");
        world.open("late");
        world.storeGoesAway("sick");
        fill(world, "sick", Duration.ofMillis(100));

        // The healthy ones go on as if nothing were the matter, with far more than fits at once.
        for (int i = 0; i < 800; i++) {
            assertThat(world.put("well")).isEmpty();
            world.pass(Duration.ofMillis(100));
        }
        world.pass(Duration.ofMinutes(2));
        assertThat(world.books("well").landed()).isEqualTo(800);
        assertThat(world.status("well").healthy()).isTrue();

        // A stream that falls ill later still has what every stream has: 16 MiB for its journal.
        world.storeGoesAway("late");
        long accepted = fill(world, "late", Duration.ofMillis(100));
        assertThat(accepted * 64 * 1024).isGreaterThan(14 * MIB);
    }

    // --- the words, and when they are said ---

    @Test
    void the_warning_comes_at_80_percent_and_goes_below_70() {
        JournalFill fill = new JournalFill("clicks");

        fill.look(79, 100, 0);
        assertThat(fill.trouble()).isEmpty();

        fill.look(80, 100, seconds(1));
        assertThat(fill.trouble()).contains("80 % full");

        fill.look(70, 100, seconds(2));
        assertThat(fill.trouble()).contains("70 % full");

        fill.look(69, 100, seconds(3));
        assertThat(fill.trouble()).isEmpty();

        fill.look(79, 100, seconds(4));
        assertThat(fill.trouble()).isEmpty();
    }

    @Test
    void a_volume_without_room_is_told_as_such_and_without_a_percentage() {
        DiskShares.Volume full =
                new DiskShares.Volume() {
                    @Override
                    public long streamBytes() {
                        return 100 * MIB;
                    }

                    @Override
                    public boolean mayGrow() {
                        return false;
                    }
                };
        DiskShares.Share share = new DiskShares(100 * MIB, full).open(() -> 3 * MIB, 1);
        JournalFill fill = new JournalFill("clicks");

        fill.look(3 * MIB, share, share.journalBytes(), 0);
        assertThat(fill.trouble())
                .contains("the volume of the data directory is full", "producers get 503")
                .doesNotContain("%", "raise");
        assertThat(fill.refuses()).isTrue();

        fill.look(3 * MIB, 100 * MIB, seconds(1));
        assertThat(fill.trouble()).isEmpty();
        assertThat(fill.refuses()).isFalse();
    }

    @Test
    void a_refused_call_is_a_warning_although_nobody_had_looked() {
        JournalFill fill = new JournalFill("clicks");
        fill.look(0, 100 * MIB, 0);

        fill.refused(99 * MIB);
        assertThat(fill.trouble())
                .contains("99 % full (99 of 100 MiB)")
                .contains("producers get 503");
        assertThat(fill.secondsUntilFull()).isZero();

        // One tick later it is still so; then it is over.
        fill.look(50 * MIB, 100 * MIB, seconds(1));
        assertThat(fill.secondsUntilFull()).isZero();
        fill.look(50 * MIB, 100 * MIB, seconds(2));
        assertThat(fill.trouble()).isEmpty();
    }

    @Test
    void the_time_until_full_follows_the_rate_of_the_last_ten_seconds() {
        JournalFill fill = new JournalFill("clicks");
        fill.look(0, 1000 * MIB, 0);
        assertThat(fill.secondsUntilFull()).isInfinite();

        fill.look(10 * MIB, 1000 * MIB, seconds(1));
        assertThat(fill.secondsUntilFull()).isEqualTo(99);

        for (int second = 2; second < 60; second++) {
            fill.look(10 * MIB, 900 * MIB, seconds(second));
        }
        assertThat(fill.secondsUntilFull()).isGreaterThan(1000);

        fill.look(0, 900 * MIB, seconds(60));
        assertThat(fill.secondsUntilFull()).isInfinite();
    }

    private static long seconds(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    private static double secondsUntilFull(PressureWorld world, String stream) {
        return world.gauge(Metric.JOURNAL_FULL_SECONDS, stream);
    }

    /** Puts one record after the other until one is refused; how many were accepted. */
    private static long fill(PressureWorld world, String stream, Duration pause) {
        long accepted = 0;
        Optional<ThrottledException.Cause> answer;
        while ((answer = world.put(stream)).isEmpty()) {
            accepted++;
            world.pass(pause);
        }
        assertThat(answer).contains(ThrottledException.Cause.JOURNAL_FULL);
        return accepted;
    }
}
