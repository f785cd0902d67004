package io.delivery.steps;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads rows as RFC 4180 writes them, and a little more: a row ends with CRLF, LF or CR, and a
 * quote that is not the first character of its field is a character like others.
 */
final class CsvReader {
    private final String text;
    private final char delimiter;
    private final char quote;
    private int at;

    /** A field that no writer of CSV writes. */
    static final class NotCsvException extends Exception {
        private static final long serialVersionUID = 1L;

        NotCsvException(String message) {
            super(message, null, false, false);
        }
    }

    CsvReader(String text, char delimiter, char quote) {
        this.text = text;
        this.delimiter = delimiter;
        this.quote = quote;
    }

    /** Whether there is another row. Behind the last line break there is none. */
    boolean hasRow() {
        return at < text.length();
    }

    /** The fields of the next row, at least one. */
    List<String> row() throws NotCsvException {
        List<String> fields = new ArrayList<>();
        while (true) {
            fields.add(field(fields.size() + 1));
            if (at == text.length()) {
                return fields;
            }
            char end = text.charAt(at++);
            if (end != delimiter) {
                if (end == '\r' && at < text.length() && text.charAt(at) == '\n') {
                    at++;
                }
                return fields;
            }
        }
    }

    /** Reads up to the delimiter or line break behind the field. */
    private String field(int number) throws NotCsvException {
        if (at < text.length() && text.charAt(at) == quote) {
            return quoted(number);
        }
        int begin = at;
        while (at < text.length() && !endsField(text.charAt(at))) {
            at++;
        }
        return text.substring(begin, at);
    }

    private boolean endsField(char c) {
        return c == delimiter || c == '\n' || c == '\r';
    }

    private String quoted(int number) throws NotCsvException {
        at++;
        int begin = at;
        StringBuilder field = null;
        while (true) {
            int end = text.indexOf(quote, at);
            if (end < 0) {
                throw new NotCsvException(
                        "the quote that field %d begins with is not closed".formatted(number));
            }
            at = end + 1;
            boolean doubled = at < text.length() && text.charAt(at) == quote;
            if (doubled) {
                field = field == null ? new StringBuilder() : field;
                field.append(text, begin, at);
                at++;
                begin = at;
                continue;
            }
            if (at < text.length() && !endsField(text.charAt(at))) {
                throw new NotCsvException(
                        "behind the closing quote of field %d stands something else than a delimiter"
                                .formatted(number));
            }
            return field == null
                    ? text.substring(begin, end)
                    : field.append(text, begin, end).toString();
        }
    }
}
