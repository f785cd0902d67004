package io.delivery.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Where values are in JSON: the part of jq's path expressions that needs no evaluation. {@code
 * .a.b} is a member of a member, {@code .a[]} each element of an array and each value of an object,
 * {@code .["x y"]} and {@code ."x y"} members with names of any characters.
 *
 * @param steps from the outermost value inwards, at least one
 */
public record ValuePath(List<Step> steps) {
    public ValuePath {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a path has at least one step");
        }
    }

    /** From a value to values in it. */
    public sealed interface Step {
        /** The member of an object that has this name; of members with the same name, each. */
        record Member(String name) implements Step {}

        /** Each element of an array, each value of an object. */
        record Each() implements Step {}
    }

    /**
     * Reads a path.
     *
     * @throws IllegalArgumentException when it is none; the message says what is expected, and
     *     where: {@code must be a path such as .user.email or .items[].price: expected … at
     *     character 3, was .a[0]}
     */
    public static ValuePath parse(String text) {
        return new Reader(text).path();
    }

    /** Reads a path from left to right. */
    private static final class Reader {
        private final String text;
        private final List<Step> steps = new ArrayList<>();
        private int at;

        Reader(String text) {
            this.text = text;
        }

        ValuePath path() {
            if (peek() != '.') {
                throw wrong("a dot");
            }
            if (text.length() == 1) {
                at = 1;
                throw wrong("a name or a bracket");
            }
            while (at < text.length()) {
                steps.add(step());
            }
            return new ValuePath(steps);
        }

        private Step step() {
            if (peek() == '[') {
                return bracket();
            }
            if (peek() != '.') {
                throw wrong("a dot or a bracket");
            }
            at++;
            if (peek() == '[' && steps.isEmpty()) {
                return bracket(); // jq has .["a"] at the begin of a path only
            }
            return peek() == '"' ? new Step.Member(quoted()) : new Step.Member(name());
        }

        private Step bracket() {
            at++;
            if (peek() == ']') {
                at++;
                return new Step.Each();
            }
            if (peek() != '"') {
                throw wrong("a name in quotes or the end of the bracket");
            }
            String name = quoted();
            if (peek() != ']') {
                throw wrong("the end of the bracket");
            }
            at++;
            return new Step.Member(name);
        }

        private String name() {
            int begin = at;
            while (at < text.length() && isOfName(text.charAt(at), at == begin)) {
                at++;
            }
            if (at == begin) {
                throw wrong("a name of letters, digits and underscores, or one in quotes");
            }
            return text.substring(begin, at);
        }

        private static boolean isOfName(char c, boolean first) {
            return c == '_'
                    || c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || !first && c >= '0' && c <= '9';
        }

        private String quoted() {
            at++;
            StringBuilder name = new StringBuilder();
            while (peek() != '"') {
                if (at == text.length()) {
                    throw wrong("the quote that ends the name");
                }
                char c = text.charAt(at++);
                name.append(c == '\\' ? escaped() : c);
            }
            at++;
            return name.toString();
        }

        /** Escapes of JSON. */
        private char escaped() {
            char c = peek();
            at += at < text.length() ? 1 : 0;
            return switch (c) {
                case '"', '\\', '/' -> c;
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> {
                    int code = 0;
                    for (int i = 0; i < 4; i++) {
                        int digit = Character.digit(peek(), 16);
                        if (digit < 0) {
                            throw wrong("four hexadecimal digits");
                        }
                        code = code * 16 + digit;
                        at++;
                    }
                    yield (char) code;
                }
                default -> throw wrong("an escape of JSON");
            };
        }

        /** The next character; NUL at the end. */
        private char peek() {
            return at < text.length() ? text.charAt(at) : 0;
        }

        private IllegalArgumentException wrong(String expected) {
            return new IllegalArgumentException(
                    "must be a path such as .user.email or .items[].price: expected %s at character"
                                    .formatted(expected)
                            + " %d, was %s".formatted(at + 1, text));
        }
    }
}
