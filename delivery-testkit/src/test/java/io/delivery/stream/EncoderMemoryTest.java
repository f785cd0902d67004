package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.MemoryNeededException;
import io.delivery.format.RecordEncoder;
import io.delivery.format.RecordSource;
import io.delivery.format.RejectedRecords;
import io.delivery.lane.Books;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Objects of tables so wide that nobody knows what they take before their table is seen. */
class EncoderMemoryTest {
    private static final long OF_A_NARROW_TABLE = 64L << 20;

    /** Sees its table only when it encodes, as converters do. */
    private static final class OfATable extends HintsWorld.Plain {
        private final List<Long> reserved = new ArrayList<>();
        private long needed;
        private long known = OF_A_NARROW_TABLE;

        OfATable(long needed) {
            this.needed = needed;
        }

        @Override
        public long memoryBytes() {
            return known;
        }

        @Override
        public RecordEncoder encoder(long memoryBytes) {
            return (records, out, rejected) -> {
                reserved.add(memoryBytes);
                encode(memoryBytes, records, out, rejected);
            };
        }

        private void encode(
                long memoryBytes, RecordSource records, OutputStream out, RejectedRecords rejected)
                throws IOException {
            known = needed;
            if (needed > memoryBytes) {
                throw new MemoryNeededException(needed, "convert: db.wide has 9,000 columns");
            }
            super.encode(records, out, rejected);
        }
    }

    private static HintsWorld world(OfATable encoder) throws IOException {
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
    void an_object_that_needs_more_than_was_reserved_gets_it_at_once() throws IOException {
        OfATable encoder = new OfATable(200L << 20);
        HintsWorld world = world(encoder);
        world.put("a");

        world.flush();

        assertThat(encoder.reserved).containsExactly(OF_A_NARROW_TABLE, 200L << 20);
        assertLanded(world, 1);
    }

    @Test
    void what_is_known_of_the_table_is_reserved_for_the_next_object() throws IOException {
        OfATable encoder = new OfATable(200L << 20);
        HintsWorld world = world(encoder);
        world.put("a");
        world.flush();
        encoder.reserved.clear();

        world.put("b");
        world.flush();

        assertThat(encoder.reserved).containsExactly(200L << 20);
        assertLanded(world, 2);
    }

    @Test
    void a_table_that_can_never_have_its_memory_waits_and_says_what_to_change() throws IOException {
        OfATable encoder = new OfATable(3L << 30);
        HintsWorld world = world(encoder);
        world.put("a");

        world.pass(Duration.ofSeconds(70));

        assertThat(world.troubles())
                .singleElement()
                .asString()
                .contains(
                        "convert: db.wide has 9,000 columns: an encoder needs 3 GB of memory for"
                                + " it, and one can have 1 GB; start Java with a larger -Xmx, or"
                                + " lower the memory limit");
        assertThat(encoder.reserved).allMatch(bytes -> bytes <= HintsWorld.LARGEST_ENCODER);
        assertThat(world.objects("")).isEmpty();
    }

    @Test
    void such_a_table_takes_no_memory_from_other_streams_while_it_waits() throws IOException {
        OfATable encoder = new OfATable(3L << 30);
        HintsWorld world = world(encoder);
        world.put("a");

        world.pass(Duration.ofSeconds(70));

        assertThat(encoder.reserved).hasSizeGreaterThan(5).startsWith(OF_A_NARROW_TABLE);
        assertThat(encoder.reserved.subList(1, encoder.reserved.size())).containsOnly(0L);
    }

    @Test
    void it_takes_all_memory_once_where_its_table_was_known_before() throws IOException {
        OfATable encoder = new OfATable(3L << 30);
        encoder.known = encoder.needed;
        HintsWorld world = world(encoder);
        world.put("a");

        world.pass(Duration.ofSeconds(70));

        assertThat(encoder.reserved)
                .hasSizeGreaterThan(5)
                .startsWith(HintsWorld.LARGEST_ENCODER, 0L);
        assertThat(encoder.reserved).containsOnlyOnce(HintsWorld.LARGEST_ENCODER);
    }

    @Test
    void the_error_output_takes_none_of_the_encoders_memory() throws IOException {
        int[] asked = new int[1];
        HintsWorld world = HintsWorld.of(1, 60);
        world.encodeWith(
                new HintsWorld.Plain() {
                    @Override
                    public long memoryBytes() {
                        asked[0]++;
                        return OF_A_NARROW_TABLE;
                    }

                    @Override
                    public RecordEncoder encoder(long memoryBytes) {
                        assertThat(memoryBytes).isEqualTo(OF_A_NARROW_TABLE);
                        return new HintsWorld.Refusing();
                    }
                });
        world.killAndRestart();
        world.put("a");

        world.flush();

        assertThat(world.objects("")).as("one of errors").hasSize(1);
        assertThat(asked[0]).as("groups of records").isEqualTo(1);
    }

    @Test
    void such_a_table_lands_when_it_has_become_narrower() throws IOException {
        OfATable encoder = new OfATable(3L << 30);
        HintsWorld world = world(encoder);
        world.put("a");
        world.pass(Duration.ofSeconds(70));

        encoder.needed = OF_A_NARROW_TABLE;
        world.pass(Duration.ofSeconds(5));

        assertLanded(world, 1);
    }

    @Test
    void so_does_one_that_was_restarted_with_more_memory() throws IOException {
        OfATable encoder = new OfATable(3L << 30);
        HintsWorld world = world(encoder);
        world.put("a");
        world.pass(Duration.ofSeconds(70));

        world.encodeWith(new OfATable(HintsWorld.LARGEST_ENCODER));
        world.killAndRestart();
        world.flush();

        assertLanded(world, 1);
    }
}
