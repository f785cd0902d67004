package io.delivery.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.ValuePath.Step;
import io.delivery.config.ValuePath.Step.Each;
import io.delivery.config.ValuePath.Step.Member;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ValuePathTest {
    static Stream<Arguments> paths() {
        return Stream.of(
                Arguments.of(".a", List.of(new Member("a"))),
                Arguments.of("._a9.B_", List.of(new Member("_a9"), new Member("B_"))),
                Arguments.of(".a[]", List.of(new Member("a"), new Each())),
                Arguments.of(".[]", List.of(new Each())),
                Arguments.of(".[][]", List.of(new Each(), new Each())),
                Arguments.of(".[].a", List.of(new Each(), new Member("a"))),
                Arguments.of(".a[].b", List.of(new Member("a"), new Each(), new Member("b"))),
                Arguments.of(".[\"x y\"]", List.of(new Member("x y"))),
                Arguments.of(".\"x y\".b", List.of(new Member("x y"), new Member("b"))),
                Arguments.of(".a[\"\"]", List.of(new Member("a"), new Member(""))),
                Arguments.of(
                        ".\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
                        List.of(new Member("\"\\/\b\f\n\r\t\u00e9"))));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void a_path_is_read_as_jq_reads_it(String text, List<Step> steps) {
        assertThat(ValuePath.parse(text).steps()).isEqualTo(steps);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\0',
            value = {
                "a; a dot at character 1",
                ".; a name or a bracket at character 2",
                "..a; a name of letters, digits and underscores, or one in quotes at character 2",
                ".a.; a name of letters, digits and underscores, or one in quotes at character 4",
                ".9; a name of letters, digits and underscores, or one in quotes at character 2",
                ".a b; a dot or a bracket at character 3",
                ".a[0]; a name in quotes or the end of the bracket at character 4",
                ".a[\"b\"; the end of the bracket at character 7",
                ".\"b; the quote that ends the name at character 4",
                ".\"\\x\"; an escape of JSON at character 5",
                ".\"\\u12\"; four hexadecimal digits at character 7",
                ".a.[\"b\"]; a name of letters, digits and underscores, or one in quotes at character 4",
            },
            delimiter = ';')
    void anything_else_is_refused_with_what_was_expected_and_where(String text, String expected) {
        assertThatThrownBy(() -> ValuePath.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "must be a path such as .user.email or .items[].price: expected %s, was %s",
                        expected, text);
    }

    @Test
    void a_text_without_characters_is_no_path() {
        assertThatThrownBy(() -> ValuePath.parse(""))
                .hasMessageContaining("expected a dot at character 1");
    }
}
