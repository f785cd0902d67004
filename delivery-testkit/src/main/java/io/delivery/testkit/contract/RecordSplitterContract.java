package io.delivery.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.processing.RecordSplitter;
import io.delivery.processing.RecordSplitter.PartSink;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link RecordSplitter} does. */
public abstract class RecordSplitterContract {
    private static final long ARRIVAL = 77;

    /** The longest record that a producer may put. */
    private static final int LONGEST = 1_024_000;

    /** A fresh splitter, always of the same identity. */
    protected abstract RecordSplitter splitter();

    /** A record with several parts, or the splitter's best try. */
    protected abstract byte[] record();

    /** The bytes of a record that is text. */
    protected static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A record with these bytes in its text, wherever a text may have any. */
    protected byte[] recordWith(byte[] bytes) {
        return bytes;
    }

    /** How many parts {@link #record()} has. */
    protected abstract int parts();

    /** Parts as they were given. */
    private static final class Given implements PartSink {
        private final List<String> texts = new ArrayList<>();
        private final List<byte[]> arrays = new ArrayList<>();
        private final List<int[]> places = new ArrayList<>();

        @Override
        public void part(byte[] array, int offset, int length) {
            add("", array, offset, length);
        }

        @Override
        public void failed(byte[] array, int offset, int length, Failure failure) {
            assertThat(failure).isNotNull();
            add("failed: ", array, offset, length);
        }

        private void add(String how, byte[] array, int offset, int length) {
            arrays.add(array);
            places.add(new int[] {offset, length});
            texts.add(how + text(array, offset, length));
        }

        private static String text(byte[] array, int offset, int length) {
            assertThat(offset).isBetween(0, array.length);
            assertThat(length).isBetween(0, array.length - offset);
            return new String(array, offset, length, StandardCharsets.ISO_8859_1);
        }

        /** What the bytes are that were given, now that the call has returned. */
        private List<String> textsNow() {
            List<String> now = new ArrayList<>();
            for (int i = 0; i < arrays.size(); i++) {
                String how = texts.get(i).startsWith("failed: ") ? "failed: " : "";
                now.add(how + text(arrays.get(i), places.get(i)[0], places.get(i)[1]));
            }
            return now;
        }
    }

    private static List<String> split(RecordSplitter splitter, byte[] record, byte around) {
        Embedded embedded = Embedded.of(record, around);
        byte[] before = embedded.copyOfArray();
        Given given = new Given();

        splitter.split(embedded.record(ARRIVAL), given);

        assertThat(given.texts).as("at least one part").isNotEmpty();
        assertThat(given.textsNow()).as("valid until the call returns").isEqualTo(given.texts);
        assertThat(embedded.isStill(before)).as("the record's array is not changed").isTrue();
        return given.texts;
    }

    private static List<String> split(RecordSplitter splitter, byte[] record) {
        return split(splitter, record, (byte) '9');
    }

    private static List<String> split(RecordSplitter splitter, String record) {
        return split(splitter, utf8(record));
    }

    @Test
    protected void a_splitter_has_one_identity() {
        RecordSplitter splitter = splitter();
        String identity = splitter.identity();

        split(splitter, record());

        assertThat(identity).isNotNull();
        assertThat(splitter.identity()).isEqualTo(identity);
        assertThat(splitter().identity()).isEqualTo(identity);
    }

    @Test
    protected void a_record_has_the_same_parts_each_time() {
        List<String> parts = split(splitter(), record());
        assertThat(parts).hasSize(parts());

        RecordSplitter used = splitter();
        split(used, "");
        split(used, record());
        split(used, "something else");

        assertThat(split(used, record())).isEqualTo(parts);
    }

    @Test
    protected void a_record_without_bytes_is_one_part_without_bytes() {
        assertThat(split(splitter(), "")).containsExactly("");
    }

    @Test
    protected void what_stands_around_a_record_is_not_looked_at() {
        byte[] whole = record();
        for (int length = 0; length <= whole.length; length++) {
            byte[] record = Arrays.copyOf(whole, length);
            List<String> parts = split(splitter(), record, (byte) 'x');

            for (byte around : Embedded.AROUND) {
                assertThat(split(splitter(), record, around))
                        .as("the first %d bytes, around them: %d", length, around)
                        .isEqualTo(parts);
            }
        }
    }

    @Test
    protected void the_longest_record_is_split() {
        byte[] record = record();
        byte[] longest = new byte[LONGEST];
        for (int at = 0; at < LONGEST; at++) {
            longest[at] = record[at % record.length];
        }

        assertThat(split(splitter(), longest, (byte) 'x')).isNotEmpty();
    }

    /** Records are hostile; what cannot be split is a part of its own, or one that failed. */
    @Test
    protected void no_record_breaks_a_splitter() {
        Random random = new Random(42);
        RecordSplitter used = splitter();
        for (int i = 0; i < 2_000; i++) {
            byte[] record = new byte[random.nextInt(60)];
            for (int at = 0; at < record.length; at++) {
                record[at] = Embedded.AROUND[random.nextInt(Embedded.AROUND.length)];
            }

            assertThat(split(used, record, (byte) 'x'))
                    .as("%s", Arrays.toString(record))
                    .isEqualTo(
                            split(splitter(), record, Embedded.AROUND[i % Embedded.AROUND.length]));
        }
    }

    /** What lenient readers of UTF-8 take: beyond U+10FFFF, overlong forms and surrogates. */
    private static final String[] NO_UTF8 = {
        "f7bfbfbf", "f5808080", "f4908080", "c080", "e08080", "f0808080", "eda080", "edb080", "80"
    };

    @Test
    protected void bytes_that_look_like_utf8_and_are_not_break_no_splitter() {
        RecordSplitter used = splitter();
        for (String hex : NO_UTF8) {
            byte[] once = HexFormat.of().parseHex(hex);
            byte[] often = HexFormat.of().parseHex(hex.repeat(20_000));

            for (byte[] bytes : List.of(once, often)) {
                byte[] record = recordWith(bytes);
                assertThat(split(used, record)).as(hex).isEqualTo(split(splitter(), record));
            }
        }
    }

    @Test
    protected void what_the_taker_of_parts_throws_comes_out_and_the_next_record_is_split() {
        RecordSplitter splitter = splitter();
        for (int nth = 0; nth < parts(); nth++) {
            PartSink failing = failingAt(nth);
            DeliveryRecord record = Embedded.of(record(), (byte) '9').record(ARRIVAL);

            assertThatThrownBy(() -> splitter.split(record, failing)).hasMessage("injected");

            assertThat(split(splitter, record())).hasSize(parts());
        }
    }

    private static PartSink failingAt(int nth) {
        int[] left = {nth};
        return new PartSink() {
            @Override
            public void part(byte[] array, int offset, int length) {
                if (left[0]-- == 0) {
                    throw new IllegalStateException("injected");
                }
            }

            @Override
            public void failed(byte[] array, int offset, int length, Failure failure) {
                part(array, offset, length);
            }
        };
    }

    @Test
    protected void nothing_is_not_a_record_and_nobody_takes_no_parts() {
        RecordSplitter splitter = splitter();

        assertThatThrownBy(() -> splitter.split(null, new Given()))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(
                        () ->
                                splitter.split(
                                        Embedded.of(record(), (byte) '9').record(ARRIVAL), null))
                .isInstanceOf(NullPointerException.class);

        assertThat(split(splitter, record())).hasSize(parts());
    }
}
