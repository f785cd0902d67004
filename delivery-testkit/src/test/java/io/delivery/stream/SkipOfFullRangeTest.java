package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.Limits;
import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordSource;
import io.delivery.format.RejectedRecords;
import io.delivery.landing.Diversion.LocalFolder;
import io.delivery.landing.Diversion.Way;
import io.delivery.landing.Diversion.Which;
import io.delivery.landing.Diverted;
import io.delivery.landing.Diverted.Outcome;
import io.delivery.lane.Books;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * An operator skips a bucket, and the objects of the range that is still open have taken most of
 * the lane's room on the disk. All their records are read again and become error output, which
 * takes more than the objects did.
 */
class SkipOfFullRangeTest {
    private static final long DISK = 64L << 20;

    /** What spool and staging of one lane may take of it: 9 of 20 parts. */
    private static final long LANE = DISK / 20 * 9;

    /** The disk limit after it was reduced: the lane has its floor. */
    private static final long SHRUNK = 24L << 20;

    private static final int RECORD = 256;

    /** Records of another partition that are in no object yet. */
    private static final int OTHERS = 2048;

    private static final Which ALL = new Which.Bucket("lake");
    private static final Way SKIP = new Way.Skip(LocalFolder.ASKS_FIRST);

    /** Keeps one byte of sixteen: so a range holds more records than the room has bytes for. */
    private static final class Shrinking extends HintsWorld.Plain {
        @Override
        public void encode(RecordSource records, OutputStream out, RejectedRecords rejected)
                throws IOException {
            for (var r = records.next(); r != null; r = records.next()) {
                out.write(r.array(), r.offset(), r.length() / 16);
            }
        }

        @Override
        public long expectedBytes(long recordBytes) {
            return recordBytes / 16;
        }
    }

    /** A stream whose open range has objects of so many bytes of records, none of which lands. */
    private static HintsWorld full(EncoderFactory encoder, int bytes) throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 900, 50, 8L << 20);
        world.encodeWith(encoder);
        world.killAndRestart(DISK);
        world.store().refuse(name -> name.key().startsWith("p="));
        put(world, "a:", bytes);
        put(world, "b:", OTHERS * RECORD); // not closed yet: it is read again on its path
        world.pass(Duration.ofSeconds(10));
        assertThat(world.lane().waitingObjects()).isEqualTo(bytes >> 20);
        assertThat(world.lane().books().landed()).isZero();
        return world;
    }

    /** Small records: an error line takes more than twice as much as each of them. */
    private static void put(HintsWorld world, String prefix, int bytes) {
        byte[] record = new byte[RECORD];
        Arrays.fill(record, (byte) 'x');
        byte[] head = prefix.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(head, 0, record, 0, head.length);
        byte[][] batch = new byte[256][];
        Arrays.fill(batch, record);
        for (int left = bytes; left > 0; left -= batch.length * RECORD) {
            world.put(batch);
        }
    }

    /** The most that the lane has had on the disk after any of its steps while time passes. */
    private static long most(HintsWorld world, Duration time) {
        long most = 0;
        for (long left = time.toMillis(); left > 0; left -= 50) {
            while (world.step()) {
                most = Math.max(most, world.lane().stagingBytes() + world.lane().spoolBytes());
            }
            world.advance(Duration.ofMillis(50));
        }
        return most;
    }

    private static void skipAll(HintsWorld world) {
        List<Diverted> diverted = world.divertLater(ALL, SKIP).join();
        assertThat(diverted)
                .isNotEmpty()
                .extracting(Diverted::outcome)
                .containsOnly(new Outcome.ToErrorOutput());
    }

    @Test
    void the_bytes_of_skipped_objects_are_gone_as_soon_as_the_skip_is_durable() throws IOException {
        HintsWorld world = full(new HintsWorld.Plain(), 18 << 20);
        world.store().refuse(name -> true);
        Set<Path> before = Set.copyOf(world.staged());

        world.divertLater(ALL, SKIP);

        assertThat(before).hasSize(18);
        assertThat(world.staged()).doesNotContainAnyElementsOf(before);
    }

    @Test
    void error_output_of_a_skipped_range_drains_through_the_room_of_its_lane() throws IOException {
        for (EncoderFactory encoder : List.of(new HintsWorld.Plain(), new Shrinking())) {
            int bytes = encoder instanceof Shrinking ? 24 << 20 : 18 << 20;
            HintsWorld world = full(encoder, bytes);

            world.store().refuse(name -> true);
            skipAll(world);
            long whileNothingLands = most(world, Duration.ofMinutes(2));
            assertThat(world.lane().books().errorOutput()).isZero();
            world.store().refuse(name -> name.key().startsWith("p=a/"));
            long whileItLands = most(world, Duration.ofMinutes(10));

            assertThat(whileNothingLands).isBetween(LANE / 2, LANE);
            assertThat(whileItLands).isLessThanOrEqualTo(LANE);
            drained(world, OTHERS, bytes / RECORD);
        }
    }

    @Test
    void it_drains_in_the_next_process_as_well() throws IOException {
        HintsWorld world = full(new Shrinking(), 24 << 20);
        world.store().refuse(name -> true);
        skipAll(world);
        most(world, Duration.ofSeconds(20));

        world.killAndRestart();
        long whileNothingLands = most(world, Duration.ofMinutes(2));
        world.store().refuse(name -> name.key().startsWith("p=a/"));
        long whileItLands = most(world, Duration.ofMinutes(10));

        assertThat(Math.max(whileNothingLands, whileItLands)).isLessThanOrEqualTo(LANE);
        drained(world, OTHERS, (24 << 20) / RECORD);
    }

    /** Of whose records nothing is left. */
    private static final class Vanishing extends HintsWorld.Plain {
        @Override
        public void encode(RecordSource records, OutputStream out, RejectedRecords rejected)
                throws IOException {
            for (var r = records.next(); r != null; r = records.next()) {
                out.write(r.array(), r.offset(), 0);
            }
        }

        @Override
        public long expectedBytes(long recordBytes) {
            return 0;
        }
    }

    @Test
    void it_drains_when_other_partitions_are_read_between_and_the_room_has_shrunk()
            throws IOException {
        for (EncoderFactory encoder : List.of(new HintsWorld.Plain(), new Vanishing())) {
            HintsWorld world = HintsWorld.partitioned(1, 900, 50, 8L << 20);
            world.encodeWith(encoder);
            world.killAndRestart(DISK);
            world.store().refuse(name -> name.key().startsWith("p="));
            int bytes = 6 << 20;
            for (int left = bytes; left > 0; left -= 128 * RECORD) {
                putBetween(world);
            }
            world.pass(Duration.ofSeconds(10));
            assertThat(world.lane().waitingObjects()).isEqualTo(6);
            skipAll(world);

            world.killAndRestart(SHRUNK);
            world.store().refuse(name -> name.key().startsWith("p=a/"));
            long most = most(world, Duration.ofMinutes(20));

            assertThat(most).isLessThanOrEqualTo(Limits.LANE_FLOOR_BYTES);
            drained(world, bytes / RECORD, bytes / RECORD);
        }
    }

    /** As many records of 32 partitions as of the one whose objects do not land. */
    private static void putBetween(HintsWorld world) {
        byte[][] batch = new byte[256][];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = new byte[RECORD];
            Arrays.fill(batch[i], (byte) 'x');
            String head = i % 2 == 0 ? "a:" : "b" + i / 2 % 32 + ":";
            byte[] bytes = head.getBytes(StandardCharsets.UTF_8);
            System.arraycopy(bytes, 0, batch[i], 0, bytes.length);
        }
        world.put(batch);
    }

    private static void drained(HintsWorld world, long landed, long errors) throws IOException {
        world.flush();
        Books books = world.lane().books();
        assertThat(books.balanced()).isTrue();
        assertThat(books.settled()).isTrue();
        assertThat(books.landed()).isEqualTo(landed);
        assertThat(books.errorOutput()).isEqualTo(errors);
        assertThat(world.troubles()).isEmpty();
        assertThat(world.verify()).isEmpty();
    }
}
