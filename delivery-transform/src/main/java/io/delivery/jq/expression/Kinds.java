package io.delivery.jq.expression;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.value.Arithmetic;
import java.util.ArrayList;
import java.util.List;

/**
 * Which kinds of values an expression can yield, as far as its text tells: never fewer than it does
 * yield. None of them means that it yields nothing, or fails, whatever it is given.
 *
 * @param mask one bit for each kind
 */
public record Kinds(int mask) {
    public static final Kinds NONE = new Kinds(0);
    public static final Kinds NULL = new Kinds(1);
    public static final Kinds BOOLEAN = new Kinds(2);
    public static final Kinds NUMBER = new Kinds(4);
    public static final Kinds STRING = new Kinds(8);
    public static final Kinds ARRAY = new Kinds(16);
    public static final Kinds OBJECT = new Kinds(32);
    public static final Kinds ANY = new Kinds(63);

    /** What a partition key may be. */
    public static final Kinds SCALAR = BOOLEAN.or(NUMBER).or(STRING);

    private static final List<Kinds> EACH = List.of(NULL, BOOLEAN, NUMBER, STRING, ARRAY, OBJECT);
    private static final List<String> NAMES =
            List.of("null", "a boolean", "a number", "a string", "an array", "an object");

    /** The one of a value. */
    public static Kinds of(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL -> NULL;
            case BOOLEAN -> BOOLEAN;
            case NUMBER -> NUMBER;
            case STRING -> STRING;
            case ARRAY -> ARRAY;
            case OBJECT -> OBJECT;
            case MISSING, BINARY, POJO -> throw new IllegalStateException("no value of jq's");
        };
    }

    /** These and those. */
    public Kinds or(Kinds others) {
        return new Kinds(mask | others.mask);
    }

    /** Those of these that are among the others. */
    public Kinds and(Kinds others) {
        return new Kinds(mask & others.mask);
    }

    /** Whether all of the others are among these. */
    public boolean has(Kinds others) {
        return (others.mask & ~mask) == 0;
    }

    public boolean isNone() {
        return mask == 0;
    }

    /** These when the condition holds, else none. */
    private Kinds when(boolean condition) {
        return condition ? this : NONE;
    }

    /** What an operator makes of these on its left, and those on its right. */
    Kinds with(Arithmetic.Operator operator, Kinds right) {
        Kinds both = and(right);
        return switch (operator) {
            case PLUS -> both.or(when(right.has(NULL))).or(right.when(has(NULL)));
            case MINUS -> both.and(NUMBER.or(ARRAY));
            case TIMES ->
                    both.and(NUMBER.or(OBJECT))
                            .or(STRING.or(NULL).when(or(right).has(STRING.or(NUMBER))));
            case DIVIDED_BY -> both.and(NUMBER).or(ARRAY.when(both.has(STRING)));
            case MODULO -> both.and(NUMBER);
            case EQUAL, NOT_EQUAL, LESS, AT_MOST, GREATER, AT_LEAST -> BOOLEAN;
        };
    }

    /** For people: {@code a string or null}. */
    @Override
    public String toString() {
        List<String> names = new ArrayList<>();
        for (int i = EACH.size() - 1; i >= 0; i--) {
            if (has(EACH.get(i))) {
                names.add(NAMES.get(i));
            }
        }
        if (names.isEmpty()) {
            return "nothing";
        }
        String last = names.remove(names.size() - 1);
        return names.isEmpty() ? last : String.join(", ", names) + " or " + last;
    }
}
