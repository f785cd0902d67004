package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.Limits;
import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordSource;
import io.delivery.format.RejectedRecords;
import io.delivery.processing.RecordSplitter;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.SequencedRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A stream is never locked by what it has written itself. */
class FullDiskTest {
    private static final long SMALLEST = Limits.JOURNAL_FLOOR_BYTES + Limits.LANE_FLOOR_BYTES;
    private static final int LARGEST_RECORD = 1000 << 10;
    private static final int PARTS = 500;

    /** Every record becomes 500 parts, and all of them fail. */
    private static final RecordSplitter FAILING =
            new RecordSplitter() {
                @Override
                public String identity() {
                    return "failing/1";
                }

                @Override
                public void split(DeliveryRecord record, PartSink parts) {
                    Failure failure =
                            new Failure(Failure.Kind.PROCESSING_FAILED, "Bad", "m".repeat(300));
                    int length = record.length() / PARTS;
                    for (int i = 0; i < PARTS; i++) {
                        parts.failed(record.array(), record.offset() + i * length, length, failure);
                    }
                }
            };

    private static byte[] largest(int fill) {
        byte[] record = new byte[LARGEST_RECORD];
        Arrays.fill(record, (byte) fill);
        return record;
    }

    @Test
    void on_the_smallest_disk_records_that_become_500_failing_parts_each_drain_again_and_again()
            throws IOException {
        HintsWorld world = HintsWorld.onDisk(SMALLEST, FAILING);
        int accepted = 0;

        for (int round = 0; round < 3; round++) {
            world.storeGoesAway();
            while (world.tryPut(largest(round))) {
                accepted++;
            }
            assertThat(world.tryPut(largest(9))).as("full, and it says so").isFalse();
            world.storeComesBack();
            world.flush();

            assertThat(world.lane().books().buffered()).as("round %d", round).isZero();
            assertThat(world.tryPut(largest(round))).as("it takes records again").isTrue();
            accepted++;
        }

        world.flush();
        assertThat(accepted).isGreaterThan(12);
        assertThat(world.lane().books().errorOutput()).isGreaterThanOrEqualTo(accepted * 500L);
        assertThat(world.lane().books().settled()).isTrue();
    }

    @Test
    void a_process_that_was_killed_on_a_full_disk_starts_and_lands_what_it_has()
            throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        world.put("known to be durable");
        world.put("perhaps");
        world.kill();
        world.disk().fullAfter(0);

        world.killAndRestart();
        world.flush();

        assertThat(world.lane().books().landed()).isEqualTo(2);
        assertThat(world.lane().books().settled()).isTrue();
    }

    @Test
    void what_a_lane_reads_never_outgrows_its_room_however_much_is_unread() throws IOException {
        HintsWorld world = HintsWorld.onDisk(SMALLEST, FAILING);
        world.storeGoesAway();

        long most = 0;
        while (world.tryPut(largest(1))) {
            most = Math.max(most, world.lane().stagingBytes() + world.lane().spoolBytes());
        }

        assertThat(most).isLessThanOrEqualTo(Limits.LANE_FLOOR_BYTES);
    }

    @Test
    void a_disk_limit_that_was_lowered_under_an_open_range_locks_nobody() throws IOException {
        HintsWorld world = HintsWorld.onDisk(2L << 30, FAILING);
        for (int i = 0; i < 60; i++) {
            assertThat(world.tryPut(largest(i))).isTrue();
        }
        assertThat(world.lane().books().buffered()).isPositive();

        world.killAndRestart(SMALLEST);

        world.flush();
        assertThat(world.lane().books().buffered()).isZero();
        assertThat(world.lane().books().errorOutput()).isEqualTo(60 * 500);
        assertThat(world.tryPut(largest(1))).isTrue();
    }

    @Test
    void on_the_smallest_disk_a_stream_none_of_whose_records_converts_drains_through_its_floor()
            throws IOException {
        for (int length : new int[] {100, 5_000, LARGEST_RECORD}) {
            HintsWorld world = HintsWorld.convertingNothing(SMALLEST);
            world.storeGoesAway();
            byte[][] call = new byte[Math.min(200, (2 << 20) / length)][length];
            long accepted = 16; // by the outage
            while (world.tryPut(call)) {
                accepted += call.length;
                staysWithinItsFloor(world);
            }
            assertThat(accepted * length).as("a full journal").isGreaterThan(8L << 20);

            if (length == 5_000) {
                world.killAndRestart();
            }
            world.storeComesBack();
            world.flush();

            staysWithinItsFloor(world);
            assertThat(world.lane().books().buffered()).isZero();
            assertThat(world.lane().books().errorOutput()).isEqualTo(accepted);
            assertThat(world.lane().books().settled()).isTrue();
            assertThat(world.verify()).isEmpty();
            assertThat(world.tryPut(call)).as("it takes records again").isTrue();
        }
    }

    @Test
    void error_output_lands_in_pieces_when_there_is_no_room_for_all_of_it() throws IOException {
        HintsWorld world = HintsWorld.convertingNothing(SMALLEST);
        world.storeRefuses();
        for (int i = 0; i < 4; i++) {
            assertThat(world.tryPut(new byte[100][5_000])).isTrue();
        }
        world.seal();
        assertThat(world.lane().books().buffered()).isEqualTo(400);
        assertThat(world.staged()).isNotEmpty();
        staysWithinItsFloor(world);

        world.storeComesBack();
        world.pass(Duration.ofMinutes(3));

        assertThat(world.lane().books().buffered()).isZero();
        assertThat(world.objects("err/")).hasSizeGreaterThan(2);
        assertThat(world.verify()).isEmpty();
    }

    @Test
    void an_encoder_that_meets_a_disk_that_others_filled_gets_the_room_of_what_has_landed()
            throws IOException {
        for (EncoderFactory encoder :
                List.of(
                        new HintsWorld.Plain(),
                        new Telling(failed -> new IOException("of the library", failed)),
                        new Telling(UncheckedIOException::new),
                        new Telling(failed -> new IllegalStateException("of the library")),
                        new Telling(failed -> null))) {
            HintsWorld world = HintsWorld.partitioned(1, 60, 50, 300L << 20);
            world.encodeWith(encoder);
            world.killAndRestart();
            world.putBytes("a:", 1 << 20);
            world.pass(Duration.ofSeconds(5));
            assertThat(world.objects("p=a/")).as("landed").containsExactly(1 << 20);
            assertThat(world.staged()).as("not committed, because its range is open").hasSize(1);

            world.putBytes("b:", 512 << 10);
            world.disk().fullAfter(256 << 10);
            world.flush();

            assertThat(world.objects("p=b/")).containsExactly(512 << 10);
            assertThat(world.objects("p=a/")).containsExactly(1 << 20);
            assertThat(world.lane().books().landed()).isEqualTo(24);
            assertThat(world.lane().books().settled()).isTrue();
            assertThat(world.troubles()).isEmpty();
            assertThat(world.verify()).isEmpty();
        }
    }

    /** Tells of a failed disk as some libraries do: in their own words, or not at all. */
    private static final class Telling extends HintsWorld.Plain {
        private final Function<IOException, Exception> words;

        Telling(Function<IOException, Exception> words) {
            this.words = words;
        }

        @Override
        public void encode(RecordSource records, OutputStream out, RejectedRecords rejected)
                throws IOException {
            for (SequencedRecord r = records.next(); r != null; r = records.next()) {
                try {
                    out.write(r.array(), r.offset(), r.length());
                } catch (IOException failed) {
                    Exception told = words.apply(failed);
                    if (told instanceof IOException checked) {
                        throw checked;
                    }
                    if (told instanceof RuntimeException unchecked) {
                        throw unchecked;
                    }
                }
            }
        }
    }

    @Test
    void an_encoder_whose_own_files_meet_a_full_disk_turns_no_record_into_an_error()
            throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        int[] attempts = {0};
        world.encodeWith(
                new HintsWorld.Plain() {
                    @Override
                    public void encode(
                            RecordSource records, OutputStream out, RejectedRecords rejected)
                            throws IOException {
                        records.next();
                        if (++attempts[0] < 5) {
                            IOException full = new IOException("/tmp/x: No space left on device");
                            throw new IllegalStateException(new UncheckedIOException(full));
                        }
                        while (records.next() != null) {
                            out.write('x');
                        }
                    }
                });
        world.killAndRestart();
        world.put("one");
        world.put("two");

        world.pass(Duration.ofSeconds(62));
        assertThat(world.troubles())
                .singleElement()
                .asString()
                .contains("could not be encoded or staged")
                .contains("No space left on device");
        world.flush();

        assertThat(world.lane().books().landed()).isEqualTo(2);
        assertThat(world.lane().books().errorOutput()).isZero();
    }

    private static void staysWithinItsFloor(HintsWorld world) {
        assertThat(world.lane().stagingBytes() + world.lane().spoolBytes())
                .isLessThanOrEqualTo(Limits.LANE_FLOOR_BYTES);
    }
}
