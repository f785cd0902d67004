package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The letters are those of Joda-Time: some mean something else than in a prefix. */
class TimestampFormatHintsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "yyyy-MM-dd hh:mm | hh is the hour of half a day, so that no afternoon is read | write HH",
                "yyyy-MM-dd KK:mm | KK is the hour of half a day | write HH",
                "yyyy-MM-dd kk:mm | kk is the hour from 1 to 24 | write HH",
                "YYYY-MM-DD | DD is the day of the year | write dd",
                "yyyy-mm-dd | mm is the minute | write MM",
                "yyyy-MM-dd HH:MM | MM is the month, and stands behind the hour | write mm",
                "yyyyMMddHHmmSS | SS is a fraction of a second | write ss",
                "xxxx-MM-dd | xxxx is the year of the week | write yyyy",
                "yyyy-'W'ww | ww is the week of a year | write xxxx",
            })
    void what_seems_to_be_something_else_is_told_with_what_to_write(
            String format, String is, String instead) {
        assertThat(TimestampFormatHints.of(format))
                .singleElement()
                .asString()
                .contains(is)
                .contains(instead);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "millis",
                "yyyy-MM-dd'T'HH:mm:ss.SSSZZ",
                "YYYY-MM-dd HH:mm:ss",
                "dd/MMM/yyyy:HH:mm:ss Z",
                "M/d/yy h:mm a",
                "yyyyDDD",
                "yyyy-D",
                "xxxx-'W'ww-e",
                "yyyy-MM-dd 'at hh:mm' HH:mm",
            })
    void what_makes_sense_is_left_alone(String format) {
        assertThat(TimestampFormatHints.of(format)).isEmpty();
    }
}
