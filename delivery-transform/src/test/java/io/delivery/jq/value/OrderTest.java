package io.delivery.jq.value;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrderTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final BigInteger HUGE = BigInteger.TEN.pow(400);

    private final Budget budget = new Budget();
    private final Order order = new Order(budget);

    @BeforeEach
    void begin() {
        budget.begin(10_000_000);
    }

    @Test
    void integers_beyond_all_doubles_are_compared_by_their_digits() {
        JsonNode one = BigIntegerNode.valueOf(HUGE);
        JsonNode next = BigIntegerNode.valueOf(HUGE.add(BigInteger.ONE));

        assertThat(order.compare(one, next)).isNegative();
        assertThat(order.compare(next, one)).isPositive();
        assertThat(order.compare(one, BigIntegerNode.valueOf(HUGE))).isZero();
        assertThat(order.equal(one, next)).isFalse();
        assertThat(order.equal(one, BigIntegerNode.valueOf(HUGE))).isTrue();
        assertThat(order.compare(negative(one), negative(next))).isPositive();
        assertThat(order.compare(negative(one), next)).isNegative();
    }

    private static JsonNode negative(JsonNode number) {
        return BigIntegerNode.valueOf(number.bigIntegerValue().negate());
    }

    @Test
    void infinity_is_beyond_every_integer() {
        JsonNode infinite = DoubleNode.valueOf(Double.POSITIVE_INFINITY);
        JsonNode below = DoubleNode.valueOf(Double.NEGATIVE_INFINITY);
        JsonNode huge = BigIntegerNode.valueOf(HUGE);

        assertThat(order.compare(infinite, huge)).isPositive();
        assertThat(order.compare(huge, infinite)).isNegative();
        assertThat(order.compare(below, negative(huge))).isNegative();
        assertThat(order.compare(negative(huge), below)).isPositive();
        assertThat(order.compare(infinite, DoubleNode.valueOf(Double.POSITIVE_INFINITY))).isZero();
    }

    @Test
    void whatever_values_there_are_sorting_has_an_order() {
        SplittableRandom random = new SplittableRandom(1);
        List<JsonNode> values = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            values.add(value(random, 3));
        }
        for (JsonNode a : values) {
            for (JsonNode b : values) {
                int difference = Integer.signum(order.compareForSorting(a, b));
                assertThat(Integer.signum(order.compareForSorting(b, a)))
                        .as("%s and %s", a, b)
                        .isEqualTo(-difference);
            }
        }
        for (JsonNode a : values) {
            for (JsonNode b : values) {
                boolean isNotAbove = order.compareForSorting(a, b) <= 0;
                for (int i = 0; isNotAbove && i < 30; i++) {
                    JsonNode c = values.get(random.nextInt(values.size()));
                    if (order.compareForSorting(b, c) <= 0) {
                        assertThat(order.compareForSorting(a, c))
                                .as("%s, %s, %s", a, b, c)
                                .isLessThanOrEqualTo(0);
                    }
                }
            }
        }
    }

    private static JsonNode value(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 10)) {
            case 0, 1 -> DoubleNode.valueOf(Double.NaN);
            case 2 -> LongNode.valueOf(random.nextInt(2));
            case 3 ->
                    DoubleNode.valueOf(
                            random.nextBoolean() ? Double.POSITIVE_INFINITY : random.nextInt(2));
            case 4 -> BigIntegerNode.valueOf(HUGE.add(BigInteger.valueOf(random.nextInt(2))));
            case 5 -> random.nextBoolean() ? TextNode.valueOf("a") : NODES.nullNode();
            case 6, 7 -> {
                ObjectNode object = NODES.objectNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    object.set(random.nextBoolean() ? "a" : "b", value(random, depth - 1));
                }
                yield object;
            }
            default -> {
                var array = NODES.arrayNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    array.add(value(random, depth - 1));
                }
                yield array;
            }
        };
    }
}
