package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.MemoryNeededException;
import io.delivery.format.RecordEncoder;
import io.delivery.lane.Books;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Objects whose encoder has to wait for somebody, such as a catalog, before it can begin. */
class EncoderWaitTest {
    private static final long NARROW = 64L << 20;
    private static final long WIDE = 200L << 20;

    /** Its table comes from somebody who takes his time. */
    private static final class OfASlowTable extends HintsWorld.Plain {
        private final List<CompletableFuture<Void>> awaited = new ArrayList<>();
        private final List<Long> reserved = new ArrayList<>();
        private long known = NARROW;
        private long needed = NARROW;

        @Override
        public CompletionStage<Void> ready() {
            CompletableFuture<Void> answer = new CompletableFuture<>();
            awaited.add(answer);
            return answer;
        }

        @Override
        public long memoryBytes() {
            return known;
        }

        @Override
        public RecordEncoder encoder(long memoryBytes) {
            return (records, out, rejected) -> {
                reserved.add(memoryBytes);
                known = needed;
                if (needed > memoryBytes) {
                    throw new MemoryNeededException(needed, "convert: db.wide");
                }
                encode(records, out, rejected);
            };
        }

        void answer() {
            awaited.forEach(answer -> answer.complete(null));
            awaited.clear();
        }
    }

    private final OfASlowTable encoder = new OfASlowTable();

    private HintsWorld world() throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        world.encodeWith(encoder);
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
    void no_encoder_is_taken_before_it_can_begin() throws IOException {
        HintsWorld world = world();
        world.put("a");
        world.seal();
        world.pass(Duration.ofSeconds(1));

        assertThat(encoder.awaited).hasSize(1);
        assertThat(encoder.reserved).isEmpty();
        assertThat(world.objects("")).isEmpty();

        encoder.answer();
        world.pass(Duration.ofSeconds(1));
        assertThat(encoder.reserved).containsExactly(NARROW);
        assertLanded(world, 1);
    }

    @Test
    void the_lane_goes_on_accepting_and_reading_meanwhile() throws IOException {
        HintsWorld world = world();
        world.put("a");
        world.seal();
        world.pass(Duration.ofSeconds(1));

        world.put("b");
        world.seal();
        world.pass(Duration.ofSeconds(1));
        assertThat(encoder.awaited).as("one for each object").hasSize(2);

        encoder.answer();
        world.pass(Duration.ofSeconds(1));
        assertLanded(world, 2);
    }

    @Test
    void what_became_known_while_it_waited_is_reserved() throws IOException {
        HintsWorld world = world();
        world.put("a");
        world.seal();
        world.pass(Duration.ofSeconds(1));

        encoder.known = WIDE;
        encoder.needed = WIDE;
        encoder.answer();
        world.pass(Duration.ofSeconds(1));

        assertThat(encoder.reserved).containsExactly(WIDE);
        assertLanded(world, 1);
    }

    @Test
    void a_table_that_has_become_wide_gets_its_memory_without_another_wait() throws IOException {
        HintsWorld world = world();
        world.put("a");
        world.seal();
        world.pass(Duration.ofSeconds(1));

        encoder.needed = WIDE;
        encoder.answer();
        world.pass(Duration.ofSeconds(1));

        assertThat(encoder.reserved).containsExactly(NARROW, WIDE);
        assertThat(encoder.awaited).isEmpty();
        assertLanded(world, 1);
    }

    @Test
    void a_stream_that_stops_meanwhile_encodes_nothing_and_loses_nothing() throws IOException {
        HintsWorld world = world();
        world.put("a");
        world.seal();
        world.pass(Duration.ofSeconds(1));

        world.stop(Stopping.KEEP_OPEN);
        encoder.answer();
        world.pass(Duration.ofSeconds(1));
        assertThat(encoder.reserved).isEmpty();
        assertThat(world.usedMemory()).isZero();

        world.encodeWith(new HintsWorld.Plain());
        world.killAndRestart();
        world.flush();
        assertThat(world.objects("")).hasSize(1);
        assertLanded(world, 1);
    }
}
