package io.delivery.jq.regex;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What stands behind a backslash. */
final class EscapeParser {
    private static final CharacterSet NEW_LINE =
            CharacterSet.of(c -> c >= 0xa && c <= 0xd || c == 0x85 || c == 0x2028 || c == 0x2029);

    private static final Node CARRIAGE_RETURN_AND_LINE_FEED =
            new Node.Sequence(
                    List.of(new Node.Character('\r', false), new Node.Character('\n', false)));

    private final RegexParser parser;

    EscapeParser(RegexParser parser) {
        this.parser = parser;
    }

    /** Outside of a set; null when it is nothing, as an empty quotation. */
    Node part() throws RegexSyntaxException {
        if (parser.isAtEnd()) {
            throw RegexParser.error("end pattern at escape");
        }
        CharacterSet set = set();
        if (set != null) {
            return parser.oneOf(set);
        }
        int begin = parser.place();
        int c = parser.next();
        return switch (c) {
            case 'A' -> Node.Assertion.BEGIN_OF_TEXT;
            case 'z' -> Node.Assertion.END_OF_TEXT;
            case 'Z' -> Node.Assertion.END_OF_TEXT_OR_LAST_LINE;
            case 'G' -> Node.Assertion.BEGIN_OF_SEARCH;
            case 'b' -> Node.Assertion.WORD_BOUNDARY;
            case 'B' -> Node.Assertion.NO_WORD_BOUNDARY;
            case 'K' -> Node.Assertion.KEEP;
            case 'N' -> new Node.OneOf(CharacterSet.NO_LINE_FEED);
            case 'O' -> new Node.OneOf(CharacterSet.ANY);
            case 'R' -> newLine();
            case 'X' -> segment();
            case 'y', 'Y' -> throw RegexParser.error("segments of text are not supported");
            case 'Q' -> quotation();
            case 'k' -> backReference();
            case 'g' -> call();
            case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> numbered(begin);
            default -> {
                parser.goTo(begin);
                yield parser.character(character());
            }
        };
    }

    /** One of the sets that have a letter; null when none stands here. */
    CharacterSet set() throws RegexSyntaxException {
        int begin = parser.place();
        CharacterSet set =
                switch (parser.next()) {
                    case 'w' -> CharacterSet.WORD;
                    case 'W' -> CharacterSet.WORD.negated();
                    case 'd' -> CharacterSet.DIGIT;
                    case 'D' -> CharacterSet.DIGIT.negated();
                    case 's' -> CharacterSet.SPACE;
                    case 'S' -> CharacterSet.SPACE.negated();
                    case 'p' -> property(false);
                    case 'P' -> property(true);
                    default -> null;
                };
        if (set == null) {
            parser.goTo(begin);
        }
        return set;
    }

    private CharacterSet property(boolean isNegated) throws RegexSyntaxException {
        if (!parser.takes("{")) {
            return null;
        }
        boolean isNegatedAgain = parser.takes("^");
        String name = parser.takeUntil("}");
        CharacterSet set = name == null ? null : CharacterSet.property(name);
        if (set == null) {
            throw RegexParser.error("invalid character property name {" + name + "}");
        }
        return isNegated == isNegatedAgain ? set : set.negated();
    }

    /** A carriage return and a line feed belong together. */
    private static Node newLine() {
        return new Node.Atomic(
                new Node.Choice(List.of(CARRIAGE_RETURN_AND_LINE_FEED, new Node.OneOf(NEW_LINE))));
    }

    /** A character with the marks that belong to it. */
    private static Node segment() {
        Node marks = new Node.OneOf(CharacterSet.property("M"));
        return new Node.Atomic(
                new Node.Choice(
                        List.of(
                                CARRIAGE_RETURN_AND_LINE_FEED,
                                new Node.Sequence(
                                        List.of(
                                                new Node.OneOf(CharacterSet.ANY),
                                                new Node.Repetition(
                                                        marks,
                                                        0,
                                                        Node.UNLIMITED,
                                                        Node.Greed.GREEDY))))));
    }

    private Node quotation() {
        int begin = parser.place();
        String quoted = parser.takeUntil("\\E");
        if (quoted == null) {
            List<Node> rest = new ArrayList<>();
            parser.goTo(begin);
            while (!parser.isAtEnd()) {
                rest.add(parser.character(parser.next()));
            }
            return new Node.Sequence(Folds.of(rest));
        }
        List<Node> characters = new ArrayList<>();
        quoted.codePoints().forEach(c -> characters.add(parser.character(c)));
        return characters.size() == 1 ? characters.get(0) : new Node.Sequence(Folds.of(characters));
    }

    private Node backReference() throws RegexSyntaxException {
        String reference = bracketed();
        if (reference == null) {
            return parser.character('k');
        }
        boolean ignoresCase = parser.options().ignoresCase();
        if (reference.matches("-?[0-9]+")) {
            int number = Integer.parseInt(reference.substring(0, Math.min(9, reference.length())));
            int group = number < 0 ? parser.groupsSoFar() + 1 + number : number;
            if (group < 1) {
                throw RegexParser.error("invalid backref number/name");
            }
            return new Node.BackReference(parser.group(group), ignoresCase);
        }
        if (reference.matches(".+[+-][0-9]+")) {
            throw RegexParser.error("references with a level are not supported");
        }
        return new Node.BackReference(parser.groupsOf(reference), ignoresCase);
    }

    private Node call() throws RegexSyntaxException {
        String reference = bracketed();
        if (reference == null) {
            return parser.character('g');
        }
        if (!reference.matches("[+-]?[0-9]+")) {
            return new Node.CallByName(parser.groupsOf(reference));
        }
        int number = Integer.parseInt(reference.substring(0, Math.min(9, reference.length())));
        int group =
                reference.startsWith("-")
                        ? parser.groupsSoFar() + 1 + number
                        : reference.startsWith("+") ? parser.groupsSoFar() + number : number;
        if (group < 0) {
            throw RegexParser.error("invalid backref number/name");
        }
        return new Node.CallByName(group == 0 ? List.of(0) : parser.group(group));
    }

    /** What stands in angle brackets or quotes; null when nothing does. */
    private String bracketed() throws RegexSyntaxException {
        String end = parser.takes("<") ? ">" : parser.takes("'") ? "'" : null;
        String reference = end == null ? null : parser.takeUntil(end);
        if (end != null && (reference == null || reference.isEmpty())) {
            throw RegexParser.error("group name is empty");
        }
        return reference;
    }

    /** A back reference when there are so many groups, or one digit; otherwise octal. */
    private Node numbered(int begin) throws RegexSyntaxException {
        parser.goTo(begin);
        int number = parser.number();
        if (number <= 9 || number <= parser.groupsSoFar()) {
            return new Node.BackReference(parser.group(number), parser.options().ignoresCase());
        }
        parser.goTo(begin);
        return parser.character(character());
    }

    /** The one character that an escape stands for. */
    int character() throws RegexSyntaxException {
        int c = parser.next();
        return switch (c) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'f' -> '\f';
            case 'v' -> 0xb;
            case 'a' -> 7;
            case 'e' -> 0x1b;
            case 'c' -> control();
            case 'x' -> hexadecimal();
            case 'o' -> braced(8);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(c - '0');
            default -> c;
        };
    }

    private int control() throws RegexSyntaxException {
        if (parser.isAtEnd()) {
            throw RegexParser.error("end pattern at control");
        }
        int c = parser.next();
        return c == '?' ? 0x7f : c & 0x1f;
    }

    private int hexadecimal() throws RegexSyntaxException {
        if (parser.peek() == '{') {
            return braced(16);
        }
        int first = octet();
        if (first < 0x80) {
            return first;
        }
        // Bytes of UTF-8, each with an escape of its own.
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(first);
        int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
        for (int i = 0; i < more && parser.takes("\\x"); i++) {
            bytes.write(octet());
        }
        String character = bytes.toString(StandardCharsets.UTF_8);
        if (character.codePointCount(0, character.length()) != 1 || character.equals("\ufffd")) {
            throw RegexParser.error("too short multibyte string");
        }
        return character.codePointAt(0);
    }

    private int octet() {
        int value = 0;
        for (int i = 0; i < 2 && Character.digit(parser.peek(), 16) >= 0; i++) {
            value = value * 16 + Character.digit(parser.next(), 16);
        }
        return value;
    }

    private int braced(int radix) throws RegexSyntaxException {
        String digits = parser.takes("{") ? parser.takeUntil("}") : null;
        try {
            int value = digits == null ? -1 : Integer.parseInt(digits.trim(), radix);
            if (Character.isValidCodePoint(value)) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Told below.
        }
        throw RegexParser.error("invalid code point value");
    }

    private int octal(int first) {
        int value = first;
        for (int i = 0; i < 2 && parser.peek() >= '0' && parser.peek() <= '7'; i++) {
            value = value * 8 + (parser.next() - '0');
        }
        return value & 0xff;
    }
}
