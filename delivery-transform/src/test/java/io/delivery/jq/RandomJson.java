package io.delivery.jq;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Makes records: most of them objects with a few names, some odd, some damaged. */
final class RandomJson {
    private static final String[] NAMES = {
        "a", "b", "c", "x y", "", "\u00e9", "customer_id", "a_longer_name_than_16_bytes"
    };

    private static final String[] ODD_NAMES = {
        "\\u0061",
        "\\u00e9",
        "\\ud800",
        "a\\n",
        "\\\"",
        "b\\u0000",
        "\ufffd",
        "\ud83d\ude00",
        "A",
        "aa"
    };

    private static final String[] VALUES = {
        "null",
        "true",
        "false",
        "0",
        "1",
        "-1",
        "7",
        "42",
        "200",
        "1780272000123",
        "-12.3456",
        "0.5",
        "1.0",
        "1.50",
        "1e3",
        "1E-2",
        "\"\"",
        "\"a\"",
        "\"c-17\"",
        "\"cust-10042\"",
        "\"eu-west-1\"",
        "\"2026-06-01T00:00:00Z\"",
        "\"San Jos\u00e9\"",
        "\"\u672d\u5e4c \u540d\u53e4\u5c4b\"",
        "\"\ud83d\ude00 smile\"",
        "\"Mozilla/5.0 (X11; Linux) Firefox/128\"",
        "[]",
        "{}",
        "[1,2,3]",
        "[\"a\",\"b\"]",
        "\"12\"",
        "\"1.5\"",
        "\"[1,{}]\"",
        "[[1],[2,[3]]]",
        "{\"b\":1}"
    };

    private static final String[] ODD_VALUES = {
        "-0",
        "-0.0",
        "007",
        ".5",
        "1.",
        "+1",
        "-",
        "1e",
        "1e+",
        "1.e2",
        "0x1",
        "NaN",
        "nan",
        "-Infinity",
        "Infinity",
        "inf",
        "1.2.3",
        "1e999",
        "-1e999",
        "1e-400",
        "9007199254740993",
        "9223372036854775808",
        "123456789012345678901234567890",
        "0.30000000000000004",
        "123456789.123456789",
        "1234567890123456789.5",
        "4.9e-324",
        "truex",
        "tru",
        "nul",
        "nullnull",
        "\"caf\\u00e9/no\\u00CBl\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"a\\udc00b\"",
        "\"\\n\\t\\\"\\\\\\/\\b\\f\\r\"",
        "\"\\u00g0\"",
        "\"\\x\"",
        "\"\\u0000\"",
        "\"a\u0000b\"",
        "\"a\u001fb\"",
        "\"a\u001eb\"",
        "\"a\u0001b\"",
        "\"\u007f\"",
        "'a'",
        "\"a",
        "[1",
        "{\"a\":1",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "[,1]",
        "{\"a\" 1}",
        "[1 2]",
        "\u00e9",
        "\"1\"\"2\"",
        "1\"a\"",
        "\ufeff1"
    };

    private final SplittableRandom random;

    RandomJson(SplittableRandom random) {
        this.random = random;
    }

    byte[] next() {
        boolean odd = random.nextInt(4) == 0;
        StringBuilder text = new StringBuilder();
        object(text, 0, odd);
        if (odd) {
            around(text);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return random.nextInt(12) == 0 ? damaged(bytes) : bytes;
    }

    private String pick(String[] all) {
        return all[random.nextInt(all.length)];
    }

    private void object(StringBuilder text, int depth, boolean odd) {
        int members = random.nextInt(6);
        text.append('{');
        for (int i = 0; i < members; i++) {
            text.append(i == 0 ? "" : ",");
            space(text, odd);
            String name = odd && random.nextInt(8) == 0 ? pick(ODD_NAMES) : name(text, odd);
            text.append('"').append(name).append('"');
            space(text, odd);
            text.append(':');
            space(text, odd);
            value(text, depth + 1, odd);
            space(text, odd);
        }
        text.append('}');
    }

    /** One that the record has not had yet, as far as one look tells, unless it is to be odd. */
    private String name(StringBuilder text, boolean odd) {
        String name = pick(NAMES);
        return !odd && text.indexOf('"' + name + "\":") >= 0 ? name + random.nextInt(1000) : name;
    }

    private void value(StringBuilder text, int depth, boolean odd) {
        int kind = random.nextInt(12);
        if (depth < 4 && kind < 4) {
            object(text, depth, odd);
        } else if (odd && kind == 4) {
            text.append(pick(ODD_VALUES));
        } else if (odd && kind == 5 && random.nextInt(20) == 0) {
            large(text);
        } else {
            text.append(pick(VALUES));
        }
    }

    private void large(StringBuilder text) {
        int size = new int[] {62, 64, 66, 510, 511, 512, 600, 1001}[random.nextInt(8)];
        if (random.nextBoolean()) {
            text.append("[".repeat(size)).append("]".repeat(size));
            return;
        }
        boolean alike = random.nextBoolean();
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "{\"" : ",\"");
            // "Aa" and "BB" have one hash code.
            for (int bit = 0; bit < 10; bit++) {
                text.append((i >> bit & 1) == 0 ? "Aa" : alike ? "BB" : "b");
            }
            text.append("\":").append(i);
        }
        text.append('}');
    }

    private void space(StringBuilder text, boolean odd) {
        if (odd && random.nextInt(6) == 0) {
            text.append(pick(new String[] {" ", "\n", "\t", "\r", "  ", "\u001e", "\f"}));
        }
    }

    private void around(StringBuilder text) {
        switch (random.nextInt(24)) {
            case 0 -> text.insert(0, '\ufeff');
            case 1 -> text.insert(0, '\u001e');
            case 2 -> text.append('\u001e');
            case 3 -> text.append("\n");
            case 4 -> text.append(pick(VALUES));
            case 5 -> text.append(' ').append(text);
            case 6 -> text.append(pick(ODD_VALUES));
            case 7 -> text.insert(0, '[').append(']');
            case 8 -> text.setLength(0);
            case 9 -> text.replace(0, text.length(), pick(VALUES));
            case 10 -> text.append('}');
            case 11 -> text.append('\0');
            case 12 -> text.insert(0, "  ").append("\r\n ");
            case 13 -> text.insert(0, '\0');
            default -> {}
        }
    }

    private byte[] damaged(byte[] bytes) {
        if (bytes.length == 0) {
            return bytes;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(4)) {
            case 0 -> out.write(bytes, 0, at);
            case 1 -> {
                out.write(bytes, 0, at);
                out.write(bytes, at + 1, bytes.length - at - 1);
            }
            case 2 -> {
                out.write(bytes, 0, at);
                out.write(random.nextInt(256));
                out.write(bytes, at, bytes.length - at);
            }
            default -> {
                out.writeBytes(bytes);
                byte[] changed = out.toByteArray();
                changed[at] = (byte) random.nextInt(256);
                return changed;
            }
        }
        return out.toByteArray();
    }
}
