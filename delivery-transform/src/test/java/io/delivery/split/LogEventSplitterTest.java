package io.delivery.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.Decompression.Messages;
import io.delivery.processing.RecordSplitter;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogEventSplitterTest {
    private static final Failure NOT_CONFORMING =
            new Failure(
                    Failure.Kind.DECOMPRESSION_FAILED,
                    "Decompression failed.",
                    "Decompression failed because input data does not conform to cloudwatch log.");

    private final RecordSplitter envelopes =
            new LogEventSplitter(Messages.IN_ENVELOPE, Optional.empty());
    private final RecordSplitter messages =
            new LogEventSplitter(Messages.EXTRACTED, Optional.empty());

    private static List<String> parts(RecordSplitter splitter, byte[] record) {
        return Parts.of(splitter, record).stream()
                .map(part -> new String(part, StandardCharsets.UTF_8))
                .toList();
    }

    /** Why the record failed, which it did as one part with the bytes that were put. */
    private static Failure failure(RecordSplitter splitter, byte[] record) {
        List<Failure> failures = new ArrayList<>();
        splitter.split(
                new DeliveryRecord().at(record, 0, record.length, 0),
                new RecordSplitter.PartSink() {
                    @Override
                    public void part(byte[] array, int offset, int length) {
                        throw new AssertionError(
                                "it did not fail: "
                                        + new String(
                                                array, offset, length, StandardCharsets.UTF_8));
                    }

                    @Override
                    public void failed(byte[] array, int offset, int length, Failure failure) {
                        assertThat(Arrays.copyOfRange(array, offset, offset + length))
                                .isEqualTo(record);
                        failures.add(failure);
                    }
                });
        assertThat(failures).hasSize(1);
        return failures.get(0);
    }

    @Test
    void a_record_becomes_its_envelope_as_it_was_before_it_was_compressed() {
        String envelope = " " + LogEvents.envelope("\"a\"", "\"b\"") + "\n";

        assertThat(parts(envelopes, LogEvents.gzip(envelope))).containsExactly(envelope);
    }

    @Test
    void a_record_becomes_the_messages_of_its_log_events_each_with_a_line_feed() {
        String envelope =
                LogEvents.envelope(
                        "\"a\"", "\"\"", "\"two\\nlines\\n\"", "\"\\u00e9\\ud83d\\ude00\"");

        assertThat(parts(messages, LogEvents.gzip(envelope)))
                .containsExactly("a\n\ntwo\nlines\n\n\u00e9\ud83d\ude00\n");
    }

    @Test
    void half_of_a_surrogate_pair_in_a_message_becomes_the_replacement_character() {
        assertThat(
                        parts(
                                messages,
                                LogEvents.gzip(LogEvents.envelope("\"a\\ud83db\"", "\"\\ude00\""))))
                .containsExactly("a\ufffdb\n\ufffd\n");
    }

    @Test
    void a_control_message_becomes_one_part_without_bytes() {
        byte[] control = LogEvents.gzip(LogEvents.CONTROL);

        assertThat(parts(messages, control)).containsExactly("");
        assertThat(parts(envelopes, control)).containsExactly(LogEvents.CONTROL);
        assertThat(parts(SplitStages.open("gzip/1+messages/1+json/1"), control))
                .containsExactly("");
    }

    @Test
    void an_envelope_without_log_events_becomes_one_part_without_bytes() {
        assertThat(parts(messages, LogEvents.gzip(LogEvents.envelope()))).containsExactly("");
    }

    @Test
    void messages_are_split_like_any_record() {
        byte[] record =
                LogEvents.gzip(LogEvents.envelope("\"{\\\"a\\\":1}\"", "\"{\\\"a\\\":2}{}\""));

        assertThat(parts(SplitStages.open("gzip/1+messages/1+json/1"), record))
                .containsExactly("{\"a\":1}", "{\"a\":2}", "{}");
        assertThat(parts(SplitStages.open("gzip/1+messages/1+delimited/1:Cg=="), record))
                .containsExactly("{\"a\":1}", "{\"a\":2}{}");
        assertThat(parts(SplitStages.open("gzip/1+json/1"), record)).hasSize(1);
    }

    @Test
    void several_members_of_gzip_are_one_text() {
        String envelope = LogEvents.envelope("\"a\"");
        byte[] halves =
                LogEvents.together(
                        LogEvents.gzip(envelope.substring(0, 20)),
                        LogEvents.gzip(""),
                        LogEvents.gzip(envelope.substring(20)));

        assertThat(parts(envelopes, halves)).containsExactly(envelope);
    }

    @Test
    void a_header_of_gzip_may_have_all_its_fields() {
        byte[] plain = LogEvents.gzip(LogEvents.envelope("\"a\""));
        byte[] header = {0x1f, (byte) 0x8b, 8, 4 | 8 | 16, 0, 0, 0, 0, 0, 3};
        byte[] fields = {2, 0, 'x', 'y', 'n', 'a', 0, 'c', 0};
        byte[] body = Arrays.copyOfRange(plain, 10, plain.length);

        assertThat(parts(messages, LogEvents.together(header, fields, body)))
                .containsExactly("a\n");
        header[3] = 2; // a checksum of the header, which is wrong
        assertThat(failure(messages, LogEvents.together(header, new byte[] {1, 2}, body)))
                .isEqualTo(NOT_CONFORMING);
    }

    @Test
    void a_record_that_is_cut_anywhere_fails() {
        byte[] record = LogEvents.gzip(LogEvents.envelope("\"a\"", "\"b\""));
        for (int length = 1; length < record.length; length++) {
            assertThat(failure(messages, Arrays.copyOf(record, length)))
                    .as("cut at %d of %d", length, record.length)
                    .isEqualTo(NOT_CONFORMING);
        }
    }

    @Test
    void something_behind_the_last_member_fails_the_record() {
        byte[] record = LogEvents.gzip(LogEvents.envelope("\"a\""));

        for (String behind : List.of("x", "\0", "\0".repeat(40), "{}".repeat(20))) {
            assertThat(
                            failure(
                                    envelopes,
                                    LogEvents.together(
                                            record, behind.getBytes(StandardCharsets.UTF_8))))
                    .isEqualTo(NOT_CONFORMING);
        }
    }

    @Test
    void a_wrong_checksum_or_length_fails_the_record() {
        byte[] record = LogEvents.gzip(LogEvents.envelope("\"a\""));
        for (int place = record.length - 8; place < record.length; place++) {
            byte[] damaged = record.clone();
            damaged[place] ^= 1;

            assertThat(failure(envelopes, damaged)).isEqualTo(NOT_CONFORMING);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain text",
                "[]",
                "1",
                "{}",
                "{\"messageType\":\"DATA_MESSAGE\"}",
                "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":{}}",
                "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":null}",
                "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[1]}",
                "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{}]}",
                "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{\"message\":1}]}",
                "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{\"message\":\"a\",\"message\":\"b\"}]}",
                "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[],\"logEvents\":[]}",
                "{\"messageType\":\"OTHER\",\"logEvents\":[]}",
                "{\"messageType\":1,\"logEvents\":[]}",
                "{\"logEvents\":[]}",
                "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[]} {}",
                "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[]}x",
                "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[]",
                "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[],\"x\":\"\u0001\"}",
            })
    void compressed_data_that_is_no_envelope_of_log_events_fails(String text) {
        assertThat(failure(envelopes, LogEvents.gzip(text))).isEqualTo(NOT_CONFORMING);
        assertThat(failure(messages, LogEvents.gzip(text))).isEqualTo(NOT_CONFORMING);
    }

    @Test
    void an_envelope_in_another_encoding_or_no_utf8_fails() {
        String envelope = LogEvents.envelope("\"\u00e9\"");

        assertThat(failure(messages, LogEvents.gzip(envelope.getBytes(StandardCharsets.UTF_16))))
                .isEqualTo(NOT_CONFORMING);
        assertThat(failure(messages, LogEvents.gzip(envelope.getBytes(StandardCharsets.UTF_16LE))))
                .isEqualTo(NOT_CONFORMING);
        assertThat(
                        failure(
                                messages,
                                LogEvents.gzip(envelope.getBytes(StandardCharsets.ISO_8859_1))))
                .isEqualTo(NOT_CONFORMING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f7bfbfbf",
                "f5808080",
                "f4908080",
                "c080",
                "e08080",
                "f0808080",
                "eda080",
                "edb080"
            })
    void an_envelope_with_bytes_that_look_like_utf8_and_are_not_fails(String hex) {
        byte[] once = LogEvents.envelopeWith(HexFormat.of().parseHex(hex));
        byte[] often = LogEvents.envelopeWith(HexFormat.of().parseHex(hex.repeat(20_000)));

        for (byte[] envelope : List.of(once, often)) {
            assertThat(failure(messages, LogEvents.gzip(envelope))).isEqualTo(NOT_CONFORMING);
            assertThat(failure(envelopes, LogEvents.gzip(envelope))).isEqualTo(NOT_CONFORMING);
        }
    }

    @Test
    void an_envelope_that_is_nested_too_deep_fails() {
        String deep =
                "{\"messageType\":\"DATA_MESSAGE\",\"x\":"
                        + "[".repeat(100_000)
                        + "]".repeat(100_000)
                        + ",\"logEvents\":[]}";

        assertThat(failure(messages, LogEvents.gzip(deep))).isEqualTo(NOT_CONFORMING);
    }

    @Test
    void a_record_that_would_become_too_much_fails_and_takes_no_memory_for_it() {
        // A thousandfold: 40 MB of zeros, and of one message, in 40 kB; and in members of gzip.
        byte[] zeros = LogEvents.gzip(new byte[40_000_000]);
        byte[] message = LogEvents.gzip(LogEvents.envelope('"' + "a".repeat(40_000_000) + '"'));
        byte[] member = LogEvents.gzip(new byte[900_000]);
        byte[] members = LogEvents.together(member, member, member, member);

        for (byte[] bomb : List.of(zeros, message, members)) {
            Failure failure = failure(messages, bomb);

            assertThat(failure.kind()).isEqualTo(Failure.Kind.DECOMPRESSION_FAILED);
            assertThat(failure.code()).isEqualTo("Decompression failed.");
            assertThat(failure.message())
                    .isEqualTo(
                            "Decompression failed because the data would be more than 16777216"
                                    + " bytes, or more than 1048576 bytes and 250 times what was"
                                    + " put.");
        }
    }

    @Test
    void a_small_record_may_become_a_mebibyte_whatever_the_ratio() {
        String message = "a".repeat(1_000_000);

        assertThat(parts(messages, LogEvents.gzip(LogEvents.envelope('"' + message + '"'))))
                .containsExactly(message + "\n");
    }

    @Test
    void a_large_record_is_read_after_a_small_one_and_the_other_way_round() {
        String large = "\u00e9 b".repeat(1_500_000).replace(" b", " " + "c");
        StringBuilder random = new StringBuilder();
        java.util.Random chance = new java.util.Random(7);
        while (random.length() < 4_000_000) {
            random.append((char) ('a' + chance.nextInt(20)));
        }
        for (String message :
                List.of("small", random.toString(), "small", large.substring(0, 99))) {
            assertThat(parts(messages, LogEvents.gzip(LogEvents.envelope('"' + message + '"'))))
                    .containsExactly(message + "\n");
        }
    }

    @Property(tries = 300)
    void bytes_that_were_changed_never_break_it(
            @ForAll @Size(max = 4) List<Integer> places, @ForAll byte value) {
        byte[] record = LogEvents.gzip(LogEvents.envelope("\"abc\"", "\"abcabc\""));
        for (int place : places) {
            record[Math.floorMod(place, record.length)] ^= value;
        }
        RecordSplitter.PartSink sink =
                new RecordSplitter.PartSink() {
                    @Override
                    public void part(byte[] array, int offset, int length) {
                        assertThat(new String(array, offset, length, StandardCharsets.UTF_8))
                                .isEqualTo("abc\nabcabc\n"); // what was changed does not matter
                    }

                    @Override
                    public void failed(byte[] array, int offset, int length, Failure failure) {
                        assertThat(failure.kind()).isEqualTo(Failure.Kind.DECOMPRESSION_FAILED);
                    }
                };

        messages.split(new DeliveryRecord().at(record, 0, record.length, 0), sink);

        assertThat(parts(messages, LogEvents.gzip(LogEvents.envelope("\"next\""))))
                .containsExactly("next\n");
    }
}
