package io.delivery.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTextTest {
    @Test
    void what_everybody_can_read_stays_as_it_is() {
        String plain = "region=Zürich/日本/\ud83d\ude00 100 % \\ \"quoted\" `x` ~";

        assertThat(PrintableText.of(plain)).isSameAs(plain);
        assertThat(PrintableText.lines("a\tb\nc")).isEqualTo("a\tb\nc");
    }

    @Test
    void what_steers_a_terminal_is_shown_and_not_done() {
        assertThat(PrintableText.of("\u001b]0;owned\u0007x")).isEqualTo("\\u001b]0;owned\\u0007x");
        assertThat(PrintableText.of("a\u0000\u0008\u007f")).isEqualTo("a\\u0000\\u0008\\u007f");
        // C1: CSI and OSC in one character, for terminals that take them
        assertThat(PrintableText.of("\u009b2J\u009d\u0085")).isEqualTo("\\u009b2J\\u009d\\u0085");
        assertThat(PrintableText.lines("done\rFAILED")).isEqualTo("done\\rFAILED");
    }

    @Test
    void a_text_in_one_line_cannot_begin_another() {
        assertThat(PrintableText.of("a\nb\tc\rd\u2028e\u2029"))
                .isEqualTo("a\\nb\\tc\\rd\\u2028e\\u2029");
    }

    @Test
    void what_turns_the_direction_of_writing_is_shown() {
        for (char c :
                "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
                        .toCharArray()) {
            assertThat(PrintableText.of("x" + c + "y")).isEqualTo("x\\u%04xy".formatted((int) c));
        }
    }

    @Test
    void half_a_character_is_shown_as_a_number() {
        assertThat(PrintableText.of("\ud83d")).isEqualTo("\\ud83d");
        assertThat(PrintableText.of("\ude00\ud83d")).isEqualTo("\\ude00\\ud83d");
        assertThat(PrintableText.of("\ud83dx\ude00")).isEqualTo("\\ud83dx\\ude00");
    }
}
