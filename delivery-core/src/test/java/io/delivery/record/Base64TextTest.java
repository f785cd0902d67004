package io.delivery.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Base64TextTest {
    /** Several of the longest pieces, and everything that can be left over. */
    private static final int LONGEST = 3 * 1024;

    private final Random random = new Random(7);

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void bytes_of_every_length_are_written_as_the_JDK_writes_them() {
        for (int length = 0; length <= LONGEST; length++) {
            byte[] bytes = bytes(length + 5);
            byte[] text = new byte[(int) Base64Text.length(length) + 7];

            int end = Base64Text.write(bytes, 2, length, text, 3);

            byte[] expected = Base64.getEncoder().encode(Arrays.copyOfRange(bytes, 2, 2 + length));
            assertThat(Arrays.copyOfRange(text, 3, end)).isEqualTo(expected);
            assertThat(Base64Text.length(length)).isEqualTo(expected.length);
            assertThat(Arrays.copyOfRange(text, end, text.length)).containsOnly(0);
        }
    }

    @Test
    void bytes_of_every_length_come_back() {
        for (int length = 0; length <= LONGEST; length++) {
            byte[] bytes = bytes(length);
            byte[] text =
                    ("\"\"" + Base64.getEncoder().encodeToString(bytes) + "\"\"")
                            .getBytes(StandardCharsets.US_ASCII);
            byte[] out = new byte[length + 2];

            assertThat(Base64Text.decodedLength(text, 2, text.length - 2)).isEqualTo(length);
            assertThat(Base64Text.valid(text, 2, text.length - 2)).isTrue();
            assertThat(Base64Text.decode(text, 2, text.length - 2, out, 1)).isTrue();

            assertThat(Arrays.copyOfRange(out, 1, 1 + length)).isEqualTo(bytes);
            assertThat(out[0]).isZero();
            assertThat(out[length + 1]).isZero();
        }
    }

    @Test
    void a_byte_that_is_no_letter_is_found_wherever_it_stands() {
        byte[] text = Base64.getEncoder().encode(bytes(LONGEST));
        for (byte wrong : new byte[] {'=', '-', '_', ' ', '\n', '"', 0, (byte) 0xC3}) {
            for (int at = 0; at < text.length - (wrong == '=' ? 1 : 0); at++) {
                byte right = text[at];
                text[at] = wrong;

                assertThat(Base64Text.decode(text, 0, text.length, new byte[LONGEST], 0))
                        .as("%d at %d", wrong, at)
                        .isFalse();
                assertThat(Base64Text.valid(text, 0, text.length)).isFalse();
                text[at] = right;
            }
        }
    }

    @Test
    void padding_inside_is_refused_also_where_a_piece_ends() {
        for (String padding : new String[] {"=", "=="}) {
            for (int piece = 4; piece <= 2048; piece += 4) {
                byte[] text = new byte[piece + 1024];
                Arrays.fill(text, (byte) 'A');
                for (int i = 0; i < padding.length(); i++) {
                    text[piece - 1 - i] = '=';
                }

                assertThat(Base64Text.decode(text, 0, text.length, new byte[text.length], 0))
                        .as("padding that ends at %d", piece)
                        .isFalse();
                assertThat(Base64Text.valid(text, 0, text.length)).isFalse();
            }
        }
    }

    @Test
    void text_whose_length_is_no_multiple_of_four_has_no_length() {
        byte[] text = "QUJDRA==".getBytes(StandardCharsets.US_ASCII);

        assertThat(Base64Text.decodedLength(text, 0, 8)).isEqualTo(4);
        assertThat(Base64Text.decodedLength(text, 0, 7)).isEqualTo(-1);
        assertThat(Base64Text.decodedLength(text, 0, 0)).isZero();
    }
}
