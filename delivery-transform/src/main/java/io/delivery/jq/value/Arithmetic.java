package io.delivery.jq.value;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;

/**
 * The operators between two values. As long as operands and result are integers below 2^63,
 * arithmetic is exact; otherwise it is in doubles, as all of jq 1.6's.
 */
public final class Arithmetic {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final LongNode[] SMALL = new LongNode[1024];

    static {
        for (int i = 0; i < SMALL.length; i++) {
            SMALL[i] = new LongNode(i);
        }
    }

    /** An operator between two values. */
    public enum Operator {
        PLUS("+"),
        MINUS("-"),
        TIMES("*"),
        DIVIDED_BY("/"),
        MODULO("%"),
        EQUAL("=="),
        NOT_EQUAL("!="),
        LESS("<"),
        AT_MOST("<="),
        GREATER(">"),
        AT_LEAST(">=");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        /** The operator that is written so. */
        public static Operator of(String sign) {
            for (Operator operator : values()) {
                if (operator.sign.equals(sign)) {
                    return operator;
                }
            }
            throw new IllegalArgumentException(sign);
        }
    }

    private final Budget budget;
    private final Order order;

    public Arithmetic(Budget budget) {
        this.budget = budget;
        this.order = new Order(budget);
    }

    /** A node for the integer. */
    public static JsonNode integer(long value) {
        return value >= 0 && value < SMALL.length ? SMALL[(int) value] : new LongNode(value);
    }

    /** What the operator makes of two values. */
    public JsonNode apply(Operator operator, JsonNode a, JsonNode b) throws JqError {
        return switch (operator) {
            case PLUS -> plus(a, b);
            case MINUS -> minus(a, b);
            case TIMES -> times(a, b);
            case DIVIDED_BY -> dividedBy(a, b);
            case MODULO -> modulo(a, b);
            case EQUAL -> BooleanNode.valueOf(order.equal(a, b));
            case NOT_EQUAL -> BooleanNode.valueOf(!order.equal(a, b));
            case LESS -> BooleanNode.valueOf(order.compare(a, b) < 0);
            case AT_MOST -> BooleanNode.valueOf(order.compare(a, b) <= 0);
            case GREATER -> BooleanNode.valueOf(order.compare(a, b) > 0);
            case AT_LEAST -> BooleanNode.valueOf(order.compare(a, b) >= 0);
        };
    }

    /** {@code a + b}. */
    public JsonNode plus(JsonNode a, JsonNode b) throws JqError {
        if (a.isNull()) {
            return b;
        }
        if (b.isNull()) {
            return a;
        }
        if (a.isNumber() && b.isNumber()) {
            if (a.isLong() && b.isLong()) {
                long sum = a.longValue() + b.longValue();
                if (((a.longValue() ^ sum) & (b.longValue() ^ sum)) >= 0) {
                    return integer(sum);
                }
            }
            return DoubleNode.valueOf(a.doubleValue() + b.doubleValue());
        }
        if (a.isTextual() && b.isTextual()) {
            budget.chargeText((long) a.textValue().length() + b.textValue().length());
            return TextNode.valueOf(a.textValue() + b.textValue());
        }
        if (a.isArray() && b.isArray()) {
            budget.chargeNodes((long) a.size() + b.size());
            ArrayNode all = NODES.arrayNode(a.size() + b.size());
            return all.addAll((ArrayNode) a).addAll((ArrayNode) b);
        }
        if (a.isObject() && b.isObject()) {
            budget.chargeMembers((long) a.size() + b.size());
            b.fieldNames().forEachRemaining(name -> budget.chargeSameness(name.length()));
            ObjectNode all = NODES.objectNode();
            all.setAll((ObjectNode) a);
            return all.setAll((ObjectNode) b);
        }
        throw JqError.of(a, b, "cannot be added");
    }

    /** {@code a - b}; of arrays, the elements of one that equal none of the other. */
    private JsonNode minus(JsonNode a, JsonNode b) throws JqError {
        if (a.isNumber() && b.isNumber()) {
            if (a.isLong() && b.isLong()) {
                long difference = a.longValue() - b.longValue();
                if (((a.longValue() ^ b.longValue()) & (a.longValue() ^ difference)) >= 0) {
                    return integer(difference);
                }
            }
            return DoubleNode.valueOf(a.doubleValue() - b.doubleValue());
        }
        if (!a.isArray() || !b.isArray()) {
            throw JqError.of(a, b, "cannot be subtracted");
        }
        ArrayNode kept = NODES.arrayNode();
        for (JsonNode element : a) {
            boolean found = false;
            for (JsonNode other : b) {
                if (order.equal(element, other)) {
                    found = true;
                    break;
                }
            }
            if (!found) {
                kept.add(element);
            }
        }
        return kept;
    }

    private JsonNode times(JsonNode a, JsonNode b) throws JqError {
        if (a.isNumber() && b.isNumber()) {
            if (a.isLong() && b.isLong()) {
                long high = Math.multiplyHigh(a.longValue(), b.longValue());
                long low = a.longValue() * b.longValue();
                // A zero with a sign is a double.
                boolean zero = low == 0 && (a.longValue() < 0 || b.longValue() < 0);
                if (!zero && (high == 0 && low >= 0 || high == -1 && low < 0)) {
                    return integer(low);
                }
            }
            return DoubleNode.valueOf(a.doubleValue() * b.doubleValue());
        }
        if (a.isTextual() && b.isNumber()) {
            return repeated(a.textValue(), b.doubleValue());
        }
        if (a.isNumber() && b.isTextual()) {
            return repeated(b.textValue(), a.doubleValue());
        }
        if (a.isObject() && b.isObject()) {
            return merged((ObjectNode) a, (ObjectNode) b);
        }
        throw JqError.of(a, b, "cannot be multiplied");
    }

    /** At least once, when it is at all: {@code f_multiply} counts down from one less. */
    private JsonNode repeated(String text, double times) {
        double further = times - 1;
        // C converts what is beyond an int to its least one.
        int more = further >= -2147483648.0 && further < 2147483648.0 ? (int) further : -1;
        if (further >= 2147483648.0) {
            budget.chargeText(Long.MAX_VALUE / 2);
        }
        if (more < 0) {
            return NullNode.getInstance();
        }
        budget.chargeText((long) text.length() * (more + 1L));
        budget.chargeNodes(more);
        return TextNode.valueOf(text.repeat(more + 1));
    }

    private JsonNode merged(ObjectNode a, ObjectNode b) {
        budget.chargeMembers((long) a.size() + b.size());
        ObjectNode all = NODES.objectNode();
        all.setAll(a);
        for (Map.Entry<String, JsonNode> member : b.properties()) {
            budget.chargeSameness(member.getKey().length());
            JsonNode own = all.get(member.getKey());
            boolean deeper = own != null && own.isObject() && member.getValue().isObject();
            all.set(
                    member.getKey(),
                    deeper
                            ? merged((ObjectNode) own, (ObjectNode) member.getValue())
                            : member.getValue());
        }
        return all;
    }

    private JsonNode dividedBy(JsonNode a, JsonNode b) throws JqError {
        if (a.isNumber() && b.isNumber()) {
            if (b.doubleValue() == 0) {
                throw JqError.of(a, b, "cannot be divided because the divisor is zero");
            }
            if (a.isLong() && b.isLong() && isWhole(a.longValue(), b.longValue())) {
                return integer(a.longValue() / b.longValue());
            }
            return DoubleNode.valueOf(a.doubleValue() / b.doubleValue());
        }
        if (a.isTextual() && b.isTextual()) {
            return Texts.split(a.textValue(), b.textValue(), budget);
        }
        throw JqError.of(a, b, "cannot be divided");
    }

    private static boolean isWhole(long a, long b) {
        boolean negativeZero = a == 0 && b < 0;
        return a % b == 0 && !(a == Long.MIN_VALUE && b == -1) && !negativeZero;
    }

    private static JsonNode modulo(JsonNode a, JsonNode b) throws JqError {
        if (!a.isNumber() || !b.isNumber()) {
            throw JqError.of(a, b, "cannot be divided (remainder)");
        }
        long divisor = toLong(b);
        if (divisor == 0) {
            throw JqError.of(a, b, "cannot be divided (remainder) because the divisor is zero");
        }
        return integer(divisor == -1 ? 0 : toLong(a) % divisor);
    }

    /** C's conversion of a double on the usual machines: what does not fit is the least integer. */
    private static long toLong(JsonNode number) {
        if (number.isLong()) {
            return number.longValue();
        }
        double value = number.doubleValue();
        return value >= -0x1p63 && value < 0x1p63 ? (long) value : Long.MIN_VALUE;
    }

    /** {@code -a}. */
    public static JsonNode negated(JsonNode a) throws JqError {
        if (!a.isNumber()) {
            throw JqError.of(a, "cannot be negated");
        }
        if (a.isLong() && a.longValue() != 0 && a.longValue() != Long.MIN_VALUE) {
            return integer(-a.longValue());
        }
        return DoubleNode.valueOf(-a.doubleValue());
    }
}
