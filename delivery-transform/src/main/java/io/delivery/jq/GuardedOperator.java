package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.operators.BinaryOperator;
import net.thisptr.jackson.jq.internal.operators.DivideOperator;
import net.thisptr.jackson.jq.internal.operators.EqualOperator;
import net.thisptr.jackson.jq.internal.operators.GreaterEqualOperator;
import net.thisptr.jackson.jq.internal.operators.GreaterOperator;
import net.thisptr.jackson.jq.internal.operators.LessEqualOperator;
import net.thisptr.jackson.jq.internal.operators.LessOperator;
import net.thisptr.jackson.jq.internal.operators.MinusOperator;
import net.thisptr.jackson.jq.internal.operators.ModuloOperator;
import net.thisptr.jackson.jq.internal.operators.MultiplyOperator;
import net.thisptr.jackson.jq.internal.operators.NotEqualOperator;
import net.thisptr.jackson.jq.internal.operators.PlusOperator;

/**
 * A binary operator that counts what it costs before it works. Arithmetic on numbers is our own: as
 * long as operands and result are integers below 2^63 it is exact, otherwise in doubles as jq's
 * (jackson-jq's wraps around).
 */
final class GuardedOperator implements BinaryOperator {
    private final String image;
    private final BinaryOperator operator;
    private final Budget budget;

    private GuardedOperator(String image, BinaryOperator operator, Budget budget) {
        this.image = image;
        this.operator = operator;
        this.budget = budget;
    }

    static GuardedOperator of(String image, Budget budget) {
        BinaryOperator operator =
                switch (image) {
                    case "+" -> new PlusOperator();
                    case "-" -> new MinusOperator();
                    case "*" -> new MultiplyOperator();
                    case "/" -> new DivideOperator();
                    case "%" -> new ModuloOperator();
                    case "==" -> new EqualOperator();
                    case "!=" -> new NotEqualOperator();
                    case "<" -> new LessOperator();
                    case "<=" -> new LessEqualOperator();
                    case ">" -> new GreaterOperator();
                    case ">=" -> new GreaterEqualOperator();
                    default -> throw new IllegalArgumentException(image);
                };
        return new GuardedOperator(image, operator, budget);
    }

    @Override
    public JsonNode apply(ObjectMapper mapper, JsonNode left, JsonNode right)
            throws JsonQueryException {
        if (left.isNumber() && right.isNumber()) {
            JsonNode result = arithmetic(left, right);
            return result != null ? result : operator.apply(mapper, left, right);
        }
        charge(left, right);
        return operator.apply(mapper, left, right);
    }

    private void charge(JsonNode left, JsonNode right) {
        switch (image) {
            case "+" -> {
                budget.chargeSize(left);
                budget.chargeSize(right);
                if (left.isTextual() && right.isTextual()) {
                    budget.checkLength(
                            (long) left.textValue().length() + right.textValue().length());
                }
            }
            case "-", "/" -> {
                budget.chargeWeight(left);
                budget.chargeWeight(right);
                budget.chargePairs(left, right);
            }
            case "*" -> {
                budget.chargeWeight(left);
                budget.chargeWeight(right);
                checkRepetition(left, right);
                checkRepetition(right, left);
            }
            default -> {
                budget.chargeWeight(left);
                budget.chargeWeight(right);
            }
        }
    }

    private void checkRepetition(JsonNode text, JsonNode times) {
        if (text.isTextual() && times.isNumber()) {
            double characters = text.textValue().length() * times.asDouble();
            budget.chargeText((long) Math.ceil(Math.max(0, characters)));
            budget.charge((long) Math.max(0, Math.min(times.asDouble(), Integer.MAX_VALUE)));
        }
    }

    /** Null for what the operator does as well itself. */
    private JsonNode arithmetic(JsonNode left, JsonNode right) {
        if (JqText.isExact(left) && JqText.isExact(right)) {
            JsonNode exact = exact(left.longValue(), right.longValue());
            if (exact != null) {
                return exact;
            }
        }
        double a = left.asDouble();
        double b = right.asDouble();
        return switch (image) {
            case "+" -> DoubleNode.valueOf(a + b);
            case "-" -> DoubleNode.valueOf(a - b);
            case "*" -> DoubleNode.valueOf(a * b);
            case "/" -> b == 0 ? null : DoubleNode.valueOf(a / b);
            case "%" -> (long) b == 0 ? null : LongNode.valueOf((long) a % (long) b);
            default -> null;
        };
    }

    private JsonNode exact(long a, long b) {
        try {
            return switch (image) {
                case "+" -> LongNode.valueOf(Math.addExact(a, b));
                case "-" -> LongNode.valueOf(Math.subtractExact(a, b));
                case "*" -> LongNode.valueOf(Math.multiplyExact(a, b));
                case "/" -> {
                    boolean whole = b != 0 && a % b == 0 && !(a == Long.MIN_VALUE && b == -1);
                    yield whole ? LongNode.valueOf(a / b) : null;
                }
                case "%" -> b == 0 ? null : LongNode.valueOf(a % b);
                default -> null;
            };
        } catch (ArithmeticException beyondLong) {
            return null;
        }
    }

    @Override
    public String image() {
        return image;
    }
}
