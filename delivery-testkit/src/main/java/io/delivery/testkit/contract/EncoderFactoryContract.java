package io.delivery.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordEncoder;
import io.delivery.format.RecordSource;
import io.delivery.record.Failure;
import io.delivery.record.SequencedRecord;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link EncoderFactory} and its {@link RecordEncoder}s do. */
@Timeout(60)
public abstract class EncoderFactoryContract {
    private static final long ARRIVAL = 77;

    /** The factory under test; the same one throughout a test. */
    protected abstract EncoderFactory factory();

    /** A record that is written. No two are alike. */
    protected abstract String record(int number);

    /** What an object holds: for each record a text by which it is known again. */
    protected abstract List<String> read(byte[] object) throws Exception;

    /** The text by which {@link #read} knows this record. */
    protected abstract String text(int number);

    /** A record that is rejected; empty when there is none. */
    protected abstract Optional<String> unfit();

    /** Gives records as views that are valid until the next one, and may fail. */
    private static final class Source implements RecordSource {
        private final List<String> records;
        private final int failsAt;
        private final SequencedRecord view = new SequencedRecord();
        private Embedded present = Embedded.of("");
        private int given;

        Source(List<String> records, int failsAt) {
            this.records = records;
            this.failsAt = failsAt;
        }

        @Override
        public SequencedRecord next() throws IOException {
            present.overwrite();
            if (given == failsAt) {
                throw new IOException("injected: cannot be read");
            }
            if (given == records.size()) {
                return null;
            }
            present = Embedded.of(records.get(given));
            return present.at(view, given++, ARRIVAL);
        }
    }

    /** An object in the making. */
    private static final class Sink extends FilterOutputStream {
        private final ByteArrayOutputStream bytes;
        private final long room;
        private int closed;

        Sink(long room) {
            super(new ByteArrayOutputStream());
            this.bytes = (ByteArrayOutputStream) out;
            this.room = room;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] array, int offset, int length) throws IOException {
            if (bytes.size() + length > room) {
                throw new IOException("injected: no room");
            }
            bytes.write(array, offset, length);
        }

        @Override
        public void close() {
            closed++;
        }
    }

    /** What came of encoding: the object's bytes, and which records were rejected, by place. */
    protected record Encoded(byte[] object, List<Integer> rejected) {}

    private static Encoded encode(RecordEncoder encoder, Source source, Sink object)
            throws IOException {
        List<Integer> rejected = new ArrayList<>();
        encoder.encode(source, object, failure -> reject(source.given - 1, failure, rejected));
        assertThat(source.given).as("every record is asked for").isEqualTo(source.records.size());
        assertThat(object.closed).as("whoever opened it closes it").isZero();
        return new Encoded(object.bytes.toByteArray(), rejected);
    }

    private static void reject(int place, Failure failure, List<Integer> rejected) {
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).isEqualTo(Failure.Kind.FORMAT_CONVERSION_FAILED);
        assertThat(failure.code()).isNotBlank();
        assertThat(failure.message()).isNotBlank();
        assertThat(rejected).as("a record is rejected once").doesNotContain(place);
        rejected.add(place);
    }

    /** Encodes these records into one object. */
    protected final Encoded encode(List<String> records) throws IOException {
        return encode(
                factory().encoder(),
                new Source(records, Integer.MAX_VALUE),
                new Sink(Long.MAX_VALUE));
    }

    private List<String> records(int count) {
        return IntStream.range(0, count).mapToObj(this::record).toList();
    }

    private List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(this::text).toList();
    }

    // --- what is written ---

    @Test
    protected void an_object_holds_its_records_in_their_order() throws Exception {
        for (int count : new int[] {1, 2, 500}) {
            Encoded encoded = encode(records(count));

            assertThat(encoded.rejected()).isEmpty();
            assertThat(read(encoded.object())).isEqualTo(texts(count));
        }
    }

    @Test
    protected void an_object_without_records_is_no_failure() throws IOException {
        assertThat(encode(List.of()).rejected()).isEmpty();
    }

    @Test
    protected void a_record_without_bytes_costs_no_other_one() throws Exception {
        Encoded encoded = encode(List.of(record(0), "", record(1)));

        assertThat(encoded.rejected()).isSubsetOf(1);
        assertThat(read(encoded.object())).containsSubsequence(text(0), text(1));
    }

    @Test
    protected void a_record_that_does_not_convert_is_told_and_leaves_no_trace() throws Exception {
        assumeThat(unfit()).as("there are records that do not convert").isPresent();
        String unfit = unfit().orElseThrow();
        assertThat(factory().mayReject()).isTrue();

        Encoded encoded = encode(List.of(unfit, record(0), unfit, unfit, record(1), unfit));

        assertThat(encoded.rejected()).containsExactly(0, 2, 3, 5);
        assertThat(read(encoded.object())).containsExactly(text(0), text(1));
    }

    @Test
    protected void an_object_of_which_every_record_is_rejected_is_no_failure() throws IOException {
        assumeThat(unfit()).as("there are records that do not convert").isPresent();
        String unfit = unfit().orElseThrow();

        assertThat(encode(List.of(unfit, unfit)).rejected()).containsExactly(0, 1);
    }

    // --- what fails ---

    @Test
    protected void a_source_that_fails_fails_the_object_and_no_other_one() throws Exception {
        for (int failsAt : new int[] {0, 1, 150, 300}) {
            assertThatThrownBy(
                            () ->
                                    encode(
                                            factory().encoder(),
                                            new Source(records(300), failsAt),
                                            new Sink(Long.MAX_VALUE)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("injected: cannot be read");

            assertThat(read(encode(records(300)).object())).isEqualTo(texts(300));
        }
    }

    @Test
    protected void an_object_without_room_fails_and_no_other_one_does() throws Exception {
        long whole = encode(records(300)).object().length;
        for (long room : new long[] {0, 1, whole / 2, whole - 1}) {
            assertThatThrownBy(
                            () ->
                                    encode(
                                            factory().encoder(),
                                            new Source(records(300), Integer.MAX_VALUE),
                                            new Sink(room)))
                    .as("room for %d of %d bytes", room, whole)
                    .isInstanceOf(IOException.class);

            assertThat(read(encode(records(300)).object())).isEqualTo(texts(300));
        }
    }

    // --- threads ---

    @Test
    protected void objects_are_encoded_side_by_side_on_any_threads() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch together = new CountDownLatch(threads);
        try {
            List<Future<byte[]>> objects = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                RecordEncoder encoder = factory().encoder(); // made here, used there
                Callable<byte[]> encoding =
                        () -> {
                            together.countDown();
                            together.await();
                            byte[] object = {};
                            for (int again = 0; again < 5; again++) {
                                object =
                                        encode(
                                                        again == 0 ? encoder : factory().encoder(),
                                                        new Source(records(400), Integer.MAX_VALUE),
                                                        new Sink(Long.MAX_VALUE))
                                                .object();
                            }
                            return object;
                        };
                objects.add(pool.submit(encoding));
            }
            for (Future<byte[]> object : objects) {
                assertThat(read(object.get(50, TimeUnit.SECONDS))).isEqualTo(texts(400));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    // --- memory ---

    @Test
    protected void what_it_says_that_it_needs_is_enough() throws IOException {
        EncoderFactory factory = factory();
        encode(records(1)); // its table is known now, when it has one

        Encoded object =
                encode(
                        factory.encoder(factory.memoryBytes()),
                        new Source(records(3), Integer.MAX_VALUE),
                        new Sink(Long.MAX_VALUE));

        assertThat(object.rejected()).isEmpty();
        assertThat(object.object()).isEqualTo(encode(records(3)).object());
    }

    // --- what it says of its objects ---

    @Test
    protected void what_it_says_of_its_objects_can_be_used() throws IOException {
        EncoderFactory factory = factory();
        List<String> records = records(400);
        long inputBytes =
                records.stream().mapToLong(r -> r.getBytes(StandardCharsets.UTF_8).length).sum();

        assertThat(factory.extension()).matches("(\\.[a-z0-9.]+)?");
        assertThat(factory.contentEncoding()).matches("([a-z]+(-[a-z]+)*)?");
        assertThat(factory.memoryBytes()).isNotNegative();
        assertThat(factory.expectedBytes(0)).isNotNegative();
        assertThat(factory.expectedBytes(1L << 40)).isGreaterThan(factory.expectedBytes(1L << 20));
        assertThat((long) encode(records).object().length)
                .isLessThanOrEqualTo(factory.expectedBytes(inputBytes));
    }
}
