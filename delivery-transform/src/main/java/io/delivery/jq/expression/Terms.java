package io.delivery.jq.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.jq.selection.SelectedRecord;
import io.delivery.jq.value.Access;
import io.delivery.jq.value.Arithmetic;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import io.delivery.jq.value.Order;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a program begins with: its input, a constant, a variable, and places within a value. */
public final class Terms {
    private Terms() {}

    /** {@code .} */
    public static final class Identity extends Expression {
        public Identity(Budget budget) {
            super(budget);
        }

        @Override
        Optional<Way> way() {
            return Optional.of(Way.NOWHERE);
        }

        @Override
        public Kinds kinds(Kinds in) {
            return in;
        }

        @Override
        protected boolean yieldsOne() {
            return true;
        }

        @Override
        protected JsonNode one(Env env, JsonNode in) {
            return in;
        }
    }

    /** A value that stands in the program. */
    public static final class Literal extends Expression {
        private final JsonNode value;

        public Literal(JsonNode value, Budget budget) {
            super(budget);
            this.value = value;
        }

        @Override
        public Optional<Expression> selective(SelectedRecord record) {
            return Optional.of(this);
        }

        @Override
        public Kinds kinds(Kinds in) {
            return Kinds.of(value);
        }

        @Override
        public Optional<JsonNode> constant() {
            return Optional.of(value);
        }

        @Override
        protected boolean yieldsOne() {
            return true;
        }

        @Override
        protected boolean ignoresInput() {
            return true;
        }

        @Override
        protected JsonNode one(Env env, JsonNode in) {
            budget.step();
            return value;
        }
    }

    /** {@code $name} */
    public static final class Variable extends Expression {
        private final int distance;

        public Variable(int distance, Budget budget) {
            super(budget);
            this.distance = distance;
        }

        @Override
        public Optional<Expression> selective(SelectedRecord record) {
            return Optional.of(this);
        }

        @Override
        protected boolean yieldsOne() {
            return true;
        }

        @Override
        protected boolean ignoresInput() {
            return true;
        }

        @Override
        protected JsonNode one(Env env, JsonNode in) {
            budget.step();
            return Env.up(env, distance).variable();
        }
    }

    /** {@code term.name}, with or without a question mark. */
    public static final class Field extends Expression {
        private final Expression term;
        private final JsonNode name;
        private final String text;
        private final boolean isOptional;

        private Field(Expression term, String name, boolean isOptional, Budget budget) {
            super(budget);
            this.term = term;
            this.name = TextNode.valueOf(name);
            this.text = name;
            this.isOptional = isOptional;
        }

        /** {@code term.name} */
        public static Field of(Expression term, String name, Budget budget) {
            return new Field(term, name, false, budget);
        }

        /** {@code term.name?} */
        public static Field optional(Expression term, String name, Budget budget) {
            return new Field(term, name, true, budget);
        }

        @Override
        Optional<Way> way() {
            return term.way().map(way -> way.field(text, isOptional));
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            Optional<? extends Expression> selected = Selected.of(way(), record, budget);
            return selected.isPresent()
                    ? selected
                    : term.selective(record)
                            .map(whole -> new Field(whole, text, isOptional, budget));
        }

        @Override
        public Kinds kinds(Kinds in) {
            Kinds whole = term.kinds(in);
            return whole.has(Kinds.OBJECT) ? Kinds.ANY : whole.and(Kinds.NULL);
        }

        @Override
        protected boolean yieldsOne() {
            return !isOptional && term.yieldsOne();
        }

        @Override
        protected JsonNode one(Env env, JsonNode in) throws JqError {
            budget.step();
            return Access.member(term.one(env, in), text);
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            if (path == null && yieldsOne()) {
                out.take(one(env, in), null);
                return;
            }
            term.run(
                    env,
                    in,
                    path,
                    (value, valuePath) -> {
                        Path.checkAccess(valuePath, value, name);
                        if (isOptional && !value.isObject() && !value.isNull()) {
                            return;
                        }
                        JsonNode member = Access.member(value, text);
                        out.take(member, Path.then(valuePath, name, member));
                    });
        }
    }

    /** {@code term[index]}, with or without a question mark. */
    public static final class Index extends Expression {
        private final Expression term;
        private final Expression index;
        private final boolean isOptional;

        private Index(Expression term, Expression index, boolean isOptional, Budget budget) {
            super(budget);
            this.term = term;
            this.index = index;
            this.isOptional = isOptional;
        }

        /** {@code term[index]} */
        public static Index of(Expression term, Expression index, Budget budget) {
            return new Index(term, index, false, budget);
        }

        /** {@code term[index]?} */
        public static Index optional(Expression term, Expression index, Budget budget) {
            return new Index(term, index, true, budget);
        }

        @Override
        Optional<Way> way() {
            Optional<String> name = index.constant().map(JsonNode::textValue);
            return name.flatMap(text -> term.way().map(way -> way.index(text, isOptional)));
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            Optional<? extends Expression> selected = Selected.of(way(), record, budget);
            return selected.isPresent()
                    ? selected
                    : Expression.selective(List.of(term, index), record)
                            .map(all -> new Index(all.get(0), all.get(1), isOptional, budget));
        }

        @Override
        public Kinds kinds(Kinds in) {
            Kinds whole = term.kinds(in);
            if (index instanceof SliceKey) {
                return whole.and(Kinds.ARRAY.or(Kinds.STRING).or(Kinds.NULL));
            }
            boolean hasParts = !whole.and(Kinds.OBJECT.or(Kinds.ARRAY)).isNone();
            return hasParts ? Kinds.ANY : whole.and(Kinds.NULL);
        }

        @Override
        protected boolean yieldsOne() {
            return !isOptional && term.yieldsOne() && index.yieldsOne();
        }

        @Override
        protected JsonNode one(Env env, JsonNode in) throws JqError {
            budget.step();
            JsonNode key = index.one(env, in);
            return Access.get(term.one(env, in), key, budget);
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            index.runForValues(
                    env,
                    in,
                    (key, none) ->
                            term.run(
                                    env,
                                    in,
                                    path,
                                    (value, valuePath) -> access(value, valuePath, key, out)));
        }

        private void access(JsonNode value, Path path, JsonNode key, Output out) throws JqError {
            Path.checkAccess(path, value, key);
            JsonNode found;
            try {
                found = Access.get(value, key, budget);
            } catch (JqError error) {
                if (isOptional) {
                    return;
                }
                throw error;
            }
            out.take(found, Path.then(path, key, found));
        }
    }

    /** {@code from:to} in brackets: the key of a slice. */
    public static final class SliceKey extends Expression {
        private final Expression from;
        private final Expression to;

        /** Either end may be {@code null} as a constant. */
        public SliceKey(Expression from, Expression to, Budget budget) {
            super(budget);
            this.from = from;
            this.to = to;
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            return Expression.selective(List.of(from, to), record)
                    .map(both -> new SliceKey(both.get(0), both.get(1), budget));
        }

        @Override
        public Kinds kinds(Kinds in) {
            return Kinds.OBJECT;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            from.runForValues(
                    env,
                    in,
                    (start, none) ->
                            to.runForValues(
                                    env,
                                    in,
                                    (end, noneEither) -> {
                                        ObjectNode key = JsonNodeFactory.instance.objectNode();
                                        out.take(
                                                key.<ObjectNode>set("start", start).set("end", end),
                                                null);
                                    }));
        }
    }

    /** {@code term[]}, with or without a question mark. */
    public static final class Each extends Expression {
        private final Expression term;
        private final boolean isOptional;

        private Each(Expression term, boolean isOptional, Budget budget) {
            super(budget);
            this.term = term;
            this.isOptional = isOptional;
        }

        /** {@code term[]} */
        public static Each of(Expression term, Budget budget) {
            return new Each(term, false, budget);
        }

        /** {@code term[]?} */
        public static Each optional(Expression term, Budget budget) {
            return new Each(term, true, budget);
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            return term.selective(record).map(whole -> new Each(whole, isOptional, budget));
        }

        @Override
        public Kinds kinds(Kinds in) {
            boolean hasParts = !term.kinds(in).and(Kinds.OBJECT.or(Kinds.ARRAY)).isNone();
            return hasParts ? Kinds.ANY : Kinds.NONE;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            term.run(env, in, path, (value, valuePath) -> each(value, valuePath, out));
        }

        private void each(JsonNode value, Path path, Output out) throws JqError {
            Path.checkIteration(path, value);
            if (value.isArray()) {
                for (int i = 0; i < value.size(); i++) {
                    budget.step();
                    JsonNode element = value.get(i);
                    Path there =
                            path == null ? null : Path.then(path, Arithmetic.integer(i), element);
                    out.take(element, there);
                }
            } else if (value.isObject()) {
                Iterator<Map.Entry<String, JsonNode>> members = value.properties().iterator();
                while (members.hasNext()) {
                    budget.step();
                    Map.Entry<String, JsonNode> member = members.next();
                    JsonNode element = member.getValue();
                    Path there =
                            path == null
                                    ? null
                                    : Path.then(path, TextNode.valueOf(member.getKey()), element);
                    out.take(element, there);
                }
            } else if (!isOptional) {
                throw cannotIterate(value);
            }
        }
    }

    public static JqError cannotIterate(JsonNode value) {
        String problem = "Cannot iterate over " + Order.kind(value);
        return new JqError(
                budget -> problem + " (" + JqError.dump(value, 14, budget) + ")", problem);
    }
}
