package io.delivery.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordFailedException;
import io.delivery.testkit.Outcomes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No program and no record holds a lane or fills the heap. */
@Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JqBudgetTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                // Loops
                "{k: last(range(1e12))}",
                "{k: ([range(1e9)] | length)}",
                "{k: (reduce range(1e12) as $i (0; . + $i))}",
                "{k: last(foreach range(1e12) as $i (0; . + $i))}",
                "{k: last(repeat(1))}",
                "{k: last(1 | repeat(. * 2))}",
                "{k: last(recurse(.))}",
                "{k: last(recurse(., .))}",
                "{k: last(1 | while(true; .))}",
                "{k: (1 | until(false; .))}",
                "{k: (1 | until(false; ., .))}",
                "{k: last(limit(1e12; repeat(1)))}",
                "{k: first(repeat(1) | select(. == 2))}",
                "{k: ([1, 1] | [combinations(100)] | length)}",
                "{k: (label $out | repeat(1) | if . == 2 then break $out else . end | empty)}",
                "{k: last(range(0; 1; 1e-300))}",
                "{k: last(range(0; infinite; 0.1))}",
                // Recursion
                "def f: f; f",
                "def f: 1 + f; f",
                "def f: f, f; f",
                "def f: f | f; f",
                "def f(g): f(g | g); {k: f(.)}",
                "def f: {k: f}; f",
                "def f: [f]; f",
                "def f: def g: f; g; f",
                "def f: try f catch f; f",
                "def f: (f)?; f",
                "{k: (reduce range(100000) as $i (0; [.]) | tojson)}",
                "{k: (reduce range(100000) as $i (0; [.]) | flatten)}",
                "{k: (reduce range(100000) as $i (0; [.]) == (reduce range(100000) as $i (0; [.])))}",
                // Values that grow
                "{k: (\"x\" * 1e9)}",
                "{k: (\"x\" * 1e300)}",
                "{k: (\"xxxxxxxx\" | . * 1e6 | . * 1e6)}",
                "{k: (\"x\" | .k? // . | . *= 1e10)}",
                "{k: (reduce range(60) as $i (\"x\"; . + .))}",
                "{k: (reduce range(60) as $i (\"x\"; \"\\(.)\\(.)\"))}",
                "{k: (reduce range(60) as $i ([1]; . + .) | length)}",
                "{k: (reduce range(60) as $i ([1]; [., .]) | tojson)}",
                "{k: (reduce range(60) as $i ([1]; [., .]) | tostring)}",
                "{k: (reduce range(60) as $i ([1]; [., .]) | flatten)}",
                "{k: (reduce range(60) as $i ([1]; [., .]) | unique)}",
                "{k: (reduce range(60) as $i ([1]; [., .]) | [..])}",
                "{k: (reduce range(60) as $i ([1]; [., .]) | [paths])}",
                "{k: (reduce range(60) as $i ({}; {a: ., b: .}) | . * .)}",
                "{k: (reduce range(60) as $i ({}; {a: ., b: .}) | walk(.))}",
                "{k: (reduce range(60) as $i ([1]; [., .]) | @text)}",
                "{k: (reduce range(60) as $i ([1]; [., .]) | \"\\(.)\")}",
                "{k: ([range(10000) | \"x\" * 1e4] | add)}",
                "{k: ([range(100000)] | join(\"x\" * 1e6))}",
                "{k: ([range(100000) | \"x\" * 4e6] | length)}",
                // Long texts of short ones, many of them
                "{k: (\"x\" * 1e4 | . as $s | [range(100000) | $s * 400] | length)}",
                "{k: (\"x\" * 1e4 | . as $s | [range(400) | \"\"] | . as $a | [range(100000) | $a | join($s)] | length)}",
                "{k: (\"x\" * 1e4 * 300 | . as $s | [range(100000) | $s[1:]] | length)}",
                "{k: ([range(100000)] | . as $a | [range(100000) | $a[1:]] | length)}",
                "{k: (\"x\" * 1e4 * 90 | . as $s | [range(100) | $s | explode] | length)}",
                "{k: (\"x\" * 1e4 * 90 | . as $s | [range(100) | $s | split(\"\")] | length)}",
                "{k: (\"x\" * 1e6 | gsub(\"x\"; \"y\" * 1e6))}",
                "{k: ([] | .[1e9] = 1)}",
                "{k: ([] | .[1e9] |= 1)}",
                "{k: ({} | .a[1e9] += 1)}",
                "{k: ([] | setpath([1e9]; 1))}",
                "{k: ({} | setpath([\"a\", 1e9]; 1))}",
                // Arrays that are filled up to an index that is allowed, many of them
                "{k: ([range(300) | [] | .[1000000] = 1] | length)}",
                "{k: ([range(300) | null | .a.b[1000000] |= 1] | length)}",
                "{k: ([range(300) | {} | .a[1000000] += 1] | length)}",
                "{k: ([range(300) | [[]] | .[0][1000000] //= 1] | length)}",
                "{k: ([range(300) | [] | getpath([1000000]) = 1] | length)}",
                "{k: ([range(300) | [] | setpath([1000000]; 1)] | length)}",
                "{k: ([range(300) | {} | setpath([\"a\", 1000000, \"b\"]; 1)] | length)}",
                "{k: ([range(100000)] | reduce .[] as $i (.; .[$i] = 0) | length)}",
                "{k: ([range(100000)] | reduce .[] as $i (.; del(.[0])) | length)}",
                "{k: ([range(100000)] | reduce .[] as $i (.; setpath([$i]; 0)) | length)}",
                "{k: ([range(100000)] | . as $a | reduce .[] as $i ([]; [$i] + .) | length)}",
                "{k: ([range(100000)] | [limit(100000; repeat(tojson))] | length)}",
                "{k: ([range(100000)] | [.[] as $i | sort | .[$i]] | length)}",
                "{k: ([range(100000)] - [range(100000)])}",
                "{k: ([range(100000) | 0] | index([range(50000) | 0] + [1]))}",
                "{k: (\"a\" * 1e6 | index(\"a\" * 5e5 + \"b\"))}",
                "{k: (\"a\" * 1e6 | split(\"a\" * 5e5 + \"b\"))}",
                "{k: (0 | strftime(\"%999999999d\" * 100))}",
                "{k: (\"%c\" * 1e6 | . as $f | 0 | [range(1e6) | strftime($f)] | length)}",
                // Regular expressions
                "{k: (\"a\" * 40 + \"b\" | test(\"^(a|aa)+$\"))}",
                // Errors that are caught
                "{k: last(repeat(try error(\"x\") catch .))}",
                "{k: last(repeat(.a?, 1))}",
                "{k: (first(repeat(1) | error?), 1)}",
            })
    void a_program_that_does_not_end_or_takes_too_much_fails_its_record(String query)
            throws Exception {
        JqKeyExtractor extractor = new JqKeyExtractor(JqProgram.compile(query));

        assertThatThrownBy(() -> extractor.extract(record("{\"a\":1}")))
                .isInstanceOf(RecordFailedException.class)
                .extracting(Throwable::getMessage)
                .asString()
                .containsAnyOf(
                        "steps",
                        "recurses",
                        "index beyond",
                        "a text of more",
                        "too long",
                        "second");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "([range(20000)] | .[] |= . + 1 | add) # 200010000",
                "([range(20000)] | map_values(. + 1) | length) # 20000",
                "([range(20000)] | map_values(select(. < 5)) | length) # 20000",
                "([range(20000)] | .[] += 1 | length) # 20000",
                "([range(20000)] | del(.[]) | length) # 0",
                "([range(20000)] | del(.[] | select(. > 9)) | length) # 10",
                "([range(20000)] | [path(.[])] | length) # 20000",
                "([range(20000) | {key: tostring, value: null}] | from_entries | length) # steps",
                "([] | .[range(999000; 1000000)] = 1 | length) # 1000000",
                "(reduce range(60) as $i ([1]; [., .]) | . == .) # true",
                "(reduce range(60) as $i ([1]; [., .]) | contains([])) # true"
            })
    void what_is_changed_in_many_places_is_copied_once(String program, String key)
            throws Exception {
        JqKeyExtractor extractor = new JqKeyExtractor(JqProgram.compile("{k: " + program + "}"));

        Map<String, String> keys;
        try {
            keys = extractor.extract(record("{}"));
        } catch (RecordFailedException failed) {
            keys = Map.of("k", "steps");
        }

        assertThat(keys).containsEntry("k", key);
    }

    /** 20,000 names of one hash code: lists of "Aa" and "BB". */
    @Test
    void names_with_the_same_hash_code_cost_what_other_names_cost() throws Exception {
        String record =
                IntStream.range(0, 20_000)
                        .mapToObj(JqBudgetTest::nameOfOneHashCode)
                        .map(name -> "\"" + name + "\":null")
                        .collect(Collectors.joining(",", "{\"a\":{", "}}"));
        assertThat(nameOfOneHashCode(1).hashCode()).isEqualTo(nameOfOneHashCode(2).hashCode());
        JqKeyExtractor extractor =
                new JqKeyExtractor(
                        JqProgram.compile(
                                "{d: (.a | del(.[] | nulls) | length), l: (.a | length),"
                                        + " m: (.a | map_values(1) | add), k: (.a | keys | length)}"));

        assertThat(extractor.extract(record(record)))
                .containsEntry("d", "0")
                .containsEntry("l", "20000")
                .containsEntry("m", "20000")
                .containsEntry("k", "20000");
    }

    private static String nameOfOneHashCode(int number) {
        return IntStream.range(0, 15)
                .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^(a+)+$",
                "(.*)(.*)(.*)(.*)(.*)b",
                "(a*)*c",
                "(a?){1000}a{1000}",
                "((((a{0,9}){0,9}){0,9}){0,9}){0,9}b",
                "(?:a|b|ab)*c",
                "(?=(a+))a*b\\\\1",
                "(a"
            })
    void a_regular_expression_ends_one_way_or_the_other(String regex) throws Exception {
        String query = "{k: (\"a\" * 1000 | [match(\"" + regex + "\"; \"g\")] | length)}";
        JqKeyExtractor extractor = new JqKeyExtractor(JqProgram.compile(query));

        Map<String, String> keys;
        try {
            keys = extractor.extract(record("{}"));
        } catch (RecordFailedException failed) {
            keys = Map.of("k", failed.failure().message());
        }

        assertThat(keys).containsOnlyKeys("k");
    }

    /** Each place costs little, and there are many of them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?:a{1,100}){2}(?i:b)x",
                "(?:a{1,170}){2}[bc]",
                "(a|aa)+[bc]",
                "(?=(a+))a*b\\\\1",
                "((a{0,9}){0,9}){0,9}[bc]",
                "(?<!a{90})[bc]|a*[bc]"
            })
    void a_search_at_many_places_is_counted_at_all_of_them(String regex) throws Exception {
        JqKeyExtractor extractor =
                new JqKeyExtractor(JqProgram.compile("{k: (.t | test(\"" + regex + "\"))}"));

        assertThatThrownBy(
                        () -> extractor.extract(record("{\"t\":\"" + "a".repeat(100_000) + "\"}")))
                .hasMessageContaining("steps");
    }

    /** A message shows the beginning of a value: the rest of it costs nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"x\" * 1e6 | . as $s | [range(50000) | try ($s + 1) catch 0]",
                "\"x\" * 1e6 | [.] | . as $s | [range(50000) | try -$s catch .]",
                "{(\"x\" * 1e6): 1} | . as $s | [range(50000) | try -$s catch .]",
                "\"\\u007f\" * 1e6 | . as $s | [range(50000) | try ($s | keys) catch .]",
            })
    void the_message_of_an_error_costs_the_same_whatever_the_value(String program)
            throws Exception {
        JqKeyExtractor extractor =
                new JqKeyExtractor(JqProgram.compile("{k: (" + program + " | length)}"));

        assertThat(extractor.extract(record("{}"))).containsEntry("k", "50000");
    }

    /**
     * In 5,000 steps: {@code a}, {@code b} and {@code c} have 500,000 letters, the last one another
     * last letter, {@code o} and {@code p} have a member of such a name.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // Order and sameness
                "$r.a < $r.b",
                "[$r.a, $r.b] | sort | length",
                "[$r.a, $r.b] | unique | length",
                "[$r.a, $r.b] | min | not",
                "[range(5) | $r.a == $r.b] | length",
                "[range(5) | $r.a == $r.c] | length",
                "[$r.a, $r.b, $r.c] - [$r.a, $r.b, $r.c] | length",
                "[range(5) | [$r.a] | index($r.b)] | length",
                "$r.a | startswith($r.b)",
                "$r.a | endswith($r.b)",
                "$r.a | ltrimstr($r.c) | not",
                "$r.a | rtrimstr($r.c) | not",
                // Names
                "[range(5) | $r.o[$r.a]] | length",
                "[range(5) | $r.o | has($r.a)] | length",
                "[range(5) | $r.o == $r.p] | length",
                "[range(5) | $r.o | contains($r.p)] | length",
                "[range(5) | $r.o + $r.p] | length",
                "[range(5) | $r.o * $r.p] | length",
                "[range(5) | {($r.a): 1, ($r.b): 2}] | length",
                "[range(5) | $r.o | del(.[$r.a])] | length",
                "[range(5) | $r.o | setpath([$r.a]; 2)] | length",
                "$r.o < $r.p",
                "[$r.o, $r.p] | sort | length",
                // Numbers that are printed
                "[range(400) | $r.small] | tostring | length",
                "[range(500) | $r.small | tostring] | length",
                "[range(500) | $r.small] | join(\"\") | length",
                "[range(500) | $r.small] | @csv | length",
                "[range(500) | \"\\($r.small)\"] | length",
                "[range(50) | $r.digits | tostring] | length",
                // What is looked at before an error
                "$r.long | try add catch 0",
                "[$r.a, {}] | try join(\",\") catch 0",
                "$r.a | try strptime($r.b) catch 0",
                "$r.a | try strptime($r.c) catch 0",
                "0 | strftime($r.format)",
                "\"q\" | try test(\"q\"; $r.a) catch 0",
                "\"q\" | try format($r.a) catch 0",
                // Numbers in the message of an error that somebody looks at
                "[range(150) | try ([$r.small] * [$r.small]) catch .] | length",
                "[range(300) | try ($r.small | .[]) catch .] | length",
                "[range(300) | try ($r.small | flatten) catch .] | length",
                "[range(300) | try {($r.small): 1} catch .] | length",
                "$r.small as $s | [range(300) | try path([$s]) catch .] | length",
                "$r.small as $s | [range(300) | try path([$s] | .[0]) catch .] | length",
                "$r.small as $s | [range(300) | try path([$s] | .[]) catch .] | length",
                "[range(450) | try ([$r.digits] * [$r.digits]) catch .] | length",
            })
    void what_is_looked_at_is_counted_by_its_length(String program) throws Exception {
        String letters = "x".repeat(500_000);
        String record =
                """
                {"a":"%s","b":"%s","c":"%sy","o":{"%s":1},"p":{"%s":1},
                 "small":1.234567890123e-310,"digits":%s,"format":"%%%sY","long":[[],{}%s]}
                """
                        .formatted(
                                letters,
                                letters,
                                letters.substring(1),
                                letters,
                                letters,
                                "7".repeat(1_000),
                                "-".repeat(200_000),
                                ",0".repeat(30_000));
        JqKeyExtractor extractor =
                new JqKeyExtractor(
                        JqProgram.compile(". as $r | {k: (" + program + ")}"), 5_000, limit -> {});

        assertThatThrownBy(() -> extractor.extract(record(record)))
                .hasMessageContaining("more than 5000 steps");
    }

    /** The digits of the numbers in it would take more steps. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "([.s] * [.s])?       # 0",
                "try ([.s] * [.s])    # 0",
                "try ([.s] * [.s]) catch empty # 0",
                "try ([.s] * [.s]) catch 0 # 200",
                "(. as $r | try ([.s] * [.s]) catch $r) # 200",
                "(. as [$a] ?// {s: $a} | $a) # 200",
                "first(.s[]?, 1)      # 200",
            })
    void a_message_that_nobody_looks_at_is_not_made(String program, String yielded)
            throws Exception {
        JqKeyExtractor extractor =
                new JqKeyExtractor(
                        JqProgram.compile(
                                ". as $r | {k: ([range(200) | $r | " + program + "] | length)}"),
                        5_000,
                        limit -> {});

        assertThat(extractor.extract(record("{\"s\":1.234567890123e-310}")))
                .containsEntry("k", yielded);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                ".n | tojson | length # 1000005",
                ".u | unique | length # 20000",
                ".o | keys | length # 20000",
                ".u[:600] - .u[300:900] | length # 300"
            })
    void a_megabyte_of_numbers_or_of_names_is_within_the_budget(String program, String key)
            throws Exception {
        String numbers = "[" + "1.5,".repeat(250_000) + "1.5]";
        String names =
                IntStream.range(0, 20_000)
                        .mapToObj(i -> "\"customers/europe/%08d\"".formatted(i * 7919 % 20_000))
                        .collect(Collectors.joining(",", "[", "]"));
        String members = "{" + names.substring(1, names.length() - 1).replace(",", ":1,") + ":1}";
        JqKeyExtractor extractor = new JqKeyExtractor(JqProgram.compile("{k: (" + program + ")}"));

        String record = "{\"n\":%s,\"u\":%s,\"o\":%s}".formatted(numbers, names, members);
        assertThat(extractor.extract(record(record))).containsEntry("k", key);
    }

    /** As many doubles as a record and a text of jq's may have. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                ". # 12.345 # 4100000",
                ".ts = 1 # 12.345 # 3000000",
                "select(.m | length > 0) # 12.345 # 4100000",
                "{x: (.m | tojson | fromjson)} # 12.345 # 1000000",
                ".m | map(tostring) | join(\",\") | {x: .} # 12.345 # 980000",
                ". # 1.5 # 4100000",
                ". # -0.000012 # 4100000",
                ". # 0.30000000000000004 # 4100000",
            })
    void megabytes_of_ordinary_doubles_are_within_the_budget(
            String program, String number, int length) throws Exception {
        assertThat(outcomeOnNumbers(program, number, length)).startsWith("{");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "12.345", "1e-310"})
    void to_read_a_text_as_numbers_costs_their_number_and_its_length(String number)
            throws Exception {
        String record = "{\"t\":\"" + numbers(number, 2_000_000) + "\"}";
        JqKeyExtractor once =
                new JqKeyExtractor(JqProgram.compile("{k: (.t | fromjson | length)}"));
        JqKeyExtractor often =
                new JqKeyExtractor(
                        JqProgram.compile(".t as $t | {k: last(range(1e6) | $t | fromjson)}"));

        assertThat(once.extract(record(record))).containsOnlyKeys("k");
        assertThatThrownBy(() -> often.extract(record(record))).hasMessageContaining("steps");
    }

    /** Their digits take many times as long as those of others. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                ". # 1.234567890123e-310 # 4100000",
                ". # 1e300 # 4100000",
                "last(range(1e6) as $i | .m | tojson) # 1e-310 # 20000",
                "last(range(1e6) as $i | .m | tojson) # 0.30000000000000004 # 500000",
                "last(range(1e6) as $i | .m | tojson) # 12.345 # 500000",
            })
    void digits_that_are_found_often_or_slowly_end_at_the_budget(
            String program, String number, int length) throws Exception {
        assertThat(outcomeOnNumbers(program, number, length)).contains("more than 1000000 steps");
    }

    private static String outcomeOnNumbers(String program, String number, int length)
            throws Exception {
        JqProcessor processor =
                new JqProcessor(
                        JqProgram.compile(program), JqKeyExtractor.DEFAULT_STEPS, limit -> {});
        return Outcomes.of(processor, "{\"m\":" + numbers(number, length) + "}");
    }

    /** An array of about so many characters. */
    private static String numbers(String number, int length) {
        return "[" + (number + ",").repeat(length / (number.length() + 1)) + number + "]";
    }

    @Test
    void an_ordinary_search_in_a_long_text_is_well_within_the_budget() throws Exception {
        JqKeyExtractor extractor =
                new JqKeyExtractor(
                        JqProgram.compile(
                                "{a: (.t | test(\"needle\")), b: (.t | test(\"^(.*) end$\")),"
                                        + " c: (.t | [match(\"\\\\w+\"; \"g\")] | length),"
                                        + " d: (.t | gsub(\"line\"; \"\") | length)}"));
        String text = "a line of words ".repeat(1_000) + "end";

        assertThat(extractor.extract(record("{\"t\":\"" + text + "\"}")))
                .containsEntry("a", "false")
                .containsEntry("b", "true")
                .containsEntry("c", "4001")
                .containsEntry("d", "12003");
    }

    @Test
    void a_program_without_any_function_is_bounded_as_well() throws Exception {
        String twice = "(., .) | ";
        String query = "{k: (" + twice.repeat(60) + "empty)}";
        String quiet = "{k: (" + twice.repeat(60) + ".a.b.c[]?)}";
        String alternatives = "{k: ((" + twice.repeat(60) + "null) // 1)}";

        for (String endless : new String[] {query, quiet, alternatives}) {
            JqKeyExtractor extractor = new JqKeyExtractor(JqProgram.compile(endless));
            assertThatThrownBy(() -> extractor.extract(record("{}")))
                    .isInstanceOf(RecordFailedException.class)
                    .hasMessageContaining("steps");
        }
    }

    @Test
    void the_size_of_a_record_multiplies_but_does_not_hang() throws Exception {
        String record =
                IntStream.range(0, 100_000)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(",", "[", "]"));
        String query = "{k: (.[] as $a | .[] as $b | .[] as $c | select($a + $b < $c) | 1)}";
        JqKeyExtractor extractor = new JqKeyExtractor(JqProgram.compile(query));

        assertThatThrownBy(() -> extractor.extract(record(record)))
                .isInstanceOf(RecordFailedException.class);
    }

    @Test
    void large_records_stay_well_within_the_budget() throws Exception {
        String items =
                IntStream.range(0, 5_000)
                        .mapToObj(i -> "{\"id\":" + i + ",\"name\":\"item number " + i + "\"}")
                        .collect(Collectors.joining(",", "[", "]"));
        String record = "{\"region\":\"eu\",\"items\":" + items + "}";
        String query =
                "{region, n: (.items | length), last: .items[-1].name,"
                        + " big: (.items | map(select(.id > 4990)) | length),"
                        + " names: (.items | map(.name) | add | length),"
                        + " h: (tojson | length), s: (.items | sort_by(-.id) | .[0].id)}";
        JqKeyExtractor extractor = new JqKeyExtractor(JqProgram.compile(query));

        assertThat(extractor.extract(record(record)))
                .containsEntry("n", "5000")
                .containsEntry("big", "9")
                .containsEntry("s", "4999");
    }

    @Test
    void arrays_that_are_there_are_read_and_written_by_index_as_before() throws Exception {
        String query =
                "{r: (. as $in | [range(5000) as $i | $in[$i]] | add),"
                        + " w: ([range(20) as $i | .[$i] = 1] | length),"
                        + " s: ([range(20) as $i | setpath([4999]; 1)] | length)}";
        String record =
                IntStream.range(0, 5_000)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(",", "[", "]"));
        JqKeyExtractor extractor = new JqKeyExtractor(JqProgram.compile(query));

        assertThat(extractor.extract(record(record)))
                .containsEntry("r", "12497500")
                .containsEntry("w", "20")
                .containsEntry("s", "20");
    }

    @Test
    void loops_that_carry_one_value_run_deep() throws Exception {
        String query =
                "{u: (0 | until(. >= 20000; . + 1)), w: ([0 | while(. < 20000; . + 1)] | length),"
                        + " r: ([0 | recurse(if . < 20000 then . + 1 else empty end)] | length)}";
        JqKeyExtractor extractor = new JqKeyExtractor(JqProgram.compile(query));

        assertThat(extractor.extract(record("{}")))
                .containsEntry("u", "20000")
                .containsEntry("w", "20000")
                .containsEntry("r", "20001");
    }

    @Test
    void the_number_of_steps_is_a_setting() throws Exception {
        JqProgram program = JqProgram.compile("{k: ([range(1000)] | length)}");

        assertThat(new JqKeyExtractor(program, 5_000, limit -> {}).extract(record("{}")))
                .containsEntry("k", "1000");
        assertThatThrownBy(
                        () -> new JqKeyExtractor(program, 500, limit -> {}).extract(record("{}")))
                .hasMessage("the jq query takes more than 500 steps on this record");
    }

    @Test
    void many_records_that_take_all_they_may_are_ended_early_after_a_while() throws Exception {
        List<JqLimit> limits = new ArrayList<>();
        JqKeyExtractor extractor =
                new JqKeyExtractor(
                        JqProgram.compile("if .bad then last(repeat(1)) else {k} end"),
                        JqKeyExtractor.DEFAULT_STEPS,
                        limits::add);

        for (int i = 0; i < 500; i++) {
            assertThatThrownBy(() -> extractor.extract(record("{\"bad\":true}")))
                    .isInstanceOf(RecordFailedException.class);
        }

        assertThat(limits).hasSize(500);
        assertThat(limits.subList(0, 20)).containsOnly(JqLimit.RECORD);
        assertThat(limits.subList(21, 500)).containsOnly(JqLimit.STREAM);
        assertThatThrownBy(() -> extractor.extract(record("{\"bad\":true}")))
                .hasMessageStartingWith("the jq query takes more than 100")
                .hasMessageContaining("the records before have used up what it could take");
        assertThat(extractor.extract(record("{\"k\":\"good\"}"))).containsEntry("k", "good");
    }

    @Test
    void what_the_stream_may_take_comes_back_with_the_records_that_are_read() throws Exception {
        String query = "if .n then {k: ([range(.n)] | length)} else {k} end";
        JqKeyExtractor extractor = new JqKeyExtractor(JqProgram.compile(query));
        for (int i = 0; i < 30; i++) {
            assertThatThrownBy(() -> extractor.extract(record("{\"n\":1e9}")))
                    .hasMessageContaining("steps");
        }
        assertThatThrownBy(() -> extractor.extract(record("{\"n\":50000}")))
                .hasMessageContaining("the records before have used up");

        for (int i = 0; i < 100; i++) {
            extractor.extract(record("{\"k\":\"good\"}"));
        }

        assertThat(extractor.extract(record("{\"n\":50000}"))).containsEntry("k", "50000");
    }

    @Test
    void a_long_record_brings_what_a_query_on_all_of_it_takes() throws Exception {
        String items =
                IntStream.range(0, 5_000)
                        .mapToObj(i -> "{\"id\":" + i + ",\"name\":\"item number " + i + "\"}")
                        .collect(Collectors.joining(",", "[", "]"));
        JqKeyExtractor extractor =
                new JqKeyExtractor(
                        JqProgram.compile(
                                "{k: (.items | map(select(.id > 4990) | .name | length) | add)}"));

        for (int i = 0; i < 200; i++) {
            assertThat(extractor.extract(record("{\"items\":" + items + "}")))
                    .containsEntry("k", "144");
        }
    }

    @Test
    void deep_recursion_fails_long_before_the_stack_of_a_thread_is_full() throws Exception {
        JqKeyExtractor extractor =
                new JqKeyExtractor(
                        JqProgram.compile(
                                "def f: if . > 0 then . - 1 | f else {k: 1} end; .n | f"));

        assertThat(extractor.extract(record("{\"n\":50}"))).containsEntry("k", "1");
        assertThatThrownBy(() -> extractor.extract(record("{\"n\":100000}")))
                .hasMessageContaining("recurses too deeply");
    }

    private static DeliveryRecord record(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new DeliveryRecord().at(bytes, 0, bytes.length, 0);
    }
}
