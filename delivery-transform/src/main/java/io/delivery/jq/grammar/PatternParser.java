package io.delivery.jq.grammar;

import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.jq.JqSyntaxException;
import io.delivery.jq.expression.Bindings;
import io.delivery.jq.expression.Expression;
import io.delivery.jq.expression.Pattern;
import io.delivery.jq.grammar.JqLexer.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The patterns of one binding. Their variables are known behind all of them. */
final class PatternParser {
    private final JqParser parser;
    private final TermParser terms;
    private final JqLexer lexer;
    private final Map<String, Integer> variables = new LinkedHashMap<>();

    PatternParser(JqParser parser, TermParser terms) {
        this.parser = parser;
        this.terms = terms;
        this.lexer = parser.lexer;
    }

    Bindings.Patterns patterns() throws JqSyntaxException {
        List<Pattern> alternatives = new ArrayList<>(List.of(pattern()));
        while (lexer.takes("?//")) {
            alternatives.add(pattern());
        }
        variables.keySet().forEach(parser.names()::addVariable);
        return new Bindings.Patterns(alternatives, variables.size(), parser.budget);
    }

    private int newVariable(String name) {
        Integer known = variables.putIfAbsent(name, variables.size());
        return known != null ? known : variables.size() - 1;
    }

    private Pattern pattern() throws JqSyntaxException {
        parser.enter();
        Pattern pattern = patternWithin();
        parser.leave();
        return pattern;
    }

    private Pattern patternWithin() throws JqSyntaxException {
        if (lexer.kind() == Kind.VARIABLE) {
            return new Pattern.OfVariable(newVariable(lexer.take()));
        }
        if (lexer.is("[")) {
            List<Pattern> elements = new ArrayList<>();
            do {
                lexer.advance();
                elements.add(pattern());
            } while (lexer.is(","));
            lexer.expect("]");
            return new Pattern.OfArray(elements, parser.budget);
        }
        if (!lexer.is("{")) {
            throw lexer.unexpected("a variable or a pattern");
        }
        List<Pattern.Part> parts = new ArrayList<>();
        do {
            lexer.advance();
            parts.add(part());
        } while (lexer.is(","));
        lexer.expect("}");
        return new Pattern.OfObject(parts, parser.budget);
    }

    private Pattern.Part part() throws JqSyntaxException {
        if (lexer.kind() == Kind.VARIABLE) {
            String name = lexer.take();
            int variable = newVariable(name);
            Pattern pattern = lexer.takes(":") ? pattern() : new Pattern.OfVariable(variable);
            return Pattern.Part.bound(name, variable, pattern, parser.budget);
        }
        Expression key;
        if (lexer.kind() == Kind.IDENTIFIER || lexer.kind() == Kind.KEYWORD) {
            key = parser.literal(TextNode.valueOf(lexer.take()));
        } else if (lexer.is("(")) {
            key = terms.parentheses();
        } else {
            key = terms.string();
        }
        lexer.expect(":");
        return Pattern.Part.of(key, pattern());
    }
}
