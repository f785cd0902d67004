package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.Limits;
import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.partition.PartitionKeys;
import io.delivery.processing.Outcome;
import io.delivery.processing.RecordProcessor;
import io.delivery.processing.RecordSplitter;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;
import io.delivery.record.SequencedRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Records that a splitter decompresses: what their objects have, and what their error output. */
class DecompressedRecordsTest {
    private static final Pattern RAW_DATA = Pattern.compile("\"rawData\":\"([^\"]*)\"");
    private static final Failure FAILURE =
            new Failure(Failure.Kind.PROCESSING_FAILED, "Test.Failed", "it should");

    /** A record is gzip of texts between bars. */
    private static final class Unzipping implements RecordSplitter {
        @Override
        public String identity() {
            return "unzipping/1";
        }

        @Override
        public void split(DeliveryRecord record, PartSink parts) {
            try (GZIPInputStream in =
                    new GZIPInputStream(
                            new ByteArrayInputStream(
                                    record.array(), record.offset(), record.length()))) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                for (String piece : text.split("\\|")) {
                    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
                    parts.part(bytes, 0, bytes.length);
                }
            } catch (IOException notGzip) {
                parts.failed(
                        record.array(),
                        record.offset(),
                        record.length(),
                        new Failure(Failure.Kind.DECOMPRESSION_FAILED, "Test.NotGzip", "no gzip"));
            }
        }
    }

    /** Fails what begins with {@code bad}; other texts go on in capitals. */
    private static final class Capitals extends RecordProcessor {
        @Override
        protected Outcome outcome(SequencedRecord record) {
            String text = record.toUtf8();
            return text.startsWith("bad")
                    ? new Outcome.ProcessingFailed(FAILURE)
                    : new Outcome.Ok(
                            text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8),
                            PartitionKeys.NONE);
        }
    }

    private static byte[] zipped(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    /** The key is what stands before the colon; a text without one has none. */
    private static final PartitionKeyExtractor KEYS =
            record -> {
                String text = record.toUtf8();
                if (text.indexOf(':') < 0) {
                    throw new RecordFailedException(FAILURE);
                }
                return Map.of("k", text.substring(0, text.indexOf(':')));
            };

    private static HintsWorld world() throws IOException {
        HintsWorld world = HintsWorld.partitionedBy(KEYS);
        world.splitWith(new Unzipping());
        return world;
    }

    /** Contents of the visible objects whose keys begin so. */
    private static List<String> texts(HintsWorld world, String prefix) {
        return world.store().visible().entrySet().stream()
                .filter(object -> object.getKey().key().startsWith(prefix))
                .map(object -> new String(object.getValue().bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    /** The raw data of the only object of the error output, record by record. */
    private static List<byte[]> rawData(HintsWorld world, String kind) {
        List<String> objects = texts(world, "err/" + kind + "/");
        assertThat(objects).hasSize(1);
        Matcher lines = RAW_DATA.matcher(objects.get(0));
        return lines.results().map(line -> Base64.getDecoder().decode(line.group(1))).toList();
    }

    @Test
    void objects_have_the_decompressed_bytes() throws IOException {
        HintsWorld world = world();
        world.killAndRestart();

        world.put(zipped("a:1"));
        world.put(zipped("b:2|a:3"));
        world.flush();

        assertThat(texts(world, "p=a/")).containsExactly("a:1a:3");
        assertThat(texts(world, "p=b/")).containsExactly("b:2");
        assertThat(world.lane().books().settled()).isTrue();
    }

    @Test
    void a_record_that_has_no_partition_key_fails_with_the_bytes_that_were_put()
            throws IOException {
        HintsWorld world = world();
        world.killAndRestart();

        world.put(zipped("a:1"));
        world.put(zipped("no key"));
        world.flush();

        assertThat(rawData(world, "processing-failed")).containsExactly(zipped("no key"));
    }

    @Test
    void a_record_of_one_partition_too_many_fails_with_the_bytes_that_were_put()
            throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 1, 300L << 20);
        world.splitWith(new Unzipping());
        world.killAndRestart();

        world.put(zipped("a:1"));
        world.put(zipped("b:2"));
        world.flush();

        assertThat(world.objects("p=a/")).hasSize(1);
        assertThat(rawData(world, "processing-failed")).containsExactly(zipped("b:2"));
    }

    @Test
    void a_record_that_a_processor_fails_or_spoils_fails_with_the_bytes_that_were_put()
            throws IOException {
        HintsWorld world = world();
        world.processWith(new Capitals());
        world.killAndRestart();

        world.put(zipped("a:1"));
        world.put(zipped("bad:2"));
        world.put(zipped("no key"));
        world.flush();

        assertThat(texts(world, "p=A/")).containsExactly("A:1");
        assertThat(rawData(world, "processing-failed"))
                .containsExactly(zipped("bad:2"), zipped("no key"));
        assertThat(world.lane().books().settled()).isTrue();
    }

    @Test
    void a_record_that_was_not_decompressed_has_the_bytes_from_before_the_processors_too()
            throws IOException {
        HintsWorld world = HintsWorld.partitionedBy(KEYS);
        world.processWith(new Capitals());
        world.killAndRestart();

        world.put("a:1");
        world.put("no key");
        world.flush();

        assertThat(texts(world, "p=A/")).containsExactly("A:1");
        assertThat(rawData(world, "processing-failed"))
                .containsExactly("no key".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void of_a_record_with_several_parts_each_fails_with_its_own_bytes() throws IOException {
        HintsWorld world = world();
        world.processWith(new Capitals());
        world.killAndRestart();

        world.put(zipped("a:1|bad:2|no key"));
        world.flush();

        assertThat(texts(world, "p=A/")).containsExactly("A:1");
        assertThat(rawData(world, "processing-failed"))
                .containsExactly(
                        "bad:2".getBytes(StandardCharsets.UTF_8),
                        "no key".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void what_cannot_be_decompressed_fails_as_it_was_put() throws IOException {
        HintsWorld world = world();
        world.killAndRestart();

        world.put("not gzip");
        world.flush();

        assertThat(rawData(world, "decompression-failed"))
                .containsExactly("not gzip".getBytes(StandardCharsets.UTF_8));
        assertThat(world.lane().books().settled()).isTrue();
    }

    @Test
    void small_records_that_become_large_do_not_fill_the_memory() throws IOException {
        HintsWorld world = HintsWorld.partitioned(128, 900, 50, 4 << 20);
        world.splitWith(new Unzipping());
        world.killAndRestart();
        byte[] large = zipped("a:" + "x".repeat(1 << 20));
        byte[][] records = new byte[64][];
        Arrays.fill(records, large);

        world.put(records);

        // All of them were one step's worth of compressed bytes.
        assertThat(world.usedMemory()).isLessThan(16 << 20);
        world.flush();
        assertThat(world.lane().books().settled()).isTrue();
    }

    /** One record becomes several times what a lane keeps free for the next one. */
    @Test
    void large_records_drain_through_the_smallest_disk_whatever_becomes_of_them()
            throws IOException {
        for (String text : List.of("a:", "bad:")) {
            HintsWorld world = HintsWorld.partitionedBy(KEYS);
            world.splitWith(new Unzipping());
            world.processWith(new Capitals());
            world.killAndRestart(Limits.MIN_DISK_BYTES);
            byte[] record = zipped(text + "x".repeat(16 << 20));
            world.storeGoesAway();
            int accepted = 16; // by the outage
            long most = 0;
            while (accepted < 24 && world.tryPut(record)) {
                accepted++;
                most = Math.max(most, world.lane().stagingBytes() + world.lane().spoolBytes());
            }

            world.storeComesBack();
            world.flush();
            world.flush();

            assertThat(accepted).isEqualTo(24); // what is put is small
            assertThat(world.lane().books().settled()).as(text).isTrue();
            assertThat(world.lane().books().accepted()).isEqualTo(accepted);
            assertThat(world.troubles()).isEmpty();
            assertThat(most).isLessThanOrEqualTo(Limits.LANE_FLOOR_BYTES + (16 << 20));
        }
    }
}
