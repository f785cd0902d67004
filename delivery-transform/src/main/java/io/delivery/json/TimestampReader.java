package io.delivery.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.delivery.format.ColumnType;
import io.delivery.format.RowBuffer;
import io.delivery.json.bytes.ByteReader;
import io.delivery.json.bytes.ByteReaders;
import io.delivery.record.RecordFailedException;
import java.io.IOException;
import java.time.Instant;

/** Reads points in time, by the rules of the dialect or by its configured formats. */
final class TimestampReader extends ScalarReader {
    private static final String OPENX_FORMS =
            "Expected yyyy-MM-dd'T'HH:mm:ss[.S]['Z'], yyyy-MM-dd HH:mm:ss[.S] or seconds or"
                    + " milliseconds since 1970; an offset such as +02:00 is read by serde hive"
                    + " with a timestampFormat that ends in Z";
    private static final String HIVE_FORM =
            "Expected yyyy-MM-dd HH:mm:ss[.S] and a time that exists; other forms need"
                    + " timestampFormats";
    private static final String HIVE_FORMS =
            "None of the timestampFormats reads it as a time that exists, nor does"
                    + " yyyy-MM-dd HH:mm:ss[.S]";

    TimestampReader(ColumnPath column, ColumnType type, Dialect dialect) {
        super(column, type, dialect);
    }

    @Override
    boolean readsBytes() {
        return false;
    }

    @Override
    ByteReader inBytes() {
        if (dialect.lenient) {
            return ByteReaders.isoTimestamp(this::fits);
        }
        return dialect.timestampPatterns.isEmpty()
                ? ByteReaders.sqlTimestamp(this::fits)
                : ByteReaders.otherTimestamp(this::fits);
    }

    @Override
    void read(JsonParser json, JsonToken token, RowBuffer row, int slot)
            throws IOException, RecordFailedException {
        switch (token) {
            case VALUE_STRING -> {
                if (!fixedForm(
                        row,
                        slot,
                        json.getTextCharacters(),
                        json.getTextOffset(),
                        json.getTextLength())) {
                    text(json.getText(), row, slot);
                }
            }
            case VALUE_NUMBER_INT -> {
                if (!dialect.lenient || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    text(json.getText(), row, slot);
                } else {
                    try {
                        Instants.setEpoch(row, slot, json.getLongValue());
                    } catch (Numbers.NotThat reason) {
                        throw misfit(reason);
                    }
                }
            }
            case VALUE_NUMBER_FLOAT -> text(json.getText(), row, slot);
            default -> throw mismatch(token);
        }
    }

    private boolean fixedForm(RowBuffer row, int slot, char[] text, int offset, int length) {
        if (!dialect.lenient) {
            // Configured formats come first: text() tries them all.
            return dialect.timestampPatterns.isEmpty()
                    && Instants.setSql(row, slot, text, offset, length);
        }
        return Instants.setIso(row, slot, text, offset, length)
                || Instants.setSql(row, slot, text, offset, length);
    }

    @Override
    void text(String text, RowBuffer row, int slot) throws RecordFailedException {
        try {
            // java.sql.Timestamp.valueOf removes what is around the text; Joda-Time does not.
            String stripped = text.strip();
            char[] chars = stripped.toCharArray();
            boolean read =
                    dialect.lenient
                            ? fixedForm(row, slot, chars, 0, chars.length)
                                    || number(stripped, row, slot)
                            : configured(text, row, slot)
                                    || Instants.setSql(row, slot, chars, 0, chars.length);
            if (!read) {
                throw Misfit.malformed(
                        column, "Invalid or unsupported timestamp format. " + forms());
            }
        } catch (Numbers.NotThat reason) {
            throw misfit(reason);
        }
    }

    private String forms() {
        if (dialect.lenient) {
            return OPENX_FORMS;
        }
        return dialect.timestampPatterns.isEmpty() ? HIVE_FORM : HIVE_FORMS;
    }

    private static boolean number(String text, RowBuffer row, int slot) throws Numbers.NotThat {
        if (!Numbers.isNumber(text)) {
            return false;
        }
        Instants.setEpoch(row, slot, Numbers.decimal(text));
        return true;
    }

    private boolean configured(String text, RowBuffer row, int slot) throws Numbers.NotThat {
        for (JodaPattern pattern : dialect.timestampPatterns) {
            if (pattern == null) {
                if (Numbers.isNumber(text)) {
                    Instants.setMillis(row, slot, Numbers.decimal(text));
                    return true;
                }
                continue;
            }
            Instant instant = pattern.parse(text, dialect::yearOfArrival);
            if (instant != null) {
                Instants.setSeconds(row, slot, instant.getEpochSecond(), instant.getNano());
                return true;
            }
        }
        return false;
    }
}
