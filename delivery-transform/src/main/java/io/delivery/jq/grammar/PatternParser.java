package io.delivery.jq.grammar;

import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.jq.JqSyntaxException;
import io.delivery.jq.expression.Bindings;
import io.delivery.jq.expression.Expression;
import io.delivery.jq.expression.Pattern;
import io.delivery.jq.grammar.JqLexer.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The patterns of one binding. Their variables are known behind all of them. */
final class PatternParser {
    private final JqParser parser;
    private final TermParser terms;
    private final JqLexer lexer;

    /** Names by the numbers of the variables. */
    private final List<String> variables = new ArrayList<>();

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
        List<String> names = variables.stream().distinct().toList();
        names.forEach(parser.names()::addVariable);
        boolean isOnly = alternatives.size() == 1;
        List<Bindings.Alternative> all = new ArrayList<>();
        for (Pattern pattern : alternatives) {
            Map<String, Integer> numbers = isOnly ? first(pattern) : last(pattern);
            List<Integer> known =
                    names.stream().map(name -> numbers.getOrDefault(name, -1)).toList();
            all.add(new Bindings.Alternative(pattern, known));
        }
        return new Bindings.Patterns(all, variables.size(), parser.budget);
    }

    /** Of a name that is there twice, the variable that gets its value first, as in jq 1.6. */
    private Map<String, Integer> first(Pattern pattern) {
        Map<String, Integer> numbers = new HashMap<>();
        order(pattern).forEach(number -> numbers.putIfAbsent(variables.get(number), number));
        return numbers;
    }

    /** Where there are alternatives, the variable that gets its value last. */
    private Map<String, Integer> last(Pattern pattern) {
        Map<String, Integer> numbers = new HashMap<>();
        order(pattern).forEach(number -> numbers.put(variables.get(number), number));
        return numbers;
    }

    private static List<Integer> order(Pattern pattern) {
        List<Integer> numbers = new ArrayList<>();
        pattern.addVariables(numbers);
        return numbers;
    }

    private int newVariable(String name) {
        variables.add(name);
        return variables.size() - 1;
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
