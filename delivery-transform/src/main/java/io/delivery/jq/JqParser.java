package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.jq.JqLexer.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.internal.misc.Pair;
import net.thisptr.jackson.jq.internal.tree.ArrayConstruction;
import net.thisptr.jackson.jq.internal.tree.AssignPipeComponent;
import net.thisptr.jackson.jq.internal.tree.Conditional;
import net.thisptr.jackson.jq.internal.tree.FieldConstruction;
import net.thisptr.jackson.jq.internal.tree.ForeachExpression;
import net.thisptr.jackson.jq.internal.tree.FunctionCall;
import net.thisptr.jackson.jq.internal.tree.IdentifierKeyFieldConstruction;
import net.thisptr.jackson.jq.internal.tree.JsonQueryKeyFieldConstruction;
import net.thisptr.jackson.jq.internal.tree.NegativeExpression;
import net.thisptr.jackson.jq.internal.tree.ObjectConstruction;
import net.thisptr.jackson.jq.internal.tree.PipeComponent;
import net.thisptr.jackson.jq.internal.tree.PipedQuery;
import net.thisptr.jackson.jq.internal.tree.RecursionOperator;
import net.thisptr.jackson.jq.internal.tree.ReduceExpression;
import net.thisptr.jackson.jq.internal.tree.ThisObject;
import net.thisptr.jackson.jq.internal.tree.TransformPipeComponent;
import net.thisptr.jackson.jq.internal.tree.Tuple;
import net.thisptr.jackson.jq.internal.tree.VariableAccess;
import net.thisptr.jackson.jq.internal.tree.VariableKeyFieldConstruction;
import net.thisptr.jackson.jq.internal.tree.binaryop.AlternativeOperatorExpression;
import net.thisptr.jackson.jq.internal.tree.binaryop.BooleanAndExpression;
import net.thisptr.jackson.jq.internal.tree.binaryop.BooleanOrExpression;
import net.thisptr.jackson.jq.internal.tree.binaryop.SimpleBinaryOperatorExpression;
import net.thisptr.jackson.jq.internal.tree.binaryop.assignment.Assignment;
import net.thisptr.jackson.jq.internal.tree.binaryop.assignment.ComplexAlternativeAssignment;
import net.thisptr.jackson.jq.internal.tree.binaryop.assignment.ComplexAssignment;
import net.thisptr.jackson.jq.internal.tree.binaryop.assignment.UpdateAssignment;
import net.thisptr.jackson.jq.internal.tree.fieldaccess.BracketExtractFieldAccess;
import net.thisptr.jackson.jq.internal.tree.fieldaccess.BracketFieldAccess;
import net.thisptr.jackson.jq.internal.tree.fieldaccess.IdentifierFieldAccess;
import net.thisptr.jackson.jq.internal.tree.fieldaccess.StringFieldAccess;
import net.thisptr.jackson.jq.internal.tree.literal.StringLiteral;
import net.thisptr.jackson.jq.internal.tree.matcher.PatternMatcher;
import net.thisptr.jackson.jq.internal.tree.matcher.matchers.ArrayMatcher;
import net.thisptr.jackson.jq.internal.tree.matcher.matchers.ObjectMatcher;
import net.thisptr.jackson.jq.internal.tree.matcher.matchers.ValueMatcher;

/**
 * The grammar of jq 1.6, by recursive descent, into jackson-jq's expressions. Why not jackson-jq's
 * parser: every expression must be under the budget from its birth, names are resolved here so that
 * an unknown or refused one is a problem of the query and not of each record, and problems have
 * places.
 */
final class JqParser {
    /** Parentheses, definitions and bindings within each other. */
    private static final int MOST_NESTED = 200;

    private final JqLexer lexer;
    private final JqFunctions functions;
    private final Budget budget;
    private final Map<Expression, Set<String>> literalKeys = new IdentityHashMap<>();
    private final Set<String> calledLocals = new HashSet<>();
    private Names names = new Names(null);
    private int nested;

    private JqParser(String program, JqFunctions functions, Budget budget)
            throws JqSyntaxException {
        this.lexer = new JqLexer(program);
        this.functions = functions;
        this.budget = budget;
    }

    /**
     * A program as it can be run.
     *
     * @param keys of the object that it yields, when they can be read off the program
     */
    record Parsed(Expression expression, Optional<Set<String>> keys) {}

    static Parsed parse(String program, JqFunctions functions, Budget budget)
            throws JqSyntaxException {
        JqParser parser = new JqParser(program, functions, budget);
        if (parser.lexer.kind() == Kind.END) {
            throw parser.lexer.error("the query is empty");
        }
        Expression expression = parser.pipe();
        if (parser.lexer.kind() != Kind.END) {
            throw parser.unexpected("the end of the query");
        }
        return new Parsed(expression, Optional.ofNullable(parser.literalKeys.get(expression)));
    }

    /** Parses the body of a function of ours, which sees its parameters. */
    static Expression parseBody(
            String body, List<String> parameters, JqFunctions functions, Budget budget)
            throws JqSyntaxException {
        JqParser parser = new JqParser(body, functions, budget);
        parser.declare(parameters);
        return parser.pipe();
    }

    // Names -------------------------------------------------------------------------------------

    /** What a program may name at a place. */
    private static final class Names {
        private final Names outer;
        private final Set<String> functions = new LinkedHashSet<>();
        private final Set<String> variables = new LinkedHashSet<>();
        private String label;

        Names(Names outer) {
            this.outer = outer;
        }

        boolean hasFunction(String nameAndArity) {
            return functions.contains(nameAndArity)
                    || outer != null && outer.hasFunction(nameAndArity);
        }

        boolean hasVariable(String name) {
            return variables.contains(name) || outer != null && outer.hasVariable(name);
        }

        boolean hasLabel(String name) {
            return name.equals(label) || outer != null && outer.hasLabel(name);
        }
    }

    private void declare(List<String> parameters) {
        for (String parameter : parameters) {
            if (parameter.startsWith("$")) {
                names.variables.add(parameter.substring(1));
                names.functions.add(parameter.substring(1) + "/0");
            } else {
                names.functions.add(parameter + "/0");
            }
        }
    }

    private interface Rule {
        Expression parse() throws JqSyntaxException;
    }

    /** Parses something that is nested, with names of its own. */
    private Expression within(Rule rule) throws JqSyntaxException {
        if (++nested > MOST_NESTED) {
            throw lexer.error("more than " + MOST_NESTED + " nested expressions");
        }
        names = new Names(names);
        Expression expression = rule.parse();
        names = names.outer;
        nested--;
        return expression;
    }

    // Pipes -------------------------------------------------------------------------------------

    private Expression pipe() throws JqSyntaxException {
        if (lexer.is("def")) {
            return within(this::definition);
        }
        if (lexer.is("label")) {
            return within(this::label);
        }
        List<PipeComponent> stages = new ArrayList<>();
        Expression stage = comma();
        if (!lexer.is("|")) {
            return stage;
        }
        stages.add(new TransformPipeComponent(stage));
        while (lexer.is("|")) {
            lexer.advance();
            stage = lexer.is("def") || lexer.is("label") ? pipe() : comma();
            stages.add(new TransformPipeComponent(stage));
        }
        return likeLast(new PipedQuery(stages), stage);
    }

    /** An expression that yields what its last part yields, keys included. */
    private Expression likeLast(Expression expression, Expression last) {
        Expression counted = counted(expression);
        if (literalKeys.containsKey(last)) {
            literalKeys.put(counted, literalKeys.get(last));
        }
        return counted;
    }

    private Expression counted(Expression expression) {
        return new Counted(expression, budget);
    }

    private Expression definition() throws JqSyntaxException {
        expect("def");
        String name = name();
        List<String> parameters = new ArrayList<>();
        if (lexer.is("(")) {
            do {
                lexer.advance();
                parameters.add(lexer.kind() == Kind.VARIABLE ? "$" + takeText() : name());
            } while (lexer.is(";"));
            expect(")");
        }
        expect(":");
        names.functions.add(name + "/" + parameters.size());
        Expression body =
                within(
                        () -> {
                            declare(parameters);
                            return withFunctionsOfVariables(parameters, pipe());
                        });
        expect(";");
        Expression rest = pipe();
        return likeLast(new Definition(name, parameters, body, rest), rest);
    }

    /** A parameter {@code $x} may also be called as {@code x}: jq 1.6 manual, "Scoping". */
    private Expression withFunctionsOfVariables(List<String> parameters, Expression body) {
        Expression wrapped = body;
        for (String parameter : parameters) {
            String name = parameter.substring(1);
            if (parameter.startsWith("$") && calledLocals.contains(name + "/0")) {
                wrapped = new Definition(name, List.of(), new VariableAccess(null, name), wrapped);
            }
        }
        return wrapped;
    }

    private Expression label() throws JqSyntaxException {
        expect("label");
        String name = variable();
        names.label = name;
        expect("|");
        Expression rest = pipe();
        return likeLast(new Label(name, rest, budget), rest);
    }

    private Expression comma() throws JqSyntaxException {
        Expression first = alternative();
        if (!lexer.is(",")) {
            return first;
        }
        List<Expression> all = new ArrayList<>(List.of(first));
        while (lexer.is(",")) {
            lexer.advance();
            all.add(alternative());
        }
        return counted(new Tuple(all));
    }

    // Operators, the loosest first ----------------------------------------------------------------

    private Expression alternative() throws JqSyntaxException {
        List<Expression> all = new ArrayList<>(List.of(assignment()));
        while (lexer.is("//")) {
            lexer.advance();
            all.add(assignment());
        }
        Expression right = all.get(all.size() - 1);
        for (int i = all.size() - 2; i >= 0; i--) {
            right = counted(new AlternativeOperatorExpression(all.get(i), right));
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
        Expression paths = new WrittenPaths(left, budget);
        Expression written =
                switch (operator) {
                    case "=" -> new Assignment(paths, right);
                    case "|=" -> new UpdateAssignment(paths, right, Versions.JQ_1_6);
                    case "//=" -> new ComplexAlternativeAssignment(paths, right);
                    default ->
                            new ComplexAssignment(
                                    paths,
                                    right,
                                    GuardedOperator.of(operator.substring(0, 1), budget));
                };
        return counted(written);
    }

    private Expression or() throws JqSyntaxException {
        Expression left = and();
        while (lexer.is("or")) {
            lexer.advance();
            left = counted(new BooleanOrExpression(left, and()));
        }
        return left;
    }

    private Expression and() throws JqSyntaxException {
        Expression left = comparison();
        while (lexer.is("and")) {
            lexer.advance();
            left = counted(new BooleanAndExpression(left, comparison()));
        }
        return left;
    }

    private Expression comparison() throws JqSyntaxException {
        Expression left = sum();
        if (!isComparison()) {
            return left;
        }
        String operator = takeText();
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
            String operator = takeText();
            Expression right = product();
            Set<String> keys = operator.equals("+") ? union(left, right) : null;
            left = operation(left, operator, right);
            if (keys != null) {
                literalKeys.put(left, keys);
            }
        }
        return left;
    }

    private Set<String> union(Expression left, Expression right) {
        if (!literalKeys.containsKey(left) || !literalKeys.containsKey(right)) {
            return null;
        }
        Set<String> keys = new LinkedHashSet<>(literalKeys.get(left));
        keys.addAll(literalKeys.get(right));
        return keys;
    }

    private Expression product() throws JqSyntaxException {
        Expression left = unary();
        while (lexer.is("*") || lexer.is("/") || lexer.is("%")) {
            String operator = takeText();
            left = operation(left, operator, unary());
        }
        return left;
    }

    private Expression operation(Expression left, String operator, Expression right) {
        return counted(
                new SimpleBinaryOperatorExpression(
                        left, right, GuardedOperator.of(operator, budget)) {});
    }

    private Expression unary() throws JqSyntaxException {
        if (!lexer.is("-")) {
            return postfix(true);
        }
        return within(
                () -> {
                    expect("-");
                    return counted(new NegativeExpression(unary()));
                });
    }

    // Terms -------------------------------------------------------------------------------------

    /**
     * A term with what follows it.
     *
     * @param mayBind whether {@code as} may follow: it takes the rest of the pipe with it
     */
    private Expression postfix(boolean mayBind) throws JqSyntaxException {
        Expression term = term();
        while (true) {
            if (lexer.kind() == Kind.FIELD) {
                String field = takeText();
                term = counted(new IdentifierFieldAccess(term, field, takeQuestion()));
            } else if (lexer.is(".")) {
                lexer.advance();
                if (lexer.kind() != Kind.QUOTE && lexer.kind() != Kind.FORMAT) {
                    throw unexpected("a field name");
                }
                Expression field = string();
                term = counted(new StringFieldAccess(term, field, takeQuestion()));
            } else if (lexer.is("[")) {
                term = brackets(term);
            } else if (lexer.is("?")) {
                lexer.advance();
                term = likeLast(new Attempt(term, null, budget), term);
            } else if (mayBind && lexer.is("as")) {
                return binding(term);
            } else {
                return term;
            }
        }
    }

    private boolean takeQuestion() throws JqSyntaxException {
        boolean question = lexer.is("?");
        if (question) {
            lexer.advance();
        }
        return question;
    }

    private Expression brackets(Expression term) throws JqSyntaxException {
        expect("[");
        if (lexer.is("]")) {
            lexer.advance();
            return counted(new BracketExtractFieldAccess(term, takeQuestion()));
        }
        Expression from = lexer.is(":") ? null : index();
        if (!lexer.is(":")) {
            expect("]");
            return counted(new BracketFieldAccess(term, from, takeQuestion()));
        }
        expect(":");
        if (from == null && lexer.is("]")) {
            throw unexpected("the end of the slice");
        }
        Expression to = lexer.is("]") ? null : index();
        expect("]");
        return counted(new Slice(new BracketFieldAccess(term, from, to, takeQuestion()), budget));
    }

    private Expression index() throws JqSyntaxException {
        Expression index = within(this::pipe);
        return new CheckedIndex(index, budget);
    }

    private Expression binding(Expression source) throws JqSyntaxException {
        return within(
                () -> {
                    expect("as");
                    PatternMatcher pattern = pattern();
                    if (lexer.is("?//")) {
                        throw lexer.error("alternative patterns (?//) are not supported");
                    }
                    expect("|");
                    Expression rest = pipe();
                    return likeLast(
                            new PipedQuery(
                                    List.of(
                                            new AssignPipeComponent(source, pattern),
                                            new TransformPipeComponent(rest))),
                            rest);
                });
    }

    private PatternMatcher pattern() throws JqSyntaxException {
        if (++nested > MOST_NESTED) {
            throw lexer.error("more than " + MOST_NESTED + " nested expressions");
        }
        PatternMatcher pattern = patternWithin();
        nested--;
        return pattern;
    }

    private PatternMatcher patternWithin() throws JqSyntaxException {
        if (lexer.kind() == Kind.VARIABLE) {
            return new ValueMatcher(newVariable());
        }
        if (lexer.is("[")) {
            List<PatternMatcher> elements = new ArrayList<>();
            do {
                lexer.advance();
                elements.add(pattern());
            } while (lexer.is(","));
            expect("]");
            return new ArrayMatcher(elements);
        }
        if (!lexer.is("{")) {
            throw unexpected("a variable or a pattern");
        }
        List<ObjectMatcher.FieldMatcher> fields = new ArrayList<>();
        do {
            lexer.advance();
            fields.add(fieldPattern());
        } while (lexer.is(","));
        expect("}");
        return new ObjectMatcher(fields);
    }

    private ObjectMatcher.FieldMatcher fieldPattern() throws JqSyntaxException {
        boolean isVariable = lexer.kind() == Kind.VARIABLE;
        Expression name;
        if (isVariable) {
            name = new StringLiteral(newVariable());
            if (!lexer.is(":")) {
                return new ObjectMatcher.FieldMatcher(true, name, null);
            }
        } else if (lexer.kind() == Kind.IDENTIFIER || lexer.kind() == Kind.KEYWORD) {
            name = new StringLiteral(takeText());
        } else if (lexer.is("(")) {
            name = parentheses();
        } else {
            name = string();
        }
        expect(":");
        return new ObjectMatcher.FieldMatcher(isVariable, name, pattern());
    }

    private String newVariable() throws JqSyntaxException {
        String name = variable();
        names.variables.add(name);
        return name;
    }

    private Expression term() throws JqSyntaxException {
        switch (lexer.kind()) {
            case NUMBER -> {
                return counted(new Literal(number(takeText())));
            }
            case QUOTE, FORMAT -> {
                return string();
            }
            case FIELD -> {
                String field = takeText();
                return counted(new IdentifierFieldAccess(new ThisObject(), field, takeQuestion()));
            }
            case VARIABLE -> {
                return variableAccess();
            }
            case IDENTIFIER -> {
                return call();
            }
            case KEYWORD -> {
                return keyword();
            }
            case OPERATOR -> {
                return operatorTerm();
            }
            default -> throw unexpected("an expression");
        }
    }

    private Expression operatorTerm() throws JqSyntaxException {
        switch (lexer.text()) {
            case "." -> {
                lexer.advance();
                if (lexer.kind() == Kind.QUOTE) {
                    Expression field = string();
                    return counted(new StringFieldAccess(new ThisObject(), field, takeQuestion()));
                }
                return counted(new ThisObject());
            }
            case ".." -> {
                lexer.advance();
                return counted(new RecursionOperator());
            }
            case "(" -> {
                return parentheses();
            }
            case "[" -> {
                lexer.advance();
                if (lexer.is("]")) {
                    lexer.advance();
                    return counted(new ArrayConstruction());
                }
                Expression elements = within(this::pipe);
                expect("]");
                return counted(new ArrayConstruction(elements));
            }
            case "{" -> {
                return within(this::object);
            }
            case "$" -> {
                lexer.advance();
                int line = lexer.line();
                if (!lexer.is("__loc__")) {
                    throw unexpected("the name of a variable");
                }
                lexer.advance();
                return location(line);
            }
            default -> throw unexpected("an expression");
        }
    }

    private Expression parentheses() throws JqSyntaxException {
        expect("(");
        Expression within = within(this::pipe);
        expect(")");
        return within;
    }

    private Expression variableAccess() throws JqSyntaxException {
        int place = lexer.place();
        int line = lexer.line();
        String name = takeText();
        if (name.equals("__loc__")) {
            return location(line);
        }
        if (name.equals("ENV")) {
            throw refused("$ENV", place);
        }
        if (!names.hasVariable(name)) {
            throw lexer.error("$" + name + " is not defined", place);
        }
        return counted(new VariableAccess(null, name));
    }

    private Expression location(int line) {
        return counted(
                new Literal(
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("file", "<top-level>")
                                .put("line", line)));
    }

    private Expression keyword() throws JqSyntaxException {
        return switch (lexer.text()) {
            case "if" -> within(this::conditional);
            case "try" -> within(this::attempt);
            case "reduce" -> within(this::reduce);
            case "foreach" -> within(this::foreach);
            case "def" -> within(this::definition);
            case "label" -> within(this::label);
            case "import", "include", "module" -> throw lexer.error("modules are not supported");
            default -> throw unexpected("an expression");
        };
    }

    private Expression conditional() throws JqSyntaxException {
        List<Pair<Expression, Expression>> branches = new ArrayList<>();
        boolean allWithKeys = true;
        Set<String> keys = null;
        do {
            lexer.advance();
            Expression condition = within(this::pipe);
            expect("then");
            Expression then = within(this::pipe);
            branches.add(Pair.of(condition, then));
            allWithKeys &= sameKeys(keys, then);
            keys = literalKeys.get(then);
        } while (lexer.is("elif"));
        expect("else");
        Expression otherwise = within(this::pipe);
        expect("end");
        allWithKeys &= sameKeys(keys, otherwise);
        Expression conditional = counted(new Conditional(branches, otherwise));
        if (allWithKeys) {
            literalKeys.put(conditional, keys);
        }
        return conditional;
    }

    private boolean sameKeys(Set<String> keys, Expression other) {
        return literalKeys.containsKey(other)
                && (keys == null || keys.equals(literalKeys.get(other)));
    }

    private Expression attempt() throws JqSyntaxException {
        expect("try");
        Expression body = attempted();
        Expression handler = null;
        if (lexer.is("catch")) {
            lexer.advance();
            handler = attempted();
        }
        return counted(new Attempt(body, handler, budget));
    }

    private Expression attempted() throws JqSyntaxException {
        return lexer.is("-") ? unary() : postfix(false);
    }

    private Expression reduce() throws JqSyntaxException {
        expect("reduce");
        Expression source = postfix(false);
        expect("as");
        PatternMatcher pattern = pattern();
        expect("(");
        Expression initial = within(this::pipe);
        expect(";");
        Expression update = within(this::pipe);
        expect(")");
        return counted(new ReduceExpression(pattern, initial, update, source));
    }

    private Expression foreach() throws JqSyntaxException {
        expect("foreach");
        Expression source = postfix(false);
        expect("as");
        PatternMatcher pattern = pattern();
        expect("(");
        Expression initial = within(this::pipe);
        expect(";");
        Expression update = within(this::pipe);
        Expression extract = null;
        if (lexer.is(";")) {
            lexer.advance();
            extract = within(this::pipe);
        }
        expect(")");
        return counted(new ForeachExpression(pattern, initial, update, extract, source));
    }

    // Calls -------------------------------------------------------------------------------------

    private Expression call() throws JqSyntaxException {
        int place = lexer.place();
        String name = takeText();
        switch (name) {
            case "null", "true", "false" -> {
                return counted(new Literal(constant(name)));
            }
            case "break" -> {
                if (lexer.kind() != Kind.VARIABLE || !names.hasLabel(lexer.text())) {
                    throw lexer.error("break without its label", place);
                }
                return counted(new Label.Break(takeText()));
            }
            default -> {}
        }
        List<Expression> arguments = new ArrayList<>();
        if (lexer.is("(")) {
            do {
                lexer.advance();
                arguments.add(within(this::pipe));
            } while (lexer.is(";"));
            expect(")");
        }
        String nameAndArity = name + "/" + arguments.size();
        if (names.hasFunction(nameAndArity)) {
            calledLocals.add(nameAndArity);
            return counted(new FunctionCall(null, name, arguments, Versions.JQ_1_6));
        }
        if (JqFunctions.isRefused(nameAndArity)) {
            throw refused(nameAndArity, place);
        }
        Function function = functions.function(nameAndArity);
        if (function == null) {
            throw lexer.error(nameAndArity + " is not defined", place);
        }
        return counted(new BuiltinCall(name, function, arguments));
    }

    private static JsonNode constant(String name) {
        return name.equals("null")
                ? NullNode.getInstance()
                : JsonNodeFactory.instance.booleanNode(name.equals("true"));
    }

    private JqSyntaxException refused(String name, int place) {
        return lexer.error(
                name + " is refused, because a partition key depends on nothing but its record,",
                place);
    }

    private static JsonNode number(String digits) {
        if (digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            BigInteger integer = new BigInteger(digits);
            return integer.bitLength() < Long.SIZE
                    ? LongNode.valueOf(integer.longValue())
                    : BigIntegerNode.valueOf(integer);
        }
        return DoubleNode.valueOf(Double.parseDouble(digits));
    }

    // Texts and objects ---------------------------------------------------------------------------

    /** A text, with a format before it or without; or a format alone. */
    private Expression string() throws JqSyntaxException {
        Function format = null;
        if (lexer.kind() == Kind.FORMAT) {
            int place = lexer.place();
            String name = takeText();
            format = functions.function("@" + name + "/0");
            if (format == null) {
                throw lexer.error("@" + name + " is not a format", place);
            }
            if (lexer.kind() != Kind.QUOTE) {
                return counted(new BuiltinCall("@" + name, format, List.of()));
            }
        }
        if (lexer.kind() != Kind.QUOTE) {
            throw unexpected("a text");
        }
        List<String> texts = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (lexer.readString(text)) {
            values.add(within(this::pipe));
            if (!lexer.is(")")) {
                throw unexpected(")");
            }
            lexer.resumeString();
            texts.add(text.toString());
            text.setLength(0);
        }
        texts.add(text.toString());
        if (values.isEmpty()) {
            return counted(new Literal(TextNode.valueOf(texts.get(0))));
        }
        return counted(new Interpolation(texts, values, format, budget));
    }

    private Expression object() throws JqSyntaxException {
        ObjectConstruction object = new ObjectConstruction();
        Set<String> keys = new LinkedHashSet<>();
        boolean allLiteral = true;
        lexer.advance();
        while (!lexer.is("}")) {
            allLiteral &= member(object, keys);
            if (lexer.is(",")) {
                lexer.advance();
            } else if (!lexer.is("}")) {
                throw lexer.error(
                        "expected , or } but found "
                                + lexer.text()
                                + " (a value with operators needs parentheses in jq 1.6)");
            }
        }
        lexer.advance();
        Expression counted = counted(object);
        if (allLiteral) {
            literalKeys.put(counted, keys);
        }
        return counted;
    }

    /** Adds a member; returns whether its key stands in the program. */
    private boolean member(ObjectConstruction object, Set<String> keys) throws JqSyntaxException {
        FieldConstruction field;
        boolean literal = true;
        if (lexer.kind() == Kind.VARIABLE) {
            String name = lexer.text();
            if (!names.hasVariable(name)) {
                variableAccess();
                throw lexer.error("a key needs a variable");
            }
            lexer.advance();
            keys.add(name);
            object.add(new VariableKeyFieldConstruction(name));
            return true;
        }
        if (lexer.kind() == Kind.IDENTIFIER || lexer.kind() == Kind.KEYWORD) {
            boolean keyword = lexer.kind() == Kind.KEYWORD;
            String key = takeText();
            keys.add(key);
            if (keyword && !lexer.is(":")) {
                throw unexpected(":");
            }
            Expression value =
                    lexer.is(":")
                            ? memberValue()
                            : counted(new IdentifierFieldAccess(new ThisObject(), key, false));
            field = new IdentifierKeyFieldConstruction(key, value);
        } else if (lexer.is("(")) {
            Expression key = parentheses();
            field = new JsonQueryKeyFieldConstruction(key, memberValue());
            literal = false;
        } else if (lexer.kind() == Kind.QUOTE || lexer.kind() == Kind.FORMAT) {
            Expression key = string();
            String text = Literal.textOf(key);
            if (text != null) {
                keys.add(text);
            }
            literal = text != null;
            Expression value =
                    lexer.is(":")
                            ? memberValue()
                            : counted(new StringFieldAccess(new ThisObject(), key, false));
            field = new JsonQueryKeyFieldConstruction(key, value);
        } else {
            throw unexpected("a key");
        }
        object.add(field);
        return literal;
    }

    /** Only terms, minus and pipes without parentheses: {@code ExpD} of jq 1.6's grammar. */
    private Expression memberValue() throws JqSyntaxException {
        expect(":");
        List<PipeComponent> stages = new ArrayList<>();
        Expression stage = memberTerm();
        if (!lexer.is("|")) {
            return stage;
        }
        stages.add(new TransformPipeComponent(stage));
        while (lexer.is("|")) {
            lexer.advance();
            stages.add(new TransformPipeComponent(memberTerm()));
        }
        return counted(new PipedQuery(stages));
    }

    private Expression memberTerm() throws JqSyntaxException {
        if (!lexer.is("-")) {
            return postfix(false);
        }
        return within(
                () -> {
                    expect("-");
                    return counted(new NegativeExpression(memberTerm()));
                });
    }

    // Tokens ------------------------------------------------------------------------------------

    private String takeText() throws JqSyntaxException {
        String text = lexer.text();
        lexer.advance();
        return text;
    }

    private String name() throws JqSyntaxException {
        if (lexer.kind() != Kind.IDENTIFIER) {
            throw unexpected("a name");
        }
        return takeText();
    }

    private String variable() throws JqSyntaxException {
        if (lexer.kind() != Kind.VARIABLE) {
            throw unexpected("a variable");
        }
        return takeText();
    }

    private void expect(String token) throws JqSyntaxException {
        if (!lexer.is(token)) {
            throw unexpected(token);
        }
        lexer.advance();
    }

    private JqSyntaxException unexpected(String expected) {
        return lexer.error("expected " + expected + " but found " + lexer.text());
    }
}
