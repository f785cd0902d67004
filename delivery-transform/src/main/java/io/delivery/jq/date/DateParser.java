package io.delivery.jq.date;

/**
 * strptime of the GNU C library in its C locale, as jq 1.6 calls it: an offset is read and ignored,
 * what the text does not say is that of 0 January 1900, and day of week and year follow from the
 * date when there is one.
 */
final class DateParser {
    /** What jq puts there to see whether strptime says it: my_mktime's companions in f_strptime. */
    private static final int UNKNOWN_WEEK_DAY = 8;

    private static final int UNKNOWN_YEAR_DAY = 367;

    /** glibc's strptime knows these behind the modifiers E and O in the C locale. */
    private static final String BEHIND_E = "cCxXY";

    private static final String BEHIND_O = "bBdehHImMSUVwWy";

    private final String text;
    private final BrokenDownTime time = new BrokenDownTime();
    private int at;

    private int century = -1;
    private int yearOfCentury = -1;
    private boolean hasDate;
    private boolean hasMonth;
    private boolean hasDay;
    private boolean hasWeekDay;
    private boolean hasYearDay;
    private int hourOfHalfDay = -1;
    private boolean afternoon;

    DateParser(String text) {
        this.text = text;
        time.weekDay = UNKNOWN_WEEK_DAY;
        time.yearDay = UNKNOWN_YEAR_DAY;
    }

    /**
     * Whether the text begins as the format says, and goes on with white space if with anything.
     */
    boolean parse(String format) {
        if (!match(format)) {
            return false;
        }
        complete();
        return at == text.length() || isSpace(text.charAt(at));
    }

    BrokenDownTime time() {
        return time;
    }

    String rest() {
        return text.substring(at);
    }

    private boolean match(String format) {
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (isSpace(c)) {
                skipSpaces();
            } else if (c != '%') {
                if (at == text.length() || text.charAt(at) != c) {
                    return false;
                }
                at++;
            } else {
                i++;
                while (i < format.length() && "_-0^#".indexOf(format.charAt(i)) >= 0) {
                    i++;
                }
                while (i < format.length() && Character.isDigit(format.charAt(i))) {
                    i++;
                }
                String permitted = "";
                if (i < format.length() && (format.charAt(i) == 'E' || format.charAt(i) == 'O')) {
                    permitted = format.charAt(i) == 'E' ? BEHIND_E : BEHIND_O;
                    i++;
                }
                if (i == format.length()
                        || !permitted.isEmpty() && permitted.indexOf(format.charAt(i)) < 0
                        || !convert(format.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean convert(char conversion) {
        switch (conversion) {
            case '%' -> {
                return literal('%');
            }
            case 'a', 'A' -> {
                time.weekDay = name(DateFormat.DAYS);
                hasWeekDay = true;
                return time.weekDay >= 0;
            }
            case 'b', 'B', 'h' -> {
                time.month = name(DateFormat.MONTHS);
                hasMonth = true;
                hasDate = true;
                return time.month >= 0;
            }
            case 'c' -> {
                return match("%a %b %e %H:%M:%S %Y");
            }
            case 'C' -> {
                century = number(0, 99, 2);
                hasDate = true;
                return century >= 0;
            }
            case 'd', 'e' -> {
                time.day = number(1, 31, 2);
                hasDay = true;
                hasDate = true;
                return time.day >= 0;
            }
            case 'D', 'x' -> {
                return match("%m/%d/%y");
            }
            case 'F' -> {
                return match("%Y-%m-%d");
            }
            case 'g' -> {
                return number(0, 99, 2) >= 0;
            }
            case 'G' -> {
                return number(0, 9999, 4) >= 0;
            }
            case 'H', 'k' -> {
                time.hour = number(0, 23, 2);
                hourOfHalfDay = -1;
                return time.hour >= 0;
            }
            case 'I', 'l' -> {
                int hour = number(1, 12, 2);
                hourOfHalfDay = hour % 12;
                return hour >= 0;
            }
            case 'j' -> {
                int day = number(1, 366, 3);
                time.yearDay = day - 1;
                hasYearDay = true;
                return day >= 0;
            }
            case 'm' -> {
                int month = number(1, 12, 2);
                time.month = month - 1;
                hasMonth = true;
                hasDate = true;
                return month >= 0;
            }
            case 'M' -> {
                time.minute = number(0, 59, 2);
                return time.minute >= 0;
            }
            case 'n', 't' -> {
                skipSpaces();
                return true;
            }
            case 'p' -> {
                afternoon = text.regionMatches(true, at, "PM", 0, 2);
                boolean either = afternoon || text.regionMatches(true, at, "AM", 0, 2);
                at += either ? 2 : 0;
                return either;
            }
            case 'r' -> {
                return match("%I:%M:%S %p");
            }
            case 'R' -> {
                return match("%H:%M");
            }
            case 's' -> {
                return secondsSinceEpoch();
            }
            case 'S' -> {
                time.second = number(0, 61, 2);
                return time.second >= 0;
            }
            case 'T', 'X' -> {
                return match("%H:%M:%S");
            }
            case 'u' -> {
                int day = number(1, 7, 1);
                time.weekDay = day % 7;
                hasWeekDay = true;
                return day >= 0;
            }
            case 'U', 'V', 'W' -> {
                return number(0, 53, 2) >= 0;
            }
            case 'w' -> {
                time.weekDay = number(0, 6, 1);
                hasWeekDay = true;
                return time.weekDay >= 0;
            }
            case 'y' -> {
                yearOfCentury = number(0, 99, 2);
                hasDate = true;
                return yearOfCentury >= 0;
            }
            case 'Y' -> {
                int year = number(0, 9999, 4);
                time.year = year;
                century = -1;
                yearOfCentury = -1;
                hasDate = true;
                return year >= 0;
            }
            case 'z' -> {
                return offset();
            }
            case 'Z' -> {
                while (at < text.length() && !isSpace(text.charAt(at))) {
                    at++;
                }
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    private void complete() {
        if (hourOfHalfDay >= 0) {
            time.hour = hourOfHalfDay + (afternoon ? 12 : 0);
        }
        // 69 to 99 are of the 20th century: POSIX, strptime.
        if (yearOfCentury >= 0) {
            int guessed = yearOfCentury >= 69 ? 19 : 20;
            time.year = (century >= 0 ? century : guessed) * 100L + yearOfCentury;
        } else if (century >= 0) {
            time.year = century * 100L + Math.floorMod(time.year, 100L);
        }
        if (hasYearDay && hasDate && !(hasMonth && hasDay)) {
            int month = time.month;
            int day = time.day;
            time.setMonthAndDay();
            time.month = hasMonth ? month : time.month;
            time.day = hasDay ? day : time.day;
        }
        if (hasDate && !hasWeekDay) {
            time.setWeekDay();
        }
        if (hasDate && !hasYearDay) {
            time.setYearDay();
        }
    }

    private boolean literal(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    /** The index of a name, written in full or with three letters, in any case; -1 for none. */
    private int name(String[] names) {
        for (int i = 0; i < names.length; i++) {
            if (text.regionMatches(true, at, names[i], 0, names[i].length())) {
                at += names[i].length();
                return i;
            }
            if (text.regionMatches(true, at, names[i], 0, 3)) {
                at += 3;
                return i;
            }
        }
        return -1;
    }

    /** A number behind spaces, with as many digits as it may have; -1 when it is not in range. */
    private int number(int least, int most, int digits) {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        int end = at;
        int value = 0;
        while (end < text.length() && end < at + digits && isDigit(text.charAt(end))) {
            int longer = value * 10 + text.charAt(end) - '0';
            if (longer > most) {
                break;
            }
            value = longer;
            end++;
        }
        if (end == at || value < least) {
            return -1;
        }
        at = end;
        return value;
    }

    private boolean offset() {
        skipSpaces();
        if (literal('Z')) {
            return true;
        }
        if (!literal('+') && !literal('-')) {
            return false;
        }
        int digits = 0;
        while (digits < 4 && at < text.length() && isDigit(text.charAt(at))) {
            at++;
            digits++;
            if (digits == 2 && at < text.length() && text.charAt(at) == ':') {
                at++;
            }
        }
        return digits == 2 || digits == 4;
    }

    private boolean secondsSinceEpoch() {
        long seconds = 0;
        int begin = at;
        while (at < text.length() && isDigit(text.charAt(at)) && at - begin < 15) {
            seconds = seconds * 10 + text.charAt(at) - '0';
            at++;
        }
        BrokenDownTime parsed = BrokenDownTime.of(seconds);
        time.year = parsed.year;
        time.month = parsed.month;
        time.day = parsed.day;
        time.hour = parsed.hour;
        time.minute = parsed.minute;
        time.second = parsed.second;
        time.weekDay = parsed.weekDay;
        time.yearDay = parsed.yearDay;
        return at > begin;
    }

    private void skipSpaces() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
