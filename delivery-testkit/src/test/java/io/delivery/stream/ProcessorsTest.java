package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.lane.Books;
import io.delivery.partition.PartitionKeys;
import io.delivery.processing.BatchHints;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Incarnation;
import io.delivery.record.SequencedRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/**
 * A processor as its lane treats it: when it is called, opened and closed, and what it may not do.
 */
class ProcessorsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Lets records pass with the letters before their colon as key, or never answers. */
    private static final class Keyed implements Processor {
        private final List<String> life = new ArrayList<>();
        private final BatchHints hints;
        private boolean hangs;
        private int rests;
        private String trouble = "";

        Keyed(Duration interval) {
            this.hints = new BatchHints(2, 100, 1 << 20, interval, LIMIT);
        }

        @Override
        public BatchHints hints() {
            return hints;
        }

        @Override
        public void open(Incarnation stream) {
            life.add("open");
        }

        @Override
        public CompletionStage<List<Outcome>> process(List<? extends SequencedRecord> records) {
            life.add("batch of " + records.size());
            return hangs
                    ? new CompletableFuture<>()
                    : CompletableFuture.completedFuture(
                            records.stream().map(Keyed::outcome).toList());
        }

        private static Outcome outcome(DeliveryRecord record) {
            String text = record.toUtf8();
            String key = text.substring(0, text.indexOf(':'));
            return new Outcome.Ok(
                    record.toByteArray(), new PartitionKeys(Map.of(), Map.of("k", key)));
        }

        @Override
        public void rest() {
            rests++;
        }

        @Override
        public Optional<String> trouble() {
            return Optional.of(trouble).filter(it -> !it.isEmpty());
        }

        @Override
        public void close() {
            life.add("close");
        }
    }

    @Test
    void keys_from_a_processor_obey_the_limit_of_active_partitions() throws IOException {
        HintsWorld world = HintsWorld.keyedByProcessor(new Keyed(Duration.ZERO), 2);

        world.put("a:1");
        world.put("b:2");
        world.put("c:3");
        world.put("a:4");
        world.flush();

        assertThat(world.objects("p=")).hasSize(2);
        assertThat(world.objects("err/processing-failed/")).hasSize(1);
        Books books = world.lane().books();
        assertThat(books.landed()).isEqualTo(3);
        assertThat(books.errorOutput()).isEqualTo(1);
        assertThat(books.settled()).isTrue();
    }

    @Test
    void keys_from_a_processor_give_each_partition_a_buffer_with_the_size_hint()
            throws IOException {
        HintsWorld world = HintsWorld.keyedByProcessor(new Keyed(Duration.ZERO), 9);

        world.put("b:small");
        world.putBytes("a:", (1 << 20) + 1);
        world.pass(Duration.ofSeconds(1));

        // The full one has landed; the range, and with it the other buffer, is still open.
        assertThat(world.objects("p=a/")).hasSize(1);
        assertThat(world.objects("p=b/")).isEmpty();
        assertThat(world.lane().activePartitions()).isEqualTo(1);
    }

    @Test
    void a_processor_may_rest_when_everything_is_committed_and_nothing_has_come()
            throws IOException {
        Keyed processor = new Keyed(Duration.ZERO);
        HintsWorld world = HintsWorld.keyedByProcessor(processor, 9);

        world.put("a:1");
        world.pass(Duration.ofSeconds(1));
        assertThat(processor.rests).isZero();

        world.flush();
        assertThat(processor.rests).isPositive();
    }

    @Test
    void a_quiet_stream_gives_its_processor_batches_by_the_interval() throws IOException {
        Keyed processor = new Keyed(Duration.ofSeconds(5));
        HintsWorld world = HintsWorld.keyedByProcessor(processor, 9);

        for (int second = 0; second < 5; second++) {
            world.put("a:" + second);
            world.pass(Duration.ofSeconds(1));
        }
        world.pass(Duration.ofSeconds(2));

        assertThat(processor.life).containsExactly("open", "batch of 5");
        assertThat(world.lane().books().buffered()).isEqualTo(5);
        assertThat(world.lane().books().balanced()).isTrue();
    }

    @Test
    void an_answer_that_never_comes_holds_a_seal_up_for_no_longer_than_the_limit()
            throws IOException {
        Keyed processor = new Keyed(Duration.ZERO);
        HintsWorld world = HintsWorld.keyedByProcessor(processor, 9);
        world.put("a:1");
        processor.hangs = true;
        world.put("a:2");

        world.pass(Duration.ofSeconds(60).plus(LIMIT).plusSeconds(1));

        assertThat(world.objects("p=a/")).hasSize(1);
        assertThat(world.objects("err/processing-failed/")).hasSize(1);
        assertThat(world.lane().books().settled()).isTrue();
        assertThat(world.troubles()).isEmpty();
    }

    @Test
    void records_that_are_with_a_processor_when_the_process_dies_are_processed_again()
            throws IOException {
        Keyed processor = new Keyed(Duration.ZERO);
        HintsWorld world = HintsWorld.keyedByProcessor(processor, 9);
        processor.hangs = true;
        world.put("a:1");
        assertThat(world.lane().books().buffered()).isEqualTo(1);

        processor.hangs = false;
        world.killAndRestart();
        world.flush();

        assertThat(world.objects("p=a/")).hasSize(1);
        assertThat(world.lane().books().landed()).isEqualTo(1);
    }

    @Test
    void a_processor_is_closed_once_another_definition_is_in_force() throws IOException {
        Keyed first = new Keyed(Duration.ZERO);
        HintsWorld world = HintsWorld.keyedByProcessor(first, 9);
        world.put("a:1");
        first.life.clear();
        Keyed second = new Keyed(Duration.ZERO);

        CompletableFuture<Integer> changed = world.changeDefinition("another", second);
        world.put("a:2");

        assertThat(changed).isCompletedWithValue(2);
        assertThat(first.life).containsExactly("close");
        assertThat(second.life).containsExactly("open", "batch of 1");
    }

    @Test
    void a_processor_of_a_definition_that_was_overtaken_is_closed_and_never_opened()
            throws IOException {
        Keyed first = new Keyed(Duration.ofSeconds(50));
        HintsWorld world = HintsWorld.keyedByProcessor(first, 9);
        world.put("a:1");
        first.hangs = true; // its range cannot be sealed, and no definition take effect
        Keyed second = new Keyed(Duration.ZERO);
        Keyed third = new Keyed(Duration.ZERO);

        world.changeDefinition("second", second);
        world.changeDefinition("third", third);
        world.pass(LIMIT.plusSeconds(1));

        assertThat(second.life).containsExactly("close");
        assertThat(third.life).containsExactly("open");
        assertThat(first.life).containsExactly("open", "batch of 1", "close");
    }

    @Test
    void what_is_wrong_with_a_processor_is_a_trouble_of_the_stream_until_it_says_otherwise()
            throws IOException {
        Keyed processor = new Keyed(Duration.ZERO);
        HintsWorld world = HintsWorld.keyedByProcessor(processor, 9);

        processor.trouble = "function enrich: its last 10 records failed";
        world.put("a:1");
        assertThat(world.troubles()).containsExactly("function enrich: its last 10 records failed");
        processor.trouble = "function enrich: its last 11 records failed";
        world.put("a:2");
        assertThat(world.troubles()).containsExactly("function enrich: its last 11 records failed");
        processor.trouble = "";
        world.put("a:3");
        assertThat(world.troubles()).isEmpty();
    }

    @Test
    void a_trouble_of_a_processor_that_is_over_goes_away_while_no_record_comes()
            throws IOException {
        Keyed processor = new Keyed(Duration.ZERO);
        HintsWorld world = HintsWorld.keyedByProcessor(processor, 9);
        processor.trouble = "function enrich: it cannot be reached";
        world.put("a:1");
        world.flush();
        world.pass(Duration.ofSeconds(5));
        assertThat(world.troubles()).containsExactly("function enrich: it cannot be reached");

        processor.trouble = "";
        world.pass(Duration.ofSeconds(2));

        assertThat(world.troubles()).isEmpty();
    }

    @Test
    void what_was_wrong_with_a_processor_is_no_trouble_under_another_definition()
            throws IOException {
        Keyed first = new Keyed(Duration.ZERO);
        HintsWorld world = HintsWorld.keyedByProcessor(first, 9);
        first.trouble = "function enrich: its last 10 records failed";
        world.put("a:1");

        world.changeDefinition("another", new Keyed(Duration.ZERO));

        assertThat(world.troubles()).isEmpty();
    }

    @Test
    void what_is_wrong_with_what_both_definitions_share_stays_a_trouble() throws IOException {
        Keyed first = new Keyed(Duration.ZERO);
        HintsWorld world = HintsWorld.keyedByProcessor(first, 9);
        first.trouble = "function enrich: it cannot be reached";
        world.put("a:1");
        Keyed second = new Keyed(Duration.ZERO);
        second.trouble = first.trouble;

        world.changeDefinition("another", second);

        assertThat(world.troubles()).containsExactly("function enrich: it cannot be reached");
    }

    @Test
    void a_processor_is_closed_when_the_stream_stops() throws IOException {
        Keyed processor = new Keyed(Duration.ofSeconds(50));
        HintsWorld world = HintsWorld.keyedByProcessor(processor, 9);
        world.put("a:1");

        world.stop(Stopping.LAND_OPEN);

        assertThat(processor.life)
                .startsWith("open", "batch of 1", "close")
                .containsOnlyOnce("open", "batch of 1"); // what is closed may be closed again
        assertThat(world.objects("p=a/")).hasSize(1);
    }
}
