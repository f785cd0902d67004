package io.delivery.jq.date;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;

/**
 * The dates of jq 1.6: seconds since the epoch, and "broken down time", an array of year, month
 * from 0, day, hours, minutes, seconds with their fraction, day of the week from Sunday, day of the
 * year from 0. Always UTC.
 */
public final class JqDates {
    /** Beyond this the year does not fit C's {@code int}, and gmtime fails. */
    private static final double MOST_SECONDS = 67_768_036_191_676_799d;

    private JqDates() {}

    /** {@code gmtime}. */
    public static JsonNode brokenDown(JsonNode in) throws JqError {
        if (!in.isNumber()) {
            throw new JqError("gmtime() requires numeric inputs");
        }
        double seconds = in.doubleValue();
        if (!(Math.abs(seconds) <= MOST_SECONDS)) {
            throw new JqError("errror converting number of seconds since epoch to datetime");
        }
        // The date of the seconds without their fraction, even before 1970: f_gmtime.
        BrokenDownTime time = BrokenDownTime.of((long) seconds);
        return array(time, time.second + (seconds - Math.floor(seconds)));
    }

    private static ArrayNode array(BrokenDownTime time, double second) {
        return JsonNodeFactory.instance
                .arrayNode()
                .add(time.year)
                .add(time.month)
                .add(time.day)
                .add(time.hour)
                .add(time.minute)
                .add(
                        second == Math.rint(second)
                                ? LongNode.valueOf((long) second)
                                : DoubleNode.valueOf(second))
                .add(time.weekDay)
                .add(time.yearDay);
    }

    /** {@code mktime}: C's timegm, which takes months and days beyond their range as well. */
    public static long seconds(JsonNode in) throws JqError {
        if (!in.isArray()) {
            throw new JqError("mktime requires array inputs");
        }
        return numbers(in, "mktime").secondsSinceEpoch();
    }

    /** {@code strftime} of seconds or of a broken down time. */
    public static String format(JsonNode in, JsonNode format, Budget budget) throws JqError {
        if (!format.isTextual()) {
            throw new JqError("strftime/1 requires a string format");
        }
        JsonNode brokenDown = in.isNumber() ? brokenDown(in) : in;
        if (!brokenDown.isArray()) {
            throw new JqError("strftime/1 requires parsed datetime inputs");
        }
        BrokenDownTime time = numbers(brokenDown, "strftime/1");
        budget.chargeCharacters(format.textValue().length());
        String text = new DateFormat(time).format(format.textValue());
        budget.chargeText(text.length());
        // jq cannot tell an empty result from a failure of C's strftime: f_strftime.
        if (text.isEmpty()) {
            throw new JqError("strftime/1: unknown system failure");
        }
        return text;
    }

    /** {@code strptime}: the broken down time, and what is left of the text if anything is. */
    public static JsonNode parse(JsonNode in, JsonNode format, Budget budget) throws JqError {
        if (!in.isTextual() || !format.isTextual()) {
            throw new JqError("strptime/1 requires string inputs and arguments");
        }
        budget.chargeCharacters((long) in.textValue().length() + format.textValue().length());
        DateParser parser = new DateParser(in.textValue());
        if (!parser.parse(format.textValue())) {
            throw new JqError(
                    "date \""
                            + in.textValue()
                            + "\" does not match format \""
                            + format.textValue()
                            + "\"",
                    "the date does not match the format");
        }
        BrokenDownTime time = parser.time();
        ArrayNode parsed = array(time, time.second);
        if (!parser.rest().isEmpty()) {
            parsed.add(parser.rest());
        }
        return parsed;
    }

    /** jq 1.6 wants all eight numbers, also where it uses six: jv2tm. */
    private static BrokenDownTime numbers(JsonNode in, String function) throws JqError {
        boolean numbers = in.size() >= 8;
        for (int i = 0; numbers && i < 8; i++) {
            numbers = in.get(i).isNumber();
        }
        if (!numbers) {
            throw new JqError(function + " requires parsed datetime inputs");
        }
        BrokenDownTime time = new BrokenDownTime();
        time.year = integer(in.get(0));
        time.month = integer(in.get(1));
        time.day = integer(in.get(2));
        time.hour = integer(in.get(3));
        time.minute = integer(in.get(4));
        time.second = integer(in.get(5));
        time.weekDay = integer(in.get(6));
        time.yearDay = integer(in.get(7));
        return time;
    }

    /** C's conversion to int, at its ends. */
    private static int integer(JsonNode number) {
        return (int) number.doubleValue();
    }
}
