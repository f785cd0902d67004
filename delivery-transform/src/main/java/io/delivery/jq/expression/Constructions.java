package io.delivery.jq.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.jq.selection.SelectedRecord;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import io.delivery.jq.value.JqText;
import io.delivery.jq.value.Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What makes arrays, objects and texts. */
public final class Constructions {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Constructions() {}

    /** {@code [elements]} */
    public static final class OfArray extends Expression {
        private final Expression elements;

        public OfArray(Expression elements, Budget budget) {
            super(budget);
            this.elements = elements;
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            return elements.selective(record).map(all -> new OfArray(all, budget));
        }

        @Override
        public Kinds kinds(Kinds in) {
            return Kinds.ARRAY;
        }

        @Override
        protected boolean yieldsOne() {
            return true;
        }

        @Override
        protected JsonNode one(Env env, JsonNode in) throws JqError {
            budget.step();
            return collected(env, in, null);
        }

        private ArrayNode collected(Env env, JsonNode in, Path path) throws JqError {
            ArrayNode array = NODES.arrayNode();
            elements.run(
                    env,
                    in,
                    path,
                    (value, none) -> {
                        budget.chargeNodes(1);
                        array.add(value);
                    });
            return array;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            out.take(collected(env, in, path), path);
        }
    }

    /** A member of an object that is made. */
    public record Member(Expression key, Expression value) {
        /** Null when it is not written in the program. */
        String literalKey() {
            return key.constant().map(JsonNode::textValue).orElse(null);
        }
    }

    /** {@code {key: value, …}} */
    public static final class OfObject extends Expression {
        private final Member[] members;
        private final String[] literalKeys;
        private final boolean yieldsOne;

        public OfObject(List<Member> members, Budget budget) {
            super(budget);
            this.members = members.toArray(Member[]::new);
            this.literalKeys = members.stream().map(Member::literalKey).toArray(String[]::new);
            boolean single = true;
            for (int i = 0; i < literalKeys.length; i++) {
                single &= literalKeys[i] != null && this.members[i].value().yieldsOne();
            }
            this.yieldsOne = single;
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            List<Member> selective = new ArrayList<>();
            for (Member member : members) {
                Optional<List<Expression>> both =
                        Expression.selective(List.of(member.key(), member.value()), record);
                if (both.isEmpty()) {
                    return Optional.empty();
                }
                selective.add(new Member(both.get().get(0), both.get().get(1)));
            }
            return Optional.of(new OfObject(selective, budget));
        }

        @Override
        public boolean yieldsSeveral() {
            return Arrays.stream(members).allMatch(OfObject::yieldsAny)
                    && Arrays.stream(members).anyMatch(member -> member.value().yieldsSeveral());
        }

        /** A member without a value leaves no object at all. */
        private static boolean yieldsAny(Member member) {
            return member.key().yieldsOne()
                    && (member.value().yieldsOne() || member.value().yieldsSeveral());
        }

        @Override
        public Kinds kinds(Kinds in) {
            return Kinds.OBJECT;
        }

        @Override
        public Optional<String> hopelessKey(Kinds in) {
            for (int i = 0; i < literalKeys.length; i++) {
                Kinds value = members[i].value().kinds(in);
                if (literalKeys[i] != null && value.and(Kinds.SCALAR).isNone()) {
                    return Optional.of("%s, which is %s".formatted(literalKeys[i], value));
                }
            }
            return Optional.empty();
        }

        @Override
        public Optional<Set<String>> literalKeys() {
            Set<String> keys = new LinkedHashSet<>();
            for (String key : literalKeys) {
                if (key == null) {
                    return Optional.empty();
                }
                keys.add(key);
            }
            return Optional.of(keys);
        }

        @Override
        protected boolean yieldsOne() {
            return yieldsOne;
        }

        @Override
        protected JsonNode one(Env env, JsonNode in) throws JqError {
            budget.step();
            ObjectNode object = NODES.objectNode();
            for (int i = 0; i < members.length; i++) {
                object.set(literalKeys[i], members[i].value().one(env, in));
            }
            return object;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            if (yieldsOne) {
                out.take(one(env, in), path);
            } else {
                make(
                        0,
                        new String[members.length],
                        new JsonNode[members.length],
                        env,
                        in,
                        path,
                        out);
            }
        }

        private void make(
                int index,
                String[] keys,
                JsonNode[] values,
                Env env,
                JsonNode in,
                Path path,
                Output out)
                throws JqError {
            if (index == members.length) {
                budget.chargeNodes(members.length);
                ObjectNode object = NODES.objectNode();
                for (int i = 0; i < keys.length; i++) {
                    budget.chargeSameness(keys[i].length());
                    object.set(keys[i], values[i]);
                }
                out.take(object, path);
                return;
            }
            Member member = members[index];
            member.key()
                    .runForValues(
                            env,
                            in,
                            (key, none) ->
                                    member.value()
                                            .runForValues(
                                                    env,
                                                    in,
                                                    (value, noneEither) -> {
                                                        keys[index] = name(key);
                                                        values[index] = value;
                                                        make(
                                                                index + 1, keys, values, env, in,
                                                                path, out);
                                                    }));
        }
    }

    /** A key of an object, which must be a text. */
    public static String name(JsonNode key) throws JqError {
        if (!key.isTextual()) {
            String kind = Order.kind(key);
            throw new JqError(
                    budget ->
                            "Cannot use "
                                    + kind
                                    + " ("
                                    + JqError.dump(key, 14, budget)
                                    + ") as object key",
                    "Cannot use " + kind + " as object key");
        }
        return key.textValue();
    }

    /** Makes text of a value. */
    public interface Format {
        String of(JsonNode value) throws JqError;
    }

    /** A text with values in it. */
    public static final class OfText extends Expression {
        private final List<String> texts;
        private final List<Expression> values;
        private final Format format;
        private final boolean yieldsOne;

        /**
         * @param texts before, between and behind the values: one more than these
         * @param format of each value
         */
        public OfText(List<String> texts, List<Expression> values, Format format, Budget budget) {
            super(budget);
            this.texts = List.copyOf(texts);
            this.values = List.copyOf(values);
            this.format = format;
            this.yieldsOne = values.stream().allMatch(Expression::yieldsOne);
        }

        /** As in {@code "\(value)"}: texts as they are, anything else as JSON. */
        public static Format plain(Budget budget) {
            return value -> JqText.text(value, budget);
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            return Expression.selective(values, record)
                    .map(all -> new OfText(texts, all, format, budget));
        }

        @Override
        public Kinds kinds(Kinds in) {
            return Kinds.STRING;
        }

        @Override
        protected boolean yieldsOne() {
            return yieldsOne;
        }

        @Override
        protected JsonNode one(Env env, JsonNode in) throws JqError {
            budget.step();
            String text = texts.get(values.size());
            for (int i = values.size() - 1; i >= 0; i--) {
                text = before(i, values.get(i).one(env, in), text);
            }
            return TextNode.valueOf(text);
        }

        private String before(int index, JsonNode value, String tail) throws JqError {
            String text = texts.get(index) + format.of(value);
            budget.chargeText((long) text.length() + tail.length());
            return text + tail;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            append(values.size() - 1, texts.get(values.size()), env, in, path, out);
        }

        /** From the last value to the first: of several, the first one's change the fastest. */
        private void append(int index, String tail, Env env, JsonNode in, Path path, Output out)
                throws JqError {
            if (index < 0) {
                out.take(TextNode.valueOf(tail), path);
                return;
            }
            values.get(index)
                    .runForValues(
                            env,
                            in,
                            (value, none) ->
                                    append(
                                            index - 1,
                                            before(index, value, tail),
                                            env,
                                            in,
                                            path,
                                            out));
        }
    }
}
