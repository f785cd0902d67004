package io.delivery.jq.date;

/** C's {@code struct tm}, with the year itself. Fields may be out of their range. */
final class BrokenDownTime {
    private static final int[] DAYS_BEFORE_MONTH = {
        0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
    };

    long year = 1900;

    /** From 0. */
    int month;

    int day;
    int hour;
    int minute;
    int second;

    /** From Sunday, 0. */
    int weekDay;

    /** From 0. */
    int yearDay;

    static BrokenDownTime of(long secondsSinceEpoch) {
        BrokenDownTime time = new BrokenDownTime();
        long days = Math.floorDiv(secondsSinceEpoch, 86_400L);
        int ofDay = (int) Math.floorMod(secondsSinceEpoch, 86_400L);
        time.hour = ofDay / 3600;
        time.minute = ofDay / 60 % 60;
        time.second = ofDay % 60;
        // 1 January 1970 was a Thursday.
        time.weekDay = (int) Math.floorMod(days + 4, 7L);
        // An average year too early, at most by a few: then the right one is looked for.
        time.year = 1970 + Math.floorDiv(days * 400, 146_097L);
        while (daysBeforeYear(time.year) > days) {
            time.year--;
        }
        while (daysBeforeYear(time.year + 1) <= days) {
            time.year++;
        }
        time.yearDay = (int) (days - daysBeforeYear(time.year));
        time.setMonthAndDay();
        return time;
    }

    /** From the day of the year. */
    void setMonthAndDay() {
        month = 11;
        while (month > 0 && daysBeforeMonth() > yearDay) {
            month--;
        }
        day = yearDay - daysBeforeMonth() + 1;
    }

    void setYearDay() {
        yearDay = daysBeforeMonth() + day - 1;
    }

    void setWeekDay() {
        weekDay = (int) Math.floorMod(daysBeforeYear(year) + daysBeforeMonth() + day - 1 + 4, 7L);
    }

    long secondsSinceEpoch() {
        long years = year + Math.floorDiv(month, 12);
        BrokenDownTime first = new BrokenDownTime();
        first.year = years;
        first.month = Math.floorMod(month, 12);
        long days = daysBeforeYear(years) + first.daysBeforeMonth() + day - 1;
        return ((days * 24 + hour) * 60 + minute) * 60 + second;
    }

    boolean isLeapYear() {
        return isLeapYear(year);
    }

    static boolean isLeapYear(long year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    /** Days from 1 January 1970 to that day of the year, in the proleptic Gregorian calendar. */
    private static long daysBeforeYear(long year) {
        long before = year - 1;
        return 365 * (year - 1970)
                + Math.floorDiv(before, 4L)
                - Math.floorDiv(before, 100L)
                + Math.floorDiv(before, 400L)
                - 477;
    }

    private int daysBeforeMonth() {
        return DAYS_BEFORE_MONTH[month] + (month > 1 && isLeapYear() ? 1 : 0);
    }
}
