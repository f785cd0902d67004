package io.delivery.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordSource;
import io.delivery.record.SequencedRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RawEncoderFactoryTest {
    @Test
    void none_puts_records_one_after_the_other() throws IOException {
        assertThat(encode(RecordDelimiter.NONE, List.of("a", "", "b\n", "c"))).isEqualTo("ab\nc");
    }

    @Test
    void newline_puts_one_line_feed_between_records_and_none_behind_the_last() throws IOException {
        assertThat(encode(RecordDelimiter.NEWLINE, List.of("a", "b", "c"))).isEqualTo("a\nb\nc");
        assertThat(encode(RecordDelimiter.NEWLINE, List.of("a\n", "", "c"))).isEqualTo("a\n\n\nc");
        assertThat(encode(RecordDelimiter.NEWLINE, List.of("a"))).isEqualTo("a");
    }

    @Test
    void lines_ends_every_record_in_a_line_feed_and_doubles_none() throws IOException {
        assertThat(encode(RecordDelimiter.LINES, List.of("a", "b\n", "c"))).isEqualTo("a\nb\nc\n");
    }

    @Test
    void lines_makes_an_empty_record_a_blank_line() throws IOException {
        assertThat(encode(RecordDelimiter.LINES, List.of("a", "", "b"))).isEqualTo("a\n\nb\n");
    }

    @Test
    void no_records_make_no_bytes() throws IOException {
        for (RecordDelimiter delimiter : RecordDelimiter.values()) {
            assertThat(encode(delimiter, List.of())).isEmpty();
        }
    }

    @Test
    void the_object_has_neither_extension_nor_encoding() {
        EncoderFactory factory = new RawEncoderFactory(RecordDelimiter.NONE);

        assertThat(factory.extension()).isEmpty();
        assertThat(factory.contentEncoding()).isEmpty();
    }

    @Test
    void a_failing_source_is_passed_on() {
        RecordSource failing =
                () -> {
                    throw new IOException("disk is gone");
                };

        assertThatThrownBy(
                        () ->
                                new RawEncoderFactory(RecordDelimiter.LINES)
                                        .encoder()
                                        .encode(failing, new ByteArrayOutputStream(), f -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("disk is gone");
    }

    @Property(tries = 300)
    void lines_can_be_read_back_line_by_line(@ForAll("singleLines") List<String> records)
            throws IOException {
        String object = encode(RecordDelimiter.LINES, records);

        assertThat(object.lines().toList()).isEqualTo(records);
    }

    @Property(tries = 300)
    void newlines_can_be_split_off_again(@ForAll("singleLines") List<String> records)
            throws IOException {
        String object = encode(RecordDelimiter.NEWLINE, records);

        assertThat(object).isEqualTo(String.join("\n", records));
    }

    @Provide
    Arbitrary<List<String>> singleLines() {
        return Arbitraries.strings().withChars("a{}\u00e9").ofMaxLength(5).list().ofMaxSize(10);
    }

    private static String encode(RecordDelimiter delimiter, List<String> records)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new RawEncoderFactory(delimiter)
                .encoder()
                .encode(
                        source(records),
                        out,
                        failure -> {
                            throw new AssertionError(failure.message());
                        });
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Always the same view, moved, into an array with other bytes around the record's. */
    private static RecordSource source(List<String> records) {
        Iterator<String> next = records.iterator();
        SequencedRecord view = new SequencedRecord();
        return () -> {
            if (!next.hasNext()) {
                return null;
            }
            byte[] bytes = ("\n" + next.next() + "x").getBytes(StandardCharsets.UTF_8);
            return view.at(0, 0, true, bytes, 1, bytes.length - 2, 0);
        };
    }
}
