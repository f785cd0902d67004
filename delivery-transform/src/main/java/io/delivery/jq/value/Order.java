package io.delivery.jq.value;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The order of all values: null, false, true, numbers, strings by code points, arrays element by
 * element, objects by their sorted names and then by their values. Every comparison is charged by
 * the nodes and the characters that it looks at.
 */
public final class Order {
    /** Instead of a difference: both have not a number at one place, and nothing differs before. */
    private static final int BOTH_NAN = Integer.MIN_VALUE;

    /** So many characters of two texts that are compared are paid with their nodes. */
    private static final int FREE_CHARACTERS = 64;

    private final Budget budget;

    public Order(Budget budget) {
        this.budget = budget;
    }

    /** Whether {@code if} takes its first branch. */
    public static boolean isTrue(JsonNode value) {
        return !value.isNull() && !(value.isBoolean() && !value.booleanValue());
    }

    /** What {@code type} says. */
    public static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "array";
            case OBJECT -> "object";
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            case NULL -> "null";
            case MISSING, BINARY, POJO -> throw new IllegalStateException("no value of jq's");
        };
    }

    private static int rank(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL -> 0;
            case BOOLEAN -> value.booleanValue() ? 2 : 1;
            case NUMBER -> 3;
            case STRING -> 4;
            case ARRAY -> 5;
            case OBJECT -> 6;
            case MISSING, BINARY, POJO -> throw new IllegalStateException("no value of jq's");
        };
    }

    /** Below, at or above zero; not a number is below every number, itself included. */
    public int compare(JsonNode a, JsonNode b) {
        return compare(a, b, false);
    }

    /**
     * As {@link #compare}, but an order: where both have not a number at one place they are alike,
     * whatever is behind it. C's sort, which goes on with what {@link #compare} says, leaves such
     * values as they come, too.
     */
    public int compareForSorting(JsonNode a, JsonNode b) {
        if (a == b) {
            return 0;
        }
        boolean areArrays = a.isArray() && b.isArray();
        int difference = areArrays ? compareArrays(a, b, true) : compare(a, b, true);
        return difference == BOTH_NAN ? 0 : difference;
    }

    private int compare(JsonNode a, JsonNode b, boolean isForSorting) {
        budget.chargeNodes(1);
        int rank = rank(a);
        int difference = rank - rank(b);
        if (difference != 0) {
            return difference;
        }
        return switch (rank) {
            case 3 -> isForSorting && isNan(a) && isNan(b) ? BOTH_NAN : compareNumbers(a, b);
            case 4 -> a == b ? 0 : compareTexts(a.textValue(), b.textValue());
            // What has a NaN in it is less than itself.
            case 5 -> compareArrays(a, b, isForSorting);
            case 6 -> compareObjects(a, b, isForSorting);
            default -> 0;
        };
    }

    static boolean isNan(JsonNode value) {
        return value.isDouble() && Double.isNaN(value.doubleValue());
    }

    /** Exact, also between an integer of many digits and a fraction. */
    private static int compareNumbers(JsonNode a, JsonNode b) {
        if (a.isLong() && b.isLong()) {
            return Long.compare(a.longValue(), b.longValue());
        }
        double one = a.doubleValue();
        double other = b.doubleValue();
        if (Double.isNaN(one)) {
            return -1;
        }
        if (Double.isNaN(other)) {
            return 1;
        }
        boolean bothDoubles = a.isDouble() && b.isDouble();
        if (bothDoubles || one != other) {
            return one < other ? -1 : one == other ? 0 : 1;
        }
        if (Double.isInfinite(one) && (a.isDouble() || b.isDouble())) {
            // Beyond every integer, or sorting would have no order.
            return a.isDouble() == one > 0 ? 1 : -1;
        }
        return exact(a).compareTo(exact(b));
    }

    private static BigDecimal exact(JsonNode number) {
        return number.isDouble() ? new BigDecimal(number.doubleValue()) : number.decimalValue();
    }

    /** By code points, as C compares UTF-8. Charged by the characters that are alike, if many. */
    private int compareTexts(String a, String b) {
        int length = Math.min(a.length(), b.length());
        int at = 0;
        while (at < length && a.charAt(at) == b.charAt(at)) {
            at++;
        }
        if (at > FREE_CHARACTERS) {
            budget.chargeCharacters(at);
        }
        if (at == length) {
            return a.length() - b.length();
        }
        char one = a.charAt(at);
        char other = b.charAt(at);
        boolean surrogates = Character.isSurrogate(one) != Character.isSurrogate(other);
        return surrogates ? (Character.isSurrogate(one) ? 1 : -1) : one - other;
    }

    private int compareArrays(JsonNode a, JsonNode b, boolean isForSorting) {
        Iterator<JsonNode> others = b.elements();
        for (JsonNode element : a) {
            if (!others.hasNext()) {
                return 1;
            }
            int difference = compare(element, others.next(), isForSorting);
            if (difference != 0) {
                return difference;
            }
        }
        return others.hasNext() ? -1 : 0;
    }

    private int compareObjects(JsonNode a, JsonNode b, boolean isForSorting) {
        List<String> names = sortedNames(a);
        List<String> otherNames = sortedNames(b);
        for (int i = 0; i < names.size(); i++) {
            if (i == otherNames.size()) {
                return 1;
            }
            int difference = compareTexts(names.get(i), otherNames.get(i));
            if (difference != 0) {
                return difference;
            }
        }
        if (names.size() < otherNames.size()) {
            return -1;
        }
        for (String name : names) {
            budget.chargeSameness(name.length());
            int difference = compare(a.get(name), b.get(name), isForSorting);
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    /** The names of an object's members in their order. */
    public List<String> sortedNames(JsonNode object) {
        budget.chargeSorting(object.size());
        List<String> names = new ArrayList<>(object.size());
        object.fieldNames().forEachRemaining(names::add);
        names.sort(this::compareTexts);
        return names;
    }

    /** Equality as {@code ==} has it: not a number equals nothing. */
    public boolean equal(JsonNode a, JsonNode b) {
        budget.chargeNodes(1);
        if (a.isNumber() && b.isNumber()) {
            return !isNan(a) && !isNan(b) && compareNumbers(a, b) == 0;
        }
        if (a == b) {
            return true;
        }
        if (a.isTextual() && b.isTextual()) {
            return areSame(a.textValue(), b.textValue());
        }
        if (a.isArray() && b.isArray()) {
            return a.size() == b.size() && equalElements(a, b);
        }
        if (a.isObject() && b.isObject()) {
            return a.size() == b.size() && equalMembers(a, b);
        }
        return rank(a) == rank(b) && !a.isContainerNode() && !a.isTextual();
    }

    private boolean areSame(String a, String b) {
        if (a.length() != b.length()) {
            return false;
        }
        budget.chargeSameness(a.length());
        return a.equals(b);
    }

    private boolean equalElements(JsonNode a, JsonNode b) {
        Iterator<JsonNode> others = b.elements();
        for (JsonNode element : a) {
            if (!equal(element, others.next())) {
                return false;
            }
        }
        return true;
    }

    private boolean equalMembers(JsonNode a, JsonNode b) {
        for (Map.Entry<String, JsonNode> member : a.properties()) {
            budget.chargeSameness(member.getKey().length());
            JsonNode other = b.get(member.getKey());
            if (other == null || !equal(member.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    /** {@code contains}: texts by parts, arrays and objects by some of their elements. */
    public boolean contains(JsonNode a, JsonNode b) {
        budget.chargeNodes(1);
        if (a.isObject() && b.isObject()) {
            for (Map.Entry<String, JsonNode> member : b.properties()) {
                budget.chargeSameness(member.getKey().length());
                JsonNode own = a.get(member.getKey());
                if (own == null || !contains(own, member.getValue())) {
                    return false;
                }
            }
            return true;
        }
        if (a.isArray() && b.isArray()) {
            for (JsonNode wanted : b) {
                boolean found = false;
                for (JsonNode own : a) {
                    if (contains(own, wanted)) {
                        found = true;
                        break;
                    }
                }
                if (!found) {
                    return false;
                }
            }
            return true;
        }
        if (a.isTextual() && b.isTextual()) {
            budget.chargeSearch(a.textValue().length(), b.textValue().length());
            // C's strstr ends at a zero.
            return untilZero(a.textValue()).contains(untilZero(b.textValue()));
        }
        return equal(a, b);
    }

    private static String untilZero(String text) {
        int zero = text.indexOf('\0');
        return zero < 0 ? text : text.substring(0, zero);
    }
}
