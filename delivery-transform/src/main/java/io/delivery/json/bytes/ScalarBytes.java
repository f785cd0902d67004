package io.delivery.json.bytes;

import io.delivery.format.RowBuffer;
import java.nio.charset.StandardCharsets;

/** Reads values without parts; unusual ones as texts, by the rules of the deserializer. */
abstract class ScalarBytes extends ByteReader {
    private final TextReader strings;
    private final TextReader numbers;

    /**
     * @param strings reads strings that are not of the usual form
     * @param numbers reads such numbers
     */
    ScalarBytes(TextReader strings, TextReader numbers) {
        this.strings = strings;
        this.numbers = numbers;
    }

    /**
     * Reads the value from a string.
     *
     * @param quote the place of its first quote
     * @return the place behind its last quote, or {@link Input#GIVEN_UP}
     */
    final int string(Input in, int quote, RowBuffer row, int slot) {
        int behind = TextScanner.read(in, quote + 1, row);
        if (behind < 0) {
            return Input.GIVEN_UP;
        }
        String text =
                new String(row.bytes(), row.bytesUsed(), in.textLength, StandardCharsets.UTF_8);
        return strings.read(text, row, slot) ? behind : Input.GIVEN_UP;
    }

    /**
     * Reads the value from the characters of a number.
     *
     * @return the place behind it, or {@link Input#GIVEN_UP}
     */
    final int digits(Input in, int from, int behind, RowBuffer row, int slot) {
        String text = new String(in.array, from, behind - from, StandardCharsets.ISO_8859_1);
        return numbers.read(text, row, slot) ? behind : Input.GIVEN_UP;
    }
}
