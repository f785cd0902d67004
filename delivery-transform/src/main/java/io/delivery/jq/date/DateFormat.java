package io.delivery.jq.date;

import io.delivery.jq.value.Budget;
import java.util.Locale;

/**
 * strftime of the GNU C library in its C locale, in UTC: all conversions, the flags {@code _ - 0 ^
 * #}, a width, and the modifiers {@code E} and {@code O}, which change nothing there. An unknown
 * conversion is copied.
 */
final class DateFormat {
    static final String[] DAYS = {
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"
    };
    static final String[] MONTHS = {
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December"
    };

    /** glibc's strftime leaves these as they are behind the modifiers E and O. */
    private static final String NOT_BEHIND_E = "aAbBdDeFgGhHIjklmMSUVwW";

    private static final String NOT_BEHIND_O = "aAcDFxXY";

    private final BrokenDownTime time;
    private final StringBuilder out = new StringBuilder();

    // Of the conversion at hand.
    private char padding;
    private boolean upperCase;
    private boolean changeCase;
    private int width;

    DateFormat(BrokenDownTime time) {
        this.time = time;
    }

    String format(String format) {
        for (int at = 0; at < format.length(); at++) {
            if (format.charAt(at) == '%') {
                at = convert(format, at);
            } else {
                out.append(format.charAt(at));
            }
        }
        return out.toString();
    }

    /** Returns the place of the conversion's last character. */
    private int convert(String format, int percent) {
        padding = 0;
        upperCase = false;
        changeCase = false;
        width = -1;
        int at = percent + 1;
        for (; at < format.length() && "_-0^#".indexOf(format.charAt(at)) >= 0; at++) {
            switch (format.charAt(at)) {
                case '^' -> upperCase = true;
                case '#' -> changeCase = true;
                default -> padding = format.charAt(at);
            }
        }
        for (; at < format.length() && Character.isDigit(format.charAt(at)); at++) {
            int digit = format.charAt(at) - '0';
            width = Math.min(Budget.MOST_CHARACTERS / 64, Math.max(0, width) * 10 + digit);
        }
        String excluded = "";
        if (at < format.length() && (format.charAt(at) == 'E' || format.charAt(at) == 'O')) {
            excluded = format.charAt(at) == 'E' ? NOT_BEHIND_E : NOT_BEHIND_O;
            at++;
        }
        if (at >= format.length()
                || excluded.indexOf(format.charAt(at)) >= 0
                || !convert(format.charAt(at))) {
            int end = Math.min(at, format.length() - 1);
            out.append(format, percent, end + 1);
            return end;
        }
        return at;
    }

    private boolean convert(char conversion) {
        switch (conversion) {
            case 'a' -> text(abbreviated(DAYS, time.weekDay));
            case 'A' -> text(named(DAYS, time.weekDay));
            case 'b', 'h' -> text(abbreviated(MONTHS, time.month));
            case 'B' -> text(named(MONTHS, time.month));
            case 'c' -> composed("%a %b %e %H:%M:%S %Y");
            case 'C' -> number(century(), 1, '0');
            case 'd' -> number(time.day, 2, '0');
            case 'D', 'x' -> composed("%m/%d/%y");
            case 'e' -> number(time.day, 2, ' ');
            case 'F' -> composed("%Y-%m-%d");
            case 'g' -> number(Math.floorMod(isoYear(), 100L), 2, '0');
            case 'G' -> number(isoYear(), 1, '0');
            case 'H' -> number(time.hour, 2, '0');
            case 'I' -> number(hourOfHalfDay(), 2, '0');
            case 'j' -> number(time.yearDay + 1L, 3, '0');
            case 'k' -> number(time.hour, 2, ' ');
            case 'l' -> number(hourOfHalfDay(), 2, ' ');
            case 'm' -> number(time.month + 1L, 2, '0');
            case 'M' -> number(time.minute, 2, '0');
            case 'n' -> text("\n");
            case 'p' -> {
                changesToLowerCase();
                text(time.hour > 11 ? "PM" : "AM");
            }
            case 'P' -> text(time.hour > 11 ? "pm" : "am");
            case 'r' -> composed("%I:%M:%S %p");
            case 'R' -> composed("%H:%M");
            case 's' -> number(time.secondsSinceEpoch(), 1, '0');
            case 'S' -> number(time.second, 2, '0');
            case 't' -> text("\t");
            case 'T', 'X' -> composed("%H:%M:%S");
            case 'u' -> number(Math.floorMod(time.weekDay - 1, 7) + 1L, 1, '0');
            case 'U' -> number((time.yearDay - time.weekDay + 7) / 7, 2, '0');
            case 'V' -> number(isoWeek(), 2, '0');
            case 'w' -> number(time.weekDay, 1, '0');
            case 'W' -> number((time.yearDay - (time.weekDay - 1 + 7) % 7 + 7) / 7, 2, '0');
            case 'y' -> number(Math.floorMod(time.year, 100L), 2, '0');
            case 'Y' -> number(time.year, 1, '0');
            case 'z' -> text("+0000");
            case 'Z' -> {
                changesToLowerCase();
                text("UTC");
            }
            case '%' -> text("%");
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The flag {@code #} turns these to lower case, all others to upper case. */
    private void changesToLowerCase() {
        if (changeCase) {
            changeCase = false;
            padding = padding == 0 ? 'l' : padding;
        }
    }

    private void composed(String format) {
        changeCase = false;
        text(new DateFormat(time).format(format));
    }

    private void text(String text) {
        boolean lowerCase = padding == 'l';
        String cased =
                upperCase || changeCase
                        ? text.toUpperCase(Locale.ROOT)
                        : lowerCase ? text.toLowerCase(Locale.ROOT) : text;
        pad(cased.length(), padding == '0' ? '0' : ' ');
        out.append(cased);
    }

    private void number(long value, int digits, char usualPadding) {
        String text = Long.toString(Math.abs(value));
        if (value < 0) {
            out.append('-');
        }
        char fill = padding == '_' ? ' ' : padding == '0' ? '0' : usualPadding;
        int sign = value < 0 ? 1 : 0;
        if (padding == '-') {
            pad(text.length() + sign, ' ');
        } else {
            int least = Math.max(width, digits) - sign;
            out.append(String.valueOf(fill).repeat(Math.max(0, least - text.length())));
        }
        out.append(text);
    }

    private void pad(int length, char fill) {
        if (width > length) {
            out.append(String.valueOf(fill).repeat(width - length));
        }
    }

    private static String named(String[] names, int index) {
        return index < 0 || index >= names.length ? "?" : names[index];
    }

    private static String abbreviated(String[] names, int index) {
        String name = named(names, index);
        return name.length() > 3 ? name.substring(0, 3) : name;
    }

    private long century() {
        return Math.floorDiv(time.year, 100L);
    }

    private int hourOfHalfDay() {
        return time.hour > 12 ? time.hour - 12 : time.hour == 0 ? 12 : time.hour;
    }

    /** Days since the Monday of week 1 of the ISO year that begins in this year. */
    private static int isoWeekDays(int yearDay, int weekDay) {
        // A multiple of seven that keeps the dividend positive: glibc's iso_week_days.
        int offset = 3 * 7;
        return yearDay - (yearDay - weekDay + 4 + offset) % 7 + 4 - 1;
    }

    private long isoYear() {
        int days = isoWeekDays(time.yearDay, time.weekDay);
        if (days < 0) {
            return time.year - 1;
        }
        int length = time.isLeapYear() ? 366 : 365;
        return isoWeekDays(time.yearDay - length, time.weekDay) >= 0 ? time.year + 1 : time.year;
    }

    private int isoWeek() {
        int days = isoWeekDays(time.yearDay, time.weekDay);
        if (days < 0) {
            int length = BrokenDownTime.isLeapYear(time.year - 1) ? 366 : 365;
            days = isoWeekDays(time.yearDay + length, time.weekDay);
        } else {
            int length = time.isLeapYear() ? 366 : 365;
            int next = isoWeekDays(time.yearDay - length, time.weekDay);
            days = next >= 0 ? next : days;
        }
        return days / 7 + 1;
    }
}
