package io.delivery.json.bytes;

/** Reads days of the proleptic Gregorian calendar from digits. */
final class Days {
    /** Instead of a day: there is none. */
    static final long NONE = Long.MIN_VALUE;

    /** Bytes of {@code yyyy-MM-dd}. */
    static final int LENGTH = 10;

    private Days() {}

    /**
     * The days since 1970-01-01 of {@code yyyy-MM-dd}, or {@link #NONE} when something else stands
     * there.
     *
     * @param array has {@link #LENGTH} bytes from here on
     */
    static long read(byte[] array, int at) {
        int century = two(array, at);
        int year = two(array, at + 2);
        int month = two(array, at + 5);
        int day = two(array, at + 8);
        if ((century | year | month | day) < 0
                || array[at + 4] != '-'
                || array[at + 7] != '-'
                || month < 1
                || month > 12
                || day < 1) {
            return NONE;
        }
        year += century * 100;
        return day <= length(year, month) ? since1970(year, month, day) : NONE;
    }

    private static int length(int year, int month) {
        if (month == 2) {
            return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
        }
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    /** Years begin in March here, so that the day which is not always there is their last one. */
    private static long since1970(int year, int month, int day) {
        int marchYear = month > 2 ? year : year - 1;
        int marchMonth = month > 2 ? month - 3 : month + 9;
        int leapDays =
                Math.floorDiv(marchYear, 4)
                        - Math.floorDiv(marchYear, 100)
                        + Math.floorDiv(marchYear, 400);
        // 153 days are five months from March or August on; 719,468 lie before 1970-01-01.
        return marchYear * 365L + leapDays + (153 * marchMonth + 2) / 5 + day - 1 - 719_468;
    }

    /** The number that two digits make; negative when they are not both digits. */
    static int two(byte[] array, int at) {
        int high = array[at] - '0';
        int low = array[at + 1] - '0';
        return (high | low | 9 - high | 9 - low) < 0 ? -1 : high * 10 + low;
    }
}
