package io.delivery.json;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import io.delivery.format.TableSchema;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/** Makes records for a table: most of them fit, some do not quite, some are damaged. */
final class RandomRecord {
    private static final int MAX_DEPTH = 4;

    private static final String[] TEXTS = {
        "",
        "a",
        "cust-10042",
        "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0",
        "gr\u00fc\u00df dich",
        "\u672d\u5e4c \u540d\u53e4\u5c4b",
        "\ud83d\ude00 smile \ud83d\ude00",
        "caf\\u00e9/no\\u00CBl",
        "\\ud83d\\ude00",
        "\\ud83d",
        "\\ude00\\ud83d",
        "\\ud83d\\n",
        "line\\nbreak\\t\\\"quoted\\\"\\\\",
        "\\/\\b\\f\\r",
        "a\\u0000b",
        "\\u001F",
        "\\u00g0",
        "\\x",
        "\u007f",
        "a\u0001b",
        "12",
        "-0",
        " 7 ",
        "1.50",
        "NaN",
        "-Infinity",
        "TRUE",
        "false",
        "null"
    };

    private static final String[] NUMBERS = {
        "0",
        "-0",
        "-0.0",
        "1",
        "-1",
        "127",
        "128",
        "-128",
        "-129",
        "32767",
        "-32769",
        "2147483647",
        "2147483648",
        "-2147483648",
        "1780272000123",
        "999999999999",
        "1000000000000",
        "-1000000000000",
        "999999999999999999",
        "1000000000000000000",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "123456789012345678901234567890",
        "1.0",
        "1.5",
        "0.1",
        "-12.3456",
        "1e3",
        "1E+3",
        "12e-1",
        "1.7976931348623157e308",
        "1.8e308",
        "4.9e-324",
        "2.4e-324",
        "3.4028235e38",
        "3.4028236e38",
        "1e-400",
        "9007199254740993",
        "9007199254740993.0",
        "0.30000000000000004",
        "123456789.12345678",
        "1e22",
        "1e23",
        "8.5e-23",
        "1e99999",
        "1e-99999",
        "1e999999",
        "01",
        "-01",
        "1.",
        ".5",
        "-",
        "+1",
        "1e",
        "1e+",
        "0x10",
        "NaN",
        "1.2.3"
    };

    private static final String[] MOMENTS = {
        "2026-06-01T00:00:00.000Z",
        "2026-06-01T00:00:00Z",
        "2026-06-01T00:00:00",
        "2026-06-01 23:59:59.123456789",
        "2026-06-01 23:59:59.1234567890",
        "2026-06-01 23:59:59.",
        "2026-06-01 23:59:59Z",
        "2024-02-29T12:00:00.5",
        "2023-02-29T12:00:00.5",
        "1900-02-29 00:00:00",
        "2000-02-29 00:00:00",
        "0000-01-01 00:00:00",
        "0001-01-01T00:00:00",
        "9999-12-31 23:59:59",
        "1969-12-31 23:59:59.999",
        "2026-6-1 1:2:3",
        "2026-06-01T24:00:00",
        "2026-06-01T23:60:00",
        "2026-06-01T23:59:60",
        "2026-13-01T23:59:00",
        "2026-04-31 00:00:00",
        "2026-00-01 00:00:00",
        "2026-06-01t00:00:00",
        " 2026-06-01 00:00:00",
        "2026-06-01T00:00:00.123+0200",
        "2/9/46",
        "1780272000123",
        "1780272000.25"
    };

    private static final String[] DATES = {
        "2026-06-01",
        "2024-02-29",
        "2023-02-29",
        "1970-01-01",
        "1969-12-31",
        "0000-03-01",
        "0000-02-29",
        "9999-12-31",
        "2026-6-1",
        "2026-06-31",
        "2026-06-00",
        "20260601",
        "2026-06-01 ",
    };

    private static final String[] SPACES = {" ", "\n", "\t", "\r\n", "  "};

    private final SplittableRandom random;
    private final TableSchema table;
    private final StringBuilder text = new StringBuilder();

    /** Of the record that is being made: how many of a hundred values are of the wrong kind. */
    private int strange;

    private boolean spaced;

    RandomRecord(SplittableRandom random, TableSchema table) {
        this.random = random;
        this.table = table;
    }

    /** The next record. */
    byte[] next() {
        text.setLength(0);
        strange = random.nextInt(3) == 0 ? 5 : 0;
        spaced = random.nextInt(4) == 0;
        int rows = random.nextInt(5) == 0 ? random.nextInt(4) : 1;
        for (int i = 0; i < rows; i++) {
            space();
            row();
            space();
        }
        byte[] record = text.toString().getBytes(StandardCharsets.UTF_8);
        return random.nextInt(5) == 0 ? damaged(record) : record;
    }

    private boolean perCent(int share) {
        return random.nextInt(100) < share;
    }

    private void space() {
        if (spaced && random.nextBoolean()) {
            text.append(pick(SPACES));
        }
    }

    private String pick(String[] of) {
        return of[random.nextInt(of.length)];
    }

    private void row() {
        text.append('{');
        int first = text.length();
        for (TableSchema.Column column : table.columns()) {
            field(column.name(), column.type(), first, 0);
        }
        if (perCent(10)) {
            key(perCent(50) ? "dt" : "DT", first);
            anything(1);
        }
        text.append('}');
    }

    private void field(String name, ColumnType type, int first, int depth) {
        if (perCent(15)) {
            unknown(first, depth);
        }
        if (perCent(10)) {
            return;
        }
        key(name, first);
        value(type, depth + 1);
        if (perCent(strange)) {
            key(name, first);
            value(type, depth + 1);
        }
    }

    private void unknown(int first, int depth) {
        key(perCent(80) ? "x" + random.nextInt(4) : pick(TEXTS), first);
        anything(depth + 1);
    }

    private void key(String name, int first) {
        if (text.length() > first) {
            space();
            text.append(',');
        }
        space();
        text.append('"').append(perCent(10) ? variant(name) : name).append('"');
        space();
        text.append(':');
        space();
    }

    private String variant(String name) {
        return switch (random.nextInt(5)) {
            case 0 -> name.toUpperCase(Locale.ROOT);
            case 1 -> name.replace('_', '.');
            case 2 -> name.isEmpty() ? "" : name.substring(0, name.length() - 1);
            case 3 -> name.equals("city") ? "Town.Name" : name + "s";
            default -> name.replace("e", "\\u0065");
        };
    }

    private void value(ColumnType type, int depth) {
        if (perCent(8)) {
            text.append("null");
        } else if (perCent(strange)) {
            anything(depth);
        } else {
            type.accept(new Values(depth));
        }
    }

    private final class Values implements ColumnType.Visitor<Void> {
        private final int depth;

        Values(int depth) {
            this.depth = depth;
        }

        @Override
        public Void primitive(Primitive type) {
            switch (type) {
                case BOOLEAN -> text.append(perCent(strange) ? "\"True\"" : random.nextBoolean());
                case TINYINT -> text.append((byte) random.nextInt());
                case SMALLINT -> text.append((short) random.nextInt());
                case INT -> text.append(random.nextInt() >> random.nextInt(32));
                case BIGINT -> text.append(random.nextLong() >> random.nextInt(64));
                case FLOAT, DOUBLE -> real();
                case STRING, BINARY -> string();
                case DATE -> quoted(perCent(strange) ? pick(DATES) : day());
                case TIMESTAMP -> moment();
            }
            return null;
        }

        @Override
        public Void decimal(DecimalType type) {
            StringBuilder number = new StringBuilder(random.nextBoolean() ? "-" : "");
            int whole = random.nextInt(type.precision() - type.scale() + 1);
            number.append(whole == 0 ? "0" : 1 + random.nextInt(9));
            for (int i = 1; i < whole; i++) {
                number.append(random.nextInt(10));
            }
            int places = random.nextInt(type.scale() + 3);
            for (int i = 0; i < places; i++) {
                number.append(i == 0 ? "." : "").append(random.nextInt(10));
            }
            if (perCent(20)) {
                quoted(number.toString());
            } else {
                text.append(number);
            }
            return null;
        }

        @Override
        public Void character(CharType type) {
            string();
            return null;
        }

        @Override
        public Void varchar(VarcharType type) {
            string();
            return null;
        }

        @Override
        public Void array(ArrayType type) {
            text.append('[');
            for (int i = random.nextInt(4); i > 0; i--) {
                space();
                value(type.element(), depth + 1);
                space();
                text.append(i > 1 ? "," : "");
            }
            text.append(']');
            return null;
        }

        @Override
        public Void map(MapType type) {
            text.append('{');
            int first = text.length();
            int entries = perCent(3) ? 100 : random.nextInt(4);
            for (int i = 0; i < entries; i++) {
                key(perCent(strange) ? pick(TEXTS) : keyOf(type.key(), i), first);
                value(type.value(), depth + 1);
            }
            text.append('}');
            return null;
        }

        private String keyOf(ColumnType type, int number) {
            if (type != Primitive.STRING) {
                return type == Primitive.DATE ? day() : String.valueOf(number);
            }
            return (perCent(20) ? "Key" : perCent(10) ? "\u00dc" : "key") + number;
        }

        @Override
        public Void struct(StructType type) {
            text.append('{');
            int first = text.length();
            type.fields().forEach(field -> field(field.name(), field.type(), first, depth));
            text.append('}');
            return null;
        }
    }

    private void real() {
        switch (random.nextInt(4)) {
            case 0 -> text.append(random.nextInt(2_000_000) / 10_000.0);
            case 1 -> text.append(Float.intBitsToFloat(finite(random.nextInt())));
            case 2 -> text.append(random.nextDouble());
            default -> text.append(random.nextInt(1000)).append(".").append(random.nextInt(100));
        }
    }

    private static int finite(int bits) {
        return bits & ~0x4000_0000;
    }

    private void moment() {
        if (perCent(strange)) {
            quoted(pick(MOMENTS));
        } else if (perCent(20)) {
            text.append(random.nextLong() >> 16 + random.nextInt(48));
        } else {
            String time =
                    "%02d:%02d:%02d"
                            .formatted(random.nextInt(24), random.nextInt(60), random.nextInt(60));
            String places = String.valueOf(random.nextInt(1_000_000_000));
            quoted(
                    day()
                            + (random.nextBoolean() ? "T" : " ")
                            + time
                            + (random.nextBoolean() ? "." + places : "")
                            + (random.nextBoolean() ? "Z" : ""));
        }
    }

    private String day() {
        return "%04d-%02d-%02d"
                .formatted(
                        perCent(20) ? random.nextInt(10_000) : 2000 + random.nextInt(40),
                        1 + random.nextInt(12),
                        1 + random.nextInt(perCent(10) ? 31 : 28));
    }

    private void quoted(String value) {
        text.append('"').append(value).append('"');
    }

    private void string() {
        if (perCent(1)) {
            quoted(pick(TEXTS).repeat(1 + random.nextInt(3000)));
        } else if (perCent(strange)) {
            quoted(pick(TEXTS));
        } else {
            quoted(pick(TEXTS, 9) + "x".repeat(random.nextInt(12)) + pick(TEXTS, 9));
        }
    }

    private String pick(String[] of, int first) {
        return of[random.nextInt(first)];
    }

    /** Any JSON. */
    private void anything(int depth) {
        switch (random.nextInt(depth < MAX_DEPTH ? 10 : 7)) {
            case 0 -> text.append("null");
            case 1 -> text.append(random.nextBoolean());
            case 2 -> text.append(perCent(strange) ? pick(NUMBERS) : random.nextInt());
            case 3 -> text.append(perCent(50) ? NUMBERS[random.nextInt(50)] : random.nextDouble());
            case 4 -> quoted(perCent(strange) ? pick(TEXTS) : pick(TEXTS, 13));
            case 5 -> quoted(pick(random.nextBoolean() ? MOMENTS : DATES));
            case 6 -> quoted(NUMBERS[random.nextInt(50)]);
            case 7 -> {
                text.append('[');
                for (int i = random.nextInt(3); i > 0; i--) {
                    anything(depth + 1);
                    space();
                    text.append(i > 1 ? "," : "");
                }
                text.append(']');
            }
            case 8 -> deep(1 + random.nextInt(130));
            default -> {
                text.append('{');
                int first = text.length();
                for (int i = random.nextInt(3); i > 0; i--) {
                    key(pick(TEXTS, 8), first);
                    anything(depth + 1);
                }
                text.append('}');
            }
        }
    }

    private void deep(int levels) {
        text.append("[".repeat(levels)).append("]".repeat(levels));
    }

    private byte[] damaged(byte[] record) {
        byte[] bytes = record;
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            bytes = damagedOnce(bytes);
        }
        return bytes;
    }

    private byte[] damagedOnce(byte[] record) {
        if (record.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(record.length);
        int end = Math.min(record.length, at + 1 + random.nextInt(8));
        return switch (random.nextInt(7)) {
            case 0 -> Arrays.copyOf(record, at);
            case 1 -> joined(record, 0, at, new byte[0], end);
            case 2 -> joined(record, 0, at, Arrays.copyOfRange(record, at, end), at);
            case 3 -> joined(record, 0, at, new byte[] {(byte) random.nextInt()}, at + 1);
            case 4 -> joined(record, 0, at, sign(), at);
            case 5 -> joined(record, 0, at, sign(), at + 1);
            default -> joined(record, 0, 0, new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, 0);
        };
    }

    private byte[] sign() {
        String signs = "{}[],:\"\\ 0e.-n\u00e9\u0000\n";
        int at = random.nextInt(signs.length());
        return signs.substring(at, at + 1).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] joined(byte[] record, int from, int to, byte[] middle, int rest) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.write(record, from, to - from);
        joined.writeBytes(middle);
        joined.write(record, rest, record.length - rest);
        return joined.toByteArray();
    }
}
