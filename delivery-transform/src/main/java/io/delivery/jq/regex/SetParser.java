package io.delivery.jq.regex;

/** The inside of brackets. A bracket within is a character, but for those of POSIX. */
final class SetParser {
    private static final CharacterSet NONE = CharacterSet.of(c -> false);

    private final RegexParser parser;
    private final EscapeParser escapes;
    private CharacterSet set = NONE;

    SetParser(RegexParser parser, EscapeParser escapes) {
        this.parser = parser;
        this.escapes = escapes;
    }

    /** Behind the opening bracket, up to behind the closing one. */
    CharacterSet set() throws RegexSyntaxException {
        boolean isNegated = parser.takes("^");
        boolean isFirst = true;
        while (isFirst || parser.peek() != ']') {
            if (parser.isAtEnd()) {
                throw RegexParser.error("premature end of char-class");
            }
            add(isFirst);
            isFirst = false;
        }
        parser.next();
        CharacterSet all = parser.options().ignoresCase() ? set.ignoringCase() : set;
        return isNegated ? all.negated() : all;
    }

    private void add(boolean isFirst) throws RegexSyntaxException {
        if (isFirst && parser.peek() == ']' && !hasAnotherEnd()) {
            throw RegexParser.error("empty char-class");
        }
        CharacterSet whole = bracketOrLetter();
        if (whole != null) {
            set = set.or(whole);
            return;
        }
        int from = character();
        int dash = parser.place();
        if (!parser.takes("-") || parser.isAtEnd() || parser.peek() == ']') {
            parser.goTo(dash);
            set = set.or(CharacterSet.of(c -> c == from));
            return;
        }
        CharacterSet behind = bracketOrLetter();
        if (behind != null) {
            set = set.or(behind).or(CharacterSet.of(c -> c == from || c == '-'));
            return;
        }
        int to = character();
        if (to < from) {
            throw RegexParser.error("empty range in char class");
        }
        set = set.or(CharacterSet.of(c -> c >= from && c <= to));
    }

    private boolean hasAnotherEnd() {
        int begin = parser.place();
        parser.next();
        boolean has = parser.takeUntil("]") != null;
        parser.goTo(begin);
        return has;
    }

    /** A POSIX bracket or an escape that stands for a set; null when none is here. */
    private CharacterSet bracketOrLetter() throws RegexSyntaxException {
        int begin = parser.place();
        if (parser.takes("[:")) {
            boolean isNegated = parser.takes("^");
            String name = parser.takeUntil(":]");
            CharacterSet posix = name == null ? null : CharacterSet.posix(name);
            if (posix != null) {
                return isNegated ? posix.negated() : posix;
            }
            if (name != null && name.matches("[a-z]+")) {
                throw RegexParser.error("invalid POSIX bracket type");
            }
            parser.goTo(begin);
            return null;
        }
        CharacterSet set = null;
        if (parser.takes("\\")) {
            if (parser.isAtEnd()) {
                throw RegexParser.error("end pattern at escape");
            }
            set = escapes.set();
        }
        if (set == null) {
            parser.goTo(begin);
        }
        return set;
    }

    private int character() throws RegexSyntaxException {
        if (!parser.takes("\\")) {
            return parser.next();
        }
        if (parser.isAtEnd()) {
            throw RegexParser.error("end pattern at escape");
        }
        // A word boundary makes no sense here: it is the backspace.
        return parser.takes("b") ? '\b' : escapes.character();
    }
}
