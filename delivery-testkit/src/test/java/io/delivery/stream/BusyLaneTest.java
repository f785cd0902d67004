package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.lane.LaneStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is seen of a lane while it is inside one slow step. */
class BusyLaneTest {
    private final List<StreamStatus> seen = new ArrayList<>();
    private HintsWorld world;

    private Map<String, String> slow(String text) {
        if (text.startsWith("slow")) {
            world.passWithinStep(Duration.ofSeconds(35));
            seen.add(world.status());
        }
        return Map.of("k", "k");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void records_that_wait_behind_a_slow_one_are_accepted_buffered_and_old() throws IOException {
        world = HintsWorld.partitionedBy(record -> slow(record.toUtf8()));
        long arrival = world.millis();

        world.put(bytes("slow"), bytes("second"), bytes("third"));

        LaneStatus lane = seen.get(0).lanes().get(0);
        assertThat(lane.books().accepted()).isEqualTo(3);
        assertThat(lane.books().buffered()).isEqualTo(3);
        assertThat(lane.books().balanced()).isTrue();
        assertThat(lane.oldestMillis()).isEqualTo(arrival);
    }

    @Test
    void a_step_that_takes_long_is_told_until_it_ends() throws IOException {
        world = HintsWorld.partitionedBy(record -> slow(record.toUtf8()));

        world.put("slow");

        assertThat(seen.get(0).healthy()).isFalse();
        assertThat(seen.get(0).troubles())
                .singleElement()
                .asString()
                .contains("lane main-1 has been busy with one step for 35 s; 1 records wait");
        assertThat(world.status().troubles()).isEmpty();
    }

    @Test
    void freshness_counts_from_the_oldest_record_also_after_a_restart() throws IOException {
        world = HintsWorld.partitionedBy(record -> slow(record.toUtf8()));
        world.put("slow");
        long arrival = world.millis() - 35_000;
        world.kill();
        seen.clear();

        world.passWithinStep(Duration.ofMinutes(5));
        world.killAndRestart();
        world.pass(Duration.ofSeconds(1));

        assertThat(seen.get(0).lanes().get(0).oldestMillis()).isEqualTo(arrival);
        assertThat(seen.get(0).lanes().get(0).books().accepted()).isEqualTo(1);
    }

    @Test
    void between_two_steps_nothing_is_old() throws IOException {
        world = HintsWorld.partitionedBy(record -> slow(record.toUtf8()));
        world.put("quick");
        world.flush();

        LaneStatus lane = world.lane();

        assertThat(lane.oldestMillis()).isZero();
        assertThat(lane.books().settled()).isTrue();
    }
}
