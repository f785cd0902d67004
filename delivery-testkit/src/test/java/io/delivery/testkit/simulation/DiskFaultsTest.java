package io.delivery.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.engine.LaneLimits;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.DiskCall.Kind;
import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a disk may do to a stream, and what the stream makes of it. */
class DiskFaultsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Spills what is over 100 bytes as soon as it is read. */
    private static final LaneLimits SPILLING =
            new LaneLimits(
                    1 << 20, 1000, 10, 4, 4, 1000, 10, 100_000, 100_000, 1, 1 << 20, 1 << 20,
                    8 << 20);

    /** What the disk is used for. */
    enum Use {
        ACCEPTING(call -> call.touches("journal")),
        STAGING(call -> call.touches("staging")),
        SPOOLING(call -> call.touches("spool")),
        APPENDING_STATE(Use::isState);

        private final Predicate<DiskCall> calls;

        Use(Predicate<DiskCall> calls) {
            this.calls = calls;
        }

        private static boolean isState(DiskCall call) {
            return call.touches("lanes")
                    && call.path().getFileName().toString().startsWith("state");
        }
    }

    private static boolean grows(DiskCall call) {
        return call.kind() == Kind.CREATE
                || call.kind() == Kind.WRITE
                || call.kind() == Kind.ALLOCATE;
    }

    private static Scenario spilling() throws IOException {
        return Scenario.of(SPILLING, 100, Shape.plain("clicks").withBackup());
    }

    @ParameterizedTest
    @EnumSource
    void a_full_disk_is_back_pressure_and_drains_by_itself_when_space_returns(Use use)
            throws IOException {
        Scenario scenario = spilling();
        AtomicBoolean hit = new AtomicBoolean();
        scenario.disk().onFault(fault -> hit.set(true));
        scenario.put("clicks", 5);
        scenario.disk()
                .failEvery(
                        call -> grows(call) && use.calls.test(call),
                        new DiskFullException("no space left on device", null));

        boolean accepted = true;
        for (int i = 0; i < 5; i++) {
            accepted &= scenario.put("clicks", List.of("a".repeat(500)));
            scenario.pass(MINUTE);
        }
        assertThat(hit).as("the disk was asked for room").isTrue();
        assertThat(accepted).as("accepted while full").isEqualTo(use != Use.ACCEPTING);
        scenario.disk().noMoreFaults();

        scenario.pass(MINUTE);
        assertThat(scenario.put("clicks", 3)).as("accepts again").isTrue();
        scenario.drainsByItself();
    }

    @Test
    void a_disk_without_a_free_byte_refuses_records_and_loses_none() throws IOException {
        Scenario scenario = spilling();
        scenario.put("clicks", 5);
        scenario.disk().fullAfter(0);

        scenario.put("clicks", 50);
        scenario.pass(Duration.ofMinutes(10));
        scenario.disk().roomAgain();

        scenario.drainsByItself();
        assertThat(scenario.put("clicks", 3)).isTrue();
        scenario.drainsByItself();
    }

    @ParameterizedTest
    @EnumSource
    void an_fsync_that_fails_once_loses_nothing_even_if_the_power_goes_after(Use use)
            throws IOException {
        for (int nth = 0; nth < 4; nth++) {
            Scenario scenario = spilling();
            failNthSync(scenario, use, nth);

            for (int i = 0; i < 3; i++) {
                scenario.put("clicks", List.of("a".repeat(200), "b"));
                scenario.flush("clicks");
                scenario.pass(Duration.ofSeconds(5));
            }
            scenario.powerCut();
            scenario.start();

            scenario.drainsByItself();
        }
    }

    private static void failNthSync(Scenario scenario, Use use, int nth) {
        int[] left = {nth};
        scenario.disk()
                .failNext(
                        call ->
                                (call.kind() == Kind.SYNC || call.kind() == Kind.SYNC_DIRECTORY)
                                        && use.calls.test(call)
                                        && left[0]-- == 0,
                        new IOException("Input/output error"));
    }

    @ParameterizedTest
    @EnumSource
    void an_fsync_that_failed_and_succeeds_after_the_restart_proves_nothing(Use use)
            throws IOException {
        for (int nth = 0; nth < 4; nth++) {
            Scenario scenario = spilling();
            failNthSync(scenario, use, nth);

            scenario.put("clicks", 3);
            scenario.flush("clicks");
            scenario.killAndStart();
            scenario.put("clicks", 3);
            scenario.flush("clicks");
            scenario.powerCut();
            scenario.start();

            scenario.drainsByItself();
        }
    }

    @Test
    void a_disk_that_stalls_for_30_s_delays_and_breaks_nothing() throws IOException {
        Scenario scenario = spilling();
        int[] stalls = {0};
        scenario.disk()
                .onCall(
                        call -> {
                            if (call.kind() == Kind.SYNC && stalls[0] < 20) {
                                stalls[0]++;
                                scenario.sim().clock().advance(Duration.ofSeconds(30));
                            }
                        });

        for (int i = 0; i < 10; i++) {
            assertThat(scenario.put("clicks", 3)).isTrue();
            scenario.pass(Duration.ofSeconds(40));
        }

        assertThat(stalls[0]).isEqualTo(20);
        scenario.drainsByItself();
    }

    @Test
    void a_disk_that_becomes_read_only_refuses_records_until_it_is_healed() throws IOException {
        Scenario scenario = spilling();
        scenario.put("clicks", 5);
        scenario.disk().failEvery(call -> true, new IOException("Read-only file system"));

        boolean accepted = scenario.put("clicks", 1);
        scenario.pass(Duration.ofMinutes(10));
        assertThat(accepted).isFalse();
        assertThat(scenario.troubles("clicks")).contains("Read-only file system");
        scenario.disk().noMoreFaults();

        scenario.pass(MINUTE);
        assertThat(scenario.put("clicks", 3)).isTrue();
        scenario.drainsByItself();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"WRITE", "SYNC", "CREATE", "RENAME", "SYNC_DIRECTORY"})
    void a_lane_state_that_cannot_be_written_is_told_and_written_when_it_can(Kind kind)
            throws IOException {
        Scenario scenario = spilling();
        scenario.put("clicks", 5);
        scenario.pass(MINUTE.multipliedBy(2));
        // Syncing the directory comes up when the file is written anew.
        scenario.disk()
                .failEvery(
                        call ->
                                call.kind() == Kind.SYNC && Use.isState(call)
                                        || call.kind() == kind
                                                && call.touches("lanes")
                                                && !call.touches("staging")
                                                && !call.touches("spool"),
                        new IOException("Input/output error"));

        boolean accepted = scenario.put("clicks", 5);
        scenario.pass(Duration.ofMinutes(5));
        assertThat(accepted).isTrue();
        assertThat(scenario.troubles("clicks")).contains("Input/output error");
        assertThat(scenario.objects("clicks")).as("nothing lands unrecorded").hasSize(1);
        scenario.disk().noMoreFaults();

        scenario.drainsByItself();
    }
}
