package io.delivery.jq.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.jq.JqSyntaxException;
import io.delivery.jq.expression.Calls;
import io.delivery.jq.expression.Constructions;
import io.delivery.jq.expression.Control;
import io.delivery.jq.expression.Definition;
import io.delivery.jq.expression.Expression;
import io.delivery.jq.expression.Operators;
import io.delivery.jq.expression.Terms;
import io.delivery.jq.function.Functions;
import io.delivery.jq.grammar.JqLexer.Kind;
import io.delivery.jq.value.Arithmetic;
import io.delivery.jq.value.Budget;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The terms of jq 1.6: what operators stand between, and what may follow it without any. */
final class TermParser {
    private final JqParser parser;
    private final JqLexer lexer;
    private final Budget budget;

    TermParser(JqParser parser) {
        this.parser = parser;
        this.lexer = parser.lexer;
        this.budget = parser.budget;
    }

    /**
     * A term with what follows it.
     *
     * @param mayBind whether {@code as} may follow: it takes the rest of the pipe with it
     */
    Expression postfix(boolean mayBind) throws JqSyntaxException {
        Expression term = term();
        while (true) {
            if (lexer.kind() == Kind.FIELD) {
                term = field(term, lexer.take());
            } else if (lexer.is(".")) {
                lexer.advance();
                if (lexer.kind() != Kind.QUOTE && lexer.kind() != Kind.FORMAT) {
                    throw lexer.unexpected("a field name");
                }
                term = index(term, string());
            } else if (lexer.is("[")) {
                term = brackets(term);
            } else if (lexer.takes("?")) {
                term = new Control.Attempt(term, Optional.empty(), budget);
            } else if (mayBind && lexer.is("as")) {
                return parser.binding(term);
            } else {
                return term;
            }
        }
    }

    private Expression field(Expression term, String name) throws JqSyntaxException {
        return lexer.takes("?")
                ? Terms.Field.optional(term, name, budget)
                : Terms.Field.of(term, name, budget);
    }

    private Expression index(Expression term, Expression key) throws JqSyntaxException {
        return lexer.takes("?")
                ? Terms.Index.optional(term, key, budget)
                : Terms.Index.of(term, key, budget);
    }

    private Expression brackets(Expression term) throws JqSyntaxException {
        lexer.expect("[");
        if (lexer.takes("]")) {
            return lexer.takes("?")
                    ? Terms.Each.optional(term, budget)
                    : Terms.Each.of(term, budget);
        }
        Expression nothing = parser.literal(NullNode.getInstance());
        Expression from = lexer.is(":") ? nothing : parser.within(parser::pipe);
        if (!lexer.is(":")) {
            lexer.expect("]");
            return index(term, from);
        }
        lexer.expect(":");
        if (from == nothing && lexer.is("]")) {
            throw lexer.unexpected("the end of the slice");
        }
        Expression to = lexer.is("]") ? nothing : parser.within(parser::pipe);
        lexer.expect("]");
        return index(term, new Terms.SliceKey(from, to, budget));
    }

    private Expression term() throws JqSyntaxException {
        switch (lexer.kind()) {
            case NUMBER -> {
                return parser.literal(number());
            }
            case QUOTE, FORMAT -> {
                return string();
            }
            case FIELD -> {
                return field(new Terms.Identity(budget), lexer.take());
            }
            case VARIABLE -> {
                return variableAccess();
            }
            case IDENTIFIER -> {
                return call();
            }
            case KEYWORD -> {
                return parser.keyword();
            }
            case OPERATOR -> {
                return operatorTerm();
            }
            case END -> throw lexer.unexpected("an expression");
        }
        throw new IllegalStateException(lexer.kind().name());
    }

    private Expression operatorTerm() throws JqSyntaxException {
        switch (lexer.text()) {
            case "." -> {
                lexer.advance();
                Expression here = new Terms.Identity(budget);
                return lexer.kind() == Kind.QUOTE ? index(here, string()) : here;
            }
            case ".." -> {
                lexer.advance();
                return Calls.OfDefinition.global(parser.written("recurse/0"), List.of(), budget);
            }
            case "(" -> {
                return parentheses();
            }
            case "[" -> {
                lexer.advance();
                if (lexer.takes("]")) {
                    return parser.literal(JsonNodeFactory.instance.arrayNode());
                }
                Expression elements = parser.within(parser::pipe);
                lexer.expect("]");
                return new Constructions.OfArray(elements, budget);
            }
            case "{" -> {
                return parser.within(this::object);
            }
            case "$" -> {
                lexer.advance();
                int line = lexer.line();
                if (!lexer.takes("__loc__")) {
                    throw lexer.unexpected("the name of a variable");
                }
                return location(line);
            }
            default -> throw lexer.unexpected("an expression");
        }
    }

    Expression parentheses() throws JqSyntaxException {
        lexer.expect("(");
        Expression within = parser.within(parser::pipe);
        lexer.expect(")");
        return within;
    }

    private Expression variableAccess() throws JqSyntaxException {
        int place = lexer.place();
        int line = lexer.line();
        String name = lexer.take();
        if (name.equals("__loc__")) {
            return location(line);
        }
        if (name.equals("ENV")) {
            throw refused("$ENV", place);
        }
        int distance = parser.names().toVariable(name);
        if (distance < 0) {
            throw lexer.error("$" + name + " is not defined", place);
        }
        return new Terms.Variable(distance, budget);
    }

    private Expression location(int line) {
        ObjectNode location = JsonNodeFactory.instance.objectNode();
        location.put("file", "<top-level>").set("line", Arithmetic.integer(line));
        return parser.literal(location);
    }

    /** Its digits may have several points in jq's lexer, and then are no number. */
    private JsonNode number() throws JqSyntaxException {
        int place = lexer.place();
        String digits = lexer.take();
        if (digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            BigInteger integer = new BigInteger(digits);
            return integer.bitLength() < Long.SIZE
                    ? Arithmetic.integer(integer.longValue())
                    : BigIntegerNode.valueOf(integer);
        }
        try {
            return DoubleNode.valueOf(Double.parseDouble(digits));
        } catch (NumberFormatException notANumber) {
            throw lexer.error(digits + " is not a number", place);
        }
    }

    // Calls -------------------------------------------------------------------------------------

    private Expression call() throws JqSyntaxException {
        int place = lexer.place();
        String name = lexer.take();
        switch (name) {
            case "null" -> {
                return parser.literal(NullNode.getInstance());
            }
            case "true", "false" -> {
                return parser.literal(BooleanNode.valueOf(name.equals("true")));
            }
            case "break" -> {
                int distance =
                        lexer.kind() == Kind.VARIABLE ? parser.names().toLabel(lexer.text()) : -1;
                if (distance < 0) {
                    throw lexer.error("break without its label", place);
                }
                lexer.advance();
                return new Control.Break(distance, budget);
            }
            default -> {
                return call(name, place);
            }
        }
    }

    private Expression call(String name, int place) throws JqSyntaxException {
        List<Expression> arguments = new ArrayList<>();
        if (lexer.is("(")) {
            do {
                lexer.advance();
                arguments.add(parser.within(parser::pipe));
            } while (lexer.is(";"));
            lexer.expect(")");
        }
        String nameAndArity = name + "/" + arguments.size();
        if (parser.names().hasFunction(nameAndArity)) {
            return localCall(nameAndArity, arguments);
        }
        if (Functions.isRefused(nameAndArity)) {
            throw refused(nameAndArity, place);
        }
        if (Functions.isNotSupported(nameAndArity)) {
            throw lexer.error(nameAndArity + " is not supported", place);
        }
        if (parser.mayCall(name)) {
            Optional<Expression> call = parser.functions.call(name, arguments);
            if (call.isPresent()) {
                return call.get();
            }
            Definition written = parser.written(nameAndArity);
            if (written != null) {
                return Calls.OfDefinition.global(written, arguments, budget);
            }
        }
        throw lexer.error(nameAndArity + " is not defined", place);
    }

    private Expression localCall(String nameAndArity, List<Expression> arguments) {
        int distance = parser.names().toFunction(nameAndArity);
        Definition definition = parser.names().definition(nameAndArity);
        return definition == null
                ? new Calls.OfParameter(distance, budget)
                : Calls.OfDefinition.local(definition, distance, arguments, budget);
    }

    private JqSyntaxException refused(String name, int place) {
        return lexer.error(
                name + " is refused, because a query depends on nothing but its record,", place);
    }

    // Texts and objects ---------------------------------------------------------------------------

    /** A text, with a format before it or without; or a format alone. */
    Expression string() throws JqSyntaxException {
        Constructions.Format format = Constructions.OfText.plain(budget);
        if (lexer.kind() == Kind.FORMAT) {
            int place = lexer.place();
            String name = lexer.take();
            format =
                    parser.functions
                            .format(name)
                            .orElseThrow(() -> lexer.error("@" + name + " is not a format", place));
            if (lexer.kind() != Kind.QUOTE) {
                Expression here = new Terms.Identity(budget);
                return new Constructions.OfText(List.of("", ""), List.of(here), format, budget);
            }
        }
        if (lexer.kind() != Kind.QUOTE) {
            throw lexer.unexpected("a text");
        }
        List<String> texts = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (lexer.readString(text)) {
            values.add(parser.within(parser::pipe));
            if (!lexer.is(")")) {
                throw lexer.unexpected(")");
            }
            lexer.resumeString();
            texts.add(text.toString());
            text.setLength(0);
        }
        texts.add(text.toString());
        return values.isEmpty()
                ? parser.literal(TextNode.valueOf(texts.get(0)))
                : new Constructions.OfText(texts, values, format, budget);
    }

    private Expression object() throws JqSyntaxException {
        List<Constructions.Member> members = new ArrayList<>();
        lexer.advance();
        while (!lexer.is("}")) {
            members.add(member());
            if (!lexer.takes(",") && !lexer.is("}")) {
                throw lexer.error(
                        "expected , or } but found "
                                + lexer.text()
                                + " (a value with operators needs parentheses in jq 1.6)");
            }
        }
        lexer.advance();
        return new Constructions.OfObject(members, budget);
    }

    private Constructions.Member member() throws JqSyntaxException {
        Expression here = new Terms.Identity(budget);
        if (lexer.kind() == Kind.VARIABLE) {
            String name = lexer.text();
            Expression value = variableAccess();
            if (name.equals("__loc__")) {
                throw lexer.error("a key needs a variable");
            }
            return new Constructions.Member(parser.literal(TextNode.valueOf(name)), value);
        }
        if (lexer.kind() == Kind.IDENTIFIER || lexer.kind() == Kind.KEYWORD) {
            boolean isKeyword = lexer.kind() == Kind.KEYWORD;
            String name = lexer.take();
            if (isKeyword && !lexer.is(":")) {
                throw lexer.unexpected(":");
            }
            Expression value = lexer.is(":") ? memberValue() : Terms.Field.of(here, name, budget);
            return new Constructions.Member(parser.literal(TextNode.valueOf(name)), value);
        }
        if (lexer.is("(")) {
            int place = lexer.place();
            Expression key = parentheses();
            if (key.constant().isPresent() && !key.constant().get().isTextual()) {
                throw lexer.error("a key must be a text", place);
            }
            return new Constructions.Member(key, memberValue());
        }
        if (lexer.kind() != Kind.QUOTE && lexer.kind() != Kind.FORMAT) {
            throw lexer.unexpected("a key");
        }
        Expression key = string();
        Expression value = lexer.is(":") ? memberValue() : Terms.Index.of(here, key, budget);
        return new Constructions.Member(key, value);
    }

    /** Only terms, minus and pipes without parentheses: {@code ExpD} of jq 1.6's grammar. */
    private Expression memberValue() throws JqSyntaxException {
        lexer.expect(":");
        List<Expression> stages = new ArrayList<>(List.of(memberTerm()));
        while (lexer.takes("|")) {
            stages.add(memberTerm());
        }
        return parser.piped(stages);
    }

    private Expression memberTerm() throws JqSyntaxException {
        if (!lexer.is("-")) {
            return postfix(false);
        }
        return parser.within(
                () -> {
                    lexer.expect("-");
                    return new Operators.Negation(memberTerm(), budget);
                });
    }
}
