package io.delivery.jq.selection;

/** The record that is being read. Not thread-safe. */
final class Input {
    /** The record's bytes, up to {@link #end}; what is behind them belongs to others. */
    byte[] array;

    int end;

    /** From here on the array has less than eight bytes. */
    int lastWord;

    void begin(byte[] array, int end) {
        this.array = array;
        this.end = end;
        this.lastWord = array.length - Long.BYTES;
    }

    /** The byte at a place; 0, which no JSON has, behind the record. */
    byte at(int place) {
        return place < end ? array[place] : 0;
    }

    /** The first place from here on that has no white space, or the end. */
    int space(int from) {
        int at = from;
        while (at < end && isSpace(array[at])) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(byte b) {
        return b <= ' ' && (b == ' ' || b == '\n' || b == '\t' || b == '\r');
    }
}
