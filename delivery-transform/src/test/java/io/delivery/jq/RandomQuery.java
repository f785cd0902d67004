package io.delivery.jq;

import java.util.SplittableRandom;

/** Makes jq programs: most of them look at some places of their record, a few at all of it. */
final class RandomQuery {
    private static final String[] FIELDS = {
        ".a",
        ".b",
        ".c",
        ".a.b",
        ".a.c",
        ".b.a.c",
        ".[\"x y\"]",
        ".\"x y\"",
        ".a[\"b\"]",
        ".b.\"\\u00e9\"",
        ".[\"\"]",
        ".a?",
        ".a.b?",
        ".a?.b",
        ".a?.b?",
        ".[\"a\"]?",
        ".a[\"b\"]?",
        ".[\"a\"].b",
        ".a.b.c.a"
    };

    private static final String[] WHOLE = {
        ".",
        "..",
        "(.[\"a\", \"b\"])",
        ".[]?",
        "keys",
        "to_entries",
        "del(.a)",
        "(.a |= 1)",
        "(.c = 2)",
        "length",
        "getpath([\"a\", \"b\"])",
        "[path(.a)]",
        "has(\"a\")",
        "map_values(.)",
        "(. as $r | $r.a)",
        "[paths]",
        "(. as {a: $x} | $x)",
        "tojson",
        "(def f: .a; f)",
        "(def f(g): g; f(.a))",
        "select(.a)",
        "first(.a, .b)",
        "reduce .a[]? as $x (0; . + 1)",
        "[foreach .a[]? as $x (0; . + 1)]",
        ".[(\"a\", \"b\")]",
        "(. + {z: 1})"
    };

    private static final String[] LITERALS = {
        "1",
        "-1",
        "1.5",
        "1e17",
        "null",
        "true",
        "false",
        "\"\"",
        "\"t\"",
        "[]",
        "{}",
        "[1, \"a\"]",
        "nan",
        "infinite",
        "9007199254740993"
    };

    private static final String[] FUNCTIONS = {
        "tostring",
        "ascii_downcase",
        "ascii_upcase",
        "tonumber",
        "length",
        "type",
        "not",
        "ltrimstr(\"c\")",
        "rtrimstr(\"1\")",
        "split(\"-\")",
        ".[0:2]",
        ".[0]",
        ".[-1:]",
        "test(\"a\")",
        "sub(\"a\"; \"b\")",
        "floor",
        "keys",
        "strftime(\"%Y/%m\")",
        "tojson",
        "@base64",
        "@uri",
        "fromjson",
        "todate",
        "map(.)",
        "select(. != null)",
        "has(\"b\")",
        "explode",
        "join(\",\")",
        ".[]",
        ".[]?",
        ".b",
        ".b?",
        "add",
        "startswith(\"c\")",
        "del(.b)",
        "to_entries",
        "[paths]",
        "first",
        "sort",
        "unique",
        "..",
        "error",
        "error(\"x\")",
        "empty",
        ". as $y | [$y]",
        "gsub(\"[0-9]\"; \"\")",
        "utf8bytelength",
        "tostring | length",
        "if . then 1 else 2 end",
        ". // \"none\"",
        "path(..)",
        "capture(\"(?<x>[a-z]+)\")",
        "@json",
        "@csv",
        "ascii",
        "flatten",
        "max",
        "min",
        "any",
        "values"
    };

    private final SplittableRandom random;

    RandomQuery(SplittableRandom random) {
        this.random = random;
    }

    /** The text of a program, which need not be one that is taken. */
    String next() {
        if (random.nextInt(3) > 0) {
            return object(2);
        }
        return expression(3);
    }

    private String pick(String[] all) {
        return all[random.nextInt(all.length)];
    }

    private String object(int depth) {
        StringBuilder text = new StringBuilder("{");
        int members = 1 + random.nextInt(3);
        for (int i = 0; i < members; i++) {
            text.append(i == 0 ? "" : ", ");
            switch (random.nextInt(12)) {
                case 0 -> text.append("a");
                case 1 -> text.append("\"x y\"");
                case 2 -> text.append("(").append(expression(depth - 1)).append("): .b");
                case 3 -> text.append("\"k\\(").append(expression(depth - 1)).append(")\": .a");
                case 4 -> text.append("@base64 \"a\"");
                default ->
                        text.append("k")
                                .append(random.nextInt(3))
                                .append(": ")
                                .append(random.nextBoolean() ? field() : term(depth));
            }
        }
        return text.append("}").toString();
    }

    private String term(int depth) {
        return "(" + expression(depth - 1) + ")";
    }

    private String field() {
        return pick(FIELDS);
    }

    private String expression(int depth) {
        if (depth <= 0) {
            int kind = random.nextInt(40);
            return kind == 0 ? pick(WHOLE) : kind < 5 ? pick(LITERALS) : field();
        }
        return switch (random.nextInt(26)) {
            case 0 -> term(depth) + " // " + term(depth);
            case 1 -> term(depth) + " + " + term(depth);
            case 2 -> term(depth) + pick(new String[] {"-", "*", "/", "%"}) + term(depth);
            case 3 ->
                    term(depth)
                            + pick(new String[] {"==", "!=", "<", "<=", ">", ">="})
                            + term(depth);
            case 4 -> term(depth) + pick(new String[] {" and ", " or "}) + term(depth);
            case 5 ->
                    "if "
                            + expression(depth - 1)
                            + " then "
                            + expression(depth - 1)
                            + " else "
                            + expression(depth - 1)
                            + " end";
            case 6 -> "\"t \\(" + expression(depth - 1) + ") u\"";
            case 7 ->
                    pick(new String[] {"@csv", "@sh", "@html", "@text"})
                            + " \"\\("
                            + term(depth)
                            + ")\"";
            case 8 -> "[" + expression(depth - 1) + "]";
            case 9 -> "[" + expression(depth - 1) + ", " + expression(depth - 1) + "]";
            case 10 -> "try " + term(depth) + " catch .";
            case 11 -> term(depth) + "?";
            case 12 -> term(depth) + " as $x | [$x, " + expression(depth - 1) + "]";
            case 13 -> term(depth) + " as [$p, $q] | {p: $p, q: " + term(depth) + "}";
            case 14 -> term(depth) + " as {b: $p} ?// [$p] | [$p]";
            case 15 -> "label $out | " + term(depth) + ", break $out";
            case 16 -> "-" + term(depth);
            case 17 -> term(depth) + ", " + term(depth);
            case 18 -> "(" + expression(depth - 1) + ")[" + expression(depth - 1) + "]";
            case 19 -> "(" + expression(depth - 1) + ").b" + (random.nextBoolean() ? "?" : "");
            case 20 -> object(depth - 1);
            case 21 -> "error(" + expression(depth - 1) + ")";
            default -> term(depth) + " | " + pick(FUNCTIONS);
        };
    }
}
