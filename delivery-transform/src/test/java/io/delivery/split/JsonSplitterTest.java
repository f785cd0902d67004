package io.delivery.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSplitterTest {
    private final JsonSplitter splitter = new JsonSplitter();

    @Test
    void its_identity_is_its_name_and_version() {
        assertThat(splitter.identity()).isEqualTo("json/1");
    }

    @Test
    void objects_one_after_the_other_become_parts() {
        assertThat(Parts.of(splitter, "{\"a\":1}{\"a\":2}{}"))
                .containsExactly("{\"a\":1}", "{\"a\":2}", "{}");
    }

    @Test
    void white_space_around_objects_is_removed_and_within_them_is_kept() {
        assertThat(Parts.of(splitter, " {\"a\": 1}\r\n\t{ \n}\n\n"))
                .containsExactly("{\"a\": 1}", "{ \n}");
    }

    @Test
    void braces_and_quotes_in_strings_do_not_count() {
        String tricky = "{\"}{\":\"\\\"}{\\\\\"}";

        assertThat(Parts.of(splitter, tricky + tricky)).containsExactly(tricky, tricky);
    }

    @Test
    void a_malformed_object_among_good_ones_is_a_part_of_its_own() {
        assertThat(Parts.of(splitter, "{\"a\":1}{\"a\":}{\"a\":3}"))
                .containsExactly("{\"a\":1}", "{\"a\":}", "{\"a\":3}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n",
                "[{\"a\":1},{\"a\":2}]",
                "1",
                "\"{}{}\"",
                "null",
                "plain text",
                "{}{",
                "{}}",
                "{} x {}",
                "x{}{}",
                "{},{}",
                "{}[]",
                "{}1",
                "{}{\"a",
                "{}{\"a\\",
                "{}{\"a\\\"}",
                "\ufeff{}{}",
                "\u0000",
                "{}\u0000",
                "{}\u00a0{}"
            })
    void anything_else_goes_on_as_it_is(String record) {
        assertThat(Parts.of(splitter, record)).containsExactly(record);
    }

    @Test
    void five_hundred_objects_are_split_and_one_more_is_not() {
        assertThat(Parts.of(splitter, "{}\n".repeat(500))).hasSize(500).containsOnly("{}");
        assertThat(Parts.of(splitter, "{}\n".repeat(501))).containsExactly("{}\n".repeat(501));
    }

    @Test
    void nesting_has_no_limit() {
        String deep = "{\"a\":[".repeat(10_000) + "]}".repeat(10_000);

        assertThat(Parts.of(splitter, deep + deep)).containsExactly(deep, deep);
    }

    @Test
    void bytes_that_are_no_utf8_are_bytes_like_others() {
        byte[] object = "{\"a\":\"??\"}".getBytes(StandardCharsets.ISO_8859_1);
        object[6] = (byte) 0xff;
        object[7] = (byte) 0xc3;
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        two.writeBytes(object);
        two.writeBytes(object);

        assertThat(Parts.of(splitter, two.toByteArray())).containsExactly(object, object);
    }

    @Property(tries = 500)
    void objects_come_back_whatever_is_in_them_and_between_them(
            @ForAll("objects") List<String> objects, @ForAll("whiteSpace") String between) {
        String record = between + String.join(between, objects) + between;

        assertThat(Parts.of(splitter, record)).isEqualTo(objects);
    }

    @Property(tries = 500)
    void the_parts_are_the_record_without_white_space_between_them(
            @ForAll("nearlyJson") String record) {
        List<String> parts = Parts.of(splitter, record);

        assertThat(parts).isNotEmpty();
        int at = 0;
        for (String part : parts) {
            int found = record.indexOf(part, at);
            assertThat(record.substring(at, found)).isBlank();
            at = found + part.length();
        }
        assertThat(record.substring(at)).isBlank();
    }

    @Property(tries = 200)
    void the_same_record_has_the_same_parts_whatever_came_before(
            @ForAll("nearlyJson") String record, @ForAll("nearlyJson") String before) {
        List<String> first = Parts.of(new JsonSplitter(), record);

        Parts.of(splitter, before);

        assertThat(Parts.of(splitter, record)).isEqualTo(first);
    }

    @Provide
    Arbitrary<List<String>> objects() {
        Arbitrary<String> text =
                Arbitraries.strings()
                        .withChars("ab{}[]:, \u00e9\u20ac")
                        .ofMaxLength(8)
                        .map(s -> "\"" + s + "\"");
        Arbitrary<String> escaped =
                Arbitraries.of("\"\\\"\"", "\"\\\\\"", "\"\\\\\\\"}\"", "1", "[]");
        Arbitrary<String> value =
                Arbitraries.lazyOf(() -> text, () -> escaped, () -> object(text, text));
        return object(text, value).list().ofMinSize(1).ofMaxSize(20);
    }

    private static Arbitrary<String> object(Arbitrary<String> name, Arbitrary<String> value) {
        return Combinators.combine(name, value)
                .as((n, v) -> n + ":" + v)
                .list()
                .ofMaxSize(3)
                .map(members -> "{" + String.join(", ", members) + "}");
    }

    @Provide
    Arbitrary<String> whiteSpace() {
        return Arbitraries.strings().withChars(" \t\r\n").ofMaxLength(4);
    }

    @Provide
    Arbitrary<String> nearlyJson() {
        return Arbitraries.strings().withChars("{}\"\\[],:a1 \n").ofMaxLength(30);
    }
}
