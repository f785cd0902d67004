package io.delivery.jq.grammar;

import io.delivery.jq.JqSyntaxException;
import java.util.Set;

/**
 * Cuts a program into the tokens of jq 1.6, one ahead of the parser. Strings are read on demand.
 */
final class JqLexer {
    enum Kind {
        IDENTIFIER,
        KEYWORD,
        FIELD,
        VARIABLE,
        FORMAT,
        NUMBER,
        QUOTE,
        OPERATOR,
        END
    }

    private static final Set<String> KEYWORDS =
            Set.of(
                    "and", "as", "catch", "def", "elif", "else", "end", "foreach", "if", "import",
                    "include", "label", "module", "or", "reduce", "then", "try", "__loc__");

    private static final String[] OPERATORS = {
        "?//", "//=", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "//", "..", ".",
        "[", "]", "(", ")", "{", "}", "|", ",", ":", ";", "=", "<", ">", "+", "-", "*", "/", "%",
        "?", "$"
    };

    private final String program;
    private int at;
    private Kind kind;
    private String text;
    private int begin;

    JqLexer(String program) throws JqSyntaxException {
        this.program = program;
        advance();
    }

    Kind kind() {
        return kind;
    }

    /** The token; without its dot, dollar or at sign for a field, a variable or a format. */
    String text() {
        return text;
    }

    /** Place of the token, to go into a message later on. */
    int place() {
        return begin;
    }

    boolean is(String operatorOrKeyword) {
        return (kind == Kind.OPERATOR || kind == Kind.KEYWORD) && text.equals(operatorOrKeyword);
    }

    JqSyntaxException error(String problem) {
        return error(problem, begin);
    }

    JqSyntaxException error(String problem, int place) {
        int line = 1;
        int lineBegin = 0;
        for (int i = 0; i < place; i++) {
            if (program.charAt(i) == '\n') {
                line++;
                lineBegin = i + 1;
            }
        }
        return new JqSyntaxException(
                problem + " at line " + line + ", column " + (place - lineBegin + 1));
    }

    /** The text of the token, which is passed. */
    String take() throws JqSyntaxException {
        String taken = text;
        advance();
        return taken;
    }

    /** Whether the token is this one, which is passed then. */
    boolean takes(String operatorOrKeyword) throws JqSyntaxException {
        boolean is = is(operatorOrKeyword);
        if (is) {
            advance();
        }
        return is;
    }

    String takeName() throws JqSyntaxException {
        return take(Kind.IDENTIFIER, "a name");
    }

    String takeVariable() throws JqSyntaxException {
        return take(Kind.VARIABLE, "a variable");
    }

    private String take(Kind wanted, String description) throws JqSyntaxException {
        if (kind != wanted) {
            throw unexpected(description);
        }
        return take();
    }

    /** Passes a token that must come. */
    void expect(String token) throws JqSyntaxException {
        if (!takes(token)) {
            throw unexpected(token);
        }
    }

    JqSyntaxException unexpected(String expected) {
        return error("expected " + expected + " but found " + text);
    }

    int line() {
        return 1 + (int) program.substring(0, begin).chars().filter(c -> c == '\n').count();
    }

    void advance() throws JqSyntaxException {
        skipBlanks();
        begin = at;
        if (at == program.length()) {
            kind = Kind.END;
            text = "the end of the query";
            return;
        }
        char c = program.charAt(at);
        if (isLetter(c)) {
            text = word();
            kind = KEYWORDS.contains(text) ? Kind.KEYWORD : Kind.IDENTIFIER;
        } else if (c == '$' && isLetter(peek(1))) {
            at++;
            text = word();
            kind = Kind.VARIABLE;
        } else if (c == '.' && isLetter(peek(1))) {
            at++;
            text = fieldName();
            kind = Kind.FIELD;
        } else if (c == '@' && isLetter(peek(1))) {
            at++;
            text = fieldName();
            kind = Kind.FORMAT;
        } else if (isDigit(c) || c == '.' && isDigit(peek(1))) {
            text = number();
            kind = Kind.NUMBER;
        } else if (c == '"') {
            at++;
            text = "\"";
            kind = Kind.QUOTE;
        } else {
            text = operator();
            kind = Kind.OPERATOR;
        }
    }

    /**
     * Behind a quote or an interpolation: reads characters up to the next interpolation or closing
     * quote into {@code out}.
     *
     * @return whether an interpolation follows: the token is then the first one within its
     *     parentheses, otherwise the one behind the quote
     */
    boolean readString(StringBuilder out) throws JqSyntaxException {
        int opened = begin;
        while (at < program.length()) {
            char c = program.charAt(at++);
            if (c == '"') {
                advance();
                return false;
            }
            if (c != '\\') {
                out.append(c);
                continue;
            }
            if (peek(0) == '(') {
                at++;
                advance();
                return true;
            }
            readEscape(out);
        }
        throw error("a text that does not end begins", opened);
    }

    /** Goes back to just behind the parenthesis that is the token now: the string goes on there. */
    void resumeString() {
        at = begin + 1;
    }

    private void readEscape(StringBuilder out) throws JqSyntaxException {
        char c = peek(0);
        at++;
        switch (c) {
            case '"', '\\', '/' -> out.append(c);
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'u' -> readCodeUnits(out);
            default -> throw error("an unknown escape in a text", at - 1);
        }
    }

    /** The first half of a surrogate pair needs the second; the second alone is U+FFFD. */
    private void readCodeUnits(StringBuilder out) throws JqSyntaxException {
        int place = at - 2;
        char unit = hexadecimal();
        if (!Character.isHighSurrogate(unit)) {
            out.append(Character.isLowSurrogate(unit) ? '\ufffd' : unit);
            return;
        }
        boolean isEscaped = peek(0) == '\\' && peek(1) == 'u';
        at += 2;
        char second = isEscaped ? hexadecimal() : 0;
        if (!Character.isLowSurrogate(second)) {
            throw error("half of a surrogate pair", place);
        }
        out.append(unit).append(second);
    }

    private char hexadecimal() throws JqSyntaxException {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(0), 16);
            if (digit < 0) {
                throw error("\\u needs four hexadecimal digits", at);
            }
            code = code * 16 + digit;
            at++;
        }
        return (char) code;
    }

    private void skipBlanks() {
        while (at < program.length()) {
            char c = program.charAt(at);
            if (c == '#') {
                int end = program.indexOf('\n', at);
                at = end < 0 ? program.length() : end;
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                at++;
            } else {
                return;
            }
        }
    }

    /** A name, with the prefixes of a module if it has any. */
    private String word() {
        int from = at;
        fieldName();
        while (peek(0) == ':' && peek(1) == ':' && isLetter(peek(2))) {
            at += 2;
            fieldName();
        }
        return program.substring(from, at);
    }

    private String fieldName() {
        int from = at;
        while (isLetter(peek(0)) || isDigit(peek(0))) {
            at++;
        }
        return program.substring(from, at);
    }

    private String number() {
        int from = at;
        skipDigits();
        if (peek(0) == '.') {
            at++;
            skipDigits();
        }
        if (peek(0) == 'e' || peek(0) == 'E') {
            int sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
            if (isDigit(peek(1 + sign))) {
                at += 1 + sign;
                skipDigits();
            }
        }
        return program.substring(from, at);
    }

    private void skipDigits() {
        while (isDigit(peek(0))) {
            at++;
        }
    }

    private String operator() throws JqSyntaxException {
        for (String operator : OPERATORS) {
            if (program.startsWith(operator, at)) {
                at += operator.length();
                return operator;
            }
        }
        throw error("no jq begins with this character", at);
    }

    private char peek(int ahead) {
        return at + ahead < program.length() ? program.charAt(at + ahead) : '\0';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
