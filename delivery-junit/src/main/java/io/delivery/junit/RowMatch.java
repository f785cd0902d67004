package io.delivery.junit;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Whether a row has what is expected of it, and which values are others. */
final class RowMatch {
    private final Map<String, ?> expected;

    /**
     * @param expected some columns with their values
     */
    RowMatch(Map<String, ?> expected) {
        this.expected = expected;
    }

    boolean isIn(List<Map<String, Object>> rows) {
        return rows.stream().anyMatch(row -> likeness(row) == expected.size());
    }

    private long likeness(Map<String, Object> row) {
        return expected.keySet().stream().filter(column -> hasColumn(row, column)).count();
    }

    private boolean hasColumn(Map<String, Object> row, String column) {
        return row.containsKey(column) && same(expected.get(column), row.get(column));
    }

    /**
     * What is different in the row that has most of it, one line for each column: also the types,
     * since a day and its text look the same.
     *
     * @return empty when there is no row
     */
    String difference(List<Map<String, Object>> rows) {
        Map<String, Object> nearest = null;
        for (Map<String, Object> row : rows) {
            if (nearest == null || likeness(row) > likeness(nearest)) {
                nearest = row;
            }
        }
        if (nearest == null) {
            return "";
        }
        Map<String, Object> row = nearest;
        return expected.keySet().stream()
                .filter(column -> !hasColumn(row, column))
                .map(column -> difference(column, row))
                .collect(
                        Collectors.joining(
                                "\n", "the row that is most like it differs in\n", "\n"));
    }

    private String difference(String column, Map<String, Object> row) {
        return row.containsKey(column)
                ? "  %s: expected %s, and it is %s"
                        .formatted(column, typed(expected.get(column)), typed(row.get(column)))
                : "  %s: there is no such column, there are %s".formatted(column, row.keySet());
    }

    private static String typed(Object value) {
        return value == null
                ? "null"
                : "%s (%s)"
                        .formatted(
                                Description.shortened(value.toString()),
                                value instanceof List
                                        ? "List"
                                        : value instanceof Map
                                                ? "Map"
                                                : value.getClass().getSimpleName());
    }

    /** Numbers are compared by their value: 1 is 1L, and 1.5 is a decimal 1.50. */
    private static boolean same(Object expected, Object landed) {
        if (expected instanceof Number one && landed instanceof Number other) {
            return isFinite(one) && isFinite(other)
                    ? decimal(one).compareTo(decimal(other)) == 0
                    : one.doubleValue() == other.doubleValue()
                            || Double.isNaN(one.doubleValue()) && Double.isNaN(other.doubleValue());
        }
        if (expected instanceof List<?> one && landed instanceof List<?> other) {
            Iterator<?> landedElements = other.iterator();
            return one.size() == other.size()
                    && one.stream().allMatch(element -> same(element, landedElements.next()));
        }
        if (expected instanceof Map<?, ?> one && landed instanceof Map<?, ?> other) {
            return one.size() == other.size()
                    && one.entrySet().stream().allMatch(entry -> isEntry(entry, other));
        }
        return expected == null ? landed == null : expected.equals(landed);
    }

    /** Keys may be numbers as well. */
    private static boolean isEntry(Map.Entry<?, ?> expected, Map<?, ?> landed) {
        return landed.entrySet().stream()
                .anyMatch(
                        entry ->
                                same(expected.getKey(), entry.getKey())
                                        && same(expected.getValue(), entry.getValue()));
    }

    private static boolean isFinite(Number number) {
        return number instanceof BigDecimal || Double.isFinite(number.doubleValue());
    }

    private static BigDecimal decimal(Number number) {
        return new BigDecimal(number.toString());
    }
}
