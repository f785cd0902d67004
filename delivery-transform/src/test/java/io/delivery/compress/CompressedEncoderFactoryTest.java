package io.delivery.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordEncoder;
import io.delivery.format.RecordSource;
import io.delivery.record.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompressedEncoderFactoryTest {
    @ParameterizedTest
    @EnumSource
    void what_is_written_can_be_read_back(Encodings encoding) throws IOException {
        for (byte[] content :
                List.of(new byte[0], new byte[1], text(1), text(5_000_000), noise(3_000_000))) {
            byte[] object = Objects.encode(encoding.factory(), List.of(content));

            assertThat(encoding.read(object)).isEqualTo(content);
            assertThat((long) object.length)
                    .isLessThanOrEqualTo(encoding.factory().expectedBytes(content.length));
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_largest_objects_are_written(Encodings encoding) throws IOException {
        int pieces = 128; // of 1 MiB: the largest buffer
        byte[] piece = text(1 << 20);
        AtomicInteger given = new AtomicInteger();
        RecordSource records = Objects.repeated(piece, pieces, given);
        ByteArrayOutputStream object = new ByteArrayOutputStream();

        encoding.factory().encoder().encode(records, object, failure -> {});

        try (InputStream read = encoding.open(object.toByteArray())) {
            for (int i = 0; i < pieces; i++) {
                assertThat(read.readNBytes(piece.length)).isEqualTo(piece);
            }
            assertThat(read.read()).as("the end").isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothing_written_is_an_object_of_nothing(Encodings encoding) throws IOException {
        assertThat(encoding.read(Objects.encode(encoding.factory(), List.of()))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void the_same_records_make_the_same_bytes_also_in_a_used_compressor(Encodings encoding)
            throws IOException {
        List<byte[]> records = List.of(text(700_000), text(3));
        byte[] first = Objects.encode(encoding.factory(), records);

        Objects.encode(encoding.factory(), List.of(noise(1 << 20)));

        assertThat(Objects.encode(encoding.factory(), records)).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource
    void how_records_are_cut_does_not_change_the_bytes(Encodings encoding) throws IOException {
        byte[] whole = text(900_001);
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < whole.length; from += 1_000) {
            pieces.add(Arrays.copyOfRange(whole, from, Math.min(whole.length, from + 1_000)));
        }

        assertThat(Objects.encode(encoding.factory(), pieces))
                .isEqualTo(Objects.encode(encoding.factory(), List.of(whole)));
    }

    @ParameterizedTest
    @EnumSource
    void an_object_that_failed_anywhere_leaves_no_trace_in_the_next_one(Encodings encoding)
            throws IOException {
        EncoderFactory factory = encoding.factory();
        List<byte[]> records = List.of(noise(1 << 19));
        int length = Objects.encode(factory, records).length;
        byte[] next = Objects.encode(factory, List.of(text(100)));

        for (int room : new int[] {0, 1, 50, length / 2, length - 30, length - 1}) {
            assertThatThrownBy(
                            () ->
                                    factory.encoder()
                                            .encode(
                                                    Objects.source(records),
                                                    Objects.full(room),
                                                    f -> {}))
                    .hasMessage("disk is full");

            assertThat(Objects.encode(factory, List.of(text(100)))).isEqualTo(next);
            assertThat(Objects.encode(factory, records)).hasSize(length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void encoders_may_work_at_the_same_time(Encodings encoding) throws IOException {
        EncoderFactory factory = encoding.factory();
        List<byte[]> inner = new ArrayList<>();
        RecordSource outerRecords = Objects.source(List.of(noise(1 << 17), noise(1 << 17)));
        RecordSource nesting =
                () -> {
                    inner.add(Objects.encode(factory, List.of(text(5))));
                    return outerRecords.next();
                };
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        factory.encoder().encode(nesting, out, f -> {});

        assertThat(encoding.read(out.toByteArray())).hasSize(2 << 17);
        assertThat(inner)
                .hasSize(3)
                .allSatisfy(object -> assertThat(encoding.read(object)).isEqualTo(text(5)));
    }

    @ParameterizedTest
    @EnumSource
    void more_objects_at_a_time_than_compressors_are_kept_for_are_all_whole(Encodings encoding)
            throws IOException {
        nested(encoding, 20);
    }

    private static void nested(Encodings encoding, int depth) throws IOException {
        RecordSource records = Objects.source(List.of(text(depth + 1)));
        RecordSource nesting =
                depth == 0
                        ? records
                        : Objects.onceBefore(records, () -> nested(encoding, depth - 1));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        encoding.factory().encoder().encode(nesting, out, f -> {});

        assertThat(encoding.read(out.toByteArray())).isEqualTo(text(depth + 1));
    }

    @ParameterizedTest
    @EnumSource
    void the_stream_is_not_closed(Encodings encoding) throws IOException {
        List<String> closed = new ArrayList<>();
        OutputStream out =
                new ByteArrayOutputStream() {
                    @Override
                    public void close() {
                        closed.add("closed");
                    }
                };

        encoding.factory().encoder().encode(Objects.source(List.of(new byte[5])), out, f -> {});

        assertThat(closed).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void the_name_and_the_content_encoding_are_those_of_firehose(Encodings encoding) {
        EncoderFactory json =
                new CompressedEncoderFactory(new Concatenation(".json", ""), encoding.codec);

        assertThat(encoding.factory().extension()).isEqualTo(encoding.extension);
        assertThat(json.extension()).isEqualTo(".json" + encoding.extension);
        assertThat(encoding.factory().contentEncoding()).isEqualTo(encoding.contentEncoding);
    }

    @ParameterizedTest
    @EnumSource
    void memory_is_that_of_the_format_inside_and_of_the_compressor(Encodings encoding) {
        assertThat(encoding.factory().memoryBytes() - Concatenation.MEMORY_BYTES)
                .isBetween(encoding.memoryKiB * 1024L, encoding.memoryKiB * 1024L * 5 / 4);
    }

    @Test
    void rejected_records_are_passed_on() throws IOException {
        Failure failure = new Failure(Failure.Kind.FORMAT_CONVERSION_FAILED, "code", "message");
        EncoderFactory rejecting =
                new Concatenation("", "") {
                    @Override
                    public RecordEncoder encoder(long memoryBytes) {
                        return (records, out, rejected) -> {
                            while (records.next() != null) {
                                rejected.reject(failure);
                            }
                        };
                    }
                };
        List<Failure> failures = new ArrayList<>();

        new CompressedEncoderFactory(rejecting, Codec.snappy())
                .encoder()
                .encode(
                        Objects.source(List.of(new byte[1], new byte[2])),
                        new ByteArrayOutputStream(),
                        failures::add);

        assertThat(failures).containsExactly(failure, failure);
    }

    @Test
    void levels_that_a_codec_does_not_have_and_what_is_compressed_already_are_refused() {
        assertThatThrownBy(() -> Codec.gzip(0))
                .hasMessage("a level of gzip is between 1 and 9, was 0");
        assertThatThrownBy(() -> Codec.zip(10))
                .hasMessage("a level of zip is between 1 and 9, was 10");
        assertThatThrownBy(() -> Codec.zstd(20))
                .hasMessage("a level of zstd is between 1 and 19, was 20");
        assertThatThrownBy(
                        () ->
                                new CompressedEncoderFactory(
                                        Encodings.GZIP.factory(), Codec.snappy()))
                .hasMessage("cannot compress what is compressed already: gzip");
    }

    @Property(tries = 150)
    void any_records_come_back_and_fit_the_room_expected(
            @ForAll @Size(max = 12) List<@IntRange(max = 300_000) Integer> sizes,
            @ForAll Encodings encoding,
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

        byte[] object = Objects.encode(encoding.factory(), records);

        assertThat(encoding.read(object)).isEqualTo(all.toByteArray());
        assertThat((long) object.length)
                .isLessThanOrEqualTo(encoding.factory().expectedBytes(all.size()));
    }

    @Property(tries = 100)
    void every_level_makes_objects_that_can_be_read(
            @ForAll @IntRange(min = 1, max = 9) int deflate,
            @ForAll @IntRange(min = 1, max = 19) int zstd,
            @ForAll @IntRange(max = 400_000) int size)
            throws IOException {
        byte[] content = text(size);

        assertThat(Encodings.GZIP.read(encoded(Codec.gzip(deflate), content))).isEqualTo(content);
        assertThat(Encodings.ZIP.read(encoded(Codec.zip(deflate), content))).isEqualTo(content);
        assertThat(Encodings.ZSTD.read(encoded(Codec.zstd(zstd), content))).isEqualTo(content);
    }

    @Test
    void a_higher_level_makes_smaller_objects() throws IOException {
        byte[] content = text(3_000_000);

        assertThat(encoded(Codec.gzip(9), content).length)
                .isLessThan(encoded(Codec.gzip(1), content).length);
        assertThat(encoded(Codec.zip(9), content).length)
                .isLessThan(encoded(Codec.zip(1), content).length);
        assertThat(encoded(Codec.zstd(15), content).length)
                .isLessThan(encoded(Codec.zstd(1), content).length);
    }

    private static byte[] encoded(Codec codec, byte[] content) throws IOException {
        return Objects.encode(
                new CompressedEncoderFactory(new Concatenation("", ""), codec), List.of(content));
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return noise;
    }

    private static byte[] text(int length) {
        return Objects.text(length);
    }
}
