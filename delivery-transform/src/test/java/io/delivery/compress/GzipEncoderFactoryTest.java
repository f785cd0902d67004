package io.delivery.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordEncoder;
import io.delivery.format.RecordSource;
import io.delivery.record.Failure;
import io.delivery.record.SequencedRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GzipEncoderFactoryTest {
    private final EncoderFactory gzip = new GzipEncoderFactory(new Concatenation("", ""));

    @Test
    void what_is_written_can_be_read_back() throws IOException {
        byte[] object =
                encode(
                        gzip,
                        List.of(
                                "hello, ".getBytes(StandardCharsets.UTF_8),
                                "world".getBytes(StandardCharsets.UTF_8)));

        assertThat(gunzip(object)).asString().isEqualTo("hello, world");
    }

    @Test
    void an_object_is_one_member_and_nothing_behind_it() throws Exception {
        byte[] object = encode(gzip, List.of(new byte[100_000], new byte[3]));

        Inflater inflater = new Inflater(true);
        inflater.setInput(object, 10, object.length - 10);
        byte[] all = new byte[200_000];
        assertThat(inflater.inflate(all)).isEqualTo(100_003);
        assertThat(inflater.finished()).isTrue();
        assertThat(inflater.getRemaining()).as("the trailer").isEqualTo(8);
        inflater.end();
    }

    @Test
    void the_same_records_make_the_same_bytes_also_in_a_used_compressor() throws IOException {
        List<byte[]> records =
                List.of(
                        "some".getBytes(StandardCharsets.UTF_8),
                        "records".getBytes(StandardCharsets.UTF_8));
        byte[] first = encode(gzip, records);

        encode(gzip, List.of(new byte[1 << 20]));

        assertThat(encode(gzip, records)).isEqualTo(first);
    }

    @Test
    void nothing_written_is_an_empty_member() throws IOException {
        assertThat(gunzip(encode(gzip, List.of()))).isEmpty();
    }

    @Test
    void an_object_that_failed_leaves_no_trace_in_the_next_one() throws IOException {
        OutputStream broken =
                new OutputStream() {
                    private int written;

                    @Override
                    public void write(int b) throws IOException {
                        write(new byte[1], 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        written += length;
                        if (written > 10) {
                            throw new IOException("disk is full");
                        }
                    }
                };
        byte[] noise = new byte[1 << 17];
        new Random(1).nextBytes(noise);

        assertThatThrownBy(() -> gzip.encoder().encode(source(List.of(noise)), broken, f -> {}))
                .hasMessage("disk is full");

        assertThat(gunzip(encode(gzip, List.of("next".getBytes(StandardCharsets.UTF_8)))))
                .asString()
                .isEqualTo("next");
    }

    @Test
    void encoders_may_work_at_the_same_time() throws IOException {
        byte[] noise = new byte[1 << 17];
        new Random(2).nextBytes(noise);
        List<byte[]> inner = new ArrayList<>();
        RecordSource outerRecords = source(List.of(noise, noise));
        RecordSource nesting =
                () -> {
                    inner.add(encode(gzip, List.of("inner".getBytes(StandardCharsets.UTF_8))));
                    return outerRecords.next();
                };
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        gzip.encoder().encode(nesting, out, f -> {});

        assertThat(gunzip(out.toByteArray())).hasSize(2 << 17);
        assertThat(inner).hasSize(3).allSatisfy(o -> assertThat(gunzip(o)).hasSize(5));
    }

    @Test
    void rejected_records_are_passed_on() throws IOException {
        Failure failure = new Failure(Failure.Kind.FORMAT_CONVERSION_FAILED, "code", "message");
        EncoderFactory rejecting =
                new Concatenation("", "") {
                    @Override
                    public RecordEncoder encoder() {
                        return (records, out, rejected) -> {
                            while (records.next() != null) {
                                rejected.reject(failure);
                            }
                        };
                    }
                };
        List<Failure> failures = new ArrayList<>();

        new GzipEncoderFactory(rejecting)
                .encoder()
                .encode(
                        source(List.of(new byte[1], new byte[2])),
                        new ByteArrayOutputStream(),
                        failures::add);

        assertThat(failures).containsExactly(failure, failure);
    }

    @Test
    void the_stream_is_not_closed() throws IOException {
        List<String> closed = new ArrayList<>();
        OutputStream out =
                new ByteArrayOutputStream() {
                    @Override
                    public void close() {
                        closed.add("closed");
                    }
                };

        gzip.encoder().encode(source(List.of(new byte[5])), out, f -> {});

        assertThat(closed).isEmpty();
    }

    @Test
    void the_extension_goes_behind_that_of_the_format_inside() {
        assertThat(gzip.extension()).isEqualTo(".gz");
        assertThat(new GzipEncoderFactory(new Concatenation(".json", "")).extension())
                .isEqualTo(".json.gz");
        assertThat(gzip.contentEncoding()).isEqualTo("gzip");
    }

    @Test
    void memory_is_that_of_the_format_inside_and_of_the_compressor() {
        assertThat(gzip.memoryBytes()).isBetween(1000L + 256 * 1024, 1000L + 512 * 1024);
    }

    @Test
    void levels_beyond_1_to_9_and_what_is_compressed_already_are_refused() {
        assertThatThrownBy(() -> new GzipEncoderFactory(new Concatenation("", ""), 0))
                .hasMessage("a gzip level is between 1 and 9, was 0");
        assertThatThrownBy(() -> new GzipEncoderFactory(new Concatenation("", ""), 10))
                .hasMessage("a gzip level is between 1 and 9, was 10");
        assertThatThrownBy(() -> new GzipEncoderFactory(gzip))
                .hasMessage("cannot gzip what is compressed already: gzip");
    }

    @Property(tries = 200)
    void any_records_come_back_and_fit_the_room_expected(
            @ForAll @Size(max = 12) List<@IntRange(max = 70_000) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 9) int level,
            @ForAll long seed)
            throws IOException {
        Random random = new Random(seed);
        List<byte[]> records = new ArrayList<>();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size : sizes) {
            byte[] record = new byte[size];
            random.nextBytes(record);
            records.add(record);
            all.writeBytes(record);
        }
        EncoderFactory factory = new GzipEncoderFactory(new Concatenation("", ""), level);

        byte[] object = encode(factory, records);

        assertThat(gunzip(object)).isEqualTo(all.toByteArray());
        assertThat((long) object.length).isLessThanOrEqualTo(factory.expectedBytes(all.size()));
    }

    /** Writes records in pieces of all kinds: bytes one by one, and arrays. */
    private static class Concatenation implements EncoderFactory {
        private final String extension;
        private final String contentEncoding;

        Concatenation(String extension, String contentEncoding) {
            this.extension = extension;
            this.contentEncoding = contentEncoding;
        }

        @Override
        public RecordEncoder encoder() {
            return (records, out, rejected) -> {
                SequencedRecord record;
                while ((record = records.next()) != null) {
                    int single = Math.min(3, record.length());
                    for (int i = 0; i < single; i++) {
                        out.write(record.array()[record.offset() + i]);
                    }
                    out.write(record.array(), record.offset() + single, record.length() - single);
                }
            };
        }

        @Override
        public String extension() {
            return extension;
        }

        @Override
        public String contentEncoding() {
            return contentEncoding;
        }

        @Override
        public long memoryBytes() {
            return 1000;
        }

        @Override
        public long expectedBytes(long inputBytes) {
            return inputBytes;
        }
    }

    private static byte[] encode(EncoderFactory factory, List<byte[]> records) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        factory.encoder()
                .encode(
                        source(records),
                        out,
                        failure -> {
                            throw new AssertionError(failure.message());
                        });
        return out.toByteArray();
    }

    private static byte[] gunzip(byte[] object) throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(object)).readAllBytes();
    }

    private static RecordSource source(List<byte[]> records) {
        Iterator<byte[]> next = records.iterator();
        SequencedRecord view = new SequencedRecord();
        return () -> {
            if (!next.hasNext()) {
                return null;
            }
            byte[] bytes = next.next();
            return view.at(0, 0, true, bytes, 0, bytes.length, 0);
        };
    }
}
