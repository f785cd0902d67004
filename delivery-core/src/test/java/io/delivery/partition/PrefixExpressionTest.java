package io.delivery.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixExpressionTest {
    @Test
    void a_prefix_tells_what_it_asks_for() {
        PrefixExpression prefix =
                PrefixExpression.parse(
                        "a/!{partitionKeyFromQuery:region}/!{partitionKeyFromLambda:team}/"
                                + "!{partitionKeyFromQuery:id}/!{partitionKeyFromQuery:region}/"
                                + "!{firehose:error-output-type}/!{firehose:random-string}");

        assertThat(prefix.hasExpressions()).isTrue();
        assertThat(prefix.queryKeys()).containsExactly("region", "id");
        assertThat(prefix.lambdaKeys()).containsExactly("team");
        assertThat(prefix.usesErrorOutputType()).isTrue();
        assertThat(prefix.text()).startsWith("a/!{partitionKeyFromQuery:region}/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "legacy", "a!b", "{x}", "!", "!!", "a}b{", "!  {x}", "100%/ü/日本"})
    void text_without_an_opening_is_a_literal(String text) {
        PrefixExpression prefix = PrefixExpression.parse(text);

        assertThat(prefix.hasExpressions()).isFalse();
        assertThat(prefix.queryKeys()).isEmpty();
        assertThat(prefix.text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    x/!{foo:bar}/ | 3 | unknown namespace 'foo'; allowed are timestamp, firehose, partitionKeyFromQuery and partitionKeyFromLambda
                    x/!{Timestamp:yyyy}/ | 3 | unknown namespace 'Timestamp'
                    x/!{ timestamp:yyyy}/ | 3 | unknown namespace ' timestamp'
                    x/!{timestamp:yyyy | 3 | the expression is not closed by '}'
                    !{ | 1 | the expression is not closed by '}'
                    !{} | 1 | '!{}' is no expression: write !{namespace:value}
                    a!{timestamp} | 2 | '!{timestamp}' is no expression
                    a!{:x} | 2 | unknown namespace ''
                    !{timestamp:yyyy/!{firehose:random-string} | 1 | not closed by '}' before the next '!{'
                    !{timestamp:} | 1 | the pattern is empty
                    !{timestamp:yyyy/bb} | 1 | 'yyyy/bb' is not a java.time.format.DateTimeFormatter pattern: Unknown pattern letter: b
                    !{timestamp:yyyy-MM-ddTHH} | 1 | Unknown pattern letter: T; text stands in single quotes
                    !{timestamp:{yyyy} | 1 | reserved character
                    !{timestamp:[yyyy]]} | 1 | not a java.time.format.DateTimeFormatter pattern
                    !{timestamp:'year=yyyy}/ | 13 | this single quote is not closed
                    !{timestamp:pH} | 1 | exceeds pad width
                    !{timestamp:pppVV} | 1 | 'pppVV' pads a zone
                    !{firehose:random} | 1 | unknown value 'firehose:random'; allowed are random-string and error-output-type
                    !{firehose:} | 1 | unknown value 'firehose:'
                    ab!{partitionKeyFromQuery:} | 3 | 'partitionKeyFromQuery:' lacks the name of a partition key
                    !{partitionKeyFromLambda:} | 1 | 'partitionKeyFromLambda:' lacks the name of a partition key
                    """)
    void a_wrong_expression_is_refused_with_its_place_and_what_is_allowed(
            String text, int character, String message) {
        assertThatThrownBy(() -> PrefixExpression.parse(text))
                .isInstanceOf(PrefixSyntaxException.class)
                .hasMessageStartingWith("at character " + character + ": ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    yyyy/MM/dd | 2018/08/27
                    'year='yyyy | year=2018
                    '}'yyyy'{' | }2018{
                    yyyy''MM | 2018'08
                    'o''clock/'HH | o'clock/10
                    MMM-EEE-a | Aug-Mon-AM
                    DDD | 239
                    [yyyy]MM | 201808
                    ppH | 10
                    """)
    void patterns_are_those_of_the_formatter_and_quotes_keep_braces(String pattern, String text) {
        PrefixExpression prefix = PrefixExpression.parse("!{timestamp:" + pattern + "}");

        assertThat(formatted(prefix, "2018-08-27T10:30:00Z", ZoneOffset.UTC)).isEqualTo(text);
    }

    @Test
    void the_week_based_year_is_the_american_one() {
        PrefixExpression weekYear = PrefixExpression.parse("!{timestamp:YYYY-ww}");
        PrefixExpression calendarYear = PrefixExpression.parse("!{timestamp:yyyy}");

        assertThat(formatted(weekYear, "2018-12-30T00:00:00Z", ZoneOffset.UTC))
                .isEqualTo("2019-01");
        assertThat(formatted(calendarYear, "2018-12-30T00:00:00Z", ZoneOffset.UTC))
                .isEqualTo("2018");
    }

    @Test
    void the_longest_text_is_as_long_as_any_time() {
        List<String> patterns =
                List.of(
                        "EEEE MMMM d",
                        "d/M/yyyy",
                        "zzzz",
                        "VV",
                        "B",
                        "h:m:s a",
                        "A",
                        "n",
                        "N",
                        "DDD/D",
                        "''EEEE'/x'",
                        "[QQQQ]",
                        "ppd");
        Random random = new Random(7);
        for (String pattern : patterns) {
            TimestampPattern timestamp = new TimestampPattern(pattern);
            for (String zoneName : List.of("UTC", "America/Los_Angeles", "Australia/Lord_Howe")) {
                ZoneId zone = ZoneId.of(zoneName);
                int longest = timestamp.longest(zone).length();
                for (int i = 0; i < 300; i++) {
                    // Any time up to the year 2100.
                    long millis = (long) (random.nextDouble() * 4_102_444_800_000L);
                    assertThat(timestamp.format(millis, zone).length())
                            .as("%s in %s at %d", pattern, zone, millis)
                            .isLessThanOrEqualTo(longest);
                }
            }
        }
    }

    @Test
    void the_longest_text_need_not_be_that_of_one_day() {
        LocalDate day = LocalDate.of(2026, 9, 30);
        assertThat(day.getDayOfWeek()).isEqualTo(DayOfWeek.WEDNESDAY);

        String longest = new TimestampPattern("MMMM/EEEE/d").longest(ZoneOffset.UTC);

        assertThat(longest).isEqualTo("September/Wednesday/10");
    }

    @Test
    void no_text_makes_the_parser_fail_in_another_way() {
        String alphabet = "!{}:'/pyMdH[]#abtimestampfirehose";
        Random random = new Random(11);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(
                        switch (random.nextInt(6)) {
                            case 0 -> "!{";
                            case 1 -> "!{timestamp:";
                            case 2 -> "}";
                            default ->
                                    String.valueOf(
                                            alphabet.charAt(random.nextInt(alphabet.length())));
                        });
            }
            try {
                assertThat(PrefixExpression.parse(text.toString()).text())
                        .isEqualTo(text.toString());
            } catch (PrefixSyntaxException refused) {
                assertThat(refused.position()).isBetween(0, text.length());
                assertThat(text.toString()).contains("!{");
            }
        }
    }

    private static String formatted(PrefixExpression prefix, String time, ZoneId zone) {
        PrefixExpression.Timestamp part = (PrefixExpression.Timestamp) prefix.parts().get(0);
        return part.pattern().format(ZonedDateTime.parse(time).toInstant().toEpochMilli(), zone);
    }
}
