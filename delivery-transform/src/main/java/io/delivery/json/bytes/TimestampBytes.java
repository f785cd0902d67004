package io.delivery.json.bytes;

import io.delivery.format.RowBuffer;

/** Reads points in time, in UTC. */
final class TimestampBytes extends ScalarBytes {
    /** A whole number below this is seconds, from here on milliseconds (contract, section 6.3). */
    private static final long MILLIS_FROM = 1_000_000_000_000L;

    /** Seconds whose microseconds fit 64 bits. */
    private static final long MAX_SECONDS = Long.MAX_VALUE / 1_000_000 - 1;

    private static final int SECONDS_OF_DAY = 86_400;
    private static final int MAX_PLACES = 9;

    /** Bytes of {@code yyyy-MM-dd HH:mm:ss}. */
    private static final int LENGTH = 19;

    private final Forms forms;

    /** Which values are read from their bytes; others are texts. */
    enum Forms {
        /** {@code yyyy-MM-dd'T'HH:mm:ss[.S…]['Z']}, the same as SQL, and numbers. */
        ISO,

        /** {@code yyyy-MM-dd HH:mm:ss[.S…]}. */
        SQL,

        /** None of them. */
        NONE
    }

    TimestampBytes(Forms forms, TextReader texts) {
        super(texts, texts);
        this.forms = forms;
    }

    @Override
    int read(Input in, int at, RowBuffer row, int slot) {
        byte first = in.at(at);
        if (first == '"') {
            int behind = forms == Forms.NONE ? Input.GIVEN_UP : fixed(in, at + 1, row, slot);
            return behind < 0 ? string(in, at, row, slot) : behind;
        }
        if (!NumberScanner.beginsNumber(first)) {
            return Input.GIVEN_UP;
        }
        int behind = in.number(at);
        return behind < 0 || forms == Forms.ISO && epoch(in.number, row, slot)
                ? behind
                : digits(in, at, behind, row, slot);
    }

    private static boolean epoch(NumberScanner number, RowBuffer row, int slot) {
        if (!number.whole || !number.isExact()) {
            return false;
        }
        long value = number.wholeNumber();
        if (number.magnitude < MILLIS_FROM) {
            row.setTimestamp(slot, value, 0);
            return true;
        }
        long seconds = Math.floorDiv(value, 1000);
        if (seconds > MAX_SECONDS || seconds < -MAX_SECONDS) {
            return false;
        }
        row.setTimestamp(slot, seconds, Math.floorMod(value, 1000) * 1_000_000);
        return true;
    }

    /**
     * @return the place behind the closing quote; {@link Input#GIVEN_UP} for another form: nothing
     *     was set
     */
    private int fixed(Input in, int from, RowBuffer row, int slot) {
        int at = from + LENGTH;
        if (at >= in.end) {
            return Input.GIVEN_UP;
        }
        byte[] array = in.array;
        byte separator = array[from + Days.LENGTH];
        if (separator != ' ' && (separator != 'T' || forms != Forms.ISO)) {
            return Input.GIVEN_UP;
        }
        long day = Days.read(array, from);
        int hour = Days.two(array, from + 11);
        int minute = Days.two(array, from + 14);
        int second = Days.two(array, from + 17);
        if (day == Days.NONE
                || (hour | minute | second) < 0
                || hour > 23
                || minute > 59
                || second > 59
                || array[from + 13] != ':'
                || array[from + 16] != ':') {
            return Input.GIVEN_UP;
        }
        int nanos = 0;
        if (array[at] == '.') {
            int point = ++at;
            while (NumberScanner.isDigit(in.at(at)) && at - point < MAX_PLACES) {
                nanos = nanos * 10 + array[at++] - '0';
            }
            if (at == point) {
                return Input.GIVEN_UP;
            }
            for (int places = at - point; places < MAX_PLACES; places++) {
                nanos *= 10;
            }
        }
        if (separator == 'T' && in.at(at) == 'Z') {
            at++;
        }
        if (in.at(at) != '"') {
            return Input.GIVEN_UP;
        }
        row.setTimestamp(slot, day * SECONDS_OF_DAY + hour * 3600 + minute * 60 + second, nanos);
        return at + 1;
    }
}
