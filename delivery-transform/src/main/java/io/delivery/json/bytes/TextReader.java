package io.delivery.json.bytes;

import io.delivery.format.RowBuffer;

/** Reads a value from a text, where the bytes alone do not say what it is. */
@FunctionalInterface
public interface TextReader {
    /** Of a column that takes no texts. */
    TextReader NONE = (text, row, slot) -> false;

    /**
     * Sets the slot.
     *
     * @param text of a string, or the digits of a number as they were written
     * @return false when the text does not fit: the record is given up
     */
    boolean read(String text, RowBuffer row, int slot);
}
