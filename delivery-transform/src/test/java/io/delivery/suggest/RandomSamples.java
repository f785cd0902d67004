package io.delivery.suggest;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/** JSON records of every kind of trouble, from a seed. */
final class RandomSamples {
    private static final List<String> KEYS =
            List.of(
                    "a",
                    "A",
                    "b",
                    "B_c",
                    "b.c",
                    "b_c",
                    "@t",
                    "t",
                    "first name",
                    "first-name",
                    "select",
                    "timestamp",
                    "größe",
                    "GRÖSSE",
                    "İd",
                    "",
                    " ",
                    "x:y",
                    "x,y",
                    "x<y>",
                    "`",
                    "``",
                    "'",
                    "\\\"",
                    "\\u0000",
                    "\\ud83d\\ude00",
                    "#",
                    "- x",
                    "null",
                    "true",
                    "yes",
                    "1e3",
                    "~",
                    "0x1f",
                    "k".repeat(250),
                    "k".repeat(300));

    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "-0",
                    "1",
                    "-1",
                    "127",
                    "32768",
                    "2147483647",
                    "2147483648",
                    "-2147483649",
                    "9007199254740993",
                    "9223372036854775807",
                    "9223372036854775808",
                    "-99999999999999999999999999999999999999",
                    "100000000000000000000000000000000000000",
                    "1.5",
                    "-0.0",
                    "1e3",
                    "1e400",
                    "1e-400",
                    "0e99999",
                    "1e99999999999",
                    "123456789012345678901234567890.12345678",
                    "0.1000000000000000055511151231257827");

    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    "x",
                    "12",
                    "NaN",
                    "true",
                    "2026-01-31",
                    "2026-1-5",
                    "2023-02-29",
                    "2026-03-01T10:20:30Z",
                    "2026-03-01T10:20:30.123456789Z",
                    "2026-03-01T10:20:30.123456",
                    "2026-3-1 9:5:7.5",
                    " 2026-03-01 10:20:30",
                    "2026-03-01T10:20:30+02:00",
                    "07/Feb/2026",
                    "\\u0000",
                    "\\ud83d\\ude00");

    private final Random random;
    private final boolean halves;

    /** Fields of one run are alike, so that not everything becomes a text. */
    private final int kinds;

    /**
     * @param halves whether halves of surrogate pairs, which no column holds, may be there
     */
    RandomSamples(long seed, boolean halves) {
        this.random = new Random(seed);
        this.halves = halves;
        this.kinds = 1 + random.nextInt(7);
    }

    String record() {
        String one = object(0);
        return random.nextInt(10) == 0 ? one + " " + object(0) : one;
    }

    private String object(int depth) {
        StringBuilder text = new StringBuilder("{");
        int fields = random.nextInt(depth == 0 ? 6 : 4);
        if (depth > 0 && random.nextInt(40) == 0) {
            fields = 80;
        }
        Set<String> forms = new HashSet<>();
        for (int i = 0; i < fields; i++) {
            String key =
                    fields == 80
                            ? "k" + random.nextInt(3000)
                            : KEYS.get(random.nextInt(random.nextBoolean() ? 6 : KEYS.size()));
            if (!forms.add(key.toLowerCase(Locale.ROOT).replace('.', '_'))) {
                continue; // Of two keys for one column only one counts.
            }
            text.append(forms.size() == 1 ? "" : ",").append('"').append(key).append("\":");
            text.append(value(depth + 1));
        }
        return text.append('}').toString();
    }

    private String value(int depth) {
        switch (random.nextInt(kinds)) {
            case 0:
                return NUMBERS.get(random.nextInt(random.nextBoolean() ? 8 : NUMBERS.size()));
            case 1:
                String text = TEXTS.get(random.nextInt(TEXTS.size()));
                return '"' + (halves && random.nextInt(60) == 0 ? "\\udc00" : text) + '"';
            case 2:
                return random.nextBoolean() ? "true" : "false";
            case 3:
                return "null";
            case 4:
                return depth > 5 ? "[]" : array(depth);
            case 5:
                return depth > 5 ? "{}" : object(depth);
            default:
                int deep = random.nextInt(45);
                return "[".repeat(deep) + "{\"z\":1}" + "]".repeat(deep);
        }
    }

    private String array(int depth) {
        StringBuilder text = new StringBuilder("[");
        int values = random.nextInt(4);
        for (int i = 0; i < values; i++) {
            text.append(i == 0 ? "" : ",").append(value(depth + 1));
        }
        return text.append(']').toString();
    }
}
