package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.RecordEncoder;
import io.delivery.format.RecordSource;
import io.delivery.format.RejectedRecords;
import io.delivery.lane.Books;
import io.delivery.processing.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Records that cannot be encoded under a definition land once that is corrected. */
class ChangedWhileItFailsTest {
    private static final Predicate<String> READ_AGAIN =
            trouble -> trouble.contains("records are read again");

    /** Cannot encode records that begin so, whatever it is asked: its table is not there. */
    private static final class WithoutTable extends HintsWorld.Plain {
        private final String unlucky;
        private int failures;

        WithoutTable(String unlucky) {
            this.unlucky = unlucky;
        }

        @Override
        public RecordEncoder encoder() {
            return this;
        }

        @Override
        public void encode(RecordSource records, OutputStream out, RejectedRecords rejected)
                throws IOException {
            super.encode(
                    () -> {
                        var record = records.next();
                        if (record != null && record.toUtf8().startsWith(unlucky)) {
                            failures++;
                            throw new IOException("no schema of db.wrong");
                        }
                        return record;
                    },
                    out,
                    rejected);
        }
    }

    private static HintsWorld world(String unlucky) throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 50, 300L << 20);
        world.encodeWith(new WithoutTable(unlucky));
        world.killAndRestart();
        return world;
    }

    private static void assertLanded(HintsWorld world, long records) {
        Books books = world.lane().books();
        assertThat(books.landed()).isEqualTo(records);
        assertThat(books.settled()).isTrue();
        assertThat(world.troubles()).isEmpty();
    }

    @Test
    void all_of_a_range_is_read_again_under_the_changed_definition() throws IOException {
        HintsWorld world = world("");
        world.put("a:1");
        world.put("b:2");
        world.pass(Duration.ofSeconds(70));
        assertThat(world.troubles()).singleElement().asString().contains("no schema of db.wrong");

        world.encodeWith(new HintsWorld.Plain());
        CompletableFuture<Integer> changed = world.changeDefinition("corrected");
        world.pass(Duration.ofSeconds(70));

        assertThat(changed).isCompletedWithValue(2);
        assertLanded(world, 2);
    }

    @Test
    void what_has_landed_of_the_range_does_not_land_again() throws IOException {
        HintsWorld world = world("b");
        world.put("b:waits");
        world.putBytes("a:", (1 << 20) + 100);
        world.pass(Duration.ofSeconds(70));
        assertThat(world.objects("")).isNotEmpty();

        world.encodeWith(new HintsWorld.Plain());
        world.changeDefinition("corrected");
        world.put("c:new");
        world.flush();

        assertLanded(world, 17 + 2);
    }

    @Test
    void records_behind_the_correction_do_not_wait_either() throws IOException {
        HintsWorld world = world("");
        world.put("a:1");
        world.pass(Duration.ofSeconds(70));
        world.put("a:2");
        world.pass(Duration.ofSeconds(70));
        world.put("a:3");

        world.encodeWith(new HintsWorld.Plain());
        world.changeDefinition("corrected");
        world.put("a:4");
        world.flush();

        assertLanded(world, 4);
    }

    @Test
    void a_definition_that_is_no_better_goes_on_failing_and_the_next_one_is_taken()
            throws IOException {
        HintsWorld world = world("");
        world.put("a:1");
        world.pass(Duration.ofSeconds(70));

        world.changeDefinition("as wrong");
        world.pass(Duration.ofSeconds(70));
        assertThat(world.troubles()).anyMatch(trouble -> trouble.contains("no schema"));
        world.encodeWith(new HintsWorld.Plain());
        world.changeDefinition("right");
        world.flush();

        assertLanded(world, 1);
    }

    @Test
    void nothing_is_a_trouble_any_more_when_the_corrected_definition_drops_the_records()
            throws IOException {
        HintsWorld world = world("");
        world.put("a:1");
        world.pass(Duration.ofSeconds(70));

        world.changeDefinition(
                "drops",
                records ->
                        CompletableFuture.completedFuture(
                                records.stream()
                                        .map(record -> (Outcome) new Outcome.Dropped())
                                        .toList()));
        world.pass(Duration.ofSeconds(70));

        assertThat(world.lane().books().dropped()).isEqualTo(1);
        assertLanded(world, 0);
    }

    @Test
    void a_repair_that_fails_lets_the_definition_that_waits_take_effect_at_once()
            throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 50, 300L << 20);
        world.storeRefuses();
        world.put("a:1");
        world.pass(Duration.ofSeconds(61));
        world.nextStagedRots(List.of());
        world.storeComesBack();
        world.encodeWith(new WithoutTable(""));
        world.killAndRestart();
        world.pass(Duration.ofHours(1)); // the key of what rotted is given up meanwhile
        world.put("b:2"); // the open range ends in a minute
        assertThat(world.troubles()).anyMatch(trouble -> trouble.contains("no schema"));

        world.encodeWith(new HintsWorld.Plain());
        CompletableFuture<Integer> changed = world.changeDefinition("corrected");
        world.pass(Duration.ofSeconds(10));

        assertThat(changed).isCompletedWithValue(2);
        assertThat(world.lane().books().landed()).isEqualTo(1);
        world.flush();
        assertLanded(world, 2);
    }

    @Test
    void a_lane_that_has_stopped_stays_stopped_whatever_fails_late() throws IOException {
        int failedLate = 0;
        // Whether the attempt fails before or behind the stop is drawn anew in each world.
        for (int records = 1; records <= 30; records++) {
            WithoutTable encoder = new WithoutTable("");
            HintsWorld world = HintsWorld.partitioned(1, 60, 50, 300L << 20);
            world.encodeWith(encoder);
            world.killAndRestart();
            for (int i = 0; i < records; i++) {
                world.put("a:" + i);
            }
            world.pass(Duration.ofSeconds(70));
            world.changeDefinition("as wrong");
            world.advance(Duration.ofSeconds(1));
            int before = encoder.failures;

            world.stop(Stopping.KEEP_OPEN);
            world.pass(Duration.ofMinutes(2));

            boolean failed = encoder.failures > before;
            failedLate += failed && world.troubles().stream().noneMatch(READ_AGAIN) ? 1 : 0;
            world.encodeWith(new HintsWorld.Plain());
            world.killAndRestart();
            world.flush();
            assertLanded(world, records);
        }
        assertThat(failedLate).isPositive();
    }
}
