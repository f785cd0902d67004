package io.delivery.json;

import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalField;

/**
 * What a number or word of a Joda-Time pattern stands for, in the order in which Joda-Time sets
 * fields: those of the longer range first, within one range the longer field first ({@code
 * DateTimeParserBucket}). A month is set before its day, so that the day is checked against it.
 */
enum JodaField {
    ERA(0, ChronoField.ERA),
    YEAR(1, ChronoField.YEAR),
    YEAR_OF_ERA(1, ChronoField.YEAR_OF_ERA),
    WEEKYEAR(1, IsoFields.WEEK_BASED_YEAR),
    MONTH(2, ChronoField.MONTH_OF_YEAR),
    WEEK(3, IsoFields.WEEK_OF_WEEK_BASED_YEAR),
    DAY_OF_YEAR(4, ChronoField.DAY_OF_YEAR),
    DAY_OF_MONTH(5, ChronoField.DAY_OF_MONTH),
    DAY_OF_WEEK(6, ChronoField.DAY_OF_WEEK),
    HALFDAY(7, ChronoField.AMPM_OF_DAY),
    HOUR_OF_DAY(8, ChronoField.HOUR_OF_DAY),
    CLOCK_HOUR_OF_DAY(8, ChronoField.CLOCK_HOUR_OF_DAY),
    HOUR_OF_HALFDAY(9, ChronoField.HOUR_OF_AMPM),
    CLOCK_HOUR_OF_HALFDAY(9, ChronoField.CLOCK_HOUR_OF_AMPM),
    MINUTE(10, ChronoField.MINUTE_OF_HOUR),
    SECOND(11, ChronoField.SECOND_OF_MINUTE),
    NANOS(12, ChronoField.NANO_OF_SECOND);

    /** Fields of one place are set in the order of the text. */
    final int place;

    final TemporalField field;

    JodaField(int place, TemporalField field) {
        this.place = place;
        this.field = field;
    }
}
