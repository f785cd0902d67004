package io.delivery.partition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixHintsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "!{timestamp:YYYY/MM/dd}/ | YYYY is the year of the week | write yyyy",
                "!{timestamp:YYYY}/!{timestamp:MM}/ | YYYY is the year of the week | write yyyy",
                "!{timestamp:YYYY}/ | YYYY is the year of the week | write yyyy",
                "!{timestamp:YY-MM}/ | YY is the year of the week | write yyyy",
                "!{timestamp:YYYY/MM/dd}/!{timestamp:ww}/ | YYYY is the year of the week | write yyyy",
                "!{timestamp:yyyy/MM/DD}/ | DD is the day of the year | write dd",
                "!{timestamp:yyyy-MM-DD}/ | DD is the day of the year | write dd",
                "!{timestamp:yyyy}/!{timestamp:MM}/!{timestamp:DD}/ | DD is the day | write dd",
                "!{timestamp:yyyy/MM/D}/ | D is the day of the year | write dd",
                "!{timestamp:DDD}/ | DDD is the day of the year | yyyy/DDD",
                "!{timestamp:yyyy/DD}/ | DD is the day of the year | yyyy/DDD",
                "!{timestamp:yyyy/MM/dd/hh}/ | hh is the hour of half a day | write HH",
                "!{timestamp:yyyy/MM/dd}/!{timestamp:h}/ | h is the hour of half a day | write HH",
                "!{timestamp:yyyy/MM/dd/KK}/ | KK is the hour of half a day | write HH",
                "!{timestamp:yyyy/MM/dd/kk}/ | kk is the hour from 1 to 24 | write HH",
                "!{timestamp:yyyy/mm/dd/HH}/ | mm is the minute | write MM",
                "!{timestamp:yyyy/mm}/ | mm is the minute | write MM",
                "!{timestamp:dd-mm-yyyy}/ | mm is the minute | write MM",
                "year=!{timestamp:yyyy}/month=!{timestamp:mm}/day=!{timestamp:dd}/ | mm is the minute | write MM",
                "!{timestamp:yyyy/MM/dd/HH/MM}/ | MM is the month, and stands behind the hour | write mm",
                "!{timestamp:yyyyMMdd-HHmmSS}/ | SS is a fraction of a second | write ss",
                "!{timestamp:AAAA/MM/dd}/ | AAAA is the millisecond of the day | write yyyy",
                "!{timestamp:yyyy/MM/dd/HH/nn}/ | nn is the nanosecond | write mm",
                "!{timestamp:yyyy/MM/dd/HH/NN}/ | NN is the nanosecond of the day | write mm",
                "!{timestamp:SSS}/ | SSS is a fraction of a second | write ss",
                "!{timestamp:yyyy/'W'ww}/ | ww is the week | write YYYY",
                "!{timestamp:yyyy/W}/ | W is the week of the month | write ww",
                "!{timestamp: yyyy/MM}/ | the blank at the edge of ' yyyy/MM' | write !{timestamp:yyyy/MM}",
                "logs/yyyy/MM/dd/ | yyyy is text here | !{timestamp:yyyy/MM/dd/HH}",
                "logs/{timestamp:yyyy}/ | timestamp: is text here | !{timestamp:…}",
                "logs/%Y/%m/ | %Y is text here | !{timestamp:",
                "!{timestamp:yyyy}/{firehose:random-string}/ | firehose: is text here | !{firehose:…}",
                "k={partitionKeyFromQuery:k}/ | partitionKeyFromQuery: is text here | !{partitionKeyFromQuery:…}",
            })
    void what_seems_to_be_something_else_is_told_with_what_to_write(
            String prefix, String is, String instead) {
        assertThat(PrefixHints.of(prefix))
                .singleElement()
                .asString()
                .contains(is)
                .contains(instead);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "logs/",
                "!{timestamp:yyyy/MM/dd/HH}/",
                "!{timestamp:yyyy}/!{timestamp:MM}/!{timestamp:dd}/!{timestamp:HH}/",
                "!{timestamp:uuuu-MM-dd}/",
                "!{timestamp:yyyy/DDD}/",
                "!{timestamp:yyyy}/!{timestamp:DDD}/",
                "!{timestamp:yyyyDDD}/",
                "!{timestamp:YYYY/'W'ww}/",
                "!{timestamp:YYYY}/!{timestamp:ww}/",
                "!{timestamp:yyyy/MM/dd/hh-a}/",
                "!{timestamp:yyyy/MM/dd/HH/mm}/",
                "!{timestamp:HHmm}/",
                "!{timestamp:mm}/",
                "!{timestamp:yyyyMMdd'T'HHmmss.SSS}/",
                "!{timestamp:yyyy/MM/dd/HH}/!{timestamp:mm}/",
                "!{timestamp:dd/MM/yyyy}/",
                "!{timestamp:yyyy/MMM/dd}/",
                "!{timestamp:'YYYY is text'}/",
                "dd=!{timestamp:dd}/hh=!{timestamp:HH}/",
                "daily/!{firehose:random-string}/",
                "!{timestamp:yyyy/QQ}/",
            })
    void what_makes_sense_is_left_alone(String prefix) {
        assertThat(PrefixHints.of(prefix)).isEmpty();
    }

    @Test
    void every_letter_is_told_once() {
        assertThat(PrefixHints.of("!{timestamp:YYYY/MM/DD}/!{timestamp:YYYY/MM/DD/hh}/"))
                .hasSize(3);
    }

    @Test
    void a_prefix_that_is_refused_has_no_hints() {
        assertThat(PrefixHints.of("!{timestamp}/")).isEmpty();
    }
}
