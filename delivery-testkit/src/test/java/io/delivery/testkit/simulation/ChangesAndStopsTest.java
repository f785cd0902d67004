package io.delivery.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.engine.LaneLimits;
import io.delivery.record.ObjectName;
import io.delivery.stream.Stopping;
import io.delivery.testkit.MemoryStore.Fate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people do to a stream: stop it, change it, copy it, set its clock. */
class ChangesAndStopsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static void goesAway(Scenario scenario) {
        scenario.store().weather(Fate.LOST, 1);
        scenario.store().looksLost(1);
    }

    @Test
    void clocks_that_jump_change_neither_the_interval_nor_the_number_of_objects()
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"));
        List<Duration> jumps =
                List.of(Duration.ZERO, Duration.ofHours(-1), Duration.ofDays(1), Duration.ZERO);

        for (int minute = 0; minute < jumps.size(); minute++) {
            scenario.put("clicks", 3);
            scenario.sim().clock().jumpWall(jumps.get(minute));
            scenario.put("clicks", 3);
            scenario.pass(Duration.ofSeconds(59));
            assertThat(scenario.objects("clicks")).as("a second before").hasSize(minute);
            scenario.pass(Duration.ofSeconds(2));
            assertThat(scenario.objects("clicks")).as("a second after").hasSize(minute + 1);
        }

        scenario.drainsByItself();
        // Each key tells when its oldest record arrived, by the clock of that moment.
        assertThat(scenario.objects("clicks").keySet())
                .extracting(key -> key.substring(key.indexOf('/') + 1, key.indexOf("/clicks")))
                .containsExactly(
                        "2026/11/21/10", "2026/11/21/10", "2026/11/21/09", "2026/11/22/09");
    }

    @Test
    void a_transform_that_answers_differently_in_the_second_run_changes_no_recorded_object()
            throws IOException {
        Scenario scenario =
                Scenario.of(Shape.plain("clicks").with(Shape.Transform.NUMBERS_THE_RUN));
        goesAway(scenario);
        scenario.put("clicks", 10);
        scenario.flush("clicks");
        scenario.put("clicks", 5);

        scenario.killAndStart();
        scenario.store().heal();
        scenario.drainsByItself();

        String all = String.join("", scenario.objects("clicks").values());
        assertThat(all.lines().filter(line -> line.endsWith("~1"))).hasSize(10);
        assertThat(all.lines().filter(line -> line.endsWith("~2"))).hasSize(5);
    }

    @Test
    void a_change_and_its_rollback_under_load_and_across_a_crash_lose_and_double_nothing()
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks").withBackup().withPartitions(20));
        SimulatedStream stream = scenario.stream("clicks");
        scenario.store().weather(Fate.LATE, 0.2);

        for (int round = 0; round < 6; round++) {
            scenario.put("clicks", List.of("a", "b", "c"));
            stream.redefine();
            scenario.put("clicks", List.of("b", "", "d", "e"));
            stream.redefine("document 1");
            scenario.put("clicks", List.of("a", "f"));
            stream.redefine();
            if (round % 2 == 0) {
                scenario.powerCut();
                scenario.start();
            } else {
                scenario.killAndStart();
            }
            scenario.put("clicks", List.of("g", "h"));
            stream.redefine("document 1");
            scenario.pass(Duration.ofSeconds(20));
        }

        scenario.drainsByItself();
    }

    @Test
    void a_backup_that_is_switched_off_and_on_while_its_store_is_down_has_what_it_was_on_for()
            throws IOException {
        for (boolean killed : new boolean[] {false, true}) {
            Scenario scenario = Scenario.of(Shape.plain("clicks").withBackup());
            SimulatedStream stream = scenario.stream("clicks");
            scenario.store().refuse(name -> name.bucket().equals("clicks-backup"));
            scenario.put("clicks", 3);
            scenario.pass(MINUTE.multipliedBy(2));

            for (int times = 0; times < 2; times++) {
                stream.switchBackup();
                scenario.put("clicks", 4);
                scenario.pass(MINUTE);
                if (killed) {
                    scenario.killAndStart();
                }
            }
            scenario.pass(MINUTE);
            assertThat(scenario.objects("clicks")).as("main does not wait for it").isNotEmpty();
            assertThat(scenario.objects("clicks-backup")).isEmpty();
            scenario.store().refuse(name -> false);

            // Each record in one backup object if the backup was on for it, and in none otherwise.
            scenario.drainsByItself();
            assertThat(scenario.objects("clicks-backup").size()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void a_split_that_changes_with_part_of_a_sequence_settled_settles_the_rest_as_before()
            throws IOException {
        // A buffer closes behind 20 bytes: the a's do, and the other parts stay open.
        LaneLimits limits =
                new LaneLimits(
                        20, 1000, 10, 4, 4, 1, 1, 100_000, 100_000, 100_000, 1 << 20, 1 << 20,
                        8 << 20);
        Scenario scenario = Scenario.of(limits, 1 << 20, Shape.plain("clicks").withPartitions(20));
        goesAway(scenario);
        scenario.put("clicks", List.of("aaaaaaaaaaaaaaaaaaaa", "b", "c", "d"));
        assertThat(scenario.lane("clicks").waitingObjects()).isEqualTo(1);

        scenario.kill();
        scenario.stream("clicks").redefineAtNextStart();
        scenario.start();
        scenario.put("clicks", List.of("e", "f"));
        scenario.store().heal();
        scenario.drainsByItself();

        String lines = String.join("", scenario.objects("clicks").values());
        assertThat(lines)
                .contains("clicks0.1:b\n", "clicks0.2:c\n")
                .contains("1.0:e|clicks1.1:f\n");
    }

    /** Version 3 unpacks: one part that is made anew. Version 1 splits at each bar. */
    @Test
    void an_open_range_that_was_unpacked_is_finished_so_whatever_the_next_version_does()
            throws IOException {
        for (int versions = 1; versions <= 3; versions++) {
            Scenario scenario = Scenario.of(Shape.plain("clicks").withPartitions(20));
            scenario.stream("clicks").redefine();
            scenario.stream("clicks").redefine();
            scenario.put("clicks", List.of("a", "b"));
            scenario.put("clicks", List.of("", "c")); // has no key: it fails as it was put
            goesAway(scenario);
            scenario.flush("clicks");
            scenario.put("clicks", List.of("d", "e"));

            scenario.kill();
            for (int i = 0; i < versions; i++) {
                scenario.stream("clicks").redefineAtNextStart();
                scenario.start();
                if (i < versions - 1) {
                    scenario.kill();
                }
            }
            scenario.put("clicks", List.of("f", "g"));
            scenario.store().heal();
            scenario.drainsByItself(); // each piece once, those that failed without what was made

            assertThat(String.join("", scenario.objects("clicks").values()))
                    .contains("clicks0.0:a|clicks0.1:b~\n");
        }
    }

    @Test
    void a_stop_with_500_open_partitions_keeps_to_its_grace_of_10_s_and_loses_nothing()
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks").withPartitions(500));
        for (int i = 0; i < 500; i++) {
            String letters = "" + (char) ('a' + i / 26) + (char) ('a' + i % 26);
            scenario.put("clicks", List.of("k" + letters));
        }
        assertThat(scenario.lane("clicks").activePartitions()).isEqualTo(500);
        scenario.store().weather(Fate.SLOW, 1);

        Duration took = scenario.stop(Stopping.LAND_OPEN, Duration.ofSeconds(10));

        assertThat(took).isLessThanOrEqualTo(Duration.ofSeconds(10));
        int landed = scenario.objects("clicks").size();
        assertThat(landed).isLessThan(500);
        scenario.store().heal();
        scenario.start();
        scenario.drainsByItself();
        assertThat(scenario.objects("clicks")).as("one object per partition").hasSize(500);
    }

    @ParameterizedTest
    @EnumSource
    void a_stop_while_the_store_is_dead_keeps_to_its_grace_and_loses_nothing(Stopping how)
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks").withBackup());
        goesAway(scenario);
        scenario.put("clicks", 20);
        scenario.flush("clicks");
        scenario.put("clicks", 5);
        scenario.pass(MINUTE.multipliedBy(10));

        Duration took = scenario.stop(how, Duration.ofSeconds(10));

        assertThat(took).isLessThanOrEqualTo(Duration.ofSeconds(10));
        assertThat(scenario.objects("clicks")).isEmpty();
        scenario.start();
        scenario.pass(MINUTE);
        scenario.store().heal();
        scenario.drainsByItself();
    }

    @Test
    void a_stop_that_keeps_open_ranges_makes_no_small_object() throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"));
        for (int i = 0; i < 5; i++) {
            scenario.put("clicks", 2);
            scenario.stop(Stopping.KEEP_OPEN, Duration.ofSeconds(10));
            scenario.start();
        }

        assertThat(scenario.objects("clicks")).isEmpty();
        scenario.drainsByItself();
        assertThat(scenario.objects("clicks")).hasSize(1);
    }

    @Test
    void two_copies_of_a_data_directory_on_one_bucket_give_no_key_twice_and_lose_nothing()
            throws IOException {
        Scenario first = Scenario.of(Shape.plain("clicks"));
        first.put("clicks", 5);
        first.pass(MINUTE.multipliedBy(2));
        first.kill();
        Scenario second = first.onACopy(Shape.plain("clicks"));
        second.stream("clicks").oracle().begin(1000);

        first.start();
        second.start();
        for (int i = 0; i < 5; i++) {
            assertThat(first.put("clicks", 3)).isTrue();
            assertThat(second.put("clicks", 3)).isTrue();
            first.pass(MINUTE);
            second.pass(MINUTE);
        }

        assertThat(first.settled() && second.settled()).isTrue();
        // Had one key been given twice, the one would have met a stranger and stopped.
        assertThat(first.troubles("clicks") + second.troubles("clicks")).isEmpty();
        assertThat(first.objects("clicks")).hasSize(1 + 5 + 5);
        assertThat(recordsIn(first)).containsAll(first.stream("clicks").oracle().accepted());
        assertThat(recordsIn(first)).containsAll(second.stream("clicks").oracle().accepted());
    }

    @Test
    void a_restored_copy_of_the_data_directory_gives_other_keys_and_loses_nothing()
            throws IOException {
        Scenario first = Scenario.of(Shape.plain("clicks"));
        first.put("clicks", 5);
        Scenario restored = first.onACopy(Shape.plain("clicks"));
        restored.stream("clicks").oracle().begin(1000);
        first.put("clicks", 5);
        first.drainsByItself();
        Map<String, String> before = first.objects("clicks");
        Set<String> accepted = new HashSet<>(first.stream("clicks").oracle().accepted());
        first.kill();

        restored.start();
        restored.put("clicks", 3);
        restored.pass(MINUTE.multipliedBy(3));

        assertThat(restored.settled()).isTrue();
        assertThat(restored.objects("clicks"))
                .as("other keys beside those of the original, which stay as they are")
                .containsAllEntriesOf(before)
                .hasSizeGreaterThan(before.size());
        assertThat(recordsIn(restored))
                .containsAll(accepted)
                .containsAll(restored.stream("clicks").oracle().accepted());
    }

    private static List<String> recordsIn(Scenario scenario) {
        List<String> records = new ArrayList<>();
        for (String text : scenario.objects("clicks").values()) {
            for (String part : Oracle.partsInMain(text.getBytes(StandardCharsets.UTF_8))) {
                records.add(part.substring(0, part.indexOf('.')));
            }
        }
        return records;
    }

    @Test
    void a_kill_at_every_second_of_a_minute_loses_and_doubles_nothing() throws IOException {
        for (int second = 1; second <= 62; second += 3) {
            Scenario scenario = Scenario.of(Shape.plain("clicks").withBackup());
            for (int i = 0; i < second; i++) {
                scenario.put("clicks", 1);
                scenario.pass(Duration.ofSeconds(1));
            }
            scenario.killAndStart();

            scenario.drainsByItself();
            Set<ObjectName> names = scenario.store().visible().keySet();
            assertThat(names).as("no small objects").hasSizeLessThanOrEqualTo(4);
        }
    }
}
