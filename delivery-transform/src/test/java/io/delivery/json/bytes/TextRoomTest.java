package io.delivery.json.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.RowBuffer;
import io.delivery.record.DeliveryRecord;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts whose last bytes come to stand at the end of the room that they are given. */
class TextRoomTest {
    private static final String EMOJI = "\ud83d\ude00";
    private static final String ESCAPED_EMOJI = "\\ud83d\\ude00";

    /** Of JSON for the emoji. */
    @ParameterizedTest
    @ValueSource(strings = {EMOJI, ESCAPED_EMOJI})
    void texts_fit_the_first_room_wherever_they_begin(String emoji) {
        for (int begin = 4_070; begin <= 4_096; begin++) {
            for (int ascii = 4_096; ascii <= 4_096 + 8; ascii++) {
                RowBuffer rows = new RowBuffer();
                rows.allocate(2);
                rows.setBytes(0, new byte[begin], 0, begin);

                assertIsRead(rows, ascii, emoji);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EMOJI, ESCAPED_EMOJI})
    void texts_fit_the_room_that_they_are_given_later_wherever_they_begin(String emoji) {
        int capacity = 20_000;
        for (int ascii = 8_200; ascii <= 8_208 + 8; ascii++) {
            for (int free = ascii - 8; free <= ascii + 16; free++) {
                RowBuffer rows = new RowBuffer();
                rows.reserve(capacity);
                assertThat(rows.bytes()).hasSize(capacity);
                rows.allocate(2);
                rows.setBytes(0, new byte[capacity - free], 0, capacity - free);

                assertIsRead(rows, ascii, emoji);
            }
        }
    }

    private static void assertIsRead(RowBuffer rows, int ascii, String emoji) {
        String begun = "x".repeat(ascii);
        String rest = "more".repeat(5_000);
        byte[] json = ("\"" + begun + emoji + rest + "\"").getBytes(StandardCharsets.UTF_8);
        Input in = new Input();
        in.begin(new DeliveryRecord().at(json, 0, json.length, 0));

        int behind = new TextBytes(Integer.MAX_VALUE).read(in, 0, rows, 1);

        assertThat(behind).isEqualTo(json.length);
        String read =
                new String(rows.bytes(), rows.offset(1), rows.extra(1), StandardCharsets.UTF_8);
        assertThat(read.equals(begun + EMOJI + rest)).as("the text as it was written").isTrue();
    }
}
