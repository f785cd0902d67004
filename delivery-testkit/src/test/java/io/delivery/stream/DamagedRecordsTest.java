package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.lane.Books;
import io.delivery.processing.RecordSplitter;
import io.delivery.record.DeliveryRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DamagedRecordsTest {
    private static final Duration INTERVAL = Duration.ofSeconds(61);

    @Test
    void what_is_behind_damage_lands_and_the_loss_is_in_the_books() throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        world.put("in front");
        world.put("lost");
        world.put("behind");
        world.pass(Duration.ofSeconds(2));

        world.killDamageAndRestart("lost");
        world.pass(INTERVAL);

        Books books = world.lane().books();
        assertThat(books.damaged()).isEqualTo(1);
        assertThat(books.landed()).isEqualTo(2);
        assertThat(books.balanced()).isTrue();
        assertThat(books.settled()).isTrue();
        assertThat(world.objects("main/")).containsExactly("in frontbehind".length());
    }

    @Test
    void a_loss_at_the_end_of_the_journal_is_committed_although_no_record_follows()
            throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        world.put("landed before");
        world.pass(INTERVAL);
        assertThat(world.lane().books().landed()).isEqualTo(1);
        world.put("lost");
        world.pass(Duration.ofSeconds(2));

        world.killDamageAndRestart("lost");
        world.pass(Duration.ofSeconds(1));
        assertThat(world.lane().books().balanced()).isTrue();
        assertThat(world.lane().books().settled()).isFalse();
        world.pass(INTERVAL);

        Books books = world.lane().books();
        assertThat(books.damaged()).isEqualTo(1);
        assertThat(books.balanced()).isTrue();
        assertThat(books.settled()).isTrue();
        world.put("behind");
        world.pass(INTERVAL);
        assertThat(world.lane().books().landed()).isEqualTo(2);
        assertThat(world.lane().books().settled()).isTrue();
    }

    @Test
    void the_oldest_record_that_waits_is_told_although_its_range_begins_with_damage()
            throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        world.put("lost");
        world.pass(Duration.ofSeconds(5));
        world.put("waits");
        world.pass(Duration.ofSeconds(2));
        long oldest = world.lane().oldestMillis() + 5000;

        world.killDamageAndRestart("lost");
        world.storeRefuses();
        world.pass(Duration.ofSeconds(1));
        assertThat(world.lane().oldestMillis()).as("open").isEqualTo(oldest);
        world.pass(INTERVAL);

        assertThat(world.lane().waitingObjects()).isEqualTo(1);
        assertThat(world.lane().oldestMillis()).as("sealed").isEqualTo(oldest);
    }

    @Test
    void a_journal_older_than_its_lane_goes_on_above_it_and_what_objects_hold_stays_settled()
            throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 10, 300L << 20);
        world.put("a:first");
        world.pass(Duration.ofSeconds(2));
        Map<Path, byte[]> older = world.copyOfJournal();
        world.putBytes("b:", 1 << 20);
        assertThat(world.objects("p=b/")).as("closed by its size").hasSize(1);

        world.killRestoreAndRestart(older);
        world.put("a:second");
        world.pass(INTERVAL);

        Books books = world.lane().books();
        assertThat(books.accepted()).as("16 of b, and no sequence twice").isEqualTo(18);
        assertThat(books.landed()).isEqualTo(18);
        assertThat(books.damaged()).isZero();
        assertThat(books.balanced()).isTrue();
        assertThat(books.settled()).isTrue();
        assertThat(world.objects("p=b/")).hasSize(1);
        assertThat(world.objects("p=a/")).containsExactly("a:firsta:second".length());
    }

    @Test
    void a_journal_that_is_gone_costs_what_no_object_holds() throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 10, 300L << 20);
        world.put("a:first");
        world.putBytes("b:", 1 << 20);
        assertThat(world.objects("p=b/")).as("closed by its size").hasSize(1);

        world.killRestoreAndRestart(Map.of());
        world.pass(INTERVAL);

        Books books = world.lane().books();
        assertThat(books.landed()).isEqualTo(16);
        assertThat(books.damaged()).isEqualTo(1);
        assertThat(books.balanced()).isTrue();
        assertThat(books.settled()).isTrue();
    }

    /** Parts between commas. */
    private static final RecordSplitter COMMAS =
            new RecordSplitter() {
                @Override
                public String identity() {
                    return "commas/1";
                }

                @Override
                public void split(DeliveryRecord record, PartSink parts) {
                    for (String part : record.toUtf8().split(",")) {
                        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                        parts.part(bytes, 0, bytes.length);
                    }
                }
            };

    @Test
    void what_follows_damage_in_a_range_is_split_as_the_range_was_begun() throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 10, 300L << 20);
        world.put("a:first");
        world.putBytes("b:", (1 << 20) - 100);
        world.put("b:lost" + "x".repeat(200));
        assertThat(world.objects("p=b/")).as("closed by its size").hasSize(1);
        world.put("a:behind,a:it");
        world.pass(Duration.ofSeconds(2));

        world.splitWith(COMMAS);
        world.killDamageAndRestart("b:lost");
        world.pass(INTERVAL);
        assertThat(world.lane().books().split()).isZero();
        world.put("a:new,a:er");
        world.pass(INTERVAL);

        Books books = world.lane().books();
        assertThat(books.split()).isEqualTo(1);
        assertThat(books.damaged()).isZero();
        assertThat(books.balanced()).isTrue();
        assertThat(books.settled()).isTrue();
        assertThat(world.objects("p=a/"))
                .containsExactly("a:firsta:behind,a:it".length(), "a:newa:er".length());
    }
}
