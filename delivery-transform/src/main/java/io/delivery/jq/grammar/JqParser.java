package io.delivery.jq.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.JqSyntaxException;
import io.delivery.jq.expression.Bindings;
import io.delivery.jq.expression.Control;
import io.delivery.jq.expression.Definition;
import io.delivery.jq.expression.Expression;
import io.delivery.jq.expression.Operators;
import io.delivery.jq.expression.Paths;
import io.delivery.jq.expression.Terms;
import io.delivery.jq.function.Functions;
import io.delivery.jq.grammar.JqLexer.Kind;
import io.delivery.jq.value.Arithmetic.Operator;
import io.delivery.jq.value.Budget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The grammar of jq 1.6, by recursive descent: pipes, operators and what has keywords. Terms are
 * those of {@link TermParser}.
 */
public final class JqParser {
    /** Parentheses, definitions and bindings within each other. */
    private static final int MOST_NESTED = 200;

    final JqLexer lexer;
    final Budget budget;
    final Functions functions;
    private final TermParser terms;

    /** Those of jq itself that are written in jq and have been needed so far. */
    private final Map<String, Definition> written;

    private Names names;
    private int nested;

    private JqParser(
            String program,
            Functions functions,
            Map<String, Definition> written,
            Names names,
            Budget budget)
            throws JqSyntaxException {
        this.lexer = new JqLexer(program);
        this.functions = functions;
        this.written = written;
        this.names = names;
        this.budget = budget;
        this.terms = new TermParser(this);
    }

    /** Makes an expression of a program, under a budget. */
    public static Expression parse(String program, Budget budget) throws JqSyntaxException {
        JqParser parser =
                new JqParser(program, new Functions(budget), new HashMap<>(), Names.none(), budget);
        if (parser.lexer.kind() == Kind.END) {
            throw parser.lexer.error("the query is empty");
        }
        return parser.whole();
    }

    private Expression whole() throws JqSyntaxException {
        Expression expression = pipe();
        if (lexer.kind() != Kind.END) {
            throw lexer.unexpected("the end of the query");
        }
        return expression;
    }

    Names names() {
        return names;
    }

    /** A function of jq itself that is written in jq; null when there is none. */
    Definition written(String nameAndArity) {
        Definition known = written.get(nameAndArity);
        Optional<Functions.Written> text = Functions.written(nameAndArity);
        if (known != null || text.isEmpty()) {
            return known;
        }
        Definition definition = new Definition(text.get().parameters());
        written.put(nameAndArity, definition);
        Names inside = Names.none();
        declareParameters(definition, inside);
        try {
            JqParser parser = new JqParser(text.get().body(), functions, written, inside, budget);
            parser.isOwn = true;
            definition.setBody(parser.whole());
        } catch (JqSyntaxException ofOurs) {
            throw new IllegalStateException(nameAndArity, ofOurs);
        }
        return definition;
    }

    /** Whether this is the text of a function of jq, which may call what begins with _. */
    private boolean isOwn;

    boolean mayCall(String name) {
        return isOwn || !name.startsWith("_");
    }

    interface Rule {
        Expression parse() throws JqSyntaxException;
    }

    /** Parses something that is nested, with names of its own. */
    Expression within(Rule rule) throws JqSyntaxException {
        enter();
        names = names.inner();
        Expression expression = rule.parse();
        names = names.outer();
        nested--;
        return expression;
    }

    void enter() throws JqSyntaxException {
        if (++nested > MOST_NESTED) {
            throw lexer.error("more than " + MOST_NESTED + " nested expressions");
        }
    }

    void leave() {
        nested--;
    }

    // Pipes -------------------------------------------------------------------------------------

    Expression pipe() throws JqSyntaxException {
        if (lexer.is("def")) {
            return within(this::definition);
        }
        if (lexer.is("label")) {
            return within(this::label);
        }
        List<Expression> stages = new ArrayList<>(List.of(comma()));
        while (lexer.takes("|")) {
            stages.add(lexer.is("def") || lexer.is("label") ? pipe() : comma());
        }
        return piped(stages);
    }

    Expression piped(List<Expression> stages) {
        Expression piped = stages.get(stages.size() - 1);
        for (int i = stages.size() - 2; i >= 0; i--) {
            piped = new Operators.Pipe(stages.get(i), piped, budget);
        }
        return piped;
    }

    Expression definition() throws JqSyntaxException {
        lexer.expect("def");
        String name = lexer.takeName();
        List<String> parameters = new ArrayList<>();
        if (lexer.is("(")) {
            do {
                lexer.advance();
                parameters.add(
                        lexer.kind() == Kind.VARIABLE ? "$" + lexer.take() : lexer.takeName());
            } while (lexer.is(";"));
            lexer.expect(")");
        }
        lexer.expect(":");
        Definition definition = new Definition(parameters);
        names.addDefinition(name, definition);
        definition.setBody(
                within(
                        () -> {
                            declareParameters(definition, names);
                            return pipe();
                        }));
        lexer.expect(";");
        return pipe();
    }

    /** A parameter {@code $x} may also be called as {@code x}: jq 1.6 manual, "Scoping". */
    private static void declareParameters(Definition definition, Names inside) {
        for (String parameter : definition.parameters()) {
            inside.addParameter(parameter.replace("$", ""));
        }
        for (String parameter : definition.parameters()) {
            if (parameter.startsWith("$")) {
                inside.addVariable(parameter.substring(1));
            }
        }
    }

    Expression label() throws JqSyntaxException {
        lexer.expect("label");
        String name = lexer.takeVariable();
        lexer.expect("|");
        return new Control.Label(
                within(
                        () -> {
                            names.addLabel(name);
                            return pipe();
                        }),
                budget);
    }

    private Expression comma() throws JqSyntaxException {
        Expression first = alternative();
        if (!lexer.is(",")) {
            return first;
        }
        List<Expression> all = new ArrayList<>(List.of(first));
        while (lexer.takes(",")) {
            all.add(alternative());
        }
        return new Operators.Comma(all, budget);
    }

    // Operators, the loosest first ----------------------------------------------------------------

    private Expression alternative() throws JqSyntaxException {
        List<Expression> all = new ArrayList<>(List.of(assignment()));
        while (lexer.takes("//")) {
            all.add(assignment());
        }
        Expression right = all.get(all.size() - 1);
        for (int i = all.size() - 2; i >= 0; i--) {
            right = new Operators.Alternative(all.get(i), right, budget);
        }
        return right;
    }

    private Expression assignment() throws JqSyntaxException {
        Expression left = or();
        if (lexer.kind() != Kind.OPERATOR) {
            return left;
        }
        String operator = lexer.text();
        switch (operator) {
            case "=", "|=", "+=", "-=", "*=", "/=", "%=", "//=" -> lexer.advance();
            default -> {
                return left;
            }
        }
        // The alternative operator binds looser: ".a = .b // 1" is "(.a = .b) // 1".
        Expression right = or();
        return switch (operator) {
            case "=" -> new Paths.Assignment(left, right, budget);
            case "|=" -> new Paths.Update(left, right, budget);
            case "//=" -> new Paths.Default(left, right, budget);
            default ->
                    new Paths.Calculation(
                            left, Operator.of(operator.substring(0, 1)), right, budget);
        };
    }

    private Expression or() throws JqSyntaxException {
        Expression left = and();
        while (lexer.takes("or")) {
            left = Operators.Logic.or(left, and(), budget);
        }
        return left;
    }

    private Expression and() throws JqSyntaxException {
        Expression left = comparison();
        while (lexer.takes("and")) {
            left = Operators.Logic.and(left, comparison(), budget);
        }
        return left;
    }

    private Expression comparison() throws JqSyntaxException {
        Expression left = sum();
        if (!isComparison()) {
            return left;
        }
        String operator = lexer.take();
        Expression comparison = operation(left, operator, sum());
        if (isComparison()) {
            throw lexer.error("a second comparison needs parentheses");
        }
        return comparison;
    }

    private boolean isComparison() {
        return lexer.is("==")
                || lexer.is("!=")
                || lexer.is("<")
                || lexer.is("<=")
                || lexer.is(">")
                || lexer.is(">=");
    }

    private Expression sum() throws JqSyntaxException {
        Expression left = product();
        while (lexer.is("+") || lexer.is("-")) {
            String operator = lexer.take();
            left = operation(left, operator, product());
        }
        return left;
    }

    private Expression product() throws JqSyntaxException {
        Expression left = unary();
        while (lexer.is("*") || lexer.is("/") || lexer.is("%")) {
            String operator = lexer.take();
            left = operation(left, operator, unary());
        }
        return left;
    }

    private Expression operation(Expression left, String operator, Expression right)
            throws JqSyntaxException {
        Expression operation = new Operators.Binary(Operator.of(operator), left, right, budget);
        Optional<JsonNode> constant = operation.constant();
        if (constant.isEmpty()) {
            return operation;
        }
        if (operator.equals("/") && Double.isInfinite(constant.get().doubleValue())) {
            throw lexer.error("division by zero");
        }
        return literal(constant.get());
    }

    Expression unary() throws JqSyntaxException {
        if (!lexer.is("-")) {
            return terms.postfix(true);
        }
        return within(
                () -> {
                    lexer.expect("-");
                    return new Operators.Negation(unary(), budget);
                });
    }

    // With keywords -----------------------------------------------------------------------------

    Expression keyword() throws JqSyntaxException {
        return switch (lexer.text()) {
            case "if" -> within(this::conditional);
            case "try" -> within(this::attempt);
            case "reduce" -> within(this::reduce);
            case "foreach" -> within(this::foreach);
            case "def" -> within(this::definition);
            case "label" -> within(this::label);
            case "import", "include", "module" -> throw lexer.error("modules are not supported");
            default -> throw lexer.unexpected("an expression");
        };
    }

    private Expression conditional() throws JqSyntaxException {
        lexer.advance();
        Expression condition = within(this::pipe);
        lexer.expect("then");
        Expression then = within(this::pipe);
        Expression otherwise;
        if (lexer.is("elif")) {
            otherwise = within(this::conditional);
        } else {
            lexer.expect("else");
            otherwise = within(this::pipe);
            lexer.expect("end");
        }
        return new Control.Conditional(condition, then, otherwise, budget);
    }

    private Expression attempt() throws JqSyntaxException {
        lexer.expect("try");
        Expression body = attempted();
        Optional<Expression> handler = Optional.empty();
        if (lexer.takes("catch")) {
            handler = Optional.of(attempted());
        }
        return new Control.Attempt(body, handler, budget);
    }

    private Expression attempted() throws JqSyntaxException {
        return lexer.is("-") ? unary() : terms.postfix(false);
    }

    /** {@code term as patterns | pipe}, behind the term. */
    Expression binding(Expression source) throws JqSyntaxException {
        return within(
                () -> {
                    Bindings.Patterns patterns = patterns();
                    lexer.expect("|");
                    return new Bindings.Binding(source, patterns, pipe(), budget);
                });
    }

    private Bindings.Patterns patterns() throws JqSyntaxException {
        lexer.expect("as");
        return new PatternParser(this, terms).patterns();
    }

    private Expression reduce() throws JqSyntaxException {
        lexer.expect("reduce");
        Expression source = terms.postfix(false);
        Names outside = names;
        names = names.inner();
        Bindings.Patterns patterns = patterns();
        Names inside = names;
        names = outside;
        lexer.expect("(");
        Expression initial = within(this::pipe);
        lexer.expect(";");
        names = inside;
        Expression update = within(this::pipe);
        names = outside;
        lexer.expect(")");
        return new Bindings.Reduce(source, patterns, initial, update, budget);
    }

    private Expression foreach() throws JqSyntaxException {
        lexer.expect("foreach");
        Expression source = terms.postfix(false);
        Names outside = names;
        names = names.inner();
        Bindings.Patterns patterns = patterns();
        Names inside = names;
        names = outside;
        lexer.expect("(");
        Expression initial = within(this::pipe);
        lexer.expect(";");
        names = inside;
        Expression update = within(this::pipe);
        Expression extract = lexer.takes(";") ? within(this::pipe) : new Terms.Identity(budget);
        names = outside;
        lexer.expect(")");
        return new Bindings.Foreach(source, patterns, initial, update, extract, budget);
    }

    /** A value that stands in the program. */
    Expression literal(JsonNode value) {
        return new Terms.Literal(value, budget);
    }
}
