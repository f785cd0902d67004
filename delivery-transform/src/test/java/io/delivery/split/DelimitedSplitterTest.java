package io.delivery.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DelimitedSplitterTest {
    @Test
    void its_identity_names_the_delimiter() {
        assertThat(splitter("####").identity()).isEqualTo("delimited/1:IyMjIw==");
    }

    @Test
    void an_empty_delimiter_is_refused() {
        assertThatThrownBy(() -> splitter(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a delimiter has at least one byte");
    }

    @Test
    void the_text_between_delimiters_becomes_parts() {
        assertThat(Parts.of(splitter("####"), "a####b b####c")).containsExactly("a", "b b", "c");
    }

    @Test
    void white_space_is_kept() {
        assertThat(Parts.of(splitter("\n"), " a \r\n b")).containsExactly(" a \r", " b");
    }

    @Test
    void empty_pieces_make_no_records() {
        assertThat(Parts.of(splitter("|"), "||a|||b|")).containsExactly("a", "b");
    }

    @Test
    void a_record_of_nothing_but_delimiters_or_of_nothing_goes_on_as_it_is() {
        assertThat(Parts.of(splitter("|"), "||")).containsExactly("||");
        assertThat(Parts.of(splitter("|"), "")).containsExactly("");
    }

    @Test
    void a_record_without_the_delimiter_goes_on_as_it_is() {
        assertThat(Parts.of(splitter("####"), "a###b")).containsExactly("a###b");
    }

    @Test
    void delimiters_are_found_from_left_to_right_without_overlaps() {
        assertThat(Parts.of(splitter("aa"), "baaab")).containsExactly("b", "ab");
        assertThat(Parts.of(splitter("abab"), "xabababab")).containsExactly("x");
        assertThat(Parts.of(splitter("aab"), "aaab")).containsExactly("a");
    }

    @Test
    void five_hundred_pieces_are_split_and_one_more_is_not() {
        assertThat(Parts.of(splitter("|"), "a|".repeat(500))).hasSize(500);
        assertThat(Parts.of(splitter("|"), "a|".repeat(501))).containsExactly("a|".repeat(501));
    }

    @Test
    void a_delimiter_may_be_any_bytes() {
        DelimitedSplitter splitter = new DelimitedSplitter(new byte[] {0, (byte) 0xff});

        assertThat(Parts.of(splitter, new byte[] {1, 0, (byte) 0xff, 0, 2}))
                .containsExactly(new byte[] {1}, new byte[] {0, 2});
    }

    @Test
    void the_delimiter_is_copied() {
        byte[] delimiter = {'|'};
        DelimitedSplitter splitter = new DelimitedSplitter(delimiter);

        Arrays.fill(delimiter, (byte) 'x');

        assertThat(Parts.of(splitter, "a|bxc")).containsExactly("a", "bxc");
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.SECONDS)
    void a_record_full_of_beginnings_of_a_long_delimiter_takes_no_longer() {
        String record = "a".repeat(1_024_000);

        assertThat(Parts.of(splitter("a".repeat(3_000) + "b"), record)).containsExactly(record);
    }

    @Property(tries = 1000)
    void it_splits_as_the_library_does_but_for_empty_pieces(
            @ForAll("records") String record, @ForAll("delimiters") String delimiter) {
        DelimitedSplitter splitter = splitter(delimiter);

        List<String> parts = Parts.of(splitter, record);

        List<String> pieces =
                Arrays.stream(record.split(Pattern.quote(delimiter), -1))
                        .filter(piece -> !piece.isEmpty())
                        .toList();
        assertThat(parts).isEqualTo(pieces.isEmpty() ? List.of(record) : pieces);
        assertThat(Parts.of(splitter, record)).isEqualTo(parts);
    }

    @Provide
    Arbitrary<String> records() {
        return Arbitraries.strings().withChars("ab|").ofMaxLength(40);
    }

    @Provide
    Arbitrary<String> delimiters() {
        return Arbitraries.strings().withChars("ab|").ofMinLength(1).ofMaxLength(5);
    }

    private static DelimitedSplitter splitter(String delimiter) {
        return new DelimitedSplitter(delimiter.getBytes(StandardCharsets.UTF_8));
    }
}
