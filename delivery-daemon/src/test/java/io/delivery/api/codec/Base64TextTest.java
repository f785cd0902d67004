package io.delivery.api.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Base64TextTest {
    private final Random random = new Random(86);

    @Test
    void a_string_is_decoded_up_to_its_quote() {
        for (int length = 0; length < 200; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            byte[] in = ascii(Base64.getEncoder().encodeToString(bytes) + "\"}]}");
            byte[] out = new byte[3 + length];

            int decoded = Base64Text.decodeQuoted(in, 0, in.length, out, 3, length);

            assertThat(decoded).isEqualTo(length);
            assertThat(Arrays.copyOfRange(out, 3, out.length)).isEqualTo(bytes);
            assertThat(Base64Text.encodedLength(length)).isEqualTo(in.length - 4);
        }
    }

    @Test
    void a_string_without_room_is_left_to_others_and_nothing_behind_the_room_is_written() {
        for (int length = 1; length < 20; length++) {
            byte[] in = ascii(Base64.getEncoder().encodeToString(new byte[length]) + "\"");
            for (int room = 0; room < length; room++) {
                byte[] out = new byte[length + 3];
                Arrays.fill(out, (byte) 7);

                assertThat(Base64Text.decodeQuoted(in, 0, in.length, out, 0, room)).isEqualTo(-1);
                for (int i = room; i < out.length; i++) {
                    assertThat(out[i]).isEqualTo((byte) 7);
                }
            }
        }
    }

    @Test
    void nothing_behind_the_end_is_read() {
        byte[] in = ascii("QUJD\"QUI=\"");
        assertThat(Base64Text.decodeQuoted(in, 0, 4, new byte[9], 0, 9)).isEqualTo(-1);
        assertThat(Base64Text.decodeQuoted(in, 0, 5, new byte[9], 0, 9)).isEqualTo(3);
        assertThat(Base64Text.decodeQuoted(in, 5, 9, new byte[9], 0, 9)).isEqualTo(-1);
        assertThat(Base64Text.decodeQuoted(in, 5, 10, new byte[9], 0, 9)).isEqualTo(2);
        assertThat(Base64Text.decodeQuoted(in, 10, 10, new byte[9], 0, 9)).isEqualTo(-1);
    }

    @Test
    void whatever_else_a_string_holds_is_left_to_others() {
        for (String text :
                new String[] {
                    "QUJ\"",
                    "QQ\"",
                    "Q===\"",
                    "====\"",
                    "=QQQ\"",
                    "QQ=Q\"",
                    "Q=Q=\"",
                    "QQ==QQ==\"",
                    "QQQ\\/\"",
                    "QUJD QUJD\"",
                    "QUJD-_-_\"",
                    "QUJ\u0001\"",
                    "QUJDQQ=\"",
                    "QUJD"
                }) {
            byte[] in = text.getBytes(StandardCharsets.ISO_8859_1);

            assertThat(Base64Text.decodeQuoted(in, 0, in.length, new byte[99], 0, 99))
                    .as(text)
                    .isEqualTo(-1);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
