package io.delivery.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JqProgramTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "now",
                "input",
                "inputs",
                "env",
                "$ENV",
                "debug",
                "stderr",
                "input_filename",
                "input_line_number",
                "localtime",
                "strflocaltime(\"%Y\")",
                "halt",
                "halt_error",
                "halt_error(1)",
                "get_search_list",
                "get_prog_origin",
                "builtins",
                "modulemeta"
            })
    void what_depends_on_more_than_the_record_is_refused_by_name_and_place(String impure) {
        String query = "{a: .a,\n b: (1 | " + impure + ")}";

        assertThatThrownBy(() -> JqProgram.compile(query))
                .isInstanceOf(JqSyntaxException.class)
                .hasMessageContaining("refused, because a query depends on nothing but")
                .hasMessageContaining(impure.replaceAll("\\(.*", ""))
                .hasMessageEndingWith("at line 2, column 10");
    }

    @Test
    void a_function_of_the_query_may_have_a_refused_name() throws JqSyntaxException {
        JqProgram program = JqProgram.compile("def now: 5; {a: now}");

        assertThat(program.keys()).hasValueSatisfying(k -> assertThat(k).containsExactly("a"));
    }

    @Test
    void an_unknown_function_is_refused_with_its_arity_and_place() {
        assertThatThrownBy(() -> JqProgram.compile("{a: frobnicate(1; 2)}"))
                .isInstanceOf(JqSyntaxException.class)
                .hasMessage("frobnicate/2 is not defined at line 1, column 5");
    }

    @Test
    void a_syntax_error_says_what_was_expected_and_where() {
        assertThatThrownBy(() -> JqProgram.compile("{a: (.b | .c}"))
                .isInstanceOf(JqSyntaxException.class)
                .hasMessage("expected ) but found } at line 1, column 13");
    }

    @Test
    void operators_in_an_object_without_parentheses_get_a_hint() {
        assertThatThrownBy(() -> JqProgram.compile("{a: .x // \"none\"}"))
                .isInstanceOf(JqSyntaxException.class)
                .hasMessageContaining("needs parentheses");
    }

    @ParameterizedTest
    @ValueSource(strings = {"_match(\"a\"; null)", "_flatten(1)", "_sort_by(1)"})
    void functions_of_ours_that_jq_does_not_have_cannot_be_called(String ours) {
        assertThatThrownBy(() -> JqProgram.compile(ours)).hasMessageContaining("is not defined");
    }

    @ParameterizedTest
    @ValueSource(strings = {"import \"a\" as b; .", "include \"a\"; .", "{a: j0}", "{a: jn(1; 2)}"})
    void what_is_not_supported_is_said_so(String query) {
        assertThatThrownBy(() -> JqProgram.compile(query)).hasMessageContaining("not supported");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "# nothing", "\u0000", "é", "\ud800", "{", "\"\\(", "\"\\u12"})
    void hostile_queries_are_refused(String query) {
        assertThatThrownBy(() -> JqProgram.compile(query)).isInstanceOf(JqSyntaxException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "[",
                "{a:",
                "-",
                "def f: ",
                "1 as $x | ",
                "if 1 then ",
                "\"\\(",
                "try "
            })
    void nesting_without_end_is_refused_and_does_not_overflow_the_stack(String opening) {
        assertThatThrownBy(() -> JqProgram.compile(opening.repeat(5_000)))
                .isInstanceOf(JqSyntaxException.class)
                .hasMessageContaining("nested");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{a: .x, b: .y}",
                "{\"a\": 1, \"b\": 2}",
                "{a, b}",
                ".x | {a: .a, b: .b}",
                ".x as $y | {a: $y, b: 1}",
                ". as {a: $a, b: $b} | {$a, $b}",
                "def f: .x; {a: f, b: f}",
                "({a: 1} + {b: 2})",
                "if .x then {a: 1, b: 2} elif .y then {b: 1, a: 2} else {b: 3, a: 4} end",
                "label $out | {a: 1, b: 2}",
                "{a: 1, b: 2}?"
            })
    void keys_are_known_when_they_stand_in_the_query(String query) throws JqSyntaxException {
        assertThat(JqProgram.compile(query).keys())
                .hasValueSatisfying(k -> assertThat(k).containsExactlyInAnyOrder("a", "b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{k: .a}, {k: .b}",
                "{k: (.a, .b)}",
                ".a | {k: ., j: (1, 2)}",
                "(.a, .b) | {k: .}"
            })
    void a_query_that_always_yields_several_values_gives_no_record_keys(String query)
            throws Exception {
        assertThat(JqProgram.compile(query).whyNoKeys())
                .hasValue("must yield one object, and yields more than one value for every record");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".",
                ".a",
                "{(.a): 1}",
                "{\"a\\(.b)\": 1}",
                "if .x then {a: 1} else {b: 1} end",
                "if .x then . else {b: 1} end",
                "if .x then {b: 1} else . end",
                "{a: 1} + .b",
                "{a: 1} * {b: 1}",
                "{a: 1}, {a: 2}",
                "{a: 1} | .b = 1",
                "{a: 1} // {b: 1}",
                "with_entries(.)"
            })
    void keys_are_not_known_when_only_a_record_can_tell(String query) throws JqSyntaxException {
        assertThat(JqProgram.compile(query).keys()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "\"x\"",
                "null",
                "[.a]",
                "empty",
                ".a | tostring",
                "\"a=\\(.a)\"",
                "@text \"\\(.)\"",
                ".a | @base64",
                ".a / 2",
                ".a - .b",
                ".a == .b",
                ".a and .b",
                "-.a",
                "not",
                "[.[] | {k: .}]",
                "to_entries",
                "map({k: .a})",
                "keys",
                ".a[0:8]",
                ".ts | strftime(\"%Y\")",
                ".a | gsub(\"x\"; \"y\")",
                ".a | test(\"x\")",
                "length",
                "if .a then \"x\" else \"y\" end",
                ".a | tostring // \"none\"",
                ".a as $a | \"x\" + ($a | tostring)",
                "def f: .a | tojson; f",
                "def f: f; f | [.]",
                "label $out | 1, break $out",
                "reduce .[] as $x (0; 1)",
                "try error(\"x\") catch 1",
                "path(.a)",
                "range(3)",
                "{a: 1} | .a | tostring",
                "1 | .a",
                "error(\"x\")",
                "{a: 1} == {a: 1}",
                "any",
                "first(.a | tostring) | ascii_downcase",
                "[.a, .b] | join(\"/\")"
            })
    void a_query_that_never_yields_an_object_gives_no_record_keys(String query) throws Exception {
        assertThat(JqProgram.compile(query).whyNoKeys())
                .hasValueSatisfying(
                        why -> assertThat(why).startsWith("must yield an object such as "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{k: [.a]} | the key k, which is an array",
                "{a: .a, k: {b: .b}} | the key k, which is an object",
                "{k: null} | the key k, which is null",
                ".x as $x ~ {k: ($x ~ [.])} | the key k, which is an array",
                ".x ~ {k: [.a, .b]} | the key k, which is an array",
                "{k: (.a ~ split(\"/\"))} | the key k, which is an array",
                "{k: (.a ~ split(\"/\")[0])} | ",
                "{k: (.a[0:4])} | ",
            })
    void a_key_whose_value_is_never_a_scalar_is_told(String query, String key) throws Exception {
        Optional<String> why = JqProgram.compile(query.replace('~', '|')).whyNoKeys();

        assertThat(why.isPresent()).isEqualTo(key != null);
        why.ifPresent(told -> assertThat(told).contains(key));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{k: .a}, empty",
                "{k: .a}, (.b // empty)",
                "{k: (.a, .b), j: (.c // empty)}",
                "first({k: .a}, {k: .b})",
                "({k: .a}, {k: error(\"x\")})?",
                ".",
                ".a",
                ".a.b",
                ".[0]",
                ".[]",
                "{k: .a}",
                "{a} + {b: 1}",
                ".a // {k: \"none\"}",
                "if .a then {k: .a} else empty end",
                "[{k: .a}] | .[0]",
                "[{k: .a}] | add",
                "to_entries | from_entries",
                "with_entries(.value |= tostring)",
                "map_values(tostring)",
                ".k = 1",
                ".k |= tostring",
                "del(.a)",
                "first({k: 1}, {k: 2})",
                "reduce .[] as $x ({}; .k = $x)",
                ".a | fromjson",
                "{} * {k: 1}",
                "null + {k: 1}",
                ".p | capture(\"(?<k>.)\")",
                "def f(g): g; f({k: 1})",
                "def f: if . then {k: 1} else f end; f",
                "try error({k: 1}) catch .",
                ".a | select(. != null)",
                "[.] | max_by(.a)",
                ".a | ltrimstr(\"x\")",
                "{k: .a} | tojson | fromjson",
                "limit(1; {k: .a})"
            })
    void a_query_that_may_yield_an_object_passes(String query) throws Exception {
        assertThat(JqProgram.compile(query).whyNoKeys()).isEmpty();
    }

    @Test
    void definitions_that_call_each_other_twice_are_looked_at_once() throws Exception {
        StringBuilder query = new StringBuilder("def f0: [.];");
        for (int i = 1; i < 100; i++) {
            query.append("def f%1$d: f%2$d, f%2$d;".formatted(i, i - 1));
        }

        JqProgram program = JqProgram.compile(query + "f99");

        assertThat(program.whyNoKeys()).isPresent();
    }
}
