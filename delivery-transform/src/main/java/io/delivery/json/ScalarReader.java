package io.delivery.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.VarcharType;
import io.delivery.format.RowBuffer;
import io.delivery.json.bytes.ByteReader;
import io.delivery.json.bytes.ByteReaders;
import io.delivery.json.bytes.NearestFloat;
import io.delivery.json.bytes.TextReader;
import io.delivery.record.RecordFailedException;
import java.io.IOException;
import java.math.BigInteger;

/** Reads values without parts. */
abstract class ScalarReader extends ColumnReader {
    private static final String NOT_NUMERIC =
            "Current token (%s) not numeric, can not use numeric value accessors";

    final ColumnType type;
    final Dialect dialect;

    ScalarReader(ColumnPath column, ColumnType type, Dialect dialect) {
        super(column);
        this.type = type;
        this.dialect = dialect;
    }

    /** Reads a text as if it were the value: a lenient string, or the key of a map. */
    abstract void text(String text, RowBuffer row, int slot) throws RecordFailedException;

    /** Reads a text where nobody asks why it does not fit. */
    final boolean fits(String text, RowBuffer row, int slot) {
        try {
            text(text, row, slot);
            return true;
        } catch (RecordFailedException misfit) {
            return false;
        }
    }

    /** What reads strings in the place of numbers. */
    final TextReader strings() {
        return dialect.lenient ? this::fits : TextReader.NONE;
    }

    /** Whether the value is bytes of the row, and no number. */
    abstract boolean readsBytes();

    /** Whether any text is a value, and stays as it is. */
    boolean readsText() {
        return false;
    }

    /**
     * The reader of a type without parts.
     *
     * @throws IllegalArgumentException when the type has parts
     */
    static ScalarReader of(ColumnPath column, ColumnType type, Dialect dialect) {
        return type.accept(new Readers(column, dialect));
    }

    private record Readers(ColumnPath column, Dialect dialect)
            implements ColumnType.Visitor<ScalarReader> {
        @Override
        public ScalarReader primitive(Primitive type) {
            return switch (type) {
                case BOOLEAN -> new Bool(column, type, dialect);
                case TINYINT -> new Whole(column, type, dialect, Byte.MIN_VALUE, Byte.MAX_VALUE);
                case SMALLINT -> new Whole(column, type, dialect, Short.MIN_VALUE, Short.MAX_VALUE);
                case INT -> new Whole(column, type, dialect, Integer.MIN_VALUE, Integer.MAX_VALUE);
                case BIGINT -> new Whole(column, type, dialect, Long.MIN_VALUE, Long.MAX_VALUE);
                case FLOAT, DOUBLE -> new Real(column, type, dialect);
                case STRING, BINARY -> new Text(column, type, dialect, Integer.MAX_VALUE);
                case DATE -> new Date(column, type, dialect);
                case TIMESTAMP -> new TimestampReader(column, type, dialect);
            };
        }

        @Override
        public ScalarReader decimal(DecimalType type) {
            return new Decimal(column, type, dialect);
        }

        @Override
        public ScalarReader character(CharType type) {
            return new Text(column, type, dialect, type.length());
        }

        @Override
        public ScalarReader varchar(VarcharType type) {
            return new Text(column, type, dialect, type.length());
        }

        @Override
        public ScalarReader array(ColumnType.ArrayType type) {
            throw hasParts(type);
        }

        @Override
        public ScalarReader map(ColumnType.MapType type) {
            throw hasParts(type);
        }

        @Override
        public ScalarReader struct(ColumnType.StructType type) {
            throw hasParts(type);
        }

        private IllegalArgumentException hasParts(ColumnType type) {
            return new IllegalArgumentException(column + " is no plain value: " + type);
        }
    }

    RecordFailedException mismatch(JsonToken token) {
        return Misfit.mismatch(column, kind(token) + " is no " + type);
    }

    RecordFailedException misfit(Numbers.NotThat reason) {
        return Misfit.mismatch(column, "The value is " + reason.getMessage() + " for " + type);
    }

    RecordFailedException unread(String of) {
        return Misfit.mismatch(column, "The text is no " + of);
    }

    static String kind(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "An object";
            case START_ARRAY -> "An array";
            case VALUE_STRING -> "A string";
            case VALUE_TRUE, VALUE_FALSE -> "A boolean";
            default -> "A number";
        };
    }

    private static final class Bool extends ScalarReader {
        Bool(ColumnPath column, ColumnType type, Dialect dialect) {
            super(column, type, dialect);
        }

        @Override
        boolean readsBytes() {
            return false;
        }

        @Override
        ByteReader inBytes() {
            return ByteReaders.bool(this::fits);
        }

        @Override
        void read(JsonParser json, JsonToken token, RowBuffer row, int slot)
                throws IOException, RecordFailedException {
            if (token == JsonToken.VALUE_TRUE) {
                row.setNumber(slot, 1);
            } else if (token == JsonToken.VALUE_FALSE) {
                row.setNumber(slot, 0);
            } else if (token == JsonToken.VALUE_STRING) {
                text(json.getText(), row, slot);
            } else {
                throw mismatch(token);
            }
        }

        /** Both originals take any other text for false; here it fails. */
        @Override
        void text(String text, RowBuffer row, int slot) throws RecordFailedException {
            if (text.equalsIgnoreCase("true")) {
                row.setNumber(slot, 1);
            } else if (text.equalsIgnoreCase("false")) {
                row.setNumber(slot, 0);
            } else {
                throw unread("boolean");
            }
        }
    }

    private static final class Whole extends ScalarReader {
        private final long min;
        private final long max;

        Whole(ColumnPath column, ColumnType type, Dialect dialect, long min, long max) {
            super(column, type, dialect);
            this.min = min;
            this.max = max;
        }

        @Override
        boolean readsBytes() {
            return false;
        }

        @Override
        ByteReader inBytes() {
            return ByteReaders.whole(min, max, strings(), this::fits);
        }

        @Override
        void read(JsonParser json, JsonToken token, RowBuffer row, int slot)
                throws IOException, RecordFailedException {
            if (token == JsonToken.VALUE_NUMBER_INT) {
                if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    throw misfit(Numbers.NotThat.IN_RANGE);
                }
                set(row, slot, json.getLongValue());
            } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
                text(json.getText(), row, slot);
            } else if (token == JsonToken.VALUE_STRING) {
                if (!dialect.lenient) {
                    throw Misfit.mismatch(column, NOT_NUMERIC.formatted(token));
                }
                text(json.getText(), row, slot);
            } else {
                throw mismatch(token);
            }
        }

        @Override
        void text(String text, RowBuffer row, int slot) throws RecordFailedException {
            try {
                String number = text.strip();
                boolean isHex = dialect.lenient && Numbers.isHex(number);
                set(row, slot, isHex ? Numbers.hex(number) : Numbers.whole(number));
            } catch (Numbers.NotThat reason) {
                throw misfit(reason);
            }
        }

        private void set(RowBuffer row, int slot, long value) throws RecordFailedException {
            if (value < min || value > max) {
                throw misfit(Numbers.NotThat.IN_RANGE);
            }
            row.setNumber(slot, value);
        }
    }

    private static final class Real extends ScalarReader {
        Real(ColumnPath column, ColumnType type, Dialect dialect) {
            super(column, type, dialect);
        }

        @Override
        boolean readsBytes() {
            return false;
        }

        @Override
        ByteReader inBytes() {
            return ByteReaders.real((Primitive) type, strings());
        }

        @Override
        void read(JsonParser json, JsonToken token, RowBuffer row, int slot)
                throws IOException, RecordFailedException {
            if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
                double value = json.getDoubleValue();
                if (type == Primitive.FLOAT && NearestFloat.isUndecided(value)) {
                    value = NearestFloat.of(json.getDecimalValue(), value);
                }
                if (Double.isInfinite(value)) {
                    throw misfit(Numbers.NotThat.IN_RANGE);
                }
                set(row, slot, value);
            } else if (token == JsonToken.VALUE_STRING) {
                if (!dialect.lenient) {
                    throw Misfit.mismatch(column, NOT_NUMERIC.formatted(token));
                }
                text(json.getText(), row, slot);
            } else {
                throw mismatch(token);
            }
        }

        @Override
        void text(String text, RowBuffer row, int slot) throws RecordFailedException {
            try {
                String number = text.strip();
                double value = Numbers.real(number);
                if (type == Primitive.FLOAT && NearestFloat.isUndecided(value)) {
                    value = NearestFloat.of(Numbers.decimal(number), value);
                    if (Double.isInfinite(value)) {
                        throw Numbers.NotThat.IN_RANGE;
                    }
                }
                set(row, slot, value);
            } catch (Numbers.NotThat reason) {
                throw misfit(reason);
            }
        }

        private void set(RowBuffer row, int slot, double value) throws RecordFailedException {
            if (type == Primitive.FLOAT
                    && Float.isInfinite((float) value)
                    && !Double.isInfinite(value)) {
                throw misfit(Numbers.NotThat.IN_RANGE);
            }
            row.setReal(slot, value);
        }
    }

    private static final class Decimal extends ScalarReader {
        private final DecimalType decimal;
        private final byte[] bytes;

        Decimal(ColumnPath column, DecimalType type, Dialect dialect) {
            super(column, type, dialect);
            decimal = type;
            bytes = new byte[type.byteWidth()];
        }

        @Override
        boolean readsBytes() {
            return true;
        }

        @Override
        ByteReader inBytes() {
            return ByteReaders.decimal(decimal, this::fits);
        }

        @Override
        void read(JsonParser json, JsonToken token, RowBuffer row, int slot)
                throws IOException, RecordFailedException {
            switch (token) {
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_STRING ->
                        text(json.getText(), row, slot);
                default -> throw mismatch(token);
            }
        }

        @Override
        void text(String text, RowBuffer row, int slot) throws RecordFailedException {
            try {
                BigInteger unscaled =
                        Numbers.unscaled(
                                Numbers.decimal(text.strip()),
                                decimal.precision(),
                                decimal.scale());
                byte[] minimal = unscaled.toByteArray();
                int padding = bytes.length - minimal.length;
                java.util.Arrays.fill(bytes, 0, padding, (byte) (unscaled.signum() < 0 ? 0xFF : 0));
                System.arraycopy(minimal, 0, bytes, padding, minimal.length);
                row.setBytes(slot, bytes, 0, bytes.length);
            } catch (Numbers.NotThat reason) {
                throw misfit(reason);
            }
        }
    }

    /** Text, and binary as the bytes of a text. */
    private static final class Text extends ScalarReader {
        private final int maxCharacters;

        Text(ColumnPath column, ColumnType type, Dialect dialect, int maxCharacters) {
            super(column, type, dialect);
            this.maxCharacters = maxCharacters;
        }

        @Override
        boolean readsBytes() {
            return true;
        }

        @Override
        boolean readsText() {
            return true;
        }

        @Override
        ByteReader inBytes() {
            return ByteReaders.text(maxCharacters);
        }

        @Override
        void read(JsonParser json, JsonToken token, RowBuffer row, int slot)
                throws IOException, RecordFailedException {
            if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
                if (!dialect.lenient) {
                    throw Misfit.malformed(
                            column,
                            "One or more fields have incorrect format. Exception when validating"
                                    + " field (root)");
                }
                JsonText nested = dialect.text();
                try {
                    nested.read(json);
                    set(row, slot, nested.characters(), 0, nested.length());
                } finally {
                    nested.clear(); // also of a record that fails here
                }
            } else {
                // Numbers keep the digits they were written with.
                set(
                        row,
                        slot,
                        json.getTextCharacters(),
                        json.getTextOffset(),
                        json.getTextLength());
            }
        }

        @Override
        void text(String text, RowBuffer row, int slot) throws RecordFailedException {
            set(row, slot, text.toCharArray(), 0, text.length());
        }

        private void set(RowBuffer row, int slot, char[] text, int offset, int length)
                throws RecordFailedException {
            if (!Utf8.set(row, slot, text, offset, length, maxCharacters)) {
                throw Misfit.malformed(
                        column, "The text has invalid characters: half of a surrogate pair");
            }
        }
    }

    private static final class Date extends ScalarReader {
        Date(ColumnPath column, ColumnType type, Dialect dialect) {
            super(column, type, dialect);
        }

        @Override
        boolean readsBytes() {
            return false;
        }

        @Override
        ByteReader inBytes() {
            return ByteReaders.date(this::fits);
        }

        @Override
        void read(JsonParser json, JsonToken token, RowBuffer row, int slot)
                throws IOException, RecordFailedException {
            if (token != JsonToken.VALUE_STRING) {
                throw mismatch(token);
            }
            text(json.getText(), row, slot);
        }

        @Override
        void text(String text, RowBuffer row, int slot) throws RecordFailedException {
            if (!Instants.setDate(row, slot, text.strip())) {
                throw Misfit.malformed(
                        column,
                        "Invalid format for one or more dates: expected yyyy-M-d and a day that"
                                + " exists");
            }
        }
    }
}
