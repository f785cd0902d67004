package io.delivery.jq.regex;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Oniguruma's syntax {@code ONIG_SYNTAX_PERL_NG}, by recursive descent. Its messages are
 * Oniguruma's.
 */
final class RegexParser {
    private static final int MOST_NESTED = 200;
    private static final int MOST_REPEATED = 100_000;

    private final String pattern;
    private final EscapeParser escapes;
    private int at;
    private int nested;
    private int groups;
    private final Map<String, List<Integer>> names = new LinkedHashMap<>();

    private int highestReference;

    private Options options;

    /** How the pattern is read at a place; {@code (?i)} changes it up to the end of its group. */
    record Options(
            boolean ignoresCase, boolean dotTakesAll, boolean isSingleLine, boolean isExtended) {}

    /**
     * A pattern that has been read.
     *
     * @param names of groups, with the numbers that each has
     */
    record Parsed(Node node, int groups, Map<String, List<Integer>> names) {}

    private RegexParser(String pattern, Options options) {
        this.pattern = pattern;
        this.options = options;
        this.escapes = new EscapeParser(this);
    }

    static Parsed parse(String pattern, Options options) throws RegexSyntaxException {
        RegexParser parser = new RegexParser(pattern, options);
        Node node = parser.choice();
        if (parser.at < pattern.length()) {
            throw error("unmatched close parenthesis");
        }
        parser.checkReferences();
        return new Parsed(node, parser.groups, parser.names);
    }

    private void checkReferences() throws RegexSyntaxException {
        for (Map.Entry<String, List<Integer>> name : names.entrySet()) {
            if (name.getValue().isEmpty()) {
                throw error("undefined name <" + name.getKey() + "> reference");
            }
        }
        if (highestReference > groups) {
            throw error("invalid backref number/name");
        }
    }

    static RegexSyntaxException error(String message) {
        return new RegexSyntaxException(message);
    }

    // The text of the pattern
    // -----------------------------------------------------------------------

    boolean isAtEnd() {
        return at >= pattern.length();
    }

    int peek() {
        return isAtEnd() ? -1 : pattern.codePointAt(at);
    }

    int next() {
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }

    boolean takes(String text) {
        boolean is = pattern.startsWith(text, at);
        at += is ? text.length() : 0;
        return is;
    }

    /** Up to a text, which is passed; null when it does not come. */
    String takeUntil(String text) {
        int end = pattern.indexOf(text, at);
        if (end < 0) {
            return null;
        }
        String taken = pattern.substring(at, end);
        at = end + text.length();
        return taken;
    }

    int place() {
        return at;
    }

    void goTo(int place) {
        at = place;
    }

    Options options() {
        return options;
    }

    int groupsSoFar() {
        return groups;
    }

    /** Numbers of the groups of a name; they are added when they are met. */
    List<Integer> groupsOf(String name) {
        return names.computeIfAbsent(name, unknown -> new ArrayList<>());
    }

    /** A group by its number, which may come later. */
    List<Integer> group(int number) {
        highestReference = Math.max(highestReference, number);
        return List.of(number);
    }

    // Choices and sequences
    // -------------------------------------------------------------------------

    private Node choice() throws RegexSyntaxException {
        if (++nested > MOST_NESTED) {
            throw error("too deep nest level");
        }
        List<Node> branches = new ArrayList<>(List.of(sequence()));
        while (takes("|")) {
            branches.add(sequence());
        }
        nested--;
        return branches.size() == 1 ? branches.get(0) : new Node.Choice(branches);
    }

    private Node sequence() throws RegexSyntaxException {
        List<Node> parts = new ArrayList<>();
        while (!isAtEnd() && peek() != '|' && peek() != ')') {
            if (options.isExtended() && skipsComment()) {
                continue;
            }
            Node part = part();
            if (part != null) {
                parts.add(repeated(part));
            }
        }
        List<Node> folded = Folds.of(parts);
        return folded.size() == 1 ? folded.get(0) : new Node.Sequence(folded);
    }

    private boolean skipsComment() {
        int c = peek();
        if (c == '#') {
            int end = pattern.indexOf('\n', at);
            at = end < 0 ? pattern.length() : end + 1;
            return true;
        }
        boolean isSpace = c == ' ' || c >= '\t' && c <= '\r';
        at += isSpace ? 1 : 0;
        return isSpace;
    }

    Node character(int codePoint) {
        return new Node.Character(codePoint, options.ignoresCase());
    }

    Node oneOf(CharacterSet set) {
        return new Node.OneOf(options.ignoresCase() ? set.ignoringCase() : set);
    }

    /** Null when it is nothing that can be repeated, such as a comment. */
    private Node part() throws RegexSyntaxException {
        int c = next();
        return switch (c) {
            case '.' ->
                    new Node.OneOf(
                            options.dotTakesAll() ? CharacterSet.ANY : CharacterSet.NO_LINE_FEED);
            case '^' ->
                    options.isSingleLine()
                            ? Node.Assertion.BEGIN_OF_TEXT
                            : Node.Assertion.BEGIN_OF_LINE;
            case '$' ->
                    options.isSingleLine()
                            ? Node.Assertion.END_OF_TEXT_OR_LAST_LINE
                            : Node.Assertion.END_OF_LINE;
            case '[' -> oneOf(new SetParser(this, escapes).set());
            case '(' -> group();
            case '\\' -> escapes.part();
            case '*', '+', '?' -> throw error("target of repeat operator is not specified");
            default -> character(c);
        };
    }

    // Repetitions
    // -----------------------------------------------------------------------------------

    private Node repeated(Node part) throws RegexSyntaxException {
        Node repeated = part;
        while (!isAtEnd()) {
            if (options.isExtended() && skipsComment()) {
                continue;
            }
            int[] bounds = bounds();
            if (bounds == null) {
                return repeated;
            }
            if (isPlace(repeated)) {
                throw error("target of repeat operator is invalid");
            }
            Node.Greed greed =
                    takes("?")
                            ? Node.Greed.LAZY
                            : takes("+") ? Node.Greed.POSSESSIVE : Node.Greed.GREEDY;
            repeated = new Node.Repetition(repeated, bounds[0], bounds[1], greed);
        }
        return repeated;
    }

    /** What takes no characters cannot be repeated, nor can a choice with such a branch. */
    private static boolean isPlace(Node node) {
        return node instanceof Node.Assertion
                || node instanceof Node.Look
                || node instanceof Node.Choice choice
                        && choice.branches().stream().anyMatch(RegexParser::isPlace);
    }

    /** Null when no repetition stands here. */
    private int[] bounds() throws RegexSyntaxException {
        if (takes("*")) {
            return new int[] {0, Node.UNLIMITED};
        }
        if (takes("+")) {
            return new int[] {1, Node.UNLIMITED};
        }
        if (takes("?")) {
            return new int[] {0, 1};
        }
        int begin = at;
        int[] interval = takes("{") ? interval() : null;
        if (interval == null) {
            // Not an interval, but a brace.
            at = begin;
        }
        return interval;
    }

    private int[] interval() throws RegexSyntaxException {
        int least = number();
        int most = takes(",") ? number() : least;
        if (least < 0) {
            return null;
        }
        if (!takes("}")) {
            return null;
        }
        if (most >= 0 && least > most) {
            throw error("upper is smaller than lower in repeat range");
        }
        return new int[] {least, most};
    }

    /** -1 when there is none. */
    int number() throws RegexSyntaxException {
        int begin = at;
        long number = 0;
        while (!isAtEnd() && peek() >= '0' && peek() <= '9') {
            number = number * 10 + (next() - '0');
            if (number > MOST_REPEATED) {
                throw error("too big number");
            }
        }
        return at == begin ? -1 : (int) number;
    }

    // Groups
    // ----------------------------------------------------------------------------------------

    private Node group() throws RegexSyntaxException {
        if (!takes("?")) {
            return captured(null);
        }
        if (takes(":")) {
            return closed();
        }
        if (takes("=")) {
            return new Node.Look(closed(), false, false);
        }
        if (takes("!")) {
            return new Node.Look(closed(), false, true);
        }
        if (takes(">")) {
            return new Node.Atomic(closed());
        }
        if (takes("#")) {
            if (takeUntil(")") == null) {
                throw error("end pattern in group");
            }
            return null;
        }
        if (takes("<=")) {
            return new Node.Look(closed(), true, false);
        }
        if (takes("<!")) {
            return new Node.Look(closed(), true, true);
        }
        if (takes("<")) {
            return captured(name(">"));
        }
        if (takes("(")) {
            return condition();
        }
        if (takes("~")) {
            throw error("absent expressions are not supported");
        }
        return withOptions();
    }

    /** The content of a group, whose options end with it. */
    private Node closed() throws RegexSyntaxException {
        Options outside = options;
        Node content = choice();
        options = outside;
        if (!takes(")")) {
            throw error("end pattern with unmatched parenthesis");
        }
        return content;
    }

    private Node captured(String name) throws RegexSyntaxException {
        int number = ++groups;
        if (name != null) {
            groupsOf(name).add(number);
        }
        return new Node.Group(number, closed());
    }

    private String name(String end) throws RegexSyntaxException {
        String name = takeUntil(end);
        if (name == null || name.isEmpty()) {
            throw error("group name is empty");
        }
        int first = name.codePointAt(0);
        if (!name.codePoints().allMatch(CharacterSet::isWord) || Character.isDigit(first)) {
            throw error("invalid group name <" + name + ">");
        }
        return name;
    }

    private Node condition() throws RegexSyntaxException {
        List<Integer> condition;
        if (takes("<")) {
            condition = groupsOf(name(">"));
        } else if (takes("'")) {
            condition = groupsOf(name("'"));
        } else {
            int number = number();
            if (number < 1) {
                throw error("invalid if-else syntax");
            }
            condition = group(number);
        }
        if (!takes(")")) {
            throw error("invalid if-else syntax");
        }
        Options outside = options;
        Node then = sequence();
        Node otherwise = takes("|") ? sequence() : new Node.Sequence(List.of());
        options = outside;
        if (!takes(")")) {
            throw error("invalid if-else syntax");
        }
        return new Node.Condition(condition, then, otherwise);
    }

    /** {@code (?i)} up to the end of the group around, {@code (?i:…)} within. */
    private Node withOptions() throws RegexSyntaxException {
        if (peek() == '-') {
            // Oniguruma looks for a relative call there.
            throw error("invalid group name <>");
        }
        boolean isOn = true;
        Options outside = options;
        Options inside = options;
        while (!isAtEnd()) {
            int c = next();
            switch (c) {
                case '-' -> isOn = false;
                case 'i' ->
                        inside =
                                new Options(
                                        isOn,
                                        inside.dotTakesAll(),
                                        inside.isSingleLine(),
                                        inside.isExtended());
                case 's' ->
                        inside =
                                new Options(
                                        inside.ignoresCase(),
                                        isOn,
                                        inside.isSingleLine(),
                                        inside.isExtended());
                case 'm' ->
                        inside =
                                new Options(
                                        inside.ignoresCase(),
                                        inside.dotTakesAll(),
                                        !isOn,
                                        inside.isExtended());
                case 'x' ->
                        inside =
                                new Options(
                                        inside.ignoresCase(),
                                        inside.dotTakesAll(),
                                        inside.isSingleLine(),
                                        isOn);
                case ')' -> {
                    options = inside;
                    return null;
                }
                case ':' -> {
                    options = inside;
                    Node content = choice();
                    options = outside;
                    if (!takes(")")) {
                        throw error("end pattern with unmatched parenthesis");
                    }
                    return content;
                }
                default -> throw error("undefined group option");
            }
        }
        throw error("end pattern in group");
    }
}
