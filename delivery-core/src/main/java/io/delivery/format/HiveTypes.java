package io.delivery.format;

import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.Field;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads Hive type strings such as {@code struct<a:int,b:array<string>>}, also as metastores write
 * them. White space between tokens and the case of type names do not matter. The name of a struct's
 * field is everything up to the colon: it may hold dots and blanks, and needs back quotes only when
 * it holds a colon, a comma, an angle bracket or a back quote, which is then doubled.
 */
public final class HiveTypes {
    /** How deeply types may be nested: array of array of int is 3. */
    public static final int MAX_DEPTH = 32;

    /** The types, without parameters, in the order in which people look for them. */
    public static final List<String> NAMES =
            List.of(
                    "boolean",
                    "tinyint",
                    "smallint",
                    "int",
                    "bigint",
                    "float",
                    "double",
                    "decimal",
                    "string",
                    "char",
                    "varchar",
                    "date",
                    "timestamp",
                    "binary",
                    "array",
                    "map",
                    "struct");

    private static final int MAX_LENGTH = 1 << 17;

    private final String text;
    private int at;

    private HiveTypes(String text) {
        this.text = text;
    }

    /**
     * Reads one type.
     *
     * @throws InvalidTypeException when the text is not a type that is supported; the message says
     *     what was expected, what was seen and at which character, counted from 1
     */
    public static ColumnType parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidTypeException(
                    "type string is longer than " + MAX_LENGTH + " characters", "");
        }
        HiveTypes parser = new HiveTypes(text);
        ColumnType type = parser.type(1);
        parser.skipBlanks();
        if (parser.at < text.length()) {
            throw parser.error("expected the end", parser.at);
        }
        return type;
    }

    private ColumnType type(int depth) {
        skipBlanks();
        int start = at;
        if (depth > MAX_DEPTH) {
            throw error("types are nested more than " + MAX_DEPTH + " deep", start);
        }
        String name = word("a type").toLowerCase(Locale.ROOT);
        try {
            return switch (name) {
                case "boolean" -> Primitive.BOOLEAN;
                case "tinyint" -> Primitive.TINYINT;
                case "smallint" -> Primitive.SMALLINT;
                case "int", "integer" -> Primitive.INT;
                case "bigint" -> Primitive.BIGINT;
                case "float" -> Primitive.FLOAT;
                case "double" -> doubleType();
                case "string" -> Primitive.STRING;
                case "date" -> Primitive.DATE;
                case "timestamp" -> Primitive.TIMESTAMP;
                case "binary" -> Primitive.BINARY;
                case "decimal", "numeric" -> decimal();
                case "char" -> new CharType(length());
                case "varchar" -> new VarcharType(length());
                case "array" -> array(depth);
                case "map" -> map(depth);
                case "struct" -> struct(depth);
                case "uniontype",
                        "interval_year_month",
                        "interval_day_time",
                        "interval",
                        "set",
                        "void" ->
                        throw new IllegalArgumentException("type " + name + " is not supported");
                default -> throw error("unknown type", start, name);
            };
        } catch (InvalidTypeException positioned) {
            throw positioned;
        } catch (IllegalArgumentException e) {
            throw error(e.getMessage(), start);
        }
    }

    /** Hive also reads {@code double precision}. */
    private ColumnType doubleType() {
        int before = at;
        skipBlanks();
        if (text.regionMatches(true, at, "precision", 0, 9)) {
            at += 9;
        } else {
            at = before;
        }
        return Primitive.DOUBLE;
    }

    private ColumnType decimal() {
        if (!taken('(')) {
            return DecimalType.DEFAULT;
        }
        int precision = number();
        int scale = taken(',') ? number() : 0;
        expect(')');
        return new DecimalType(precision, scale);
    }

    private int length() {
        expect('(');
        int length = number();
        expect(')');
        return length;
    }

    private ColumnType array(int depth) {
        expect('<');
        ColumnType element = type(depth + 1);
        expect('>');
        return new ArrayType(element);
    }

    private ColumnType map(int depth) {
        expect('<');
        ColumnType key = type(depth + 1);
        expect(',');
        ColumnType value = type(depth + 1);
        expect('>');
        return new MapType(key, value);
    }

    private ColumnType struct(int depth) {
        expect('<');
        List<Field> fields = new ArrayList<>();
        do {
            skipBlanks();
            String name = at < text.length() && text.charAt(at) == '`' ? quotedWord() : fieldName();
            expect(':');
            fields.add(new Field(name, type(depth + 1)));
            skipComment();
        } while (taken(','));
        expect('>');
        return new StructType(fields);
    }

    /** A struct's field may carry {@code comment 'text'}; it says nothing about the type. */
    private void skipComment() {
        skipBlanks();
        if (!text.regionMatches(true, at, "comment", 0, 7)) {
            return;
        }
        int start = at;
        at += 7;
        skipBlanks();
        char quote = at < text.length() ? text.charAt(at) : 0;
        int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
        if (end < 0) {
            throw error("expected a quoted text behind comment", start);
        }
        at = end + 1;
    }

    /** Everything up to what can only be the type string's own. */
    private String fieldName() {
        int start = at;
        while (at < text.length() && ":,<>`".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String name = text.substring(start, at).strip();
        if (name.isEmpty()) {
            throw error("expected a field name", start);
        }
        return name;
    }

    private String word(String what) {
        skipBlanks();
        int start = at;
        while (at < text.length() && FieldNames.isPlain(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw error("expected " + what, start);
        }
        return text.substring(start, at);
    }

    private String quotedWord() {
        int start = at++;
        StringBuilder name = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '`') {
                name.append(c);
            } else if (at < text.length() && text.charAt(at) == '`') {
                name.append('`');
                at++;
            } else {
                return name.toString();
            }
        }
        throw error("back quote is not closed", start);
    }

    private int number() {
        skipBlanks();
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw error("expected a number", start);
        }
        if (at - start > 6) {
            throw error("number is too large", start);
        }
        return Integer.parseInt(text.substring(start, at));
    }

    private boolean taken(char wanted) {
        skipBlanks();
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char wanted) {
        if (!taken(wanted)) {
            throw error("expected '" + wanted + "'", at);
        }
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private InvalidTypeException error(String problem, int position) {
        return error(problem, position, "");
    }

    private InvalidTypeException error(String problem, int position, String unknownName) {
        String seen =
                position >= text.length()
                        ? "the end"
                        : "'"
                                + text.substring(position, Math.min(text.length(), position + 20))
                                + "'";
        return new InvalidTypeException(
                problem + ", saw " + seen + " at character " + (position + 1), unknownName);
    }
}
